"""A step of a lifecycle, about to be made or made, and who asked to judge or follow it: guards, effects, listeners."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.access import Access, Post
from app.core.db import session
from app.core.errors import Forbidden, Problem
from app.core.lifecycle import Lifecycle, Move
from app.core.register import Record, Register
from app.core.whole import Whole

Guard = Callable[["Step"], Iterable[Problem]]
Effect = Callable[["Moved"], None]
KEPT = "kept"
"""In the context of a move: the fields that engines filled because of it."""


@dataclass
class Step:
    """A move about to be made: the row as it will be, for guards to judge."""

    whole: Whole
    lifecycle: Lifecycle
    move: Move
    values: Mapping[str, Any]
    reason: str
    access: Access
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
    post: Post | None
    whole: Whole
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def written(self) -> frozenset[str]:
        """The fields that the move wrote: what was typed, and what it fills by itself."""
        return frozenset({*self.values, *(self.move.sets if self.move else ())})


_guards: dict[str, Guard] = {}
_effects: dict[str, Effect] = {}
_early: set[str] = set()
_hiding: set[str] = set()
_listeners: list[tuple[int, Callable[[Moved], None]]] = []


def guard(name: str, *, hides: bool = False) -> Callable[[Guard], Guard]:
    """Name a guard so that packs can refer to it; a step that one which ``hides`` refuses is not offered."""
    if hides:
        _hiding.add(name)
    return lambda function: _guards.setdefault(name, function)


def effect(name: str, *, early: bool = False) -> Callable[[Effect], Effect]:
    """Name an effect so that packs can refer to it; an early one happens before anybody is told of the move."""
    if early:
        _early.add(name)
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


def judged(step: Step) -> Iterable[Problem]:
    """What the guards that a step's move names have against it."""
    for name in step.move.guards:
        yield from _guards[name](step)


def lets_act(step: Step) -> bool:
    """Whether no guard that hides its step refuses it to the person."""
    try:
        return not [problem for name in step.move.guards if name in _hiding for problem in _guards[name](step)]
    except Forbidden:
        return False


def announce(moved: Moved) -> None:
    """Carry out the early effects that the pack names, tell the listeners, then carry out the others."""
    named = moved.move.effects if moved.move else ()
    _carry_out(moved, (name for name in named if name in _early))
    for _order, listener in _listeners:
        listener(moved)
    _carry_out(moved, (name for name in named if name not in _early))
    session.flush()


def _carry_out(moved: Moved, names: Iterable[str]) -> None:
    for name in names:
        _effects[name](moved)
