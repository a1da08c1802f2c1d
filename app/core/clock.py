"""The only clock: aware UTC inside, the unit's zone outside; it can be frozen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
_frozen: dt.datetime | None = None


def now() -> dt.datetime:
    """This instant, aware, in UTC."""
    return _frozen or dt.datetime.now(dt.UTC)


def today(zone: ZoneInfo = ZONE) -> dt.date:
    """The calendar day in ``zone``."""
    return now().astimezone(zone).date()


def to_local(instant: dt.datetime, zone: ZoneInfo = ZONE) -> dt.datetime:
    """An aware instant shown in ``zone``."""
    return instant.astimezone(zone)


def from_local(wall: dt.datetime, zone: ZoneInfo = ZONE) -> dt.datetime:
    """A wall-clock time of ``zone`` as aware UTC; an aware value only changes its zone."""
    return (wall if wall.tzinfo else wall.replace(tzinfo=zone)).astimezone(dt.UTC)


@contextmanager
def freeze(at: dt.datetime) -> Iterator[None]:
    """Stop the clock at ``at`` (naive means local time) for tests and rehearsals."""
    global _frozen
    before, _frozen = _frozen, from_local(at)
    try:
        yield
    finally:
        _frozen = before
