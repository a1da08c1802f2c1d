"""Sharing a loss. Pure: no session, no clock."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.core.money import split, to_cents

PEOPLE, UNITS, OUTSIDE = range(3)
WHOLE = Decimal(100)


@dataclass(frozen=True)
class Part:
    """One bearer: people come before units and these before outside parties, each by number or code."""

    percent: Decimal
    kind: int
    number: str

    @property
    def order(self) -> tuple[Any, ...]:
        """Who comes first when equal shares compete for a cent."""
        return self.kind, natural(self.number)


def natural(text: str) -> tuple[Any, ...]:
    """A number or code so that 9 comes before 10 and A2 before A10."""
    return tuple((0, int(piece), "") if piece.isdigit() else (1, 0, piece) for piece in re.findall(r"\d+|\D+", text))


def amounts(total: Decimal, parts: Sequence[Part]) -> list[Decimal] | None:
    """What each part bears of ``total`` (yuan), to the cent; ``None`` while the shares do not add up to 100."""
    if sum((part.percent for part in parts), Decimal(0)) != WHOLE:
        return None
    return split(total, [part.percent for part in parts], [part.order for part in parts])


def part_of(total: Decimal, percent: Decimal) -> Decimal:
    """What a share bears before leftover cents are given out: rounded down to the cent."""
    return to_cents(total * percent / WHOLE, "down")
