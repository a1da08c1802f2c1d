"""What a person may do in the approvals inbox, with the fields that each act asks for; one way for screen and REST."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import clock, conflicts, moves, reading, saving, stating
from app.core.access import Access
from app.core.db import session
from app.core.errors import BadRequest, NotFound, Problem, Refusal
from app.core.fieldspec import FieldSpec
from app.core.kinds import ChoiceKind, DateKind, DateTimeKind, IntegerKind, RefKind, RefsKind
from app.engines.approvals import calc
from app.engines.approvals import operations as approvals
from app.engines.approvals.models import Approval, ApprovalRequest

Run = Callable[[int, Mapping[str, Any], str], Any]


def _spec(kind: Any, label: Any, **more: Any) -> FieldSpec:
    return FieldSpec(kind, label, **more)


@dataclass(frozen=True)
class Act:
    """One act: how its button looks, the fields it asks for, which of them are needed, and what it does."""

    label: Any
    run: Run
    fields: Mapping[str, FieldSpec]
    needs: tuple[str, ...] = ()
    needs_comment: bool = False
    icon: str = ""


PERSON = _spec(RefKind(), _l("To whom"), target="employee")
ANSWER_BY = _spec(DateTimeKind(), _l("Answer until"))
WHERE = _spec(ChoiceKind(), _l("When"), choices={"before": _l("Before my decision"), "after": _l("After my decision")})


def _transfer(step_id: int, given: Mapping[str, Any], comment: str) -> None:
    approvals.transfer(step_id, given["employee_id"], comment, given.get("due_at"))


def _add_signer(step_id: int, given: Mapping[str, Any], comment: str) -> None:
    before = given["where"] == "before"
    approvals.add_signer(step_id, given["employee_id"], before=before, comment=comment, due_at=given.get("due_at"))


def _delegate(step_id: int, given: Mapping[str, Any], comment: str) -> None:
    approvals.delegate(step_id, given["employee_id"], given.get("first") or clock.today(), given["last"], comment)


def _copy(step_id: int, given: Mapping[str, Any], _comment: str) -> None:
    approvals.copy_to(step_id, given["employee_ids"])


def _remark(step_id: int, _given: Mapping[str, Any], comment: str) -> int:
    return approvals.remark(step_id, comment).id


def _recuse(step_id: int, _given: Mapping[str, Any], comment: str) -> None:
    approvals.recuse(step_id, comment)


def _read(step_id: int, _given: Mapping[str, Any], _comment: str) -> None:
    approvals.mark_read(step_id)


def _urge(step_id: int, _given: Mapping[str, Any], _comment: str) -> None:
    approvals.urge(_request_id(step_id))


def _withdraw(step_id: int, _given: Mapping[str, Any], comment: str) -> None:
    approvals.withdraw(_request_id(step_id), comment)


def _request_id(step_id: int) -> int:
    step = session.get(Approval, step_id)
    if step is None:
        raise NotFound()
    return step.request_id


def named(specs: Mapping[str, FieldSpec]) -> dict[str, FieldSpec]:
    """Field specs that know their names."""
    return {name: replace(spec, name=name) for name, spec in specs.items()}


ACTS: Mapping[str, Act] = {
    "transfer": Act(_l("Hand over"), _transfer, named({"employee_id": PERSON, "due_at": ANSWER_BY}), ("employee_id",)),
    "add_signer": Act(
        _l("Add signer"), _add_signer, named({"employee_id": PERSON, "where": WHERE, "due_at": ANSWER_BY}),
        ("employee_id", "where"),
    ),
    "delegate": Act(
        _l("Name a deputy"), _delegate,
        named({"employee_id": PERSON, "first": _spec(DateKind(), _l("From")), "last": _spec(DateKind(), _l("To"))}),
        ("employee_id", "last"), needs_comment=True,
    ),
    "copy": Act(
        _l("Send copies"), _copy, named({"employee_ids": _spec(RefsKind(), _l("To whom"), target="employee")}),
        ("employee_ids",),
    ),
    "remark": Act(_l("Discuss"), _remark, {}, needs_comment=True),
    "recuse": Act(_l("Stand back"), _recuse, {}, needs_comment=True),
    "urge": Act(_l("Urge"), _urge, {}, icon="bell"),
    "withdraw": Act(_l("Take back"), _withdraw, {}, needs_comment=True),
    "read": Act(_l("Mark as read"), _read, {}, icon="check"),
}
RETURN_TO = named({"to": _spec(IntegerKind(), _l("Return to"))})


def perform(step_id: int, action: str, raw: Mapping[str, Any], comment: str, version: int | None = None) -> int:
    """Carry out an act out of what was typed or sent; gives the step that files belong to. The caller commits.

    Raises ``NotFound`` for an unknown act, ``Refusal`` with every field that is missing or cannot be read.
    """
    if problem := reading.text_problem(comment, "comment", _("Opinion")):
        raise Refusal(problem)
    if action in approvals.DECISIONS:
        _decide(step_id, action, raw, comment, version)
    elif action in ACTS:
        act = ACTS[action]
        given, problems = saving.read_values(act.fields, raw)
        problems += saving.strangers(act.fields, raw)
        said = {problem.field for problem in problems}
        problems += [_needed(act.fields[n]) for n in act.needs if given.get(n) is None and n not in said]
        if act.needs_comment and not comment.strip():
            problems.append(Problem(_("Please write a comment."), "comment", "required"))
        Refusal.when(problems)
        return act.run(step_id, given, comment) or step_id
    else:
        raise NotFound()
    return step_id


def _needed(spec: FieldSpec) -> Problem:
    return Problem(_("“%(field)s” is needed.", field=spec.label), spec.name, "required")


def _decide(step_id: int, action: str, raw: Mapping[str, Any], comment: str, version: int | None) -> None:
    docket = approvals.take_up(step_id)
    raw = dict(raw)
    to, problems = saving.read_values(RETURN_TO, {"to": raw.pop("to", None)} if action == "return" else {})
    move = approvals.move_for(docket.record, docket.request, action)
    whole = moves.whole_of(docket.record)
    specs = moves.fields_of_move(whole, move) if move else {}
    typed, unread = saving.read_values(specs, raw)
    problems += [*unread, *saving.strangers(specs, raw), *saving.judge_move(whole, specs, typed)]
    Refusal.when(stating.stated(whole, problems, move.clause if move else ""))
    conflicts.settle(whole, specs, typed, version, None)
    approvals.decide(step_id, action, values=typed, comment=comment, to=to.get("to"))


def body_of(sent: Any) -> tuple[dict[str, Any], str]:
    """The fields and the comment of a REST call: ``values`` for a decision, everything else beside it."""
    if not isinstance(sent, dict) or not isinstance(sent.get("values", {}), dict):
        raise BadRequest(_("A JSON object is expected."))
    comment = sent.get("comment", "")
    if not isinstance(comment, str):
        raise BadRequest(_("“comment” is a text."))
    beside = {key: value for key, value in sent.items() if key not in ("values", "comment")}
    return {**beside, **sent.get("values", {})}, comment


def acts_for(step: Approval, request: ApprovalRequest, record: Any, mine: bool, person: Access) -> list[str]:
    """The acts open to a person on a step, in the order of their buttons."""
    found: list[str] = []
    me = person.employee_id
    if mine:
        outcomes = request.frozen["outcomes"]
        found += [key for key in approvals.DECISIONS if not outcomes or key in outcomes or _partly(step, request, key)]
        found += ["transfer", "add_signer", "delegate", "copy", "remark", "recuse"]
    elif request.status == "open" and approvals.takes_part(request, record, person):
        found.append("remark")
    if step.kind == calc.COPY and step.status == calc.OPEN and step.employee_id == me:
        found.append("read")
    if request.status == "open" and me is not None and me in (request.owner_id, getattr(record, "owner_id", None)):
        found += [] if mine else ["urge"]
        found += ["withdraw"] if me == request.owner_id else []
    return found


def _partly(step: Approval, request: ApprovalRequest, key: str) -> bool:
    """Whether an answer that the case has no move for still has a meaning at this step."""
    if key == "return":
        return step.kind != calc.ADDED and bool(approvals.earlier_stations(approvals.steps_of(request), step))
    return step.kind == calc.ADDED and key == "reject"
