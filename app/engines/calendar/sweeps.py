"""Calendars grow by themselves."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l

from app.core import clock
from app.engines.calendar.operations import seed_calendar
from app.engines.sweeps.registry import sweep


@sweep("calendar.complete", title=_l("Complete the calendar by new years and announcements"), schedule="20 0 1 * *")
def complete(at: dt.datetime) -> dict[str, int]:
    """Add the years that came into sight, and the announcements that came with an upgrade."""
    return {"hit": len(seed_calendar(today=clock.to_local(at).date()))}
