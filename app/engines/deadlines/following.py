"""Clocks follow the moves of a case: what the pack ties to a step starts, and what is done stops."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from app.core import clock, moves, saving
from app.core.db import session
from app.core.hooks import KEPT
from app.core.moves import Moved
from app.core.whole import Whole
from app.core.wording import N_
from app.engines.audit import operations as audit
from app.engines.deadlines import operations, plan, rules
from app.engines.deadlines.allowance import Allowance, End, Roll, Unit
from app.engines.deadlines.models import DeadlineClock
from app.engines.deadlines.rules import Rules
from app.engines.people import operations as people
from app.engines.people.seats import units_above
from app.engines.policy.calc import Granted, granted, meets

END_OF_DAY = dt.time(23, 59, 59)
FOLLOWED = N_("“%(clock)s” is due at %(due)s instead of %(before)s, as the case now says")
Running = dict[str, DeadlineClock]


def follow(moved: Moved) -> None:
    """Stop, then start the clocks that the pack ties to a move or to entering a state.

    A step that a case comes back to is a new row: one row per stay with a unit.
    """
    record: Any = moved.record
    if not moved.register.from_pack:
        return
    known = rules.rules_for(record.pack_version_id, record.adopter_id, moved.at)
    specs = [spec for spec in known.pack.clocks.values() if spec.register_ == moved.register.slug]
    if not specs:
        return
    running = {row.key: row for row in operations.open_clocks(moved.register.slug, record.id, lock=True)}
    for spec in specs:
        if (key := known.code(spec.key)) in running and (_stops(spec, moved) or _turned(spec.stop, moved)):
            operations.meet(running.pop(key), moved.at)
    # a stopped row must be out of the way before the same key may run again
    session.flush()
    for spec in specs:
        if (key := known.code(spec.key)) not in running and (_starts(spec, moved) or _turned(spec.start, moved)):
            begin(spec, known, moved, running)
        elif key in running and {spec.from_field, *_until_fields(spec)} & moved.written:
            _readjust(spec, running[key], known, moved.whole)
    session.flush()


def after_edit(whole: Whole, changed: Mapping[str, Any]) -> None:
    """Clocks that count from a field, or until its day, follow when it is corrected."""
    record: Any = whole.record
    if not whole.register.from_pack:
        return
    known = rules.rules_for(record.pack_version_id, record.adopter_id)
    _turn(whole, changed, known)
    for spec in known.pack.clocks.values():
        if spec.register_ == whole.register.slug and {spec.from_field, *_until_fields(spec)} & set(changed):
            for row in operations.open_clocks(whole.register.slug, record.id, lock=True):
                if row.key == known.code(spec.key):
                    _readjust(spec, row, known, whole)


def _turn(whole: Whole, changed: Mapping[str, Any], known: Rules) -> None:
    """Stop and start the clocks that wait for a field to turn to a value."""
    specs = [
        spec for spec in known.pack.clocks.values()
        if spec.register_ == whole.register.slug and (spec.start.becomes or (spec.stop and spec.stop.becomes))
    ]  # fmt: skip
    life = moves.lifecycle_of(whole.record) if specs else None
    if life is None:
        return
    record: Any = whole.record
    now = clock.now()
    told = Moved(
        record, whole.register, life, None, record.status, record.status, changed, "", now, None, None, whole
    )  # fmt: skip
    running = {row.key: row for row in operations.open_clocks(whole.register.slug, record.id, lock=True)}
    for spec in specs:
        if (key := known.code(spec.key)) in running and _turned(spec.stop, told):
            operations.meet(running.pop(key), now)
    session.flush()
    for spec in specs:
        if known.code(spec.key) not in running and _turned(spec.start, told):
            begin(spec, known, told, running)
    session.flush()


def _turned(moments: Any, moved: Moved) -> bool:
    """Whether a field that the moments wait for was changed, and now has the value; no ended case asks."""
    if moments is None or not moments.becomes or moved.lifecycle.states[moved.target].final:
        return False
    changed = {*moved.values, *(moved.move.sets if moved.move else ()), *moved.context.get(KEPT, ())}
    return bool(changed & set(moments.becomes)) and meets(moments.becomes, moved.whole.get)


def _until_fields(spec: Any) -> set[str]:
    return {allowance.until_field for allowance in spec.allowances if allowance.until_field}


def _readjust(spec: Any, row: DeadlineClock, known: Rules, whole: Whole) -> None:
    found = granted(spec, known.settings, whole.get)
    begun = whole.get(spec.from_field) if spec.from_field else None
    row.started_at = instant(begun) if begun else row.started_at
    row.until_at = instant(found.until) if found and found.until else row.until_at
    before = row.due_at
    operations.settle(row)
    if row.due_at != before:
        said = {"clock": row.words, "due": row.due_at, "before": before}
        audit.note(whole.record, "act", FOLLOWED, said, row.clause or "")


def _starts(spec: Any, moved: Moved) -> bool:
    return not moved.lifecycle.states[moved.target].final and _reached(spec.start, moved)


def _stops(spec: Any, moved: Moved) -> bool:
    if moved.lifecycle.states[moved.target].final:
        return True
    return _reached(spec.stop, moved) if spec.stop is not None else moved.target not in spec.start.states


def _reached(moments: Any, moved: Moved) -> bool:
    """Whether the move is one of the moments: it was named, or it led into one of the states."""
    entered = moved.target != moved.source and moved.target in moments.states
    return entered or (moved.move is not None and moved.move.key in moments.moves)


def begin(spec: Any, known: Rules, moved: Moved, running: Running) -> DeadlineClock | None:
    """Start a clock, capped by the one of ``running`` that it never outlives; ``None`` when it grants no time."""
    found = granted(spec, known.settings, moved.whole.get)
    if found is None or (found.number is None and found.until is None):
        return None
    record: Any = moved.record
    cap = running.get(known.code(spec.cap)) if spec.cap else None
    unit_id, owner_id = _responsible(known.code(spec.responsible), moved)
    rule = known.of(known.code(spec.key))
    made = DeadlineClock(
        of_register=moved.register.slug,
        record_id=record.id,
        key=known.code(spec.key),
        words={"zh": spec.label.zh, "en": spec.label.en},
        clause=found.clause,
        pack_version_id=record.pack_version_id,
        adopter_id=record.adopter_id,
        tone=spec.breach,
        state=moved.target,
        unit_id=unit_id,
        owner_id=owner_id,
        post=known.code(spec.responsible),
        started_at=_start_of(spec, moved),
        allowance=plan.to_json(allowance_of(found)) if found.number is not None else None,
        until_at=instant(found.until) if found.until else None,
        calendar=known.pack.calendar.code,
        hours=known.pack.calendar.hours,
        cap_key=cap.key if cap else None,
        cap_due_at=cap.due_at if cap else None,
    )
    running[made.key] = operations.start(made, rule)
    operations.write_due(made, rule, moved.whole)
    return made


def _start_of(spec: Any, moved: Moved) -> dt.datetime:
    """The instant that counting begins with; a field's day counts from its end."""
    value = moved.whole.get(spec.from_field) if spec.from_field else None
    return instant(value) if value else moved.at


