"""The forms of a register drawn: to add, to edit, to take a step; what was typed stays, errors stand at fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from app.core import clock, conflicts, drafts, forms, inlining, moves, offering, pages, reading, saving
from app.core.errors import Conflict, Refusal
from app.core.lifecycle import Move
from app.core.whole import Whole

FEW, MORE = 3, "more_lines"
"""So many fields that are filled already a step may show again; more are folded."""


def form(
    whole: Whole,
    texts: dict[str, Any],
    action: str,
    specs: Mapping[str, Any],
    typed: Mapping[str, Any],
    error: Refusal | None,
    required: tuple[str, ...] = (),
    move: Move | None = None,
) -> pages.FormPage:
    """A form page of the given fields with what was typed and why it was refused."""
    place = drafts.place()
    kept = drafts.find(place) if request.method == "GET" else None
    typed = forms.typed(kept.fields, specs) if kept else typed
    problems = [] if error is None or isinstance(error, Conflict) else error.problems
    page, clashes = moves.page_over(whole.record), _clashes(whole, specs, typed, error)
    typed = {name: raw for name, raw in typed.items() if name not in {c.spec.name for c in clashes if not c.both}}
    builder = forms.FormBuilder(whole, specs, typed, problems, required, page)
    built = pages.FormPage(
        whole,
        texts.get("title", ""),
        action,
        texts.get("submit", _("Save")),
        texts.get("cancel", ""),
        builder.sections(forms.layout_of(whole.register, whole.detail_register)),
        breadcrumbs=[{"label": whole.register.label, "url": pages.url(whole.register, "list")}],
        problems=problems,
        move=move,
    )
    if move is None and whole.register.inline:
        sent = kept.fields if kept else request.form if request.method == "POST" else None
        built.lines = inlining.cards(whole, sent, problems, request.form.get(MORE, ""))
    if clashes:
        said = str(error.problems[0].message) if isinstance(error, Conflict) else ""
        built.conflict = pages.conflict_of(whole, clashes, said, conflicts.posted().choices)
    if whole.record.id is not None:
        built.row_version = kept.row_version if kept and kept.row_version else _opened_at(whole.record)
    built.draft_place, built.drafted = place, clock.to_local(kept.at).strftime("%m-%d %H:%M") if kept else ""
    built.reason = kept.fields.get("reason", "") if kept else request.form.get("reason", "")
    return pages.form_page(built, typed)


def _clashes(
    whole: Whole, specs: Mapping[str, Any], typed: Mapping[str, Any], error: Refusal | None
) -> list[conflicts.Clash]:
    """The fields that the page of a conflict shows: those just refused, or those of an answer refused otherwise."""
    if isinstance(error, Conflict):
        return error.clashes
    if error is None or "seen_version" not in request.form:
        return []
    read, _problems = saving.read_values(specs, typed)
    return conflicts.clashes(whole, specs, read, _opened_at(whole.record))


def _opened_at(record: Any) -> int:
    """The version of the row that the form began with: a refused one is still that of its first page."""
    begun = reading.number(request.form.get("row_version", ""))
    return int(record.row_version) if begun is None else begun


def add_form(whole: Whole, specs: Mapping[str, Any], typed: Mapping[str, Any], error: Refusal | None = None) -> str:
    """The form for a new record."""
    register = whole.register
    texts = {"title": _("Add %(register)s", register=register.label), "cancel": pages.home(whole)}
    built = form(whole, texts, pages.url(register, "add"), specs, typed, error)
    built.hidden = {name: request.values[name] for name in ("policy", register.parent) if name in request.values}
    built.preview_url = pages.url(register, "preview") if built.aside else ""
    return render_template("register/form.html", page=built)


def rail(whole: Whole, specs: Mapping[str, Any], typed: Mapping[str, Any]) -> str:
    """What stands beside a form for what is typed so far."""
    return "".join(str(card) for card in form(whole, {}, "", specs, typed, None).aside)


def edit_form(record: Any, typed: Mapping[str, Any], error: Refusal | None) -> str:
    """The form for an edit, with the version it starts from."""
    whole = moves.whole_of(record)
    specs = offering.offered(whole, saving.editable(whole, moves.lifecycle_of(record)))
    here = pages.url(whole.register, "show", pk=record.id)
    texts = {"title": _("Edit %(register)s", register=whole.register.label), "cancel": here}
    built = form(whole, texts, pages.url(whole.register, "edit", pk=record.id), specs, typed, error)
    built.preview_url = pages.url(whole.register, "preview_edit", pk=record.id) if built.aside else ""
    return render_template("register/form.html", page=built)


def move_form(whole: Whole, move: Move | None, typed: Mapping[str, Any], error: Refusal | None) -> str:
    """The form for a step: the fields it writes, and the reason where the pack asks for one."""
    assert move is not None
    record, register = whole.record, whole.register
    texts = {"title": move.label, "submit": move.label, "cancel": pages.url(register, "show", pk=record.id)}
    specs = moves.fields_of_move(whole, move)
    action = pages.url(register, "move", pk=record.id, key=move.key)
    built = form(whole, texts, action, specs, typed, error, move.requires, move)
    if len(filled := _filled(whole, specs)) > FEW:
        pages.fold(built, filled)
    built.subtitle, built.danger = move.confirm, move.tone == "late"
    if move.reason:
        built.sections.append(_reason_section(built.reason, error))
    return render_template("register/form.html", page=built)


def _filled(whole: Whole, specs: Mapping[str, Any]) -> set[str]:
    """The fields of a step that could be typed before it and have their value."""
    life = moves.lifecycle_of(whole.record)
    editable = saving.editable(whole, life) if life else {}
    return {name for name in specs if name in editable and whole.get(name) not in (None, "", [])}


def _reason_section(text: str, error: Refusal | None) -> dict[str, Any]:
    said = next((p.message for p in error.problems if p.field == "reason"), None) if error else None
    field = {
        "name": "reason",
        "label": _("Reason"),
        "kind": "longtext",
        "required": True,
        "value": text,
        "error": said,
        "width": 3,
    }
    return {"title": _("Reason"), "hint": "", "clause": None, "fields": [field]}
