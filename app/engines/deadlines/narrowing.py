"""Lists by clock: what is late, due today, due within the week or on a day. The clock that ends first decides."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.sql import ColumnElement

from app.core import clock
from app.core.narrowing import narrowing
from app.core.register import Register
from app.engines.deadlines.models import PAUSED, DeadlineClock

LATE, TODAY, WEEK = "late", "today", "week"
WORDS = {LATE: _l("Late"), TODAY: _l("Due today"), WEEK: _l("Due within seven days")}
WEEK_DAYS = 7
clocks = DeadlineClock.__table__


def live() -> ColumnElement[bool]:
    """Clocks that run: neither stopped nor standing still."""
    # the partial index of open clocks serves this condition
    return sa.and_(clocks.c.stopped_at.is_(None), clocks.c.status != PAUSED)


def end_of_day(day: dt.date) -> dt.datetime:
    """The last instant of a local day."""
    return clock.from_local(dt.datetime.combine(day, dt.time.max))


def end_of_week() -> dt.datetime:
    """The last instant that still counts as within seven days."""
    return end_of_day(clock.today() + dt.timedelta(days=WEEK_DAYS))


def due_between(register: Register, after: dt.datetime | None, until: dt.datetime) -> ColumnElement[bool]:
    """Rows whose most urgent running clock ends later than ``after`` and not later than ``until``."""
    key = register.model.__table__.c.id
    found = key.in_(_with_clock_until(register, until))
    return found if after is None else sa.and_(found, key.not_in(_with_clock_until(register, after)))


def _with_clock_until(register: Register, until: dt.datetime) -> sa.Select[tuple[int]]:
    here = (clocks.c.of_register == register.slug) & (clocks.c.due_at <= until)
    return sa.select(clocks.c.record_id).where(here, live())


def late(register: Register) -> ColumnElement[bool]:
    """Rows with a running clock that has ended."""
    return due_between(register, None, clock.now())


def _words(value: str) -> str:
    if value in WORDS:
        return str(WORDS[value])
    try:
        return _("Due on %(day)s", day=dt.date.fromisoformat(value).isoformat())
    except ValueError:
        known = "、".join((*WORDS, "2025-10-21"))
        raise ValueError(_("“%(value)s” is not one of: %(known)s.", value=value[:40], known=known)) from None


@narrowing("clock", label=_l("Time left"), applies=lambda register: register.from_pack, words=_words)
def _by_clock(register: Register, value: str) -> ColumnElement[bool]:
    now, today = clock.now(), clock.today()
    if value == LATE:
        return late(register)
    if value == TODAY:
        return due_between(register, now, end_of_day(today))
    if value == WEEK:
        return due_between(register, now, end_of_week())
    day = dt.date.fromisoformat(value)
    return due_between(register, end_of_day(day - dt.timedelta(days=1)), end_of_day(day))
