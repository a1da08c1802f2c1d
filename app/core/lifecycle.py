"""States and moves of a case as data; they come from a pack version, or inline from a simple register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask_babel import get_locale


@dataclass(frozen=True)
class Words:
    """A text in both languages; ``str()`` speaks the reader's."""

    zh: str
    en: str

    def __str__(self) -> str:
        locale = get_locale()
        return self.en if locale is not None and locale.language == "en" else self.zh

    def __html__(self) -> str:
        from markupsafe import escape

        return str(escape(str(self)))


@dataclass(frozen=True)
class Holder:
    """Who has a case while it is in a state: a post, in the unit named by a field if several hold it."""

    post: str
    unit_field: str = ""
    owner: bool = False


@dataclass(frozen=True)
class State:
    """One state: its words, its colour (ok, info, hold, warn, late, mute) and who holds the case."""

    key: str
    label: Any
    tone: str = "info"
    final: bool = False
    holder: Holder | None = None
    editable: tuple[str, ...] = ()
    clause: str = ""


@dataclass(frozen=True)
class Move:
    """One allowed step: from where to where, by whom, what it needs, writes and causes.

    ``sets`` fills fields by itself: ``@now``, ``@today``, ``@me`` (the employee) or a plain value.
    With ``post_field`` only the post that this field of the row names may act, out of ``posts``.
    """

    key: str
    label: Any
    sources: tuple[str, ...]
    target: str
    posts: tuple[str, ...] = ()
    post_field: str = ""
    requires: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    sets: Mapping[str, Any] = field(default_factory=dict)
    when: Mapping[str, Any] = field(default_factory=dict)
    guards: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    approval: str = ""
    outcome: str = ""
    reason: bool = False
    system: bool = False
    owner_only: bool = False
    confirm: Any = ""
    tone: str = ""
    clause: str = ""


@dataclass(frozen=True)
class Step:
    """One station of the stepper: the states that belong to it."""

    label: Any
    states: tuple[str, ...]


@dataclass(frozen=True)
class Lifecycle:
    """The whole machine of a case under one pack version, bound to the unit that adopted the policy."""

    start: str
    states: Mapping[str, State]
    moves: Mapping[str, Move]
    steps: tuple[Step, ...] = ()
    within: str = ""
    policy: str = ""
    version: int = 0
    detail: str = ""
    editors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rules: Mapping[str, Any] = field(default_factory=dict)
    unused: frozenset[str] = frozenset()
    offers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def fields(self) -> frozenset[str]:
        """The fields that its states, moves and rules name: those that the policy has anything to do with."""
        typed = (name for state in self.states.values() for name in state.editable)
        steps = self.moves.values()
        moved = (name for step in steps for name in (*step.requires, *step.writes, *step.sets, *step.when))
        return frozenset((*typed, *moved, *self.rules, *self.editors))

    @property
    def page(self) -> str:
        """The policy's page of this very version, as addresses name it; empty for a table of the register itself."""
        return f"{self.policy}/{self.version}" if self.policy else ""

    def leaving(self, state: str) -> list[Move]:
        """Moves that start in ``state``, in the order of the pack."""
        return [move for move in self.moves.values() if state in move.sources]
