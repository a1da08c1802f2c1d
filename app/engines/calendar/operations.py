"""Keeping calendars: seed them, import the yearly notice, set single days, and read them without ever being stale."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import defer

from app.core import clock
from app.core.db import session
from app.core.errors import NotFound, Problem, Refusal
from app.core.saving import Draft, after_update, check
from app.core.whole import Whole
from app.core.wording import N_
from app.engines.audit import operations as audit
from app.engines.calendar.calc import DayRow, Name, WorkCalendar, read_hours
from app.engines.calendar.models import (
    COMPANY,
    FIRM,
    NOTICE,
    PROVISIONAL,
    SEED,
    Calendar,
    CalendarDay,
    CalendarYear,
    new_edition,
)
from app.engines.calendar.source import KnownYear, Source, known_years, read_source

DEFAULT = "CN"
COUNTING = {"weekend", "office_hours", "zone"}
EARLIEST = dt.date(1970, 1, 1)
NOTICE_TAKEN = N_("Notice for %(year)s taken over from “%(source)s”: %(days)s days")
DAY_SET = {
    True: N_("%(date)s made a working day: %(reason)s"),
    False: N_("%(date)s made a rest day: %(reason)s"),
}
DAY_CLEARED = N_("%(date)s follows the official calendar again: %(reason)s")


@dataclass(frozen=True)
class Change:
    """Days of a calendar that may count differently now, or are no longer provisional."""

    code: str
    first: dt.date
    last: dt.date


_listeners: list[Callable[[Change], None]] = []
_editions: dict[str, tuple[str, WorkCalendar]] = {}


def on_change(listener: Callable[[Change], None]) -> Callable[[Change], None]:
    """Call ``listener`` in the same transaction whenever days of a calendar have changed."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def calendar_for(code: str = DEFAULT) -> WorkCalendar:
    """The calendar as it stands in the database; one small statement per transaction when nothing changed."""
    row = row_of(code)
    known = _editions.get(code)
    if known is None or known[0] != row.edition:
        known = _editions[code] = (row.edition, _load(row))
    return known[1]


def seed_calendar(code: str = DEFAULT, *, today: dt.date | None = None) -> list[Change]:
    """Make or complete a shipped calendar; years that were announced since become firm, other years stay untouched."""
    source = read_source(code)
    calendar = session.scalar(select(Calendar).where(Calendar.code == code)) or _create(code, source)
    years = {row.year: row for row in session.scalars(years_of(calendar))}
    last = (today or clock.today(ZoneInfo(source.zone))).year + source.years_ahead
    wanted = [y for y in range(source.first_year, last + 1) if y not in years or years[y].status == PROVISIONAL]
    news = (known for known in known_years(source, wanted) if known.announced or known.year not in years)
    return [_write_year(calendar, known, SEED, f"holidays {version('holidays')}") for known in news]


def import_notice(code: str, year: int, days: Iterable[DayRow], source: str) -> Change:
    """Take over the government's notice for a year, which makes the year firm; days the company set itself stay.

    ``days`` are its holidays and make-up workdays, which may reach into the December before.
    Raises ``Refusal`` for a notice without days, with a day twice or outside the year.
    """
    found = tuple(sorted(days, key=lambda row: row.date))
    Refusal.when(notice_problems(year, found))
    calendar = _locked(code)
    audit.note(calendar, "act", NOTICE_TAKEN, {"year": year, "source": source, "days": len(found)})
    return _write_year(calendar, KnownYear(year, True, found), NOTICE, source)


def set_day(code: str, date: dt.date, *, working: bool, name: Name, reason: str = "") -> Change:
    """Make a day a working day or a rest day of the company, whatever the government says; the reason is kept."""
    calendar = _locked(code)
    row = session.scalar(company_day_of(calendar, date)) or _new_day(calendar, date)
    _fill(row, DayRow(date, working, name), COMPANY)
    audit.note(calendar, "act", DAY_SET[working], {"date": date, "reason": reason})
    return _changed(calendar, date, date)


def clear_day(code: str, date: dt.date, reason: str = "") -> Change:
    """Drop the company's own exception: the day follows the government and the week again; the reason is kept."""
    calendar = _locked(code)
    if row := session.scalar(company_day_of(calendar, date)):
        session.delete(row)
        audit.note(calendar, "act", DAY_CLEARED, {"date": date, "reason": reason})
    return _changed(calendar, date, date)


@check("calendar")
def _readable(draft: Draft) -> Iterator[Problem]:
    try:
        zone = ZoneInfo(draft.get("zone") or "")
    except (ValueError, ZoneInfoNotFoundError):
        yield Problem(_("A time zone such as Asia/Shanghai is expected."), "zone")
        zone = clock.ZONE
    try:
        WorkCalendar({}, {}, read_hours(draft.get("office_hours") or ""), zone)
    except ValueError:
        yield Problem(_("Office hours are spans in order, such as 08:00-12:00, 13:30-17:30."), "office_hours")


@after_update
def _rules_changed(whole: Whole, changed: Mapping[str, Any]) -> None:
    """Other rest days or office hours touch every day there is."""
    if isinstance(whole.record, Calendar) and COUNTING & set(changed):
        _tell(Change(whole.record.code, EARLIEST, dt.date.max))


