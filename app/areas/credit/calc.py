"""Sharing money out: receipts over debts, losses over people, goods over those who let them go. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from app.core.types import fen

NOTHING = Decimal(0)
WHOLE = Decimal(100)


def spread(amount: Decimal, debts: Iterable[tuple[int, Decimal]]) -> list[tuple[int, Decimal]]:
    """What a sum pays of debts (key, owed) in their order; what is left over pays nothing."""
    paid, left = [], amount
    for key, owed in debts:
        part = min(left, owed)
        if part > NOTHING:
            paid.append((key, part))
            left -= part
    return paid


def shares(amount: Decimal, percents: Sequence[Decimal]) -> list[Decimal]:
    """The parts of an amount by percentages, to the cent; shares of the whole add up to it, the last takes the rest."""
    parts = [fen(amount * percent / WHOLE) for percent in percents]
    if parts and sum(percents, NOTHING) == WHOLE:
        parts[-1] += amount - sum(parts, NOTHING)
    return parts


def equal_parts(amount: Decimal, number: int) -> list[Decimal]:
    """Equal parts of an amount, to the cent; the last takes what is left over."""
    part = (amount / number).quantize(Decimal("0.01"), rounding="ROUND_DOWN")
    return [part] * (number - 1) + [amount - part * (number - 1)]


def line_amount(quantity: Decimal, price: Decimal) -> Decimal:
    """Quantity times price in yuan, to the cent, half a cent up."""
    return (quantity * price).quantize(Decimal("0.01"), rounding="ROUND_HALF_UP")


def month_end(day: dt.date) -> dt.date:
    """The last day of a day's month."""
    first_of_next = (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    return first_of_next - dt.timedelta(days=1)


def instalments(text: str) -> list[tuple[dt.date, Decimal]]:
    """Days and amounts of a plan, a line each; raises ``ValueError`` with the number of a line that cannot be read."""
    found = []
    for number, line in enumerate(text.strip().splitlines(), start=1):
        try:
            day, amount = line.replace(",", "").replace("，", "").split()
            found.append((dt.date.fromisoformat(day), Decimal(amount)))
        except (ValueError, ArithmeticError):
            raise ValueError(number) from None
        if not found[-1][1].is_finite() or found[-1][1] <= 0 or fen(found[-1][1]) != found[-1][1]:
            raise ValueError(number)
    return found


def fallen_due(lines: Iterable[tuple[dt.date, Decimal]], day: dt.date) -> Decimal:
    """What should have been paid of a plan before a day; an instalment is in time on its own day."""
    return sum((amount for due, amount in lines if due < day), NOTHING)
