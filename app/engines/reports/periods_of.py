"""The periods of kept reports: which kind, which days, and what they are compared with."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from app.engines.deadlines import periods
from app.engines.deadlines.periods import Period

if TYPE_CHECKING:
    from app.packs.schema import Pack

LONGEST = 400
KINDS = ("year", "half_year", "quarter", "month", "week")


def kind_of(pack: Pack, key: str) -> str:
    """How often a task or a report of a pack returns, by its full key."""
    own = key.partition(".")[2]
    return pack.tasks[own].period if own in pack.tasks else pack.reports[own].period


def period_of(pack: Pack, key: str, name: str, last: dt.date | None = None) -> Period:
    """The period of a kept report by its name; raises ``LookupError`` for a name that is none of its kind."""
    found = named(kind_of(pack, key), name, last)
    if found is None:
        raise LookupError(name)
    return found


def named(kind: str, name: str, last: dt.date | None = None) -> Period | None:
    """The period of a kind with a name, such as ``2025-W40``; ``None`` when there is none."""
    try:
        day = last or _last_day(kind, name)
    except (ValueError, OverflowError):
        return None
    found = periods.ended_before(kind, day + dt.timedelta(days=1)) if day and day.year < dt.MAXYEAR else None
    return found if found and found.name == name else None


def called(name: str | None) -> Period | None:
    """The period that a name stands for, whatever its kind; ``None`` for no name, or one that is none."""
    return next((found for kind in KINDS if name and (found := named(kind, name))), None)


def _last_day(kind: str, name: str) -> dt.date | None:
    """A day in the period, late enough that the period has ended the day after."""
    year = name[:4]
    if not (year.isascii() and year.isdigit()):
        return None
    if kind == "week":
        return dt.date.fromisocalendar(int(year), int(name[6:]), 7)
    if kind == "day":
        return dt.date.fromisoformat(name)
    first = dt.date(int(year), 1, 1)
    span = (first + dt.timedelta(days=n) for n in range(LONGEST))
    ends = (periods.ended_before(kind, day) for day in span)
    return next((period.last for period in ends if period.name == name), None)


def compared(kind: str, period: Period) -> dict[str, Period]:
    """What a period is compared with: the one before, and the same of the year before."""
    before, year = periods.previous(kind, period), periods.year_before(kind, period)
    return {"previous": before} | ({"year": year} if year.name != before.name else {})


def names_before(kind: str, period: Period, count: int) -> list[str]:
    """The names of so many periods before one."""
    found: list[str] = []
    while len(found) < count:
        period = periods.previous(kind, period)
        found.append(period.name)
    return found
