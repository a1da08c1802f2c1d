"""The mainland calendar as it is shipped, for tests that need no database."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from app.engines.calendar.calc import WorkCalendar
from app.engines.calendar.source import known_years, read_source

ZONE = ZoneInfo("Asia/Shanghai")


def build(first: int = 2018, last: int = 2028) -> WorkCalendar:
    """The calendar with the years from ``first`` to ``last`` seeded."""
    source = read_source("CN")
    years = known_years(source, range(first, last + 1))
    return WorkCalendar.read(
        (row for year in years for row in year.days),
        {year.year: year.announced for year in years},
        hours=source.office_hours,
        zone=source.zone,
        weekend=source.weekend,
        fixed=source.fixed,
    )


def local(text: str) -> dt.datetime:
    """An aware local instant such as ``2025-09-26 14:30``."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


CHINA = build()
