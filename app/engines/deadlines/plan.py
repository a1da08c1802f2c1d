"""A clock's whole reckoning: the allowance from its start, then pauses and extensions in order, then the cap. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from app.engines.calendar.calc import WorkCalendar, read_spans
from app.engines.deadlines import calc
from app.engines.deadlines.allowance import OFFICE, Allowance, End, Roll, Unit

PAUSE, EXTENSION = "pause", "extension"
WALL = Allowance(Decimal(1), Unit.CALENDAR_DAYS)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What moved a due instant after the start: a pause from one instant to another, or an extension to one."""

    kind: str
    at: dt.datetime
    until: dt.datetime
    reason: str = ""
    by_employee_id: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a due instant depends on: an allowance, a fixed instant, or the earlier of both."""

    start: dt.datetime
    allowance: Allowance | None
    until: dt.datetime | None = None
    adjustments: tuple[Adjustment, ...] = ()
    cap: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Reckoned:
    """The due instant (UTC), the explanation of the allowance, each adjustment with the instant it led to, and the cap.

    ``uncapped`` is what the due instant would be without the cap.
    """

    at: dt.datetime
    allowed: calc.Due | None
    moved: tuple[tuple[Adjustment, dt.datetime], ...]
    capped: bool
    uncapped: dt.datetime

    @property
    def provisional(self) -> bool:
        """Whether an announcement still to come may move it."""
        return self.allowed is not None and self.allowed.provisional


def reckon(plan: Plan, calendar: WorkCalendar) -> Reckoned:
    """The due instant of a plan and how it came about; raises ``ValueError`` for one that never ends."""
    cap = None if plan.adjustments else plan.cap
    allowance = plan.allowance
    allowed = calc.due(plan.start, allowance, calendar, cap=cap, earlier_of=plan.until) if allowance else None
    at, moved = _earliest(allowed.explanation.uncapped if allowed else None, plan.until), []
    for adjustment in plan.adjustments:
        at = _adjusted(at, adjustment, plan.allowance or WALL, calendar)
        moved.append((adjustment, at))
    return Reckoned(_earliest(at, plan.cap), allowed, tuple(moved), plan.cap is not None and plan.cap < at, at)


def due_at(plan: Plan, calendar: WorkCalendar) -> dt.datetime:
    """The due instant alone, for many clocks."""
    if plan.adjustments or plan.allowance is None:
        return reckon(plan, calendar).at
    return calc.due_at(plan.start, plan.allowance, calendar, cap=plan.cap, earlier_of=plan.until)


def _earliest(*instants: dt.datetime | None) -> dt.datetime:
    return min(instant for instant in instants if instant is not None)


def _adjusted(due: dt.datetime, adjustment: Adjustment, allowance: Allowance, calendar: WorkCalendar) -> dt.datetime:
    if adjustment.kind == EXTENSION:
        return adjustment.until
    lost = _lost(adjustment, allowance, calendar)
    return calc.due_at(due, lost, calendar) if lost.number else due


def _lost(pause: Adjustment, allowance: Allowance, calendar: WorkCalendar) -> Allowance:
    """The time of a pause in the kind of unit that the allowance counts: whole days for days, else hours."""
    days = calendar.trading if allowance.unit == Unit.TRADING_DAYS else calendar
    first, last = calendar.local(pause.at), calendar.local(pause.until)
    plain = replace(allowance, count_first_day=False, end=End.TO_THE_MINUTE, roll=Roll.NONE, quiet=())
    if allowance.by_the_clock and allowance.unit in OFFICE:
        return replace(plain, number=days.working_hours_between(first, last), unit=Unit.WORKING_HOURS)
    if allowance.by_the_clock:
        return replace(plain, number=Decimal((last - first) // calc.SECOND) / 60, unit=Unit.MINUTES)
    if allowance.unit in OFFICE:
        return replace(plain, number=Decimal(days.count_working_days(first.date(), last.date())))
    return replace(plain, number=Decimal((last.date() - first.date()).days), unit=Unit.CALENDAR_DAYS)


def to_json(allowance: Allowance) -> dict[str, Any]:
    """An allowance as it is kept on a clock."""
    end = allowance.end if isinstance(allowance.end, End) else allowance.end.strftime("%H:%M:%S")
    return {
        "number": str(allowance.number),
        "unit": allowance.unit.value,
        "count_first_day": allowance.count_first_day,
        "end": str(end),
        "roll": allowance.roll.value,
        "quiet": [[_time(a), _time(b)] for a, b in allowance.quiet],
    }


def from_json(kept: Mapping[str, Any]) -> Allowance:
    """An allowance from how it is kept."""
    end = End(kept["end"]) if kept["end"] in set(End) else dt.time.fromisoformat(kept["end"])
    return Allowance(
        Decimal(kept["number"]),
        Unit(kept["unit"]),
        kept["count_first_day"],
        end,
        Roll(kept["roll"]),
        read_spans(kept["quiet"]),
    )


def adjustment_to_json(adjustment: Adjustment) -> dict[str, Any]:
    """An adjustment as it is kept on a clock."""
    return {
        "kind": adjustment.kind,
        "at": adjustment.at.isoformat(),
        "until": adjustment.until.isoformat(),
        "reason": adjustment.reason,
        "by": adjustment.by_employee_id,
    }


def adjustments_from_json(kept: Sequence[Mapping[str, Any]]) -> tuple[Adjustment, ...]:
    """Adjustments from how they are kept."""
    instant = dt.datetime.fromisoformat
    return tuple(Adjustment(a["kind"], instant(a["at"]), instant(a["until"]), a["reason"], a["by"]) for a in kept)


def _time(time: dt.time) -> str:
    return time.strftime("%H:%M")
