"""When the next attempt may be made, and on which days one is owed. Pure: no session, no clock; times are local."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from app.engines.calendar.calc import Span, WorkCalendar

DAY = dt.timedelta(days=1)
SPACING, QUIET, WINDOW = "spacing", "quiet", "window"
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Window:
    """A time that a customer asked for: on a day, on some weekdays (Monday is 1), or on every day; both ends count."""

    start: dt.time
    end: dt.time
    on: dt.date | None = None
    weekdays: frozenset[int] = frozenset()

    def falls_on(self, day: dt.date) -> bool:
        """Whether it is open on a day."""
        if self.on is not None:
            return day == self.on
        return not self.weekdays or day.isoweekday() in self.weekdays

    def holds(self, at: dt.datetime) -> bool:
        """Whether an instant lies in it, to the minute."""
        return self.falls_on(at.date()) and self.start <= at.time().replace(second=0, microsecond=0) <= self.end


@dataclass(frozen=True, slots=True)
class Rules:
    """How far apart attempts are, and the spans of each day in which nobody is called; a span holds its start only."""

    spacing: dt.timedelta
    quiet: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        if self.spacing < dt.timedelta(0):
            raise ValueError("attempts cannot be less than nothing apart")
        if self.quiet and all(self._ends(end) for _start, end in self.quiet):
            raise ValueError("quiet hours leave no time of the day")

    def quiet_until(self, at: dt.datetime) -> dt.datetime | None:
        """The end of the quiet span that holds an instant."""
        end = self._ends(at.time())
        if end is None:
            return None
        same_day = end > at.time()
        return dt.datetime.combine(at.date() if same_day else at.date() + DAY, end)

    def _ends(self, time: dt.time) -> dt.time | None:
        for start, end in self.quiet:
            if start <= time < end or (end <= start and (time >= start or time < end)):
                return end
        return None


@dataclass(frozen=True, slots=True)
class Next:
    """The earliest instant, and what put it off, each with the instant that it led to."""

    at: dt.datetime
    steps: tuple[tuple[str, dt.datetime], ...]


def next_contact(now: dt.datetime, last: dt.datetime | None, rules: Rules, windows: Sequence[Window] = ()) -> Next:
    """The earliest instant from ``now`` at which an attempt is allowed; ``last`` is the last that reached nobody.

    A window lifts quiet hours, never the spacing.
    """
    at, steps = now, []
    if last is not None and now < last + rules.spacing:
        at = last + rules.spacing
        steps.append((SPACING, at))
    while (until := rules.quiet_until(at)) and not in_window(at, windows):
        opening = min((o for o in _openings(windows, at, until)), default=None)
        at = opening or until
        steps.append((WINDOW if opening else QUIET, at))
    return Next(at, tuple(steps))


def in_window(at: dt.datetime, windows: Iterable[Window]) -> bool:
    """Whether the customer asked to be contacted then."""
    return any(window.holds(at) for window in windows)


def _openings(windows: Iterable[Window], after: dt.datetime, before: dt.datetime) -> Iterable[dt.datetime]:
    """When windows open between two instants, which lie less than two days apart."""
    for window in windows:
        for day in (after.date(), after.date() + DAY):
            opening = dt.datetime.combine(day, window.start)
            if window.falls_on(day) and after < opening < before:
                yield opening


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that an attempt breaks, and the instant from which it would have been allowed."""

    rule: str
    earliest: dt.datetime
    since: dt.timedelta | None = None


def judge(
    at: dt.datetime, failed: Sequence[dt.datetime], rules: Rules, windows: Sequence[Window] = ()
) -> Broken | None:
    """What is wrong with an attempt at ``at``; ``failed`` are the others that reached nobody, before and after it."""
    before = max((one for one in failed if one <= at), default=None)
    if before is not None and at - before < rules.spacing:
        return Broken(SPACING, next_contact(at, before, rules, windows).at, at - before)
    if rules.quiet_until(at) and not in_window(at, windows):
        return Broken(QUIET, next_contact(at, before, rules, windows).at)
    after = min((one for one in failed if one > at), default=None)
    if after is not None and after - at < rules.spacing:
        return Broken(SPACING, next_contact(after, after, rules, windows).at, after - at)
    return None


@dataclass(frozen=True, slots=True)
class Compliance:
    """The working days on which an attempt was owed, and those on which one was made."""

    owed: tuple[dt.date, ...]
    tried: tuple[dt.date, ...]

    @property
    def missing(self) -> tuple[dt.date, ...]:
        """Days owed without an attempt."""
        return tuple(day for day in self.owed if day not in self.tried)

    @property
    def percent(self) -> Decimal:
        """Days with an attempt in per cent of the days owed, to two decimals; all of none is 100."""
        if not self.owed:
            return HUNDRED
        return (HUNDRED * len(self.tried) / len(self.owed)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def compliance(calendar: WorkCalendar, since: dt.date, until: dt.date, tried: Iterable[dt.date]) -> Compliance:
    """An attempt is owed on each working day after ``since`` up to and with ``until``."""
    owed = tuple(day.date for day in calendar.days(since + DAY, until) if day.working) if since < until else ()
    made = set(tried)
    return Compliance(owed, tuple(day for day in owed if day in made))