def _responsible(post: str, moved: Moved) -> tuple[int | None, int | None]:
    """The unit, and the person if the case is his own, who must act: the present holder or whoever has the post."""
    record: Any = moved.record
    if record.holder_post != post:
        return _unit_near(post, record.holder_unit_id or record.unit_id, moved.lifecycle.within), None
    holder = moved.lifecycle.states[moved.target].holder
    return record.holder_unit_id, record.owner_id if holder and holder.owner else None


def _unit_near(post: str, unit_id: int, within: str) -> int | None:
    """Where a post is held: in the unit that has the case or the nearest above it, else the highest unit of all."""
    units = {seat.unit_id for seat in people.holders_many([post], [within])}
    if len(units) < 2:
        return next(iter(units), None)
    near = (unit for unit in units_above(unit_id, within) if unit in units)
    return next(near, None) or people.unit_of_post(post, within)


def instant(value: dt.datetime | dt.date) -> dt.datetime:
    """An instant as it is, a day as its end."""
    if isinstance(value, dt.datetime):
        return value
    return clock.from_local(dt.datetime.combine(value, END_OF_DAY))


def allowance_of(found: Granted) -> Allowance:
    """The arithmetic of the time that a pack grants."""
    if found.number is None or found.unit is None:
        raise ValueError("a day named by a field is no allowance")
    last = dt.time.fromisoformat(found.at) if found.at else End.END_OF_DAY
    end = End.TO_THE_MINUTE if found.to_the_minute else last
    roll = Roll.FORWARD if found.roll_forward else Roll.NONE
    return Allowance(found.number, Unit(found.unit), found.count_first_day, end, roll)


moves.on_moved(follow, order=10)
saving.after_update(after_edit)
