"""Which days and office hours count, and why: the arithmetic of one working calendar."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

HOUR = 3600
DAY = 24 * HOUR

Span = tuple[dt.time, dt.time]


class Kind(StrEnum):
    """Why a day is worked or not."""

    WORKDAY = "workday"
    MAKEUP = "makeup"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


class Name(NamedTuple):
    """The name of a day in both languages; empty for an ordinary one."""

    zh: str = ""
    en: str = ""


UNNAMED = Name()


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day that the calendar names: a holiday, a make-up workday, or a company's own exception."""

    date: dt.date
    working: bool
    name: Name = UNNAMED
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """A day with the reason why it is worked or not; provisional while its year is not announced."""

    date: dt.date
    kind: Kind
    name: Name
    provisional: bool

    @property
    def working(self) -> bool:
        """Make-up workdays count as workdays."""
        return self.kind in (Kind.WORKDAY, Kind.MAKEUP)


def read_spans(spans: Iterable[Iterable[str]]) -> tuple[Span, ...]:
    """Spans of the day from texts such as ``("08:00", "12:00")``; ``24:00`` is the midnight that ends it."""
    return tuple((dt.time.fromisoformat(a), dt.time.fromisoformat(b.replace("24:00", "00:00"))) for a, b in spans)


def read_hours(text: str) -> tuple[Span, ...]:
    """Spans of the day from one line such as ``08:00-12:00, 13:30-17:30``."""
    return read_spans(part.strip().split("-") for part in text.split(","))


def second_of(time: dt.time) -> int:
    """Whole seconds since midnight."""
    return time.hour * HOUR + time.minute * 60 + time.second


