"""When something is due, and why: allowances counted on a working calendar."""

from __future__ import annotations

import calendar as months
import datetime as dt
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from app.engines.calendar.calc import DAY, HOUR, WorkCalendar, seconds_in
from app.engines.deadlines.allowance import CLOCK, DAYS, OFFICE, Allowance, End, Roll, Unit
from app.engines.deadlines.explain import (
    CountedDay,
    Explanation,
    Piece,
    Reckoning,
    Status,
    counted_days,
    limit_pieces,
    rule_pieces,
)

__all__ = [
    "Allowance",
    "CountedDay",
    "Due",
    "End",
    "Explanation",
    "Piece",
    "Progress",
    "Roll",
    "Status",
    "Unit",
    "due",
    "due_at",
    "is_late",
    "progress",
    "warn_at",
]

TENTH = Decimal("0.1")
SECOND = dt.timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Due:
    """The due instant (UTC); provisional while an announcement still to come may move it."""

    at: dt.datetime
    explanation: Explanation
    provisional: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of an allowance is used, to one decimal; ``left`` is negative when late."""

    used: Decimal
    total: Decimal
    left: Decimal
    unit: Unit


def due_at(
    start: dt.datetime,
    allowance: Allowance,
    calendar: WorkCalendar,
    *,
    cap: dt.datetime | None = None,
    earlier_of: dt.datetime | None = None,
) -> dt.datetime:
    """The last instant (UTC) that is still in time; no later than ``cap`` and ``earlier_of``."""
    moved = _moved(_counted(start, allowance, calendar), start, allowance, calendar)
    return _earliest(moved.astimezone(dt.UTC), cap, earlier_of)


def due(
    start: dt.datetime,
    allowance: Allowance,
    calendar: WorkCalendar,
    *,
    cap: dt.datetime | None = None,
    earlier_of: dt.datetime | None = None,
) -> Due:
    """As ``due_at``, with the explanation: the rule in pieces and every day that was counted or skipped."""
    counted = _counted(start, allowance, calendar)
    moved = _moved(counted, start, allowance, calendar)
    found = Reckoning(calendar.local(start), allowance, _days_of(allowance, calendar), counted, moved)
    uncapped = moved.astimezone(dt.UTC)
    at = _earliest(uncapped, cap, earlier_of)
    rule = (*rule_pieces(found), *limit_pieces(at, uncapped, cap=cap, earlier_of=earlier_of))
    provisional = _is_provisional(found)
    return Due(at, Explanation(rule, tuple(counted_days(found)), uncapped, at < uncapped, provisional), provisional)


def is_late(due: dt.datetime, at: dt.datetime) -> bool:
    """Whether ``at`` is after the due instant; the whole second of the due instant is in time."""
    return at.replace(microsecond=0) > due


def warn_at(due: dt.datetime, before: Allowance, calendar: WorkCalendar) -> dt.datetime:
    """The instant (UTC) of the warning: that much before ``due``; days and months before, when offices open."""
    back = replace(before, number=-before.number)
    if back.by_the_clock:
        return due_at(due, back, calendar)
    return calendar.opening(_last_day(calendar.local(due).date(), back, calendar)).astimezone(dt.UTC)


def progress(
    start: dt.datetime, due: dt.datetime, now: dt.datetime, allowance: Allowance, calendar: WorkCalendar
) -> Progress:
    """Time used and left at ``now`` in the allowance's own unit (months in days); a part of a day by its hours."""
    unit = allowance.unit if allowance.unit in DAYS | CLOCK else Unit.CALENDAR_DAYS
    origin = _origin(start, allowance, calendar)
    total, used = (_measure(origin, until, unit, _days_of(allowance, calendar)) for until in (due, now))
    return Progress(used, total, total - used, unit)


def _earliest(*instants: dt.datetime | None) -> dt.datetime:
    return min(instant for instant in instants if instant is not None)


def _days_of(allowance: Allowance, calendar: WorkCalendar) -> WorkCalendar:
    return calendar.trading if allowance.unit == Unit.TRADING_DAYS else calendar


def _is_provisional(found: Reckoning) -> bool:
    first, last = sorted((found.start.date(), found.moved.date()))
    return found.allowance.asks_calendar and found.days.is_provisional(first, last)


