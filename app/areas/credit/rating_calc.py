"""Facts about a customer from its figures and its record: years together, ratios, falls in a row. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

HUNDRED = Decimal(100)
SERIOUS = ("bad_debt", "undelivered", "serious_breach")
DISHONEST = ("illegal_operation", "broken_promise")
DISPUTES = ("debt_dispute", "asset_transfer")


@dataclass(frozen=True)
class Event:
    """Something bad that is on record; ``cleared`` is when it was over."""

    id: int
    kind: str
    found: dt.date
    cleared: dt.date | None = None

    def is_open(self, day: dt.date) -> bool:
        """Whether it is not over on a day."""
        return self.found <= day and (self.cleared is None or self.cleared > day)


@dataclass(frozen=True)
class Figures:
    """What is known of a year (``month`` 0) or a month."""

    id: int
    year: int
    month: int
    revenue: Decimal | None = None
    profit: Decimal | None = None
    assets: Decimal | None = None
    liabilities: Decimal | None = None
    current_assets: Decimal | None = None
    current_liabilities: Decimal | None = None

    @property
    def place(self) -> tuple[int, int]:
        """Where the period ends: a year with its December."""
        return self.year, self.month or 12


def full_years(first: dt.date | None, day: dt.date) -> int:
    """Whole years since a day; the anniversary itself counts."""
    if first is None or first > day:
        return 0
    return day.year - first.year - ((day.month, day.day) < (first.month, first.day))


def years_before(day: dt.date, years: int) -> dt.date:
    """The same calendar day some years earlier; the last of February where there is no 29th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def counted(events: Iterable[Event], kinds: Collection[str], since: dt.date, day: dt.date) -> list[Event]:
    """The events of some kinds from a day to a day, both included."""
    return [event for event in events if event.kind in kinds and since <= event.found <= day]


def standing(events: Iterable[Event], kinds: Collection[str], day: dt.date) -> list[Event]:
    """The events of some kinds that are not over."""
    return [event for event in events if event.kind in kinds and event.is_open(day)]


def good_years(years: Mapping[int, Figures], day: dt.date) -> int:
    """How many of the latest years in a row had a profit and no less turnover than the year before.

    The latest year is the one before ``day``, or the one before that while its figures are not there yet.
    """
    last = day.year - 1 if day.year - 1 in years else day.year - 2
    found = 0
    while _was_good(years.get(last - found), years.get(last - found - 1)):
        found += 1
    return found


def _was_good(this: Figures | None, before: Figures | None) -> bool:
    if this is None or before is None or this.profit is None or this.revenue is None or before.revenue is None:
        return False
    return this.profit > 0 and this.revenue >= before.revenue


def ratio(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """One amount divided by another, to four places; not known without both."""
    if part is None or not whole:
        return None
    return (part / whole).quantize(Decimal("0.0001"))


def loss_percent(year: Figures | None) -> Decimal | None:
    """The loss of a year in per cent of the assets; nothing when there was a profit."""
    if year is None or year.profit is None:
        return None
    if year.profit >= 0:
        return Decimal(0)
    share = ratio(-year.profit, year.assets)
    return None if share is None else share * HUNDRED


def falls(months: Mapping[tuple[int, int], Figures], least: Decimal = Decimal(0)) -> int:
    """How many months in a row, up to the latest one known, the turnover fell by at least so many per cent."""
    at = max(months, default=None)
    found = 0
    while at is not None and _fell(months.get(at), months.get(_month_before(at)), least):
        found, at = found + 1, _month_before(at)
    return found


def _fell(this: Figures | None, before: Figures | None, least: Decimal) -> bool:
    if this is None or before is None or this.revenue is None or not before.revenue:
        return False
    return this.revenue < before.revenue and (before.revenue - this.revenue) * HUNDRED >= least * before.revenue


def _month_before(place: tuple[int, int]) -> tuple[int, int]:
    year, month = place
    return (year, month - 1) if month > 1 else (year - 1, 12)


def latest_balance(rows: Iterable[Figures]) -> Figures | None:
    """The latest period of which assets and liabilities are known."""
    known = [row for row in rows if row.assets is not None and row.liabilities is not None]
    return max(known, key=lambda row: (row.place, row.id), default=None)


def months_between(first: dt.date, last: dt.date) -> int:
    """How many months begin from that of one day to that of another, the latter left out."""
    return (last.year - first.year) * 12 + last.month - first.month


def month_back(day: dt.date, months: int) -> dt.date:
    """The first day of the month so many months before that of a day."""
    whole = day.year * 12 + day.month - 1 - months
    return dt.date(whole // 12, whole % 12 + 1, 1)


def quarter_of(day: dt.date) -> str:
    """A quarter such as ``2025Q3``."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def end_of_next_quarter(day: dt.date) -> dt.date:
    """The last day of the quarter after that of a day."""
    begun = day.year * 12 + (day.month - 1) // 3 * 3 + 6
    return dt.date(begun // 12, begun % 12 + 1, 1) - dt.timedelta(days=1)
