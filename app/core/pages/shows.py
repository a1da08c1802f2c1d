"""One record's page: header with next steps, sections, tabs of related lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from app.core import access, attachments, forms, moves, offering, printing, saving, together, values
from app.core.fieldspec import FieldSpec
from app.core.lifecycle import Lifecycle
from app.core.pages import hooks, lines
from app.core.pages.lines import Openable
from app.core.pages.links import link, url
from app.core.register import Record, registers
from app.core.remarks import remarks
from app.core.whole import Whole


@dataclass
class ShowPage:
    """One record's page while it is being put together.

    ``facts`` of the header are pieces of HTML; a section with nothing filled in and no ``html`` is only named.
    Another ``template`` may lay it out and show an ``overview`` of its own first.
    """

    record: Any
    whole: Whole
    life: Lifecycle | None
    header: dict[str, Any]
    sections: list[dict[str, Any]]
    clocks: list[dict[str, Any]] = field(default_factory=list)
    tabs: list[dict[str, Any]] = field(default_factory=list)
    timeline: list[dict[str, Any]] = field(default_factory=list)
    related: list[dict[str, Any]] = field(default_factory=list)
    adds: list[dict[str, Any]] = field(default_factory=list)
    drawers: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    unfilled: list[Any] = field(default_factory=list)
    template: str = "register/show.html"
    overview: Any = None

    def section_of(self, name: str) -> dict[str, Any] | None:
        """The section that shows a field."""
        return next((section for section in self.sections if name in section.get("names", ())), None)

    def field(self, name: str) -> dict[str, Any] | None:
        """A field as the page shows it."""
        shown = (one for section in self.sections for one in section["fields"])
        return next((one for one in shown if one.get("name") == name), None)

    def withdraw(self, slug: str) -> None:
        """Offer no new rows of a register here."""
        address = url(registers()[slug], "add")
        self.adds = [entry for entry in self.adds if not entry["url"].startswith(address)]
        for tab in self.tabs:
            if tab["key"] == slug:
                tab["add"] = None

    def insert(self, at: int, title: str, html: Markup, clause: Markup | None = None) -> None:
        """A section of the program's own among those of the register."""
        made = {"title": title, "hint": "", "clause": clause, "html": html}
        self.sections.insert(at, made | {"fields": [], "names": frozenset(), "filled": True})


def show_page(record: Record) -> ShowPage:
    """The page of one record."""
    life = moves.lifecycle_of(record)
    whole = moves.whole_of(record)
    specs = [spec for spec in whole.fields.values() if spec.stored]
    names = values.names_of(values.wanted_names(specs, whole.get))
    openable = lines.openable(whole)
    built = ShowPage(record, whole, life, _header(whole, life, names), _sections(whole, life, names, openable))
    _actions(built)

    def add_references(built: ShowPage) -> None:
        lines.add_references(built, names, openable)

    parts = (lines.add_lines, add_references, lines.add_files, *hooks.of("show"))
    together.hear(together.joined(parts, built))
    _one_primary(built.header["actions"])
    built.unfilled = [s["title"] for s in built.sections if not (s["filled"] or s.get("html"))]
    built.sections = [s for s in built.sections if s["filled"] or s.get("html")]
    return built


# -- header ------------------------------------------------------------------------------------------------------------


def _header(whole: Whole, life: Lifecycle | None, names: values.Names) -> dict[str, Any]:
    register, record = whole.register, whole.record
    spec, number = register.fields.get(register.title), whole.get(register.title)
    title = values.html(spec, number, names, life) if spec else f"#{record.id}"
    state = life.states.get(getattr(record, "status", "")) if life else None
    return {
        "breadcrumbs": [{"label": register.label, "url": url(register, "list")}],
        "id": title if number else _("No number yet"),
        "title": _worded(whole, register.subject, names, life), "facts": list(_facts(whole, life, names)),
        "state": {"label": state.label, "tone": state.tone} if state else None,
        "actions": [], "more": [], "steps": _held_steps(whole, life, names) if life else [],
    }


def _worded(whole: Whole, name: str, names: values.Names, life: Lifecycle | None) -> str:
    return values.text(whole.fields[name], whole.get(name), names, life) if name in whole.fields else ""


def _facts(whole: Whole, life: Lifecycle | None, names: values.Names) -> list[Markup]:
    """Whom the row concerns, and the facts that its register puts into the head; empty ones are left out."""
    register, found = whole.register, []
    party = register.party
    if party and whole.get(party):
        target = registers()[register.fields[party].target]
        text = _worded(whole, party, names, life)
        seen = access.current().can(target.guarded_by, "read")
        found.append(link(target.slug, whole.get(party), text) if seen else Markup.escape(text))
    for name in register.facts:
        spec, text = register.fields[name], _worded(whole, name, names, life)
        if not text:
            continue
        if spec.kind.name in ("date", "datetime"):
            found.append(Markup('<span class="text-nowrap">{} {}</span>').format(spec.label, text))
            continue
        if spec.kind.name != "money":
            found.append(Markup.escape(text))
            continue
        amount = Markup('<span class="text-nowrap">{} <b class="kz-num text-body">{}</b> {}</span>')
        found.append(amount.format(spec.label, text, spec.unit or ""))
    return found


