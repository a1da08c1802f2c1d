"""One record's page: header with next steps, sections, tabs of related lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from app.core import access, attachments, forms, moves, saving, values
from app.core.lifecycle import Lifecycle
from app.core.pages.hooks import run
from app.core.pages.links import link, url
from app.core.pages.lists import list_columns, lives_of, references
from app.core.query import Criteria, fetch
from app.core.register import Record, Register, registers
from app.core.whole import Whole


@dataclass
class ShowPage:
    """One record's page while it is being put together."""

    record: Any
    whole: Whole
    life: Lifecycle | None
    header: dict[str, Any]
    sections: list[dict[str, Any]]
    clocks: list[dict[str, Any]] = field(default_factory=list)
    tabs: list[dict[str, Any]] = field(default_factory=list)
    timeline: list[dict[str, Any]] = field(default_factory=list)
    related: list[dict[str, Any]] = field(default_factory=list)
    drawers: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)


def show_page(record: Record) -> ShowPage:
    """The page of one record."""
    life = moves.lifecycle_of(record)
    whole = moves.whole_of(record)
    register = whole.register
    specs = [spec for spec in whole.fields.values() if spec.stored]
    names = values.names_of(values.wanted_names(specs, whole.get))
    built = ShowPage(record, whole, life, _header(whole, life, names), _sections(whole, life, names))
    _actions(built)
    for entry in register.lines:
        slug, _dot, column = entry.partition(".")
        if access.current().can(registers()[slug].guarded_by, "read"):
            built.tabs.append(_line_tab(registers()[slug], column or registers()[slug].parent, record))
    run("show", built)
    return built


def _header(whole: Whole, life: Lifecycle | None, names: values.Names) -> dict[str, Any]:
    register, record = whole.register, whole.record
    title = values.html(register.fields[register.title], whole.get(register.title), names, life)
    state = life.states.get(getattr(record, "status", "")) if life else None
    return {
        "breadcrumbs": [{"label": register.label, "url": url(register, "list")}],
        "id": title if whole.get(register.title) else _("No number yet"), "title": "", "facts": "",
        "state": {"label": state.label, "tone": state.tone} if state else None,
        "actions": [], "more": [], "steps": _steps(life, getattr(record, "status", "")) if life else [],
    }


def _steps(life: Lifecycle, state: str) -> list[dict[str, Any]]:
    """The stations of the stepper: those before the present one are done, in a final state all are."""
    here = next((n for n, step in enumerate(life.steps) if state in step.states), len(life.steps))
    final = state in life.states and life.states[state].final
    return [
        {"label": step.label, "who": "", "when": "", "late": "", "tone": "",
         "status": "done" if number < here or (final and number == here) else "now" if number == here else "todo"}
        for number, step in enumerate(life.steps)
    ]


def _sections(whole: Whole, life: Lifecycle | None, names: values.Names) -> list[dict[str, Any]]:
    found = []
    for section in forms.layout_of(whole.register, whole.detail_register):
        fields = [_shown(whole, name, life, names) for name in section.fields]
        found.append({
            "title": section.title, "hint": section.hint, "fields": [f for f in fields if f],
            "clause": forms.clause_link(life.page if life else "", section.clause),
        })
    return found


def _shown(whole: Whole, name: str, life: Lifecycle | None, names: values.Names) -> dict[str, Any]:
    spec, register = whole.fields[name], whole.register
    built = {"label": spec.label, "wide": spec.width == 3, "width": spec.width, "pre": spec.kind.name == "longtext"}
    if spec.kind.name == "files":
        return built | {"value": attachments.links(register.slug, whole.record.id, name)}
    value = whole.get(name)
    built["value"] = values.html(spec, value, names, life)
    if spec.kind.name == "personal" and value and access.current().can(register.guarded_by, "reveal"):
        built["reveal_url"] = url(register, "reveal", pk=whole.record.id, field=name)
    return built


def _actions(built: ShowPage) -> None:
    register, record = built.whole.register, built.record
    head = built.header
    if access.current().can(register.guarded_by, "move") or register.from_pack:
        for number, move in enumerate(moves.available(record, built.whole)):
            head["actions"].append({
                "label": move.label, "url": url(register, "move", pk=record.id, key=move.key), "icon": "arrow-right",
                "primary": number == 0 and move.tone != "late", "danger": move.tone == "late",
            })
    if saving.may_edit(record, built.life):
        entry = {"label": _("Edit"), "url": url(register, "edit", pk=record.id), "icon": "pencil"}
        head["actions" if not head["actions"] else "more"].append(entry)
    head["more"].append({"label": _("Print"), "url": url(register, "print", pk=record.id), "icon": "printer"})
    if "delete" in register.actions and not register.from_pack and access.may(record, "write"):
        head["more"].append({
            "label": _("Delete"), "url": url(register, "delete", pk=record.id), "icon": "trash", "method": "post",
            "danger": True, "confirm": _("Delete this record? This cannot be undone."),
        })


def _line_tab(line: Register, column: str, record: Record) -> dict[str, Any]:
    mine = line.model.__table__.c[column] == record.id
    page = fetch(line, Criteria(order=line.order, size=50).where(mine), list_columns(line))
    names, lives = values.names_of(references(line, page.rows)), lives_of(line, page.rows)
    shown = [name for name in line.list if name != column]
    rows = [
        {"url": url(line, "show", pk=row.id),
         "cells": [link(line.slug, row.id, values.html(line.fields[name], getattr(row, name), names, lives[row.id]))
                   if name == shown[0] else values.html(line.fields[name], getattr(row, name), names, lives[row.id])
                   for name in shown]}
        for row in page.rows
    ]
    columns = [{"label": line.fields[name].label, "align": line.fields[name].kind.align} for name in shown]
    return {"key": line.slug, "label": line.label, "count": page.total, "table": {"columns": columns, "rows": rows}}
