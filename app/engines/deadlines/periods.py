"""Periods in which work returns: days, weeks, thirds of a month, months, quarters, halves and years. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "half_year_june": 6, "year": 12}
SHIFTED = {"half_year_june": 5}  # months after January in which the periods of a kind begin


@dataclass(frozen=True, slots=True)
class Period:
    """A period by its name (2025-09, 2025-09-T2, 2025-W40, 2025-Q3, 2025-H2, 2025-06-H, 2025), first and last day."""

    name: str
    first: dt.date
    last: dt.date


def ended_before(kind: str, day: dt.date) -> Period:
    """The latest period of a kind that ended before ``day``; raises ``KeyError`` for an unknown kind."""
    if kind == "day":
        last = day - dt.timedelta(days=1)
        return Period(last.isoformat(), last, last)
    if kind == "week":
        last = day - dt.timedelta(days=day.isoweekday())
        return Period(f"{last:%G-W%V}", last - dt.timedelta(days=6), last)
    if kind == "ten_days":
        return _third_before(day)
    length, shift = MONTHS[kind], SHIFTED.get(kind, 0)
    begun = (day.year * 12 + day.month - 1 - shift) // length * length + shift
    first = _first_of(begun - length)
    return Period(_name(kind, first), first, _first_of(begun) - dt.timedelta(days=1))


def _first_of(months: int) -> dt.date:
    return dt.date(months // 12, months % 12 + 1, 1)


def _third_before(day: dt.date) -> Period:
    """The first ten days of a month, its second ten, or what is left of it."""
    begun = day.replace(day=min((day.day - 1) // 10, 2) * 10 + 1)
    last = begun - dt.timedelta(days=1)
    third = min((last.day - 1) // 10, 2)
    return Period(f"{last:%Y-%m}-T{third + 1}", last.replace(day=third * 10 + 1), last)


def since(kind: str, first: dt.date, day: dt.date) -> list[Period]:
    """The periods of a kind that ended on ``first`` or later and before ``day``, the earliest first."""
    found = []
    while (period := ended_before(kind, day)).last >= first:
        found.append(period)
        day = period.first
    return found[::-1]


def present(kind: str, day: dt.date) -> Period:
    """The period of a kind that a day lies in."""
    after = day + dt.timedelta(days=1)
    while (found := ended_before(kind, after)).last < day:
        after += dt.timedelta(days=1)
    return found


def previous(kind: str, period: Period) -> Period:
    """The period just before another one of its kind."""
    return ended_before(kind, period.first)


def year_before(kind: str, period: Period) -> Period:
    """The same period of the year before; of a week the one with its number, of a day its date."""
    if kind == "week":
        year, week, _day = period.first.isocalendar()
        first = dt.date.fromisocalendar(year - 1, min(week, 52), 1)
        return ended_before(kind, first + dt.timedelta(days=7))
    return ended_before(kind, _year_back(period.last + dt.timedelta(days=1)))


def _year_back(day: dt.date) -> dt.date:
    leap = day.month == 2 and day.day == 29
    return day.replace(year=day.year - 1, day=28 if leap else day.day)


def _name(kind: str, first: dt.date) -> str:
    number = (first.month - 1) // MONTHS[kind] + 1
    return {
        "month": f"{first:%Y-%m}",
        "quarter": f"{first.year}-Q{number}",
        "half_year": f"{first.year}-H{number}",
        "half_year_june": f"{first:%Y-%m}-H",
        "year": f"{first.year}",
    }[kind]
