"""What sales say of a customer. Pure: no session, no clock."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

PROSPECT, NEW, ACTIVE, SILENT, LOST = "prospect", "new", "active", "silent", "lost"


@dataclass(frozen=True)
class Bought:
    """The sales to one customer: all of them by number, first and last day; amount and number within the window."""

    count: int = 0
    first: dt.date | None = None
    last: dt.date | None = None
    spend_12m: Decimal = Decimal("0.00")
    visits_12m: int = 0
    referrals_12m: int = 0


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day so many months earlier, or the last one of that month."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))


def standing(bought: Bought, day: dt.date, silent_months: int, lost_months: int) -> str:
    """Where a customer stands by its purchases: without one for so many months it is silent, then lost."""
    if bought.last is None:
        return PROSPECT
    if bought.last <= months_before(day, lost_months):
        return LOST
    if bought.last <= months_before(day, silent_months):
        return SILENT
    return NEW if bought.count == 1 else ACTIVE
