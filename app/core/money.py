"""Money to the cent: splits that add up exactly, rounding, and amounts in words as paper asks for them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import cn2an

CENT = Decimal("0.01")
ROUNDINGS = {"half_up": ROUND_HALF_UP, "down": ROUND_DOWN}


def to_cents(amount: Decimal, rounding: str = "half_up") -> Decimal:
    """An amount in whole cents, rounded ``half_up`` or ``down`` (towards zero)."""
    return amount.quantize(CENT, rounding=ROUNDINGS[rounding])


def split(total: Decimal, weights: Sequence[Decimal], keys: Sequence[Any]) -> list[Decimal]:
    """Parts of ``total`` (yuan, whole cents) by weight, in the given order; they add up to it exactly.

    The one rule: each part is rounded down to the cent, and leftover cents go one each to the largest weights first,
    ties to the lowest key. A negative total splits like a positive one. Raises ``ValueError`` for weights that are
    negative or all zero, and for a total with a part of a cent.
    """
    whole = sum(map(Fraction, weights), Fraction())
    if min(weights, default=Decimal(0)) < 0 or whole == 0:
        raise ValueError("weights are not negative, and not all of them zero")
    if total != to_cents(total):
        raise ValueError("a total is given in whole cents")
    sign, cents = (-1 if total < 0 else 1), int(abs(total) / CENT)
    parts = [int(cents * Fraction(weight) / whole) for weight in weights]
    order = sorted(range(len(parts)), key=lambda at: (-weights[at], keys[at]))
    for at in order[: cents - sum(parts)]:
        parts[at] += 1
    return [sign * part * CENT for part in parts]


def capitals(amount: Decimal) -> str:
    """Renminbi in Chinese capitals (大写), as forms for accounting write it."""
    return str(cn2an.an2cn(f"{to_cents(amount):f}", "rmb"))
