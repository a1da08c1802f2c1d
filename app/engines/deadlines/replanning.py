"""When a calendar changes, open clocks that count by it are worked out anew, a thousand at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.core.wording import N_
from app.engines.audit import operations as audit
from app.engines.calendar.calc import WorkCalendar, read_hours
from app.engines.calendar.operations import Change, on_change
from app.engines.deadlines import operations, plan, rules
from app.engines.deadlines.models import OPEN, DeadlineClock
from app.engines.deadlines.rules import Rule

BATCH = 1000
MOVED = N_("The calendar changed: “%(clock)s” is due at %(due)s instead of %(before)s")
_clock = DeadlineClock
Wholes = dict[tuple[str, int, str], DeadlineClock]
NEEDED = (
    _clock.id, _clock.of_register, _clock.record_id, _clock.key, _clock.words, _clock.clause, _clock.due_at,
    _clock.started_at, _clock.allowance, _clock.until_at, _clock.hours, _clock.adjustments, _clock.cap_key,
    _clock.cap_due_at,
)


class Shift(NamedTuple):
    """A due instant that a change moves."""

    of_register: str
    record_id: int
    words: dict[str, str]
    clause: str
    before: dt.datetime
    after: dt.datetime


@on_change
def replan(change: Change) -> None:
    """Work out every open clock anew that counts days of the changed span; the caller commits.

    Whole cases come before their parts, which end no later. What moves is noted in the history of its row.
    """
    for capped in (False, True):
        for rows in _batches(change, capped):
            _move(rows)


def _batches(change: Change, capped: bool) -> Iterator[Sequence[DeadlineClock]]:
    touched = sa.select(_clock).where(*_touched(change), _capped(capped))
    locked = touched.order_by(_clock.id).limit(BATCH).with_for_update().execution_options(populate_existing=True)
    last = 0
    while rows := session.scalars(locked.where(_clock.id > last)).all():
        yield rows
        last = rows[-1].id


def _touched(change: Change) -> tuple[sa.ColumnElement[bool], ...]:
    """Open clocks that count days of the changed span."""
    first = clock.from_local(dt.datetime.combine(change.first, dt.time.min))
    after = clock.from_local(dt.datetime.combine(change.last, dt.time.max))
    return (
        _clock.calendar == change.code,
        _clock.status.in_(OPEN),
        _clock.started_at <= after,
        sa.or_(_clock.due_at >= first, _clock.provisional),
    )


def _capped(yes: bool) -> sa.ColumnElement[bool]:
    return _clock.cap_key.is_not(None) if yes else _clock.cap_key.is_(None)


class _ByHours(dict[str | None, WorkCalendar]):
    """One calendar with each of the office hours that policies set."""

    def __init__(self, calendar: WorkCalendar) -> None:
        super().__init__({None: calendar})

    def __missing__(self, hours: str) -> WorkCalendar:
        self[hours] = self[None].with_hours(read_hours(hours))
        return self[hours]


def foresee(change: Change, calendar: WorkCalendar) -> list[Shift]:
    """What a change would move, the earliest first, if the calendar became ``calendar``; nothing is saved."""
    by_hours = _ByHours(calendar)
    wholes: dict[tuple[str, int, str | None], dt.datetime] = {}
    found: list[Shift] = []
    for capped in (False, True):
        query = sa.select(*NEEDED).where(*_touched(change), _capped(capped))
        for row in session.execute(query.order_by(_clock.id), execution_options={"yield_per": BATCH}):
            after = _due_by(row, by_hours[row.hours], wholes)
            wholes[row.of_register, row.record_id, row.key] = after
            if after != row.due_at:
                found.append(Shift(row.of_register, row.record_id, row.words, row.clause or "", row.due_at, after))
    return sorted(found, key=lambda shift: shift.before)


def _due_by(row: Any, calendar: WorkCalendar, wholes: dict[tuple[str, int, str | None], dt.datetime]) -> dt.datetime:
    kept = operations.plan_of(row)
    cap = wholes.get((row.of_register, row.record_id, row.cap_key), kept.cap)
    return plan.due_at(replace(kept, cap=cap), calendar)


def _move(rows: Sequence[DeadlineClock]) -> None:
    known: dict[tuple[int, int], rules.Rules] = {}
    notes, wholes = [], _wholes(rows)
    for row in rows:
        before, key = row.due_at, (row.pack_version_id, row.adopter_id)
        if key not in known:
            known[key] = rules.rules_for(*key)
        rule = known[key].of(row.key)
        if whole := wholes.get((row.of_register, row.record_id, row.cap_key or "")):
            row.cap_due_at = whole.due_at
        operations.work_out(row, rule)
        if row.due_at != before:
            operations.write_due(row, rule)
            notes.append(_note(row, rule, before))
    session.flush()
    audit.note_many(notes)


def _wholes(rows: Sequence[DeadlineClock]) -> Wholes:
    """The open clocks that cap some of the rows."""
    records = {row.record_id for row in rows if row.cap_key}
    if not records:
        return {}
    query = sa.select(_clock).where(_clock.record_id.in_(records), _clock.cap_key.is_(None), _clock.status.in_(OPEN))
    return {(row.of_register, row.record_id, row.key): row for row in session.scalars(query)}


def _note(row: DeadlineClock, rule: Rule, before: dt.datetime) -> audit.Note:
    said = {"clock": rule.label, "due": row.due_at, "before": before}
    return audit.Note(row.of_register, row.record_id, "act", MOVED, said, row.clause or "")
