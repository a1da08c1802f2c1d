"""Clocks on rows of any register: start, pause, resume, meet, extend, cancel, and as the pack says with each move."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.moves import Moved
from app.core.wording import N_
from app.engines.audit import operations as audit
from app.engines.calendar.calc import WorkCalendar, read_hours
from app.engines.calendar.operations import calendar_for
from app.engines.deadlines import calc, plan
from app.engines.deadlines.allowance import Allowance, End, Roll, Unit
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
from app.engines.people import operations as people
from app.engines.policy import operations as policy
from app.engines.policy.calc import Settings, granted

_clock = DeadlineClock


# -- the arithmetic of a row -----------------------------------------------------------------------------------------


def working_calendar(row: DeadlineClock) -> WorkCalendar:
    """The calendar that a clock counts by, with its policy's office hours."""
    found = calendar_for(row.calendar)
    return found.with_hours(read_hours(row.hours)) if row.hours else found


def plan_of(row: DeadlineClock) -> Plan:
    """Everything that a clock's due instant depends on."""
    allowance = plan.from_json(row.allowance) if row.allowance else None
    return Plan(row.started_at, allowance, row.until_at, plan.adjustments_from_json(row.adjustments), row.cap_due_at)


def explain(row: DeadlineClock) -> plan.Reckoned:
    """The due instant of a clock and how it came about."""
    return plan.reckon(plan_of(row), working_calendar(row))


def _reckon(row: DeadlineClock) -> None:
    found = plan.reckon(plan_of(row), working_calendar(row))
    row.due_at, row.provisional = found.at, found.provisional
    _schedule(row)


def _schedule(row: DeadlineClock) -> None:
    """When the row next needs the sweep: at its warning, else just after its limit; late and stopped clocks wait for nothing."""
    if row.status != RUNNING:
        row.next_at = None
        return
    warning = row.warn_at if row.warned_at is None and row.warn_at and row.warn_at < row.due_at else None
    row.next_at = warning or row.due_at + dt.timedelta(seconds=1)


# -- acts ------------------------------------------------------------------------------------------------------------


def open_clocks(slug: str, record_id: int, key: str | None = None) -> list[DeadlineClock]:
    """The clocks of a row that have not stopped."""
    query = sa.select(_clock).where(_clock.of_register == slug, _clock.record_id == record_id, _clock.status.in_(OPEN))
    return list(session.scalars(query.where(_clock.key == key) if key else query))


def clocks_of(slug: str, record_id: int) -> list[DeadlineClock]:
    """Every clock of a row, in the order they started."""
    query = sa.select(_clock).where(_clock.of_register == slug, _clock.record_id == record_id)
    return list(session.scalars(query.order_by(_clock.started_at, _clock.id)))


def meet(row: DeadlineClock, at: dt.datetime) -> None:
    """Stop a clock because the work is done; late is late even if no sweep has said so yet."""
    late = calc.is_late(row.due_at, at)
    row.breached_at = row.breached_at or (row.due_at if late else None)
    row.status, row.stopped_at, row.paused_at, row.next_at = LATE_MET if late else MET, at, None, None


def cancel(row: DeadlineClock, at: dt.datetime) -> None:
    """Drop a clock that no longer matters; what was late stays known as late."""
    row.status, row.stopped_at, row.paused_at, row.next_at = CANCELLED, at, None, None


def pause(row: DeadlineClock, reason: str) -> None:
    """Let a clock stand still; raises ``Refusal`` without a reason or when it does not run."""
    if row.status != RUNNING or not reason.strip():
        raise Refusal(Problem(_("Only a running clock pauses, and for a reason."), "reason", "pause", row.clause))
    row.status, row.paused_at, row.next_at = PAUSED, clock.now(), None
    _note(row, N_("Clock “%(clock)s” paused: %(reason)s"), reason)


def resume(row: DeadlineClock, reason: str = "") -> None:
    """Let a paused clock go on; the time of the pause is added."""
    if row.status != PAUSED or row.paused_at is None:
        raise Refusal(Problem(_("The clock is not paused."), None, "resume", row.clause))
    lost = Adjustment(PAUSE, row.paused_at, clock.now(), reason)
    row.adjustments = [*row.adjustments, plan.adjustment_to_json(lost)]
    row.status, row.paused_at = RUNNING, None
    _reckon(row)
    _note(row, N_("Clock “%(clock)s” goes on, due %(due)s"), reason)


def extend(row: DeadlineClock, until: dt.datetime, reason: str) -> None:
    """Give a clock more time; raises ``Refusal`` when the new limit is not later or no reason is given."""
    if until <= row.due_at or not reason.strip():
        raise Refusal(Problem(_("An extension ends later than the limit and has a reason."), "until", "extend", row.clause))
    added = Adjustment(EXTENSION, clock.now(), until, reason)
    row.adjustments = [*row.adjustments, plan.adjustment_to_json(added)]
    if row.status == BREACHED:
        row.status = RUNNING
    _reckon(row)
    _note(row, N_("Clock “%(clock)s” extended to %(due)s: %(reason)s"), reason)


