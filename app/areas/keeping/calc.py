"""The average of balances over days. Pure: no session, no clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

FEN = Decimal("0.01")
MONTH, QUARTER, YEAR = "month", "quarter", "year"


def first_day(day: dt.date, period: str) -> dt.date:
    """The first day of the month, quarter or year that a day lies in."""
    month = {MONTH: day.month, QUARTER: (day.month - 1) // 3 * 3 + 1, YEAR: 1}[period]
    return dt.date(day.year, month, 1)


def daily_average(balances: Iterable[tuple[str, dt.date, Decimal]], first: dt.date, last: dt.date) -> Decimal:
    """The average in yuan over the days from ``first`` to ``last``, half a fen rounded up.

    ``balances`` are (currency, day, yuan); a day without one carries the last balance of the currency on.
    """
    total = Decimal(0)
    by_currency: dict[str, dict[dt.date, Decimal]] = {}
    for currency, day, amount in balances:
        by_currency.setdefault(currency, {})[day] = amount
    for known in by_currency.values():
        ends = [*sorted(known), last + dt.timedelta(days=1)]
        for day, following in pairwise(ends):
            days = (min(following, ends[-1]) - max(day, first)).days
            total += known[day] * max(days, 0)
    return (total / ((last - first).days + 1)).quantize(FEN, ROUND_HALF_UP)