def _counted(start: dt.datetime, allowance: Allowance, calendar: WorkCalendar) -> dt.datetime:
    """The local end of the count itself."""
    if allowance.by_the_clock:
        return _after_hours(start, allowance, calendar)
    local = calendar.local(start)
    return _end_on(_last_day(local.date(), allowance, calendar), local, allowance)


def _moved(counted: dt.datetime, start: dt.datetime, allowance: Allowance, calendar: WorkCalendar) -> dt.datetime:
    """The end of the count after rolling to a working day, or after quiet hours."""
    if allowance.roll == Roll.FORWARD:
        return _end_on(calendar.add_working_days(counted.date(), 0), calendar.local(start), allowance)
    while allowance.quiet and (end := allowance.quiet_until(counted.time())) is not None:
        date = counted.date() if end > counted.time() else _shift(counted.date(), 1)
        counted = dt.datetime.combine(date, end, counted.tzinfo)
    return counted


def _after_hours(start: dt.datetime, allowance: Allowance, calendar: WorkCalendar) -> dt.datetime:
    number = allowance.number
    if allowance.unit in OFFICE:
        days = _days_of(allowance, calendar)
        return days.add_working_hours(start, number * days.hours_per_day if allowance.unit in DAYS else number)
    hours = {Unit.CALENDAR_DAYS: number * 24, Unit.HOURS: number, Unit.MINUTES: number / 60}[allowance.unit]
    return calendar.local(start.astimezone(dt.UTC) + seconds_in(hours) * SECOND)


def _last_day(date: dt.date, allowance: Allowance, calendar: WorkCalendar) -> dt.date:
    number = int(allowance.number)
    if allowance.count_first_day:
        date = _shift(date, (number < 0) - (number > 0))
    match allowance.unit:
        case Unit.CALENDAR_DAYS:
            return _shift(date, number)
        case Unit.MONTHS:
            return _in_month(date.year, date.month + number, date.day)
        case Unit.DAY_OF_NEXT_MONTH:
            return _in_month(date.year, date.month + 1, number)
    return _days_of(allowance, calendar).add_working_days(date, number)


def _shift(date: dt.date, days: int) -> dt.date:
    return dt.date.fromordinal(min(max(date.toordinal() + days, 1), dt.date.max.toordinal()))


def _in_month(year: int, month: int, day: int) -> dt.date:
    """The day of that month, counted on over years; a day that the month lacks becomes its last."""
    years, month = divmod(month - 1, 12)
    if not dt.MINYEAR <= year + years <= dt.MAXYEAR:
        return dt.date.max if years > 0 else dt.date.min
    return dt.date(year + years, month + 1, min(day, months.monthrange(year + years, month + 1)[1]))


def _end_on(date: dt.date, start: dt.datetime, allowance: Allowance) -> dt.datetime:
    if allowance.end == End.END_OF_DAY:
        return dt.datetime(date.year, date.month, date.day, 23, 59, 59, tzinfo=start.tzinfo)
    time = allowance.end if isinstance(allowance.end, dt.time) else start.time()
    return dt.datetime.combine(date, time, start.tzinfo)


def _origin(start: dt.datetime, allowance: Allowance, calendar: WorkCalendar) -> dt.datetime:
    """Where counting begins: the start itself, or the midnight before the first day that counts."""
    if allowance.by_the_clock:
        return start
    date = calendar.local(start).date()
    return calendar.at(date if allowance.count_first_day else _shift(date, 1), 0)


def _measure(start: dt.datetime, end: dt.datetime, unit: Unit, days: WorkCalendar) -> Decimal:
    """The time between in ``unit``, to one decimal; never negative."""
    if unit == Unit.WORKING_HOURS:
        found = days.working_hours_between(start, end)
    elif unit in OFFICE:
        found = days.working_days_between(start, end)
    else:
        found = Decimal((end - start) // SECOND) / {Unit.CALENDAR_DAYS: DAY, Unit.HOURS: HOUR, Unit.MINUTES: 60}[unit]
    return max(found, Decimal()).quantize(TENTH, rounding=ROUND_HALF_UP)
