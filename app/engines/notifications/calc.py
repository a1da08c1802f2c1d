"""When a message leaves: at once, with others, in the daily summary, after quiet hours, or again after a failure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.core import clock
from app.engines.notifications.kinds import DIGEST, OFF

DAY = dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Habit:
    """What a person, or a robot's group, is spared: quiet from one time of day to another, and when summaries come."""

    digest_at: dt.time
    quiet_from: dt.time | None = None
    quiet_to: dt.time | None = None


def next_attempt(attempts: int, at: dt.datetime, most: int, first: dt.timedelta) -> dt.datetime | None:
    """The instant after ``attempts`` failures, the wait doubling each time; ``None`` when it is given up."""
    return None if attempts >= most else at + first * 2 ** (attempts - 1)


def leaves_at(
    at: dt.datetime, mode: str, habit: Habit, *, urgent: bool, last: dt.datetime | None, gather: dt.timedelta
) -> dt.datetime | None:
    """When a message told at ``at`` leaves; ``last`` is when the one before left. ``None``: not by this way."""
    if mode == OFF:
        return None
    if urgent:
        return at
    if mode == DIGEST:
        return after_quiet(next_at(habit.digest_at, at), habit)
    return after_quiet(max(at, last + gather) if last else at, habit)


def next_at(time: dt.time, at: dt.datetime) -> dt.datetime:
    """The first instant from ``at`` on when the clock on the wall shows ``time``."""
    local = clock.to_local(at)
    found = clock.from_local(dt.datetime.combine(local.date(), time))
    return found if found >= at else clock.from_local(dt.datetime.combine(local.date() + DAY, time))


def after_quiet(at: dt.datetime, habit: Habit) -> dt.datetime:
    """``at``, or the end of the quiet hours that it falls into; they may reach over midnight."""
    begins, ends = habit.quiet_from, habit.quiet_to
    if begins is None or ends is None or begins == ends:
        return at
    now = clock.to_local(at).time()
    quiet = begins <= now < ends if begins < ends else now >= begins or now < ends
    return next_at(ends, at) if quiet else at
