"""Sharing a commission: equal parts to the fen, the left-over fen to the lowest staff numbers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core import money


@dataclass(frozen=True)
class Person:
    """Somebody who gets a part."""

    employee_id: int
    number: str
    unit_id: int


@dataclass(frozen=True)
class Part:
    """What one person gets of one side's share, in yuan."""

    person: Person
    basis: str
    rate: Decimal
    amount: Decimal


def parts(amount: Decimal, people: Iterable[Person], basis: str, rate: Decimal) -> list[Part]:
    """A share in equal parts by staff number; raises ``ValueError`` when nobody is there to get it."""
    ranked = sorted(people, key=lambda one: one.number)
    split = money.split(amount, [Decimal(1)] * len(ranked), [one.number for one in ranked])
    return [Part(one, basis, rate, part) for one, part in zip(ranked, split, strict=True)]


def sole(found: Sequence[Part]) -> int | None:
    """The only person who gets anything, if it is one."""
    people = {part.person.employee_id for part in found}
    return people.pop() if len(people) == 1 else None


def total(found: Iterable[Part], *bases: str) -> Decimal:
    """The sum of the parts on some grounds, or of all."""
    return sum((part.amount for part in found if not bases or part.basis in bases), Decimal(0))
