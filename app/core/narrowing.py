"""Ways to narrow a list that are no field of the register; engines name them, every list and REST understand them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.sql import ColumnElement

from app.core.register import Register

Condition = Callable[[Register, str], ColumnElement[bool]]


@dataclass(frozen=True)
class Way:
    """One way: its label, the registers it is for, what a value is called, and its condition.

    ``words`` raises ``ValueError`` with a sentence for a value that it does not understand.
    """

    label: Any
    applies: Callable[[Register], bool]
    words: Callable[[str], str]
    condition: Condition


@dataclass(frozen=True)
class Narrowed:
    """A way that somebody asked for, with its value."""

    name: str
    value: str
    words: str


_ways: dict[str, Way] = {}


def narrowing(
    name: str, *, label: Any, applies: Callable[[Register], bool], words: Callable[[str], str]
) -> Callable[[Condition], Condition]:
    """Register a condition under the name that query strings use for it."""

    def keep(condition: Condition) -> Condition:
        _ways.setdefault(name, Way(label, applies, words, condition))
        return condition

    return keep


def ways(register: Register) -> Mapping[str, Way]:
    """The ways that this register knows; a field of the same name comes first."""
    return {name: way for name, way in _ways.items() if name not in register.fields and way.applies(register)}


def condition(register: Register, narrowed: Narrowed) -> ColumnElement[bool]:
    """A way that was asked for, as SQL."""
    return _ways[narrowed.name].condition(register, narrowed.value)


def label(narrowed: Narrowed) -> str:
    """What a way is called."""
    return str(_ways[narrowed.name].label)
