"""When things will be due if a step is taken now: the clocks that it starts, and those of the whole that follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from app.core import clock
from app.core.lifecycle import Words
from app.engines.deadlines import calc, operations, rules
from app.engines.deadlines.allowance import Allowance
from app.engines.deadlines.following import allowance_of
from app.engines.policy.calc import granted, meets


@dataclass(frozen=True)
class Forecast:
    """One clock to come; ``later`` when it starts only with a step after this one."""

    label: Words
    clause: str
    allowance: Allowance
    due_at: dt.datetime
    later: bool


def forecast(
    record: Any, read: Callable[[str], Any], target: str, move: str, running: Collection[str] = ()
) -> list[Forecast]:
    """The clocks of a case if it is moved into ``target`` now; ``running`` are the full keys of those that run."""
    known = rules.rules_for(record.pack_version_id, record.adopter_id)
    specs = [spec for spec in known.pack.clocks.values() if spec.register_ == record.__tablename__]
    caps = {spec.cap for spec in specs if spec.cap}
    found = []
    for spec in specs:
        starts = target in spec.start.states or move in spec.start.moves
        if known.code(spec.key) in running or not (starts or spec.key in caps):
            continue
        if spec.start.becomes and not meets(spec.start.becomes, read):
            continue
        given = granted(spec, known.settings, read)
        if given is not None and given.number is not None:
            calendar = operations.calendar_of(known.pack.calendar.code, known.pack.calendar.hours)
            allowance = allowance_of(given)
            due = calc.due_at(clock.now(), allowance, calendar)
            found.append(Forecast(spec.label, given.clause, allowance, due, later=not starts))
    return found