def steps_of(life: Lifecycle, state: str) -> list[dict[str, Any]]:
    """The stations of the stepper: those before the present one are done, in a final state all are."""
    here = next((n for n, step in enumerate(life.steps) if state in step.states), len(life.steps))
    final = state in life.states and life.states[state].final
    return [
        {"label": step.label, "who": "", "when": "", "late": "", "tone": "", "states": step.states,
         "status": "done" if number < here or (final and number == here) else "now" if number == here else "todo"}
        for number, step in enumerate(life.steps)
    ]


def _held_steps(whole: Whole, life: Lifecycle, names: values.Names) -> list[dict[str, Any]]:
    """The stations, with whoever holds the case at the present one."""
    state = getattr(whole.record, "status", "")
    found = steps_of(life, state)
    holder = life.states[state].holder if state in life.states else None
    name = ("employee", whole.get("owner_id")) if holder and holder.owner else ("org_unit", whole.get("holder_unit_id"))
    for step in found:
        if step["status"] == "now":
            step["who"] = names.get((name[0], name[1] or 0), "")
    return found


def _one_primary(actions: list[dict[str, Any]]) -> None:
    """One next step stands out; whoever asked first has it."""
    chosen = next((action for action in actions if action.get("primary")), None)
    for action in actions:
        action["primary"] = action is chosen


def _actions(built: ShowPage) -> None:
    register, record = built.whole.register, built.record
    head = built.header
    if access.current().can(register.guarded_by, "move") or register.from_pack:
        for move in moves.available(record, built.whole):
            head["actions"].append({
                "label": move.label, "url": url(register, "move", pk=record.id, key=move.key), "icon": "arrow-right",
                "primary": move.tone != "late", "danger": move.tone == "late", "approval": move.approval,
            })
    edits = saving.may_edit(record, built.life)
    if edits:
        entry = {"label": _("Edit"), "url": url(register, "edit", pk=record.id), "icon": "pencil"}
        head["actions" if not head["actions"] else "more"].append(entry)
    if printing.may(record):
        head["more"].append({"label": _("Print"), "url": url(register, "print", pk=record.id), "icon": "printer"})
    kept = register.from_pack or saving.is_retired(record)
    if "delete" in register.actions and not kept and (edits or access.may(record, "write")):
        head["more"].append({
            "label": _("Delete"), "url": url(register, "delete", pk=record.id), "icon": "trash", "method": "post",
            "danger": True, "confirm": _("Delete this record? This cannot be undone."),
        })


# -- sections ----------------------------------------------------------------------------------------------------------


def _sections(
    whole: Whole, life: Lifecycle | None, names: values.Names, openable: Openable
) -> list[dict[str, Any]]:
    found, said, page = [], remarks(life, whole.get), moves.page_over(whole.record)
    for section in forms.layout_of(whole.register, whole.detail_register):
        fields = [
            _shown(whole, name, life, names, openable) | ({"value": str(said[name])} if name in said else {})
            for name in forms.concerned(whole, section, life)
        ]
        filled = any(shown["value"] not in (values.DASH, "", None) for shown in fields)
        if not (filled or (fields and offering.meant(whole, section))):
            continue
        found.append({
            "title": section.title, "hint": section.hint, "fields": fields, "names": frozenset(section.fields),
            "filled": filled,
            "clause": forms.clause_link(page, section.clause),
        })
    return found


def _shown(
    whole: Whole, name: str, life: Lifecycle | None, names: values.Names, openable: Openable
) -> dict[str, Any]:
    spec, register = whole.fields[name], whole.register
    wide, pre = spec.width == 3, spec.kind.name == "longtext"
    built = {"name": name, "label": spec.label, "wide": wide, "width": spec.width, "pre": pre}
    if spec.kind.name == "files":
        return built | {"value": attachments.links(register.slug, whole.record.id, name)}
    value = whole.get(name)
    built["value"] = _refer(spec, value, names, openable) or values.html(spec, value, names, life)
    if spec.kind.name == "personal" and value and access.current().can(register.guarded_by, "reveal"):
        built["reveal_url"] = url(register, "reveal", pk=whole.record.id, field=name)
    return built


def _refer(spec: FieldSpec, value: Any, names: values.Names, openable: Openable) -> Markup | None:
    """The way to the row that a field names, where the reader may open it."""
    if not isinstance(value, int) or value not in openable.get(spec.target or "", ()):
        return None
    return link(spec.target, value, names.get((spec.target, value)) or _("No number yet"))
