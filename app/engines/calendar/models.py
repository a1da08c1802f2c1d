"""Calendars as people keep them: office hours, years that are announced or not, and the days that differ."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from app.core import fields
from app.core.register import Record, Register, Section
from app.core.types import Json, Key

FIRM, PROVISIONAL = "firm", "provisional"
SEED, NOTICE, COMPANY = "seed", "notice", "company"

STATUSES = {FIRM: _l("Announced"), PROVISIONAL: _l("Provisional")}
SOURCES = {SEED: _l("Shipped data"), NOTICE: _l("Government notice"), COMPANY: _l("Company")}
WEEKDAYS = {
    "1": _l("Monday"),
    "2": _l("Tuesday"),
    "3": _l("Wednesday"),
    "4": _l("Thursday"),
    "5": _l("Friday"),
    "6": _l("Saturday"),
    "7": _l("Sunday"),
}


def new_edition() -> str:
    """A word that no state of a calendar had before, not even one that was rolled back."""
    return uuid.uuid4().hex


class Calendar(Record):
    """A working calendar. Its ``edition`` changes with every change of its days, so that no host uses old ones."""

    code: Mapped[str] = fields.text(_l("Code"), 20, unique=True)
    name_zh: Mapped[str] = fields.text(_l("Chinese name"), 60)
    name_en: Mapped[str] = fields.text(_l("English name"), 60)
    zone: Mapped[str] = fields.text(_l("Time zone"), 60)
    office_hours: Mapped[str] = fields.text(
        _l("Office hours"), 100, help=_l("Spans in order, such as 08:00-12:00, 13:30-17:30.")
    )
    weekend: Mapped[list[str]] = fields.choices(_l("Weekly rest days"), WEEKDAYS)
    fixed_days: Mapped[dict[str, dict[str, str]]] = mapped_column(Json, default=dict)
    edition: Mapped[str] = mapped_column(Key(), default=new_edition)

    register = Register(
        area="platform",
        label=_l("Calendars"),
        title="code",
        icon="calendar",
        list=("code", "name_zh", "name_en", "zone", "office_hours"),
        sections=(Section(_l("Calendar"), ("code", "name_zh", "name_en", "zone", "office_hours", "weekend")),),
        order="code",
        menu=False,
        lines=("calendar_year", "calendar_day"),
        actions=frozenset({"add", "edit"}),
    )


class CalendarYear(Record):
    """A year that a calendar knows; provisional until its make-up workdays are announced."""

    __table_args__ = (UniqueConstraint("calendar_id", "year"),)

    calendar_id: Mapped[int] = fields.ref(_l("Calendar"), "calendar")
    year: Mapped[int] = fields.integer(_l("Year"))
    status: Mapped[str] = fields.choice(_l("Status"), STATUSES)
    source: Mapped[str] = fields.text(_l("Source"), 200)

    register = Register(
        area="platform",
        label=_l("Calendar years"),
        title="year",
        icon="calendar-check",
        list=("year", "status", "source"),
        sections=(Section(_l("Year"), ("calendar_id", "year", "status", "source")),),
        filters=("status",),
        order="-year",
        parent="calendar_id",
        menu=False,
        actions=frozenset(),
    )


class CalendarDay(Record):
    """A holiday or make-up workday, or a company's own exception, which stands over both."""

    __table_args__ = (UniqueConstraint("calendar_id", "date", "source"),)

    calendar_id: Mapped[int] = fields.ref(_l("Calendar"), "calendar")
    date: Mapped[dt.date] = fields.date(_l("Date"))
    working: Mapped[bool] = fields.boolean(_l("Working day"))
    name_zh: Mapped[str] = fields.text(_l("Chinese name"), 100)
    name_en: Mapped[str] = fields.text(_l("English name"), 100)
    source: Mapped[str] = fields.choice(_l("Source"), SOURCES)
    provisional: Mapped[bool] = fields.boolean(_l("Provisional"), default=False)

    register = Register(
        area="platform",
        label=_l("Calendar days"),
        title="date",
        icon="calendar-event",
        list=("date", "working", "name_zh", "name_en", "source", "provisional"),
        sections=(
            Section(_l("Day"), ("calendar_id", "date", "working", "name_zh", "name_en", "source", "provisional")),
        ),
        filters=("working", "source"),
        order="date",
        parent="calendar_id",
        menu=False,
        actions=frozenset(),
    )


@event.listens_for(Calendar, "before_update")
def _renew(_mapper: Any, _connection: Any, calendar: Calendar) -> None:
    calendar.edition = new_edition()
