"""Beside the form of a case: what follows when it is sent, for what is typed so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from markupsafe import Markup

from app.core import clock, forms, moves, pages, saving, values
from app.core.lifecycle import Lifecycle, Move
from app.core.pages import FormPage
from app.core.wording import listed
from app.core.words import post_label
from app.engines.deadlines import cards
from app.engines.deadlines import operations as deadlines
from app.engines.deadlines.forecast import forecast
from app.engines.people import operations as people
from app.screens.authority import deciding

NAMED = 3
Line = dict[str, Any]


def rail(built: FormPage, typed: Mapping[str, Any]) -> None:
    """One card: the next hand, the limits that begin to run, who decides; and which fields that step asks for."""
    record: Any = built.whole.record
    life = moves.lifecycle_of(record) if built.whole.register.from_pack else None
    step = _step(built, life) if life else None
    if life is None or step is None:
        return
    read = _reader(built, typed)
    lines = [*_next(record, life, step), *_limits(record, read, step), *_decider(built, read)]
    waits = _mark_needed(built, step) if built.move is None else False
    title = _("After “%(move)s”", move=step.label)
    card = {"title": title, "lines": lines, "waits": waits, "clause": forms.clause_link(life.policy, step.clause)}
    built.aside.append(Markup(render_template("_rail.html", card=card)))  # noqa: S704 -- the template escapes


def _step(built: FormPage, life: Lifecycle) -> Move | None:
    """The step of the form, else the one that leads on from where the case is."""
    if built.move is not None:
        return built.move
    onward = [m for m in life.leaving(built.whole.record.status) if not m.system and m.tone != "late"]
    return onward[0] if onward else None


def _reader(built: FormPage, typed: Mapping[str, Any]) -> Callable[[str], Any]:
    """The value of a field as it is typed, if it can be read, else as it is saved."""
    specs = {name: spec for name, spec in built.whole.fields.items() if name in typed}
    given, _problems = saving.read_values(specs, typed)
    return lambda name: given[name] if name in given else built.whole.get(name)


def _next(record: Any, life: Lifecycle, step: Move) -> list[Line]:
    """The state that follows and who has the case then."""
    state = life.states[step.target]
    if step.target == record.status or state.holder is None:
        return [{"label": _("Next hand"), "value": state.label, "hint": "", "clause": None}]
    code = f"{life.policy}.{state.holder.post}"
    names = "" if state.holder.owner else _holders(code, life.within)
    who = f"{post_label(code)} {names}".strip()
    clause = forms.clause_link(life.policy, state.clause)
    return [{"label": _("Next hand"), "value": who, "hint": state.label, "clause": clause}]


def _holders(code: str, within: str) -> str:
    seats = people.holders_many([code], [within], clock.today())
    ids = list(dict.fromkeys(seat.employee_id for seat in seats))
    names = values.names_of(("employee", key) for key in ids[:NAMED])
    return listed(names.values()) if len(ids) <= NAMED else ""


def _limits(record: Any, read: Callable[[str], Any], step: Move) -> list[Line]:
    running = [row.key for row in deadlines.open_clocks(record.__tablename__, record.id)] if record.id else []
    found = []
    for clock_ in forecast(record, read, step.target, step.key, running):
        limit = cards.allowance_words(clock_.allowance)
        hint = _("%(limit)s, if it began now", limit=limit) if clock_.later else _("%(limit)s from now", limit=limit)
        found.append({"label": clock_.label, "value": values.short(clock_.due_at), "hint": hint,
                      "clause": forms.clause_link(record.policy, clock_.clause)})
    return found


def _decider(built: FormPage, read: Callable[[str], Any]) -> list[Line]:
    found = deciding(built.whole.record, read)
    if found is None:
        return []
    return [{"label": _("Decided by"), "value": found.post, "hint": found.reason(built.whole), "clause": found.clause}]


def _mark_needed(built: FormPage, step: Move) -> bool:
    """Mark the fields that the next step asks for, though the form can be saved without them."""
    later = _("Needed before “%(move)s”", move=step.label)
    marked = False
    for field in (field for section in built.sections for field in section["fields"]):
        if field["name"] in step.requires and not field["required"]:
            field["later"] = later
            marked = True
    return marked


pages.on_form(rail, order=20)