def _note(row: DeadlineClock, text: str, reason: str) -> None:
    session.flush()
    said = {"clock": {"zh": row.words["zh"], "en": row.words["en"]}, "reason": reason, "due": row.due_at}
    audit.note_many([audit.Note(row.of_register, row.record_id, "act", text, said, row.clause or "")])


# -- as the pack says ------------------------------------------------------------------------------------------------


def follow(moved: Moved) -> None:
    """Stop and start the clocks that the pack ties to a move or to entering a state."""
    record: Any = moved.record
    if not moved.register.from_pack:
        return
    pack = policy.pack_for(record.pack_version_id)
    specs = [spec for spec in pack.clocks.values() if spec.register_ == moved.register.slug]
    if not specs:
        return
    running = {row.key: row for row in open_clocks(moved.register.slug, record.id)}
    for spec in specs:
        key = f"{pack.code}.{spec.key}"
        if key in running and _stops(spec, moved):
            meet(running.pop(key), moved.at)
    settings = policy.settings_for(pack, record.adopter_id, clock.to_local(moved.at).date())
    for spec in specs:
        key = f"{pack.code}.{spec.key}"
        if key not in running and _starts(spec, moved) and (row := _start(spec, settings, moved, running)):
            running[key] = row
    session.flush()


def _starts(spec: Any, moved: Moved) -> bool:
    entered = moved.target in spec.start.states and moved.target != moved.source
    return entered or (moved.move is not None and moved.move.key in spec.start.moves)


def _stops(spec: Any, moved: Moved) -> bool:
    if moved.lifecycle.states[moved.target].final:
        return True
    if spec.stop is not None:
        entered = moved.target in spec.stop.states and moved.target != moved.source
        return entered or (moved.move is not None and moved.move.key in spec.stop.moves)
    return moved.target not in spec.start.states


def _start(spec: Any, settings: Settings, moved: Moved, running: Mapping[str, DeadlineClock]) -> DeadlineClock | None:
    found = granted(spec, settings, moved.whole.get)
    if found is None:
        return None
    record: Any = moved.record
    pack = settings.pack
    cap = running.get(f"{pack.code}.{spec.cap}") if spec.cap else None
    start = (moved.whole.get(spec.from_field) if spec.from_field else None) or moved.at
    post = f"{pack.code}.{spec.responsible}"
    unit_id = record.holder_unit_id if record.holder_post == post else people.unit_of_post(post, moved.lifecycle.within)
    row = DeadlineClock(
        of_register=moved.register.slug, record_id=record.id, key=f"{pack.code}.{spec.key}",
        words={"zh": spec.label.zh, "en": spec.label.en}, clause=found.clause, pack_version_id=record.pack_version_id,
        adopter_id=record.adopter_id, tone=spec.breach, state=moved.target, status=RUNNING, unit_id=unit_id, post=post,
        started_at=_instant(start), allowance=plan.to_json(_allowance(found)) if found.number is not None else None,
        until_at=_instant(found.until) if found.until else None, calendar=pack.calendar.code, hours=pack.calendar.hours,
        adjustments=[], cap_key=cap.key if cap else None, cap_due_at=cap.due_at if cap else None,
    )
    _first_due(row, spec, settings)
    if spec.due_field:
        moved.whole.update({spec.due_field: row.due_at})
        moved.whole.save()
    session.add(row)
    return row


def _first_due(row: DeadlineClock, spec: Any, settings: Settings) -> None:
    calendar = working_calendar(row)
    found = plan.reckon(plan_of(row), calendar)
    row.due_at = row.first_due_at = found.at
    row.provisional, row.warned_at = found.provisional, None
    if spec.warn_before:
        before = Allowance(Decimal(settings.resolve(spec.warn_before.number)), Unit(settings.resolve(spec.warn_before.unit)))
        row.warn_at = max(calc.warn_at(row.due_at, before, calendar), row.started_at)
    _schedule(row)


def _instant(value: Any) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return value
    return clock.from_local(dt.datetime.combine(value, dt.time(23, 59, 59)))


def _allowance(found: Any) -> Allowance:
    unit = Unit(found.unit)
    end = End.TO_THE_MINUTE if found.to_the_minute else End.END_OF_DAY
    return Allowance(found.number, unit, found.count_first_day, end, Roll.FORWARD if found.roll_forward else Roll.NONE)


def late_steps(slug: str, record_id: int) -> Iterable[DeadlineClock]:
    """The stopped clocks of a row that were late."""
    return [row for row in clocks_of(slug, record_id) if row.status == LATE_MET]


moves.on_moved(follow, order=10)
