"""Fire times of a cron text in local time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache

from apscheduler.triggers.cron import CronTrigger

from app.core.clock import ZONE

MINUTE = dt.timedelta(minutes=1)
LONGEST = dt.timedelta(days=5 * 366)


@lru_cache(maxsize=256)
def _trigger(text: str) -> CronTrigger:
    parts = text.split()
    # APScheduler counts weekdays from Monday, cron from Sunday: only names are unambiguous
    if len(parts) == 5 and any(sign.isdigit() for sign in parts[4].partition("/")[0]):
        raise ValueError(f"name the weekdays (mon-fri): {text!r}")
    return CronTrigger.from_crontab(text, timezone=ZONE)


def check(text: str) -> None:
    """Raise ``ValueError`` unless the text is a cron text of five fields with weekdays by name."""
    _trigger(text)


def next_fire(text: str, after: dt.datetime) -> dt.datetime:
    """The first fire time (UTC) later than ``after``; the far future if there is none."""
    found = _trigger(text).get_next_fire_time(None, after + dt.timedelta(microseconds=1))
    return found.astimezone(dt.UTC) if found else dt.datetime.max.replace(tzinfo=dt.UTC, microsecond=0)


def fires(text: str, after: dt.datetime, until: dt.datetime) -> Iterator[dt.datetime]:
    """Every fire time later than ``after`` and not later than ``until``, in order."""
    moment = next_fire(text, after)
    while moment <= until:
        yield moment
        moment = next_fire(text, moment)


def last_fire(text: str, at: dt.datetime) -> dt.datetime | None:
    """The latest fire time not later than ``at``; ``None`` if there was none in five years."""
    span = MINUTE
    while span < LONGEST:
        if found := list(fires(text, at - span, at)):
            return found[-1]
        span *= 2
    return None