def row_of(code: str) -> Calendar:
    """The calendar's row without its long list of fixed days; its edition is read once per transaction."""
    held: dict[str, Calendar] = session().info.setdefault("calendars", {})
    row = held.get(code)
    if row is None or row not in session:
        query = select(Calendar).where(Calendar.code == code).options(defer(Calendar.fixed_days))
        row = held[code] = _existing(session.scalar(query), code)
    return row


def _existing(row: Calendar | None, code: str) -> Calendar:
    if row is None:
        raise NotFound(_("There is no calendar “%(code)s”.", code=code))
    return row


def _locked(code: str) -> Calendar:
    query = select(Calendar).where(Calendar.code == code).with_for_update()
    return _existing(session.scalar(query, execution_options={"populate_existing": True}), code)


def _load(calendar: Calendar) -> WorkCalendar:
    return built(calendar, in_order(days_of(calendar)))


def days_of(calendar: Calendar) -> Sequence[CalendarDay]:
    """Every day that a calendar names."""
    return session.scalars(select(CalendarDay).where(CalendarDay.calendar_id == calendar.id)).all()


def in_order(rows: Iterable[CalendarDay]) -> list[DayRow]:
    """A company's own day comes last, so that it stands over the official one."""
    return [_day_row(row) for row in sorted(rows, key=lambda row: row.source == COMPANY)]


def built(calendar: Calendar, days: Iterable[DayRow], firm: Mapping[int, bool] | None = None) -> WorkCalendar:
    """The arithmetic of a calendar with these days; ``firm`` says of more years whether they are announced."""
    years = session.scalars(select(CalendarYear).where(CalendarYear.calendar_id == calendar.id))
    return WorkCalendar.read(
        days,
        {row.year: row.status == FIRM for row in years} | dict(firm or {}),
        hours=calendar.office_hours,
        zone=calendar.zone,
        weekend=calendar.weekend,
        fixed=calendar.fixed_days,
    )


def _day_row(row: CalendarDay) -> DayRow:
    return DayRow(row.date, row.working, Name(row.name_zh, row.name_en), row.provisional)


def _create(code: str, source: Source) -> Calendar:
    calendar = Calendar(
        code=code,
        name_zh=source.zh,
        name_en=source.en,
        zone=source.zone,
        office_hours=source.office_hours,
        weekend=source.weekend,
        fixed_days=source.fixed,
    )
    session.add(calendar)
    session.flush()
    return calendar


def _write_year(calendar: Calendar, known: KnownYear, source: str, words: str) -> Change:
    """Put the official days of a year in place of those it had."""
    first, last = dt.date(known.year, 1, 1), dt.date(known.year, 12, 31)
    dates = [row.date for row in known.days]
    old = {row.date: row for row in session.scalars(_official_days(calendar, first, last, dates))}
    for day in known.days:
        _fill(old.pop(day.date, None) or _new_day(calendar, day.date), day, source)
    for row in old.values():
        session.delete(row)
    year = session.scalar(years_of(calendar).where(CalendarYear.year == known.year))
    year = year or CalendarYear(calendar_id=calendar.id, year=known.year)
    year.status, year.source = FIRM if known.announced else PROVISIONAL, words
    session.add(year)
    return _changed(calendar, min([first, *dates]), last)


def _new_day(calendar: Calendar, date: dt.date) -> CalendarDay:
    row = CalendarDay(calendar_id=calendar.id, date=date)
    session.add(row)
    return row


def _fill(row: CalendarDay, day: DayRow, source: str) -> None:
    row.working, row.source, row.provisional = day.working, source, day.provisional
    row.name_zh, row.name_en = day.name


def _changed(calendar: Calendar, first: dt.date, last: dt.date) -> Change:
    calendar.edition = new_edition()
    session.flush()
    return _tell(Change(calendar.code, first, last))


def _tell(change: Change) -> Change:
    for listener in _listeners:
        listener(change)
    return change


def notice_problems(year: int, days: tuple[DayRow, ...]) -> Iterator[Problem]:
    """What is wrong with the days of a notice."""
    if not days:
        yield Problem(_("The notice for %(year)s names no day.", year=year), "days")
    first, last = dt.date(year - 1, 12, 1), dt.date(year, 12, 31)
    for date, times in Counter(row.date for row in days).items():
        if times > 1:
            yield Problem(_("%(date)s is in the notice twice.", date=date), "days")
        if not first <= date <= last:
            yield Problem(_("%(date)s does not belong to %(year)s.", date=date, year=year), "days")


def years_of(calendar: Calendar) -> Select[tuple[CalendarYear]]:
    """The years that a calendar knows."""
    return select(CalendarYear).where(CalendarYear.calendar_id == calendar.id)


def company_day_of(calendar: Calendar, date: dt.date) -> Select[tuple[CalendarDay]]:
    """The company's own exception on a day."""
    mine = CalendarDay.calendar_id == calendar.id, CalendarDay.source == COMPANY
    return select(CalendarDay).where(*mine, CalendarDay.date == date)


def _official_days(
    calendar: Calendar, first: dt.date, last: dt.date, dates: list[dt.date]
) -> Select[tuple[CalendarDay]]:
    official = CalendarDay.calendar_id == calendar.id, CalendarDay.source != COMPANY
    return select(CalendarDay).where(*official, CalendarDay.date.between(first, last) | CalendarDay.date.in_(dates))
