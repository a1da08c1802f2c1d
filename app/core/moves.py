"""Moves: check → lock → change → flush → listeners → effects. The tables of states and moves are data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import gettext as _

from app.core import access as access_
from app.core import clock, reading, ripples
from app.core.db import session
from app.core.entering import enter, nobody_there, send_to
from app.core.errors import Forbidden, NotFound, Problem, Refusal
from app.core.fieldspec import FieldSpec
from app.core.hooks import Moved, Step, announce, effect, guard, judged, known_names, lets_act, on_moved
from app.core.lifecycle import Lifecycle, Move, State
from app.core.origin import (
    Begin,
    begin,
    lifecycle_by,
    lifecycle_of,
    page_over,
    set_source,
    set_unit_finder,
    whole_of,
    whole_under,
)
from app.core.register import Record, register_of
from app.core.whole import Whole
from app.core.words import cite, wrong_post

__all__ = [
    "Begin",
    "Moved",
    "Step",
    "allow",
    "announce",
    "available",
    "begin",
    "check",
    "effect",
    "enter",
    "guard",
    "known_names",
    "lifecycle_by",
    "lifecycle_of",
    "move",
    "on_moved",
    "page_over",
    "send_to",
    "set_approver",
    "set_duties",
    "set_source",
    "set_unit_finder",
    "whole_of",
    "whole_under",
]

NO_POST = access_.Post("", 0, "")

_approver: Callable[[Step], Problem | None] | None = None
_kept_apart: Callable[[Step, access_.Post], Iterable[Problem]] | None = None


def set_approver(check: Callable[[Step], Problem | None]) -> None:
    """Tell core who knows whether the person has the open approval step that a move decides."""
    global _approver
    _approver = check


def set_duties(check: Callable[[Step, access_.Post], Iterable[Problem]]) -> None:
    """Tell core who knows which steps of one case are not for the same person."""
    global _kept_apart
    _kept_apart = check


def applies(move: Move, read: Callable[[str], Any]) -> bool:
    """Whether the field conditions of a move hold; a list means any of its values."""
    for name, wanted in move.when.items():
        value = read(name)
        if value not in (wanted if isinstance(wanted, list | tuple) else [wanted]):
            return False
    return True


def permitted(record: Any, life: Lifecycle, move: Move, access: access_.Access) -> access_.Post | None:
    """The post in which the person may make the move, or ``None``; a table without posts goes by permission alone."""
    if not move.posts:
        return None if move.system or not access.can(register_of(record).slug, "move") else NO_POST
    state = life.states[record.status]
    unit = record.holder_unit_id if _held_by(state, move) and hasattr(record, "holder_unit_id") else None
    post = access.holds(_codes(record, life, move), life.within, unit)
    if post is not None and move.owner_only and record.owner_id not in (access.employee_id, post.for_employee_id):
        return None
    return post


def acting_posts(record: Any, move: Move) -> list[str]:
    """The posts that may make a move on this row: all it names, or the one that a field of the row names."""
    named = getattr(record, move.post_field, None) if move.post_field else None
    return [post for post in move.posts if not move.post_field or post == named]


def _codes(record: Any, life: Lifecycle, move: Move) -> list[str]:
    return [f"{life.policy}.{post}" for post in acting_posts(record, move)]


def _held_by(state: State, move: Move) -> bool:
    return bool(state.holder and state.holder.unit_field and state.holder.post in move.posts)


def available(record: Record, whole: Whole | None = None) -> list[Move]:
    """The moves that the current person may make now, in the order of the pack."""
    life = lifecycle_of(record)
    if life is None:
        return []
    whole, person = whole or whole_of(record), access_.current()
    return [m for m in life.leaving(record.status) if not m.system and _offered(record, life, m, whole, person)]


def _offered(record: Record, life: Lifecycle, move: Move, whole: Whole, person: access_.Access) -> bool:
    if not applies(move, whole.get):
        return False
    step = Step(whole, life, move, {}, "", person, clock.now())
    if move.approval:
        return _approver is not None and _approver(step) is None
    return permitted(record, life, move, person) is not None and lets_act(step)


def fields_of_move(whole: Whole, chosen: Move) -> dict[str, FieldSpec]:
    """The fields that a step offers to write, required ones included."""
    names = dict.fromkeys((*chosen.writes, *chosen.requires))
    return {name: whole.fields[name] for name in names if name in whole.fields and not whole.fields[name].computed}


def explain_refusal(record: Record, key: str) -> None:
    """Raise the sentence why the person cannot take a step now."""
    life = lifecycle_of(record)
    if life is None or key not in life.moves:
        raise NotFound()
    step = Step(whole_of(record), life, life.moves[key], {}, "", access_.current(), clock.now())
    _check_person(step)
    Refusal.when(p for p in _problems(step) if p.rule in ("state", "when"))
    raise Forbidden(_("This step is not open to you now."))


def allow(record: Record, key: str) -> None:
    """Refuse with 403 a step that the person's posts do not give, before its fields are judged."""
    life = lifecycle_of(record)
    if life is not None and key in life.moves:
        _check_person(Step(whole_of(record), life, life.moves[key], {}, "", access_.current(), clock.now()))


