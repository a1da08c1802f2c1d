"""What the approvals inbox shows of one step: the case, why it came here, every opinion, and what one may do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.core import access, attachments, forms, moves, pages, reading, values
from app.core.access import Access
from app.core.errors import Problem
from app.core.fieldspec import FieldSpec
from app.core.register import registers
from app.core.whole import Whole
from app.core.wording import pair
from app.engines.approvals import calc, inbox
from app.engines.approvals import operations as approvals
from app.engines.approvals.models import KINDS, STEP_STATES, Approval, ApprovalRequest
from app.engines.audit import operations as audit
from app.engines.audit.operations import Entry
from app.engines.audit.pages import course
from app.engines.credit import explain as credit
from app.engines.deadlines import operations as deadlines
from app.engines.deadlines import pages as clocks
from app.engines.policy import operations as policies
from app.screens.approval_acts import ACTS, RETURN_TO, acts_for
from app.screens.approval_comparison import comparison
from app.screens.approval_stakes import amounts, stakes
from app.screens.approval_stakes import named as stakes_named

CLOCKS, FILES, SPOKEN = 2, Approval.__tablename__, (calc.TRANSFERRED, calc.RECUSED, calc.REMARKED)
TONES = {
    "approved": "ok", "rejected": "late", "returned": "warn", "open": "hold", "waiting": "mute", "skipped": "mute",
    "transferred": "info", "recused": "mute", "remarked": "mute", "timed_out": "late", "read": "ok",
}
LOOKS: Mapping[str, tuple[str, str]] = {"approve": ("primary", "check"), "reject": ("reject", ""), "return": ("", "")}


class Pane:
    """One step on the screen, for the person who looks at it."""

    def __init__(
        self, step: Approval, request: ApprovalRequest, record: Any, *, typed: Mapping[str, Any] | None = None,
        comment: str = "", problems: Sequence[Problem] = (),
    ) -> None:
        self.step, self.request, self.record = step, request, record
        self.typed, self.comment, self.problems = typed or {}, comment, problems
        self.person: Access = access.current()
        self.whole: Whole = moves.whole_of(record)
        self.life = moves.lifecycle_of(record)
        self.history = audit.history(request.of_register, record.id)
        self.readable = access.may(record, "read")
        open_ = request.status == "open" and step.status == calc.OPEN and step.kind != calc.COPY
        self.steps, self.recusals = approvals.steps_of(request), approvals.recusals(request)
        out = approvals.barred(request, self.recusals) if open_ else ()
        self.capacity = approvals.capacity(step, self.person, out) if open_ else None
        self.mine = self.capacity is not None
        self.names = values.names_of(self._referred())

    def _referred(self) -> Iterator[tuple[str, int | None]]:
        """Everybody and everything that the middle of the screen names."""
        people = [
            self.request.owner_id, self.step.original_employee_id, getattr(self.capacity, "for_employee_id", None),
            *(row.employee_id for row in self.recusals), *(one.decided_by_id or one.employee_id for one in self.steps),
        ]
        yield from (("employee", key) for key in people)
        yield from stakes_named(self.whole)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def item(self) -> dict[str, Any]:
        """The middle of the screen."""
        written = self._written()
        return {
            "id": self.request.title, "state": self._state(), "title": self.request.frozen.get("summary", ""),
            "facts": self._facts(), "record_url": self._record_url(), "amounts": self._amounts(),
            "why": {"title": self._why_title(), "text": self._why()},
            "question": written[-1] if written else None, "opinions": [*written[:-1], *self._answers()],
            "attachments": self._files(), "action": url_for("ApprovalsView.act", pk=self.step.id), "hidden": {},
            "row_version": self.record.row_version if self.mine else None, "fields": self._fields(),
            "comment": {"name": "comment", "value": self.comment, "error": self._error("comment"), "placeholder": ""},
            "problems": list(self.problems), "actions": self._actions(),
        }

    def aside(self) -> dict[str, Any]:
        """The right of the screen: comparison and history."""
        facts = comparison(self.whole, self.request, self.person) if self.mine else []
        return {"facts": facts, "timeline": course(self.history, self.whole.fields, self.life)}

    def _state(self) -> dict[str, Any]:
        state = self.life.states.get(self.record.status) if self.life else None
        if state is not None:
            return {"label": state.label, "tone": state.tone}
        return {"label": STEP_STATES[self.step.status], "tone": TONES[self.step.status]}

    def _facts(self) -> str:
        who = self._name(self.request.owner_id)
        sent = _("put forward by %(who)s, %(when)s", who=who or "—", when=values.short(self.request.opened_at))
        return f"{approvals.subject(self.request.frozen)} · {sent}"

    def _record_url(self) -> str:
        if not self.readable:
            return ""
        return pages.url(registers()[self.request.of_register], "show", pk=self.record.id)

    def _amounts(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        if self.request.amount is not None:
            found.append({"label": _("Amount that decides (yuan)"), "value": f"{self.request.amount:,.2f}"})
        else:
            found += credit.stakes(self.whole) or stakes(self.whole, self.names)
        if self.step.due_at is not None:
            found.append({"label": _("Answer until"), "value": values.short(self.step.due_at)})
        running = sorted(deadlines.open_clocks(self.request.of_register, self.record.id), key=lambda row: row.due_at)
        return [*found, *({"label": row.label, "clock": clocks.cell(row)} for row in running[:CLOCKS])]

    def _why_title(self) -> str:
        return _("Why it came to you") if self.mine else _("Who decides, and why")

    def _why(self) -> Markup:
        frozen = self.request.frozen
        said = [approvals.reasons(frozen, self.request.amount), credit.grounds(self.whole), self._capacity_text(),
                self._what_follows()]  # fmt: skip
        said += [
            _("%(who)s is recused: %(why)s.", who=self._name(row.employee_id), why=approvals.cause_text(row))
            for row in self.recusals
        ]
        link = forms.clause_link(self._page(), frozen["clause"]) or ""
        return Markup("{} {} {}").format(said[0], link, " ".join(part for part in said[1:] if part))

    def _page(self) -> str:
        """The policy's page of the version that the request was put forward under."""
        return policies.page_of(self.request.pack_version_id)

    def _capacity_text(self) -> str:
        if not self.mine:
            return _("It is for: %(who)s.", who=approvals.asked(self.step, self.request)) if self._waits() else ""
        if self.capacity and self.capacity.for_employee_id:
            return _("You stand in for %(who)s.", who=self._name(self.capacity.for_employee_id))
        if self.step.kind == calc.ADDED:
            return _("You were asked to sign as well; your opinion is heard, the decider decides.")
        if self.step.original_employee_id:
            return _("It came to you in place of %(who)s.", who=self._name(self.step.original_employee_id))
        return ""

    def _what_follows(self) -> str:
        if not self.mine:
            return ""
        last = approvals.outcome_of(self.step, calc.APPROVED, self.steps) == calc.APPROVED
        return _("Your approval is the final one.") if last else _("Others decide after you.")

    def _waits(self) -> bool:
        return self.request.status == "open" and self.step.status == calc.OPEN

    def _name(self, employee_id: int | None) -> str:
        return self.names.get(("employee", employee_id or 0), "")

    # -- opinions ----------------------------------------------------------------------------------------------------

    def _written(self) -> list[dict[str, Any]]:
        """The long texts of the case as opinions, reckoned ones first, as they were last written; the last one asks."""
        latest: dict[str, Entry] = {name: entry for entry in self.history for name in entry.changes}
        specs = [s for s in self.whole.fields.values() if s.kind.name == "longtext" and self.whole.get(s.name)]
        ordered = sorted(specs, key=lambda s: (not s.computed, latest[s.name].id if s.name in latest else 0))
        return [
            {"role": spec.label, "text": self.whole.get(spec.name), "who": entry.who if entry else "",
             "when": values.short(entry.at) if entry else ""}
            for spec in ordered for entry in [latest.get(spec.name)]
        ]

    def _answers(self) -> list[dict[str, Any]]:
        """What the steps so far said."""
        steps = [step for step in self.steps if step.decided_by_id or step.status in SPOKEN]
        files = attachments.of_rows(FILES, [step.id for step in steps])
        return [
            {"role": approvals.post_words(step.decided_as or step.post) or KINDS[step.kind], "when": _when(step),
             "who": self._name(step.decided_by_id or step.employee_id), "text": _said(step),
             "files": [(file.name, url_for("ApprovalsView.file", pk=step.id, attachment_id=file.id))
                       for file in files.get(step.id, ())]}
            for step in steps
        ]

    def _files(self) -> list[dict[str, Any]]:
        if not self.readable:
            return []
        view = f"{self.whole.register.model.__name__}View.file"
        return [
            {"name": found.name, "url": url_for(view, pk=self.record.id, attachment_id=found.id),
             "icon": "photo" if found.media_type.startswith("image/") else "file-text"}
            for found in attachments.of_row(self.request.of_register, self.record.id)
        ]

    # -- acting ------------------------------------------------------------------------------------------------------

    def _fields(self) -> list[dict[str, Any]]:
        move = approvals.move_for(self.record, self.request, "approve") if self.mine else None
        if move is None:
            return []
        specs = {n: s for n, s in moves.fields_of_move(self.whole, move).items() if s.stored}
        builder = forms.FormBuilder(self.whole, specs, self.typed, self.problems, move.requires, self.request.policy)
        return [builder.field(spec) for spec in specs.values()]

    def _actions(self) -> list[dict[str, Any]]:
        acts = acts_for(self.step, self.request, self.record, self.mine, self.person)
        return [self._decision(key) if key in approvals.DECISIONS else self._act(key) for key in acts]

    def _decision(self, key: str) -> dict[str, Any]:
        labels = {"approve": _("Approve"), "reject": _("Reject"), "return": _("Return")}
        tone, icon = LOOKS[key]
        fields: list[dict[str, Any]] = []
        if key == "return" and (earlier := approvals.earlier_stations(self.steps, self.step)):
            fields = [self._choice_of_step(earlier)]
        return {"key": key, "label": labels[key], "tone": tone, "icon": icon, "needs_comment": key != "approve",
                "aside": False, "confirm": "", "fields": fields}

    def _choice_of_step(self, earlier: Mapping[int, Approval]) -> dict[str, Any]:
        choices = [(str(at), f"{at} · {approvals.post_words(step.post)}") for at, step in sorted(earlier.items())]
        case = [("", _("the case"))] if self.request.frozen["outcomes"].get("return") else []
        spec = RETURN_TO["to"]
        return _field(spec, "return", self.typed, self._error("to")) | {"kind": "choice", "choices": [*case, *choices]}

    def _act(self, key: str) -> dict[str, Any]:
        act = ACTS[key]
        fields = [_field(s, key, self.typed, self._error(n), n in act.needs) for n, s in act.fields.items()]
        return {"key": key, "label": act.label, "tone": "", "icon": act.icon, "needs_comment": act.needs_comment,
                "aside": True, "confirm": "", "fields": fields}

    def _error(self, name: str) -> str | None:
        return next((str(problem.message) for problem in self.problems if problem.field == name), None)


