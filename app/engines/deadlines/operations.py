"""Clocks on rows of any register: start, pause, resume, meet, extend, cancel, restart; and what they say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import access, clock, moves
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.register import registers
from app.core.wording import N_
from app.engines.audit import operations as audit
from app.engines.calendar.calc import WorkCalendar, read_hours
from app.engines.calendar.operations import calendar_for
from app.engines.deadlines import calc, plan, rules
from app.engines.deadlines.models import (
    BREACHED,
    CANCELLED,
    LATE_MET,
    MET,
    OPEN,
    PAUSED,
    RUNNING,
    DeadlineClock,
)
from app.engines.deadlines.plan import EXTENSION, PAUSE, Adjustment, Plan
from app.engines.deadlines.rules import Rule

KEPT_ON_RESTART = (
    "of_register",
    "record_id",
    "key",
    "words",
    "clause",
    "pack_version_id",
    "adopter_id",
    "tone",
    "state",
    "unit_id",
    "owner_id",
    "post",
    "allowance",
    "until_at",
    "calendar",
    "hours",
    "cap_key",
    "cap_due_at",
)
ENDS = "none"
"""The tone of a span that simply ends; no sweep calls it late."""
_clock = DeadlineClock


# -- reading ---------------------------------------------------------------------------------------------------------


def calendar_of(code: str, hours: str | None) -> WorkCalendar:
    """A calendar with the office hours that a policy sets."""
    found = calendar_for(code)
    return found.with_hours(read_hours(hours)) if hours else found


def working_calendar(row: DeadlineClock) -> WorkCalendar:
    """The calendar that a clock counts by, with its policy's office hours."""
    return calendar_of(row.calendar, row.hours)


def plan_of(row: Any) -> Plan:
    """Everything that a clock's due instant depends on; ``row`` is a clock or its columns."""
    allowance = plan.from_json(row.allowance) if row.allowance else None
    return Plan(row.started_at, allowance, row.until_at, plan.adjustments_from_json(row.adjustments), row.cap_due_at)


def explain(row: DeadlineClock) -> plan.Reckoned:
    """The due instant of a clock and how it came about, worked out anew from what is kept on it."""
    return plan.reckon(plan_of(row), working_calendar(row))


def clocks_of(slug: str, record_id: int) -> list[DeadlineClock]:
    """Every clock of a row, in the order they started: the time log of its steps."""
    query = sa.select(_clock).where(_clock.of_register == slug, _clock.record_id == record_id)
    return list(session.scalars(query.order_by(_clock.started_at, _clock.id)))


def open_clocks(slug: str, record_id: int, *, lock: bool = False) -> list[DeadlineClock]:
    """The clocks of a row that have not stopped; ``lock`` keeps sweeps and others off until the commit."""
    query = sa.select(_clock).where(_clock.of_register == slug, _clock.record_id == record_id, _clock.status.in_(OPEN))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return list(session.scalars(query.order_by(_clock.id)))


def overall_for(slug: str, ids: Collection[int], key: str) -> dict[int, DeadlineClock]:
    """The latest clock ``key`` of many rows by row id, with one statement."""
    query = sa.select(_clock).where(_clock.of_register == slug, _clock.record_id.in_(ids), _clock.key == key)
    return {row.record_id: row for row in session.scalars(query.order_by(_clock.id))}


def late_steps(slug: str, record_id: int) -> list[DeadlineClock]:
    """The stopped clocks of a row that were late."""
    return [row for row in clocks_of(slug, record_id) if row.late and row.stopped_at is not None]


# -- acts ------------------------------------------------------------------------------------------------------------


def start(row: DeadlineClock, rule: Rule) -> DeadlineClock:
    """Let a new clock run; the caller has filled in what it is for and what it counts."""
    row.adjustments = []
    found = explain(row)
    row.status, row.level = RUNNING, 0
    row.due_at = row.first_due_at = found.at
    row.provisional = found.provisional
    _watch(row, rule)
    session.add(row)
    return row


def meet(row: DeadlineClock, at: dt.datetime) -> None:
    """Stop a clock because the work is done; late is late even if no sweep has said so yet."""
    late = row.tone != ENDS and (row.late or calc.is_late(row.due_at, at))
    row.breached_at = row.breached_at or (at if late else None)
    _stop(row, LATE_MET if late else MET, at)


def cancel(row: DeadlineClock, reason: str, at: dt.datetime | None = None) -> None:
    """Drop a clock that no longer matters; what was late stays known as late. Raises ``Refusal`` without a reason."""
    _check(row, OPEN, reason)
    _stop(row, CANCELLED, at or clock.now())
    _note(row, N_("Clock “%(clock)s” dropped: %(reason)s"), reason)


def end(row: DeadlineClock, at: dt.datetime) -> None:
    """Drop a clock without a word; the caller has locked it and says why. What was late stays known as late."""
    _stop(row, CANCELLED, at)


def pause(row: DeadlineClock, reason: str) -> None:
    """Let a clock, and those it caps, stand still; raises ``Refusal`` without a reason or when it does not run."""
    _check(row, (RUNNING,), reason)
    now = clock.now()
    for found in (row, *_parts(row)):
        if found.status == RUNNING:
            found.status, found.paused_at, found.next_at = PAUSED, now, None
    _note(row, N_("Clock “%(clock)s” paused: %(reason)s"), reason)


