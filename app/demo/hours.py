"""When people of the demo work."""

from __future__ import annotations

import datetime as dt


def working_time(at: dt.datetime) -> dt.datetime:
    """The same instant, or the next office hour if nobody works then."""
    while at.weekday() >= 5:
        at = (at + dt.timedelta(days=1)).replace(hour=9)
    if at.hour < 8:
        return at.replace(hour=8, minute=40)
    return at if at.hour < 18 else working_time((at + dt.timedelta(days=1)).replace(hour=9))