def _said(step: Approval) -> str:
    if step.kind == calc.REMARK:
        return step.comment or ""
    return pair(STEP_STATES[step.status], step.comment) if step.comment else str(STEP_STATES[step.status])


def _when(step: Approval) -> str:
    at = step.opened_at if step.kind == calc.REMARK else step.decided_at
    return values.short(at) if at else ""


def _field(
    spec: FieldSpec, act: str, typed: Mapping[str, Any], error: str | None, required: bool = False
) -> dict[str, Any]:
    """A field of an act; its name carries the act's, because all acts share one form."""
    name = f"{act}__{spec.name}"
    built: dict[str, Any] = {
        "name": name, "label": spec.label, "kind": spec.kind.widget, "value": typed.get(name, ""), "error": error,
        "choices": list(spec.choices.items()), "required": required, "width": 3,
    }
    if spec.target:
        keys = reading.numbers(str(built["value"]).split(","))
        names = values.names_of((spec.target, key) for key in keys)
        chosen = [(key, names.get((spec.target, key), str(key))) for key in keys]
        display = chosen[0][1] if chosen else ""
        built |= {"lookup_url": url_for("Lookup.look", slug=spec.target), "display": display, "chosen": chosen}
    return built


def lines(found: Sequence[inbox.Item], chosen: int | None, address: Any) -> list[dict[str, Any]]:
    """The left of the screen; names and clocks in one statement each."""
    faces = inbox.faces([item.request for item in found if item.step is None])
    names = values.names_of(("employee", item.request.owner_id) for item in found)
    urgent = clocks.urgent_among(inbox.by_register(found))
    sums = amounts(item.request for item in found)
    return [_list_item(item, chosen, address, faces, names, urgent, sums.get(item.request.id)) for item in found]


