"""What clocks of a pack would come to from a start, for facts that are given: the reckoning of cases, without a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.engines.calendar.calc import WorkCalendar
from app.engines.deadlines import operations, plan
from app.engines.deadlines.allowance import Allowance
from app.engines.deadlines.following import allowance_of, instant
from app.engines.deadlines.plan import Plan, Reckoned
from app.engines.deadlines.rules import Rules
from app.engines.policy.calc import Granted, granted

if TYPE_CHECKING:
    from app.packs.entries import Clock

Read = Callable[[str], Any]


@dataclass(frozen=True)
class Trial:
    """A clock as it would run: the time granted and the due instant with its reckoning.

    ``granted`` is ``None`` when no allowance fits the facts, ``reckoned`` also when the day of a field is not known.
    ``cap`` is the limit of the clock that this one never outlives.
    """

    spec: Clock
    start: dt.datetime
    calendar: WorkCalendar
    granted: Granted | None
    allowance: Allowance | None
    reckoned: Reckoned | None
    cap: dt.datetime | None = None


def calendar_of(rules: Rules) -> WorkCalendar:
    """The working calendar of a pack with its office hours."""
    return operations.calendar_of(rules.pack.calendar.code, rules.pack.calendar.hours)


def try_clock(rules: Rules, key: str, start: dt.datetime, read: Read, whole: dt.datetime | None = None) -> Trial:
    """The clock ``key`` of a pack if it began at ``start``; ``whole`` is when the clock began that caps it."""
    spec, calendar = rules.pack.clocks[key], calendar_of(rules)
    start = _begun(spec, start, read)
    found = granted(spec, rules.settings, read)
    if found is None or (found.number is None and not found.until):
        return Trial(spec, start, calendar, found, None, None)
    allowance = allowance_of(found) if found.number is not None else None
    cap = _cap(rules, spec, whole, read)
    until = instant(found.until) if found.until else None
    return Trial(
        spec, start, calendar, found, allowance,
        plan.reckon(Plan(start, allowance, until, (), cap), calendar), cap,
    )  # fmt: skip


def try_all(rules: Rules, register: str, start: dt.datetime, read: Read) -> list[Trial]:
    """Every clock on the rows of a register if it and the whole case began at ``start``, the earliest end first."""
    keys = (spec.key for spec in rules.pack.clocks.values() if spec.register_ == register)
    found = [try_clock(rules, key, start, read, start) for key in keys]
    return sorted(found, key=lambda one: (one.reckoned is None, one.reckoned.at if one.reckoned else one.start))


def registers_of(rules: Rules) -> Iterator[str]:
    """The registers that clocks of a pack run on, in its order."""
    yield from dict.fromkeys(spec.register_ for spec in rules.pack.clocks.values())


def _begun(spec: Clock, start: dt.datetime, read: Read) -> dt.datetime:
    """A clock that counts from a field begins there, if the field is known."""
    value = read(spec.from_field) if spec.from_field else None
    return instant(value) if value else start


def _cap(rules: Rules, spec: Clock, whole: dt.datetime | None, read: Read) -> dt.datetime | None:
    if spec.cap is None or whole is None:
        return None
    reckoned = try_clock(rules, spec.cap, whole, read).reckoned
    return reckoned.at if reckoned else None
