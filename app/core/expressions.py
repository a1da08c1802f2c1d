"""Formulas that packs write down: + - * / and parentheses, min, max, sum, over names and numbers. Read, never run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NoReturn

FUNCTIONS = ("min", "max", "sum")
_TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[a-z][a-z0-9_]*)|(?P<sign>[-+*/(),]))")
DEPTH = 20


@dataclass(frozen=True)
class Number:
    """A number as it is written."""

    value: Decimal


@dataclass(frozen=True)
class Name:
    """A fact or a parameter."""

    name: str


@dataclass(frozen=True)
class Operation:
    """Two formulas joined by ``+``, ``-``, ``*`` or ``/``."""

    sign: str
    left: Formula
    right: Formula


@dataclass(frozen=True)
class Call:
    """``min``, ``max`` or ``sum`` of formulas."""

    function: str
    parts: tuple[Formula, ...]


Formula = Number | Name | Operation | Call


def parse(text: object) -> Formula:
    """The formula that ``text`` writes down; raises ``ValueError`` saying where it cannot be read."""
    if not isinstance(text, str) or not text.strip():
        raise ValueError("is no formula")
    return _Reader(text).whole()


def names_in(formula: Formula) -> Iterator[str]:
    """Every name of a formula, in order."""
    match formula:
        case Name(name):
            yield name
        case Operation(_, left, right):
            yield from (*names_in(left), *names_in(right))
        case Call(_, parts):
            for part in parts:
                yield from names_in(part)


class _Reader:
    """Reads one formula from left to right."""

    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.at = 0
        self.depth = 0

    def whole(self) -> Formula:
        found = self._chain(0)
        if self.at < len(self.tokens):
            _unreadable(self.tokens[self.at])
        return found

    def _chain(self, level: int) -> Formula:
        """Sums of products of factors; ``level`` 0 joins by + and -, level 1 by * and /."""
        if level == 2:
            return self._factor()
        signs, found = ("+-", "*/")[level], self._chain(level + 1)
        while self._next() and self._next() in signs:
            found = Operation(self._take(), found, self._chain(level + 1))
        return found

    def _factor(self) -> Formula:
        word = self._take()
        if word[0].isdigit():
            return Number(Decimal(word))
        if word == "(":
            inside = self._inside()
            return inside[0] if len(inside) == 1 else _unreadable(",")
        if not word[0].isalpha():
            _unreadable(word)
        if word not in FUNCTIONS:
            return Name(word)
        if self._take() != "(":
            _unreadable(word)
        return Call(word, self._inside())

    def _inside(self) -> tuple[Formula, ...]:
        """What stands up to the closing parenthesis, parted by commas."""
        self.depth += 1
        if self.depth > DEPTH:
            raise ValueError("is nested too deeply")
        found = [self._chain(0)]
        while (sign := self._take()) == ",":
            found.append(self._chain(0))
        if sign != ")":
            _unreadable(sign)
        self.depth -= 1
        return tuple(found)

    def _next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _take(self) -> str:
        if not (token := self._next()):
            raise ValueError("ends too early")
        self.at += 1
        return token


def _tokens(text: str) -> Iterator[str]:
    at, text = 0, text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            _unreadable(text[at:].strip()[:10])
        yield found.group().strip()
        at = found.end()


def _unreadable(token: str) -> NoReturn:
    raise ValueError(f"cannot be read at “{token}”")
