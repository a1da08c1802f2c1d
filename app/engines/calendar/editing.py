"""What an editor of calendars asks: which years and days there are, and what a change would make of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import select

from app.core.db import session
from app.core.errors import Refusal
from app.engines.calendar.calc import DayRow, Name, WorkCalendar
from app.engines.calendar.models import COMPANY, Calendar, CalendarDay, CalendarYear
from app.engines.calendar.operations import (
    DEFAULT,
    Change,
    built,
    company_day_of,
    days_of,
    in_order,
    notice_problems,
    row_of,
    years_of,
)
from app.engines.calendar.source import read_source

# -- what would be ---------------------------------------------------------------------------------------------------


def imagine_notice(code: str, year: int, days: Iterable[DayRow]) -> tuple[Change, WorkCalendar]:
    """The calendar as a notice would leave it, and the days concerned; nothing is saved.

    Raises ``Refusal`` as ``import_notice`` does.
    """
    found = tuple(sorted(days, key=lambda row: row.date))
    Refusal.when(notice_problems(year, found))
    calendar, dates = row_of(code), {row.date for row in found}
    kept = [
        row for row in days_of(calendar)
        if row.source == COMPANY or not (row.date.year == year or row.date in dates)
    ]
    first = min([dt.date(year, 1, 1), *dates])
    made = built(calendar, [*found, *in_order(kept)], {year: True})
    return Change(code, first, dt.date(year, 12, 31)), made


def imagine_day(code: str, date: dt.date, day: DayRow | None) -> tuple[Change, WorkCalendar]:
    """The calendar with the company's own ``day``, or without the one it has on ``date``; nothing is saved."""
    calendar = row_of(code)
    kept = [row for row in days_of(calendar) if not (row.source == COMPANY and row.date == date)]
    return Change(code, date, date), built(calendar, [*in_order(kept), *([day] if day else [])])


# -- reading ---------------------------------------------------------------------------------------------------------


def calendars() -> list[Calendar]:
    """Every calendar, by code."""
    return list(session.scalars(select(Calendar).order_by(Calendar.code)))


def year_of(code: str, year: int) -> CalendarYear | None:
    """What is known of a year of a calendar."""
    return session.scalar(years_of(row_of(code)).where(CalendarYear.year == year))


def company_day(code: str, date: dt.date) -> CalendarDay | None:
    """The company's own exception on a day."""
    return session.scalar(company_day_of(row_of(code), date))


def known_names(code: str) -> tuple[dict[str, Name], Name]:
    """The holidays that a country's notices name, with their English, and what a make-up workday is called."""
    try:
        source = read_source(code)
    except FileNotFoundError:
        source = read_source(DEFAULT)
    return {zh: Name(zh, en) for zh, en in source.names.items()}, source.makeup
