"""Why something is due then: the rule in pieces, and every day that was counted or skipped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.engines.calendar.calc import Day, Kind, WorkCalendar
from app.engines.deadlines.allowance import DAYS, OFFICE, Allowance, Unit


class Status(StrEnum):
    """What became of one day while counting."""

    FIRST_DAY = "first_day"
    COUNTED = "counted"
    MAKEUP = "makeup"
    SKIPPED = "skipped"
    ROLLED = "rolled"


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One day of an explanation, with the count (days, or office hours) reached at its end."""

    day: Day
    status: Status
    count: Decimal | int


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of the rule, worded by the screen: ``key`` names the sentence, ``values`` fill it."""

    key: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a due instant is what it is; ``uncapped`` (UTC) is what it would be without a cap."""

    rule: tuple[Piece, ...]
    days: tuple[CountedDay, ...]
    uncapped: dt.datetime
    capped: bool
    provisional: bool


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A finished count, all instants local: ``moved`` is ``counted`` after rolling or after quiet hours.

    ``days`` is the calendar that was counted on: the trading days for an allowance in trading days.
    """

    start: dt.datetime
    allowance: Allowance
    days: WorkCalendar
    counted: dt.datetime
    moved: dt.datetime


def rule_pieces(found: Reckoning) -> Iterator[Piece]:
    """The rule: ``start, count, part_of_day, office_hours, first_day, end, quiet, rolled``, each where it applies."""
    allowance = found.allowance
    yield Piece("start", {"at": found.start})
    yield Piece("count", {"number": allowance.number, "unit": allowance.unit})
    if allowance.by_the_clock:
        yield from _clock_pieces(found)
    else:
        if allowance.unit != Unit.DAY_OF_NEXT_MONTH:
            yield Piece("first_day", {"counts": allowance.count_first_day})
        yield Piece("end", {"end": allowance.end})
    if found.moved != found.counted:
        key = "quiet" if allowance.quiet else "rolled"
        yield Piece(key, {"from": found.counted, "to": found.moved})


def limit_pieces(at: dt.datetime, uncapped: dt.datetime, **limits: dt.datetime | None) -> Iterator[Piece]:
    """A piece for each limit that was given, telling whether it is the one that decided."""
    for key, limit in limits.items():
        if limit is not None:
            yield Piece(key, {"at": limit, "applied": limit == at < uncapped})


def counted_days(found: Reckoning) -> Iterator[CountedDay]:
    """The days of the count in its direction; months show only the days passed over by rolling."""
    if found.allowance.by_the_clock:
        return _office_days(found) if found.allowance.unit in OFFICE else iter(())
    if found.allowance.unit in DAYS:
        return _whole_days(found)
    return _rolled_days(found)


def _clock_pieces(found: Reckoning) -> Iterator[Piece]:
    allowance = found.allowance
    in_office = allowance.unit in OFFICE
    if allowance.unit in DAYS:
        day = found.days.hours_per_day if in_office else 24
        yield Piece("part_of_day", {"hours": allowance.number * day})
    if in_office:
        yield Piece("office_hours", {"spans": found.days.hours})


def _whole_days(found: Reckoning) -> Iterator[CountedDay]:
    allowance, first, last = found.allowance, found.start.date(), found.moved.date()
    office, wanted, count = allowance.unit in OFFICE, abs(int(allowance.number)), 0
    for day in _between(found.days, first, last):
        if day.date == first and not allowance.count_first_day:
            yield CountedDay(day, Status.FIRST_DAY, 0)
        elif count < wanted and (day.working or not office):
            count += 1
            yield CountedDay(day, Status.MAKEUP if office and day.kind == Kind.MAKEUP else Status.COUNTED, count)
        else:
            yield CountedDay(day, Status.ROLLED if day.date == last else Status.SKIPPED, count)


def _rolled_days(found: Reckoning) -> Iterator[CountedDay]:
    last = found.moved.date()
    if last != found.counted.date():
        for day in _between(found.days, found.counted.date(), last):
            yield CountedDay(day, Status.ROLLED if day.date == last else Status.SKIPPED, 0)


def _office_days(found: Reckoning) -> Iterator[CountedDay]:
    """Working days with the office hours counted so far; in a count backwards these are hours too."""
    start, end, days = found.start, found.counted, found.days
    reached = Decimal()
    for day in _between(days, start.date(), end.date()):
        until = end if day.date == end.date() else days.at(day.date, 24 * 3600 if start < end else 0)
        before, reached = reached, abs(days.working_hours_between(start, until))
        if reached == before:
            yield CountedDay(day, Status.SKIPPED, reached)
        else:
            yield CountedDay(day, Status.MAKEUP if day.kind == Kind.MAKEUP else Status.COUNTED, reached)


def _between(days: WorkCalendar, first: dt.date, last: dt.date) -> Iterator[Day]:
    return iter(days.days(first, last)) if first <= last else reversed(days.days(last, first))
