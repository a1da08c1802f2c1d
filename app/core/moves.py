"""Moves: check → lock → change → flush → listeners → effects. The tables of states and moves are data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from app.core import access as access_
from app.core import clock
from app.core.db import session
from app.core.errors import Forbidden, NotFound, Problem, Refusal
from app.core.fieldspec import FieldSpec
from app.core.lifecycle import Lifecycle, Move, State
from app.core.origin import (
    Begin,
    begin,
    lifecycle_by,
    lifecycle_of,
    set_source,
    set_unit_finder,
    unit_of_post,
    whole_of,
)
from app.core.register import Record, Register, register_of
from app.core.scope import Participation
from app.core.whole import Whole
from app.core.words import wrong_post

__all__ = [
    "Begin",
    "Moved",
    "Step",
    "allow",
    "announce",
    "available",
    "begin",
    "effect",
    "enter",
    "guard",
    "lifecycle_by",
    "lifecycle_of",
    "move",
    "on_moved",
    "send_to",
    "set_approver",
    "set_duties",
    "set_source",
    "set_unit_finder",
    "whole_of",
]

NO_POST = access_.Post("", 0, "")

Guard = Callable[["Step"], Iterable[Problem]]
Effect = Callable[["Moved"], None]


@dataclass
class Step:
    """A move about to be made: the row as it will be, for guards to judge."""

    whole: Whole
    lifecycle: Lifecycle
    move: Move
    values: Mapping[str, Any]
    reason: str
    access: access_.Access
    at: dt.datetime

    def get(self, name: str) -> Any:
        """The value a field will have after the move."""
        return self.values[name] if name in self.values else self.whole.get(name)


@dataclass(frozen=True)
class Moved:
    """A move that was made; ``move`` is ``None`` when the case was created."""

    record: Record
    register: Register
    lifecycle: Lifecycle
    move: Move | None
    source: str
    target: str
    values: Mapping[str, Any]
    reason: str
    at: dt.datetime
    employee_id: int | None
    post: access_.Post | None
    whole: Whole
    context: dict[str, Any] = field(default_factory=dict)


_approver: Callable[[Step], Problem | None] | None = None
_kept_apart: Callable[[Step, access_.Post], Iterable[Problem]] | None = None
_guards: dict[str, Guard] = {}
_effects: dict[str, Effect] = {}
_listeners: list[tuple[int, Callable[[Moved], None]]] = []


def set_approver(check: Callable[[Step], Problem | None]) -> None:
    """Tell core who knows whether the person has the open approval step that a move decides."""
    global _approver
    _approver = check


def set_duties(check: Callable[[Step, access_.Post], Iterable[Problem]]) -> None:
    """Tell core who knows which steps of one case are not for the same person."""
    global _kept_apart
    _kept_apart = check


def guard(name: str) -> Callable[[Guard], Guard]:
    """Name a guard so that packs can refer to it."""
    return lambda function: _guards.setdefault(name, function)


def effect(name: str) -> Callable[[Effect], Effect]:
    """Name an effect so that packs can refer to it."""
    return lambda function: _effects.setdefault(name, function)


def known_names() -> tuple[frozenset[str], frozenset[str]]:
    """Names of all guards and all effects, for the check of packs."""
    return frozenset(_guards), frozenset(_effects)


def on_moved(function: Callable[[Moved], None], order: int = 50) -> Callable[[Moved], None]:
    """Call ``function`` after every move and creation; deadlines 10, approvals 20, audit 30, notices 40."""
    if all(known is not function for _order, known in _listeners):
        _listeners.append((order, function))
        _listeners.sort(key=lambda entry: entry[0])
    return function


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
    if move.approval:
        step = Step(whole, life, move, {}, "", person, clock.now())
        return _approver is not None and _approver(step) is None
    return permitted(record, life, move, person) is not None


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
    session.refresh(record, with_for_update=True)
    if life is None or key not in life.moves:
        raise Refusal(_("There is no step “%(key)s” in this lifecycle.", key=key))
    step = Step(
        whole_of(record), life, life.moves[key], dict(values or {}), reason.strip(), access_.current(), clock.now()
    )
    post = None if as_system else _check_person(step)
    if post and _kept_apart and (kept := list(_kept_apart(step, post))):
        raise Forbidden(*kept)
    Refusal.when(_problems(step))
    return _carry_out(step, post)


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
    if chosen.reason and not step.reason:
        yield Problem(_("Please give the reason."), "reason", "required", chosen.clause)
    for name in chosen.guards:
        yield from _guards[name](step)


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


def announce(moved: Moved) -> None:
    """Tell the listeners, then carry out the effects the pack names."""
    for _order, listener in _listeners:
        listener(moved)
    for name in moved.move.effects if moved.move else ():
        _effects[name](moved)
    session.flush()


def enter(record: Any, life: Lifecycle, target: str, whole: Whole) -> None:
    """Put a case into a state: its holder changes and may see it from now on."""
    state = life.states[target]
    record.status, record.state_since = target, clock.now()
    if not hasattr(record, "holder_unit_id"):
        return
    record.holder_post = f"{life.policy}.{state.holder.post}" if state.holder else None
    record.holder_unit_id = _holder_unit(record, life, state, whole)
    if record.holder_unit_id and record.id:
        send_to(record, record.holder_unit_id, record.holder_post)


def _holder_unit(record: Any, life: Lifecycle, state: State, whole: Whole) -> int | None:
    if state.holder is None:
        return None
    if state.holder.owner:
        return int(record.unit_id)
    if state.holder.unit_field and (named := whole.get(state.holder.unit_field)):
        return int(named)
    return unit_of_post(f"{life.policy}.{state.holder.post}", life.within)


def send_to(record: Record, unit_id: int, post: str | None = None) -> None:
    """Let a unit see a case from now on; a second sending changes nothing."""
    register = register_of(record)
    known = session.query(Participation.id).filter_by(register=register.slug, record_id=record.id, unit_id=unit_id)
    if known.first() is None:
        session.add(Participation(register=register.slug, record_id=record.id, unit_id=unit_id, post=post))
