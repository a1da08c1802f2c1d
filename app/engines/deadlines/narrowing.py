"""Lists by clock: what is late, due today, due within the week or on a day. The clock that ends first decides."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.sql import ColumnElement

from app.core import clock
from app.core.narrowing import narrowing
from app.core.register import Register
from app.core.wording import listed
from app.core.words import entry_label
from app.engines.deadlines.models import PAUSED, DeadlineClock

LATE, TODAY, WEEK = "late", "today", "week"
LATE_CLOCK, CLOCK = "late_clock", re.compile(r"[A-Z]\d\d\.[a-z0-9_]{1,50}", re.ASCII)
WORDS = {LATE: _l("Late"), TODAY: _l("Due today"), WEEK: _l("Due within seven days")}
WEEK_DAYS = 7
clocks = DeadlineClock.__table__
Span = tuple[dt.datetime | None, dt.datetime]


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


def just_past() -> dt.datetime:
    """The last instant that is over: a clock that ends now is in time."""
    return clock.now() - dt.timedelta(microseconds=1)


def span(value: str) -> Span:
    """The instants between which the most urgent clock ends, for a word or a day that lists are narrowed by."""
    past, today = just_past(), clock.today()
    if value in WORDS:
        spans: dict[str, Span] = {LATE: (None, past), TODAY: (past, end_of_day(today)), WEEK: (past, end_of_week())}
        return spans[value]
    day = dt.date.fromisoformat(value)
    return end_of_day(day - dt.timedelta(days=1)), end_of_day(day)


def among(register: Register, within: Span) -> ColumnElement[bool]:
    """Rows whose most urgent running clock ends later than the first instant and not later than the second."""
    key, (after, until) = register.model.__table__.c.id, within
    found = key.in_(sa.select(clocks.c.record_id).where(*_ending(register, after, until)))
    if after is None:
        return found
    return sa.and_(found, key.not_in(sa.select(clocks.c.record_id).where(*_ending(register, None, after))))


def of_each(register: Register, after: Any, until: Any) -> ColumnElement[bool]:
    """The same, looked up row by row: for few rows, however many clocks there are."""
    found = _one_of(register, after, until)
    return found if after is None else sa.and_(found, ~_one_of(register, None, after))


def _one_of(register: Register, after: Any, until: Any, of: Any = clocks) -> sa.Exists:
    """Whether a row has such a clock: hidden in a case, the instants do not lead away from the index of its clocks."""
    mine = (of.c.of_register == register.slug) & (of.c.record_id == register.model.__table__.c.id)
    return sa.exists().where(mine, sa.case((sa.and_(*_ending(register, after, until, of)), 1), else_=0) == 1)


def in_turn(register: Register, within: tuple[Any, Any]) -> sa.Select[tuple[int]]:
    """The same as ids, clock by clock in the order they end: for counting a few of many rows."""
    table, (after, until) = register.model.__table__, within
    query = sa.select(table.c.id).join(clocks, clocks.c.record_id == table.c.id).distinct()
    query = query.where(*_ending(register, after, until))
    if after is None:
        return query
    return query.where(~_one_of(register, None, after, clocks.alias()))


def _ending(register: Register, after: Any, until: Any, of: Any = clocks) -> list[ColumnElement[bool]]:
    here = [of.c.of_register == register.slug, of.c.due_at <= until, of.c.stopped_at.is_(None), of.c.status != PAUSED]
    return here if after is None else [*here, of.c.due_at > after]


def late(register: Register) -> ColumnElement[bool]:
    """Rows with a running clock that has ended."""
    return among(register, span(LATE))


def _words(value: str) -> str:
    if value in WORDS:
        return str(WORDS[value])
    try:
        return _("Due on %(day)s", day=dt.date.fromisoformat(value).isoformat())
    except ValueError:
        known = listed((*WORDS, "2025-10-21"))
        raise ValueError(_("“%(value)s” is not one of: %(known)s.", value=value[:40], known=known)) from None


@narrowing("clock", label=_l("Time left"), applies=lambda register: register.from_pack, words=_words)
def _by_clock(register: Register, value: str) -> ColumnElement[bool]:
    return among(register, span(value))


# -- by one clock ------------------------------------------------------------------------------------------------------


def late_by(register: Register) -> list[ColumnElement[bool]]:
    """The running clocks of a register that have ended: each late row once for every clock."""
    return _ending(register, None, clock.now())


def _named(value: str) -> str:
    if not CLOCK.fullmatch(value):
        raise ValueError(_("“%(value)s” is not a clock of a policy, such as B02.case.", value=value[:40]))
    return entry_label(value)


@narrowing(LATE_CLOCK, label=_l("Late"), applies=lambda register: register.from_pack, words=_named)
def _by_late_clock(register: Register, value: str) -> ColumnElement[bool]:
    mine = sa.select(clocks.c.record_id).where(*late_by(register), clocks.c.key == value)
    found: ColumnElement[bool] = register.model.__table__.c.id.in_(mine)
    return found
