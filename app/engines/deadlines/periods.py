"""Periods in which work returns: days, weeks, months, quarters and years. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


@dataclass(frozen=True, slots=True)
class Period:
    """A period by its name (2025-09, 2025-W40, 2025-Q3, 2025-H2, 2025) and its first and last day."""

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
    length = MONTHS[kind]
    begun = day.replace(month=(day.month - 1) // length * length + 1, day=1)
    last = begun - dt.timedelta(days=1)
    first = last.replace(month=last.month - length + 1, day=1)
    return Period(_name(kind, first), first, last)


def _name(kind: str, first: dt.date) -> str:
    number = (first.month - 1) // MONTHS[kind] + 1
    return {
        "month": f"{first:%Y-%m}",
        "quarter": f"{first.year}-Q{number}",
        "half_year": f"{first.year}-H{number}",
        "year": f"{first.year}",
    }[kind]