def seconds_in(hours: Decimal) -> int:
    """Hours as whole seconds."""
    return int((hours * HOUR).quantize(Decimal(1), rounding=ROUND_HALF_UP))


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """Working days, office hours and zone; immutable, answers for every year and never raises for an unknown one.

    ``rows`` are the named days by ordinal; every other day follows the week. ``years`` tells which years are known
    and whether they are firm. An unknown year follows the week and the ``fixed`` holidays, and is provisional.
    """

    rows: Mapping[int, DayRow]
    years: Mapping[int, bool]
    hours: tuple[Span, ...]
    zone: ZoneInfo
    weekend: frozenset[int] = frozenset({5, 6})
    fixed: Mapping[tuple[int, int], Name] = field(default_factory=dict)
    _worked: dict[int, tuple[int, ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def read(
        cls,
        rows: Iterable[DayRow],
        years: Mapping[int, bool],
        *,
        hours: str,
        zone: str,
        weekend: Iterable[str],
        fixed: Mapping[str, Mapping[str, str]],
    ) -> WorkCalendar:
        """A calendar from texts as they are kept: weekdays from Monday = 1, fixed holidays by ``MM-DD``."""
        return cls(
            rows={row.date.toordinal(): row for row in rows},
            years=years,
            hours=read_hours(hours),
            zone=ZoneInfo(zone),
            weekend=frozenset(int(weekday) - 1 for weekday in weekend),
            fixed={(int(day[:2]), int(day[3:])): Name(**name) for day, name in fixed.items()},
        )

    def __post_init__(self) -> None:
        edges = [edge for span in self._spans for edge in span]
        if not edges or edges != sorted(set(edges)):
            raise ValueError(f"office hours must be spans in order, apart and not empty: {self.hours}")

    def with_hours(self, hours: tuple[Span, ...]) -> WorkCalendar:
        """The same days with other office hours, as a policy may set them."""
        return replace(self, hours=hours)

    @cached_property
    def trading(self) -> WorkCalendar:
        """The trading days among these days: an exchange stays closed on make-up workdays."""
        rows = {n: row for n, row in self.rows.items() if not (row.working and row.date.weekday() in self.weekend)}
        return replace(self, rows=rows, _worked={})

    # Days

    def day(self, date: dt.date) -> Day:
        """The day with its reason."""
        row = self.rows.get(date.toordinal())
        firm = self.years.get(date.year)
        if row is not None:
            return Day(date, self._kind(date, row), row.name, row.provisional)
        if firm is None and (name := self.fixed.get((date.month, date.day))):
            return Day(date, Kind.HOLIDAY, name, True)
        kind = Kind.WEEKEND if date.weekday() in self.weekend else Kind.WORKDAY
        return Day(date, kind, UNNAMED, not firm)

    def days(self, first: dt.date, last: dt.date) -> tuple[Day, ...]:
        """Every day from ``first`` to ``last``, both included, with its reason."""
        return tuple(self.day(dt.date.fromordinal(n)) for n in range(first.toordinal(), last.toordinal() + 1))

    def is_working(self, date: dt.date) -> bool:
        """Whether the day is worked, make-up workdays included."""
        return self.day(date).working

    def is_provisional(self, first: dt.date, last: dt.date) -> bool:
        """Whether an announcement still to come may change a day from ``first`` to ``last``."""
        if all(self.years.get(year) for year in range(first.year, last.year + 1)):
            return False
        ordinals = range(first.toordinal(), last.toordinal() + 1)
        return any(self.day(dt.date.fromordinal(n)).provisional for n in ordinals)

    def add_working_days(self, date: dt.date, number: int) -> dt.date:
        """The ``number``-th working day after ``date``, or before it when negative.

        Zero gives the day itself, or the next working day when it is a rest day. Results stay within the years 1-9999.
        """
        year, worked = date.year, self._worked_in(date.year)
        if number > 0:
            index = bisect_right(worked, date.toordinal()) + number - 1
        else:
            index = bisect_left(worked, date.toordinal()) + number
        while index >= len(worked):
            index -= len(worked)
            if (year := year + 1) > dt.MAXYEAR:
                return dt.date.max
            worked = self._worked_in(year)
        while index < 0:
            if (year := year - 1) < dt.MINYEAR:
                return dt.date.min
            worked = self._worked_in(year)
            index += len(worked)
        return dt.date.fromordinal(worked[index])

    def count_working_days(self, first: dt.date, last: dt.date) -> int:
        """Working days from ``first`` up to but not including ``last``; negative when ``last`` is earlier."""
        if last < first:
            return -self.count_working_days(last, first)
        years_before = sum(len(self._worked_in(year)) for year in range(first.year, last.year))
        before_first = bisect_left(self._worked_in(first.year), first.toordinal())
        return years_before + bisect_left(self._worked_in(last.year), last.toordinal()) - before_first

    # Office hours

    @cached_property
    def hours_per_day(self) -> Decimal:
        """Office hours of one working day."""
        return Decimal(self._day_length) / HOUR

    def add_working_hours(self, instant: dt.datetime, hours: Decimal) -> dt.datetime:
        """The local instant when that many office hours have passed; counting waits for the next opening.

        Negative hours count back. Zero gives the instant itself, or the next opening outside office hours.
        """
        local, seconds = self.local(instant), seconds_in(hours)
        if not seconds:
            return self._opening(local)
        day = self.add_working_days(local.date(), 0)
        passed = self._passed(second_of(local.time())) if day == local.date() else 0
        days, rest = divmod(passed + seconds, self._day_length)
        if seconds > 0 and not rest:
            days, rest = days - 1, self._day_length
        return self.at(self.add_working_days(day, days), self._clock(rest, closing=seconds > 0))

    def working_hours_between(self, start: dt.datetime, end: dt.datetime) -> Decimal:
        """Office hours from ``start`` to ``end``; negative when ``end`` is earlier."""
        first, last = self.local(start), self.local(end)
        days = self.count_working_days(first.date(), last.date())
        return Decimal(days * self._day_length + self._passed_on(last) - self._passed_on(first)) / HOUR

    def working_days_between(self, start: dt.datetime, end: dt.datetime) -> Decimal:
        """Working days from ``start`` to ``end``, a part of a day by its office hours."""
        return self.working_hours_between(start, end) / self.hours_per_day

    def opening(self, date: dt.date) -> dt.datetime:
        """The local instant when offices open on ``date``."""
        return self.at(date, self._spans[0][0])

    def local(self, instant: dt.datetime) -> dt.datetime:
        """The instant in the calendar's zone, without fractions of a second; naive values are refused."""
        if instant.tzinfo is None:
            raise ValueError("a naive datetime has no place on a calendar")
        return instant.astimezone(self.zone).replace(microsecond=0)

    def at(self, date: dt.date, second: int) -> dt.datetime:
        """The local instant at that second of the day; midnight at its end is 23:59:59."""
        minutes, seconds = divmod(min(second, DAY - 1), 60)
        return dt.datetime(date.year, date.month, date.day, minutes // 60, minutes % 60, seconds, tzinfo=self.zone)

    # Inner parts

    def _kind(self, date: dt.date, row: DayRow) -> Kind:
        if not row.working:
            return Kind.HOLIDAY
        return Kind.MAKEUP if date.weekday() in self.weekend else Kind.WORKDAY

    def _worked_in(self, year: int) -> tuple[int, ...]:
        """Ordinals of the year's working days, worked out once."""
        found = self._worked.get(year)
        if found is None:
            days = self.days(dt.date(year, 1, 1), dt.date(year, 12, 31))
            found = self._worked[year] = tuple(day.date.toordinal() for day in days if day.working)
        return found

    @cached_property
    def _spans(self) -> tuple[tuple[int, int], ...]:
        return tuple((second_of(start), second_of(end) or DAY) for start, end in self.hours)

    @cached_property
    def _day_length(self) -> int:
        return sum(end - start for start, end in self._spans)

    def _passed(self, second: int) -> int:
        """Office seconds of a working day that lie before ``second``."""
        return sum(min(max(second, start), end) - start for start, end in self._spans)

    def _passed_on(self, local: dt.datetime) -> int:
        return self._passed(second_of(local.time())) if self.is_working(local.date()) else 0

    def _clock(self, passed: int, *, closing: bool) -> int:
        """The second of the day when that much office time has passed; between two spans, where the first closes."""
        for start, end in self._spans:
            if passed < end - start or (closing and passed == end - start):
                return start + passed
            passed -= end - start
        return self._spans[-1][1]

    def _opening(self, local: dt.datetime) -> dt.datetime:
        second = second_of(local.time())
        if self.is_working(local.date()):
            for start, end in self._spans:
                if second <= end:
                    return local if second >= start else self.at(local.date(), start)
        return self.opening(self.add_working_days(local.date(), 1))