def move(
    record: Record,
    key: str,
    *,
    values: Mapping[str, Any] | None = None,
    reason: str = "",
    as_system: bool = False,
) -> Moved:
    """Make a move; the caller commits.

    Raises ``Forbidden`` when the person lacks the post, ``Refusal`` with every missing field and broken guard.
    """
    life = lifecycle_of(record)
    ripples.before_lock(record, key)
    session.refresh(record, with_for_update=True)
    return _carry_out(*_checked(record, life, key, dict(values or {}), reason, as_system))


def check(record: Record, key: str, *, values: Mapping[str, Any], reason: str = "") -> None:
    """Refuse a step as ``move`` would, and leave the row as it is; what only an effect finds out is not known."""
    _checked(record, lifecycle_of(record), key, dict(values), reason)


def _checked(
    record: Record, life: Lifecycle | None, key: str, values: dict[str, Any], reason: str, as_system: bool = False
) -> tuple[Step, access_.Post | None]:
    if life is None or key not in life.moves:
        raise Refusal(_("There is no step “%(key)s” in this lifecycle.", key=key))
    step = Step(whole_of(record), life, life.moves[key], values, reason.strip(), access_.current(), clock.now())
    post = None if as_system else _check_person(step)
    if post and _kept_apart and (kept := list(_kept_apart(step, post))):
        raise Forbidden(*kept)
    Refusal.when(_problems(step))
    return step, post


def _check_person(step: Step) -> access_.Post | None:
    record, chosen = step.whole.record, step.move
    if not step.access.can(register_of(record).slug, "move"):
        raise Forbidden(_("Your roles do not let you move this record."))
    if chosen.approval:
        if problem := _approver(step) if _approver else Problem(_("No approval is open.")):
            raise Forbidden(problem)
        return step.access.holds(_codes(record, step.lifecycle, chosen), step.lifecycle.within)
    if chosen.system or (post := permitted(record, step.lifecycle, chosen, step.access)) is None:
        raise Forbidden(
            Problem(wrong_post(step.lifecycle, acting_posts(record, chosen), chosen), rule="post", clause=chosen.clause)
        )
    return post


def _problems(step: Step) -> Iterable[Problem]:
    chosen, record = step.move, step.whole.record
    if record.status not in chosen.sources:
        state = step.lifecycle.states[record.status].label
        yield Problem(
            _("“%(move)s” is not possible while the case is “%(state)s”.", move=chosen.label, state=state),
            rule="state",
            clause=chosen.clause,
        )
        return
    allowed = {*chosen.writes, *chosen.requires}
    for name in step.values:
        if name not in allowed:
            yield Problem(_("This step does not write this field."), name, "writes", chosen.clause)
    if not applies(chosen, step.get):
        yield Problem(_("The facts of the case lead to another step."), rule="when", clause=chosen.clause)
    yield from _missing(step)
    yield from nobody_there(step)
    if chosen.reason and not step.reason:
        yield Problem(_("Please give the reason."), "reason", "required", chosen.clause)
    if problem := reading.text_problem(step.reason, "reason", _("Reason")):
        yield problem
    yield from cite(judged(step), step.lifecycle.page)


def _missing(step: Step) -> Iterable[Problem]:
    for name in step.move.requires:
        if step.get(name) in (None, "", []):
            label = step.whole.fields[name].label
            text = _("“%(field)s” is needed for “%(move)s”.", field=label, move=step.move.label)
            yield Problem(text, name, "required", step.move.clause)


def _carry_out(step: Step, post: access_.Post | None) -> Moved:
    record: Any = step.whole.record
    source, target = record.status, step.move.target
    step.whole.update({**step.values, **_stamps(step)})
    moved = Moved(
        record,
        register_of(record),
        step.lifecycle,
        step.move,
        source,
        target,
        step.values,
        step.reason,
        step.at,
        step.access.employee_id,
        post,
        step.whole,
    )
    if target != source:
        enter(record, step.lifecycle, target, step.whole)
    step.whole.save()
    announce(moved)
    return moved


def _stamps(step: Step) -> dict[str, Any]:
    words = {"@now": step.at, "@today": clock.to_local(step.at).date(), "@me": step.access.employee_id}
    return {
        name: words.get(value, value) if isinstance(value, str) else value for name, value in step.move.sets.items()
    }