def waiting_card(person: Access, rows: int) -> dict[str, Any] | None:
    """What waits for a person's decision, as the workbench shows it; nothing for who decides nothing."""
    found = inbox.items(inbox.TO_DO, person, size=rows)
    if not found:
        return None
    number = inbox.count(inbox.TO_DO, person) if len(found) == rows else len(found)
    shown = lines(found, None, lambda step_id: url_for("ApprovalsView.show", pk=step_id))
    return {
        "total": number, "total_text": _("%(number)s in all", number=number), "url": url_for("ApprovalsView.index"),
        "rows": [line | {"what": line["title"]} for line in shown],
    }


def _list_item(
    item: inbox.Item, chosen: int | None, address: Any, faces: Mapping[int, int], names: values.Names,
    urgent: Mapping[tuple[str, int], Any], amount: Decimal | None,
) -> dict[str, Any]:
    request = item.request
    step_id = item.step.id if item.step else faces.get(request.id, 0)
    running = urgent.get((request.of_register, request.record_id)) if request.status == "open" else None
    who = names.get(("employee", request.owner_id or 0), "")
    return {
        "url": address(step_id), "id": request.title, "kind": str(approvals.subject(request.frozen)),
        "amount": f"{amount:,.2f}" if amount is not None else "",
        "title": request.frozen.get("summary", ""), "who": _("from %(who)s", who=who) if who else "", "sender": who,
        "clock": clocks.cell(running) if running else None, "active": step_id == chosen,
    }