def resume(row: DeadlineClock, reason: str = "") -> None:
    """Let a paused clock, and those paused with it, go on; the time of the pause is added to each.

    Raises ``Refusal`` when it is not paused.
    """
    _check(row, (PAUSED,), reason or "-")
    since, now = row.paused_at, clock.now()
    for found in (row, *_parts(row)):
        if found.status == PAUSED and found.paused_at == since and since is not None:
            found.status, found.paused_at = RUNNING, None
            _adjust(found, Adjustment(PAUSE, since, now, reason, access.current().employee_id))
    settle(row)
    _note(row, N_("Clock “%(clock)s” goes on, due %(due)s"), reason)


def extend(row: DeadlineClock, until: dt.datetime, reason: str) -> None:
    """Give a clock more time; a late one runs again if that is in time.

    Raises ``Refusal`` when the new limit is not later, passes that of the whole case, or no reason is given.
    """
    _check(row, (RUNNING, BREACHED), reason)
    if until <= row.due_at:
        raise Refusal(Problem(_("An extension ends later than the limit."), "until", "extend", row.clause))
    if row.cap_due_at is not None and until > row.cap_due_at:
        raise Refusal(Problem(_("A step never outlives its case; extend the case first."), "until", "cap", row.clause))
    _adjust(row, Adjustment(EXTENSION, clock.now(), until, reason, access.current().employee_id))
    settle(row)
    _note(row, N_("Clock “%(clock)s” extended to %(due)s: %(reason)s"), reason)


def restart(row: DeadlineClock, reason: str) -> DeadlineClock:
    """Drop a clock and let the same one begin again now, in a row of its own. Raises ``Refusal`` without a reason."""
    cancel(row, reason)
    session.flush()
    kept = {name: getattr(row, name) for name in KEPT_ON_RESTART}
    fresh = start(DeadlineClock(started_at=clock.now(), **kept), rules.rule_of(row))
    _note(fresh, N_("Clock “%(clock)s” begun again, due %(due)s: %(reason)s"), reason)
    _spread(fresh, rules.rule_of(row))
    return fresh


def settle(row: DeadlineClock) -> None:
    """Work out a clock anew from what is kept on it, and then every clock that it caps."""
    rule = rules.rule_of(row)
    work_out(row, rule)
    _spread(row, rule)


def work_out(row: DeadlineClock, rule: Rule) -> None:
    """Work out one clock anew; a late one whose limit moves into the future runs again."""
    found = explain(row)
    row.due_at, row.provisional = found.at, found.provisional
    if row.status == BREACHED and not calc.is_late(row.due_at, clock.now()):
        row.status, row.breached_at, row.level = RUNNING, None, 0
    _watch(row, rule)


def write_due(row: DeadlineClock, rule: Rule, whole: Any = None) -> None:
    """Copy the limit to the field of the row that shows it, where the pack names one."""
    if rule.due_field:
        whole = whole or moves.whole_of(session.get_one(registers()[row.of_register].model, row.record_id))
        whole.update({rule.due_field: row.due_at})
        whole.save()


def _watch(row: DeadlineClock, rule: Rule) -> None:
    calendar = working_calendar(row)
    row.warn_at = rule.warn_at(row.started_at, row.due_at, calendar)
    if row.warned_at is not None and row.warn_at is not None and row.warn_at > clock.now():
        row.warned_at = None
    row.next_at = None if row.tone == ENDS else rule.next_at(row, calendar)


def _spread(row: DeadlineClock, rule: Rule) -> None:
    """Tell the row's field and the parts of the case that the limit of the whole has changed."""
    write_due(row, rule)
    for part in _parts(row):
        part.cap_due_at = row.due_at
        settle(part)


def _parts(row: DeadlineClock) -> list[DeadlineClock]:
    return [part for part in open_clocks(row.of_register, row.record_id) if part.cap_key == row.key]


def _adjust(row: DeadlineClock, adjustment: Adjustment) -> None:
    row.adjustments = [*row.adjustments, plan.adjustment_to_json(adjustment)]


def _check(row: DeadlineClock, statuses: Iterable[str], reason: str) -> None:
    """Lock the clock, then see that it stands as the act needs and that a reason is given."""
    session.refresh(row, with_for_update=True)
    if row.status not in statuses:
        raise Refusal(Problem(_("“%(clock)s” does not stand so that this is possible.", clock=row.label), rule="clock"))
    if not reason.strip():
        raise Refusal(Problem(_("Please give the reason."), "reason", "required", row.clause))


def _stop(row: DeadlineClock, status: str, at: dt.datetime) -> None:
    row.status, row.stopped_at, row.paused_at, row.next_at = status, at, None, None


def _note(row: DeadlineClock, text: str, reason: str) -> None:
    """Write an act into the history of the row that the clock runs on."""
    session.flush()
    said = {"clock": row.words, "reason": reason, "due": row.due_at}
    audit.note_many([audit.Note(row.of_register, row.record_id, "act", text, said, row.clause or "")])
