"""What the pack says of a clock once it runs: when to warn, whom to tell when it is late, which slips to issue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.core import clock
from app.core.lifecycle import Words
from app.engines.calendar.calc import WorkCalendar
from app.engines.deadlines import calc
from app.engines.deadlines.allowance import Allowance, Unit
from app.engines.deadlines.models import BREACHED, RUNNING, DeadlineClock
from app.engines.policy import operations as policy
from app.engines.policy.calc import Settings

SECOND = dt.timedelta(seconds=1)
LATE_OPEN, LATE_CLOSED = "late_open", "late_closed"


@dataclass(frozen=True)
class Rung:
    """One step of the escalation ladder: so long after the limit these posts are told."""

    after: Allowance
    posts: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Rule:
    """How one clock of a pack is watched; ``label`` is what the pack calls it."""

    label: Words
    warn_before: Allowance | None = None
    rungs: tuple[Rung, ...] = ()
    slips: tuple[Any, ...] = ()
    due_field: str = ""
    whole: bool = False

    def warn_at(self, started: dt.datetime, due: dt.datetime, calendar: WorkCalendar) -> dt.datetime | None:
        """When to warn: never before the start, and not at all when that is no earlier than the limit."""
        if self.warn_before is None:
            return None
        found = max(calc.warn_at(due, self.warn_before, calendar), started)
        return found if found < due else None

    def rung_at(self, due: dt.datetime, level: int, calendar: WorkCalendar) -> dt.datetime | None:
        """When the next rung after ``level`` is due; ``None`` at the top of the ladder."""
        if level >= len(self.rungs):
            return None
        return calc.due_at(due, self.rungs[level].after, calendar) + SECOND

    def next_at(self, row: DeadlineClock, calendar: WorkCalendar) -> dt.datetime | None:
        """When a clock next needs the sweep: at its warning, just after its limit, at the next rung, or never."""
        if row.status == RUNNING:
            return row.warn_at if row.warn_at and row.warned_at is None else row.due_at + SECOND
        return self.rung_at(row.due_at, row.level, calendar) if row.status == BREACHED else None


class Rules:
    """The rules of one pack version as they hold for one adopting unit."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.pack = settings.pack
        self._known: dict[str, Rule] = {}

    def code(self, *parts: str) -> str:
        """The full key of an entry of the pack, such as ``B02.step_qc``."""
        return ".".join((self.pack.code, *parts))

    def posts(self, names: Iterable[str]) -> tuple[str, ...]:
        """The full codes of posts."""
        return tuple(self.code(name) for name in names)

    def span(self, written: Any) -> Allowance:
        """A length of time of the pack."""
        return Allowance(self.settings.resolve(written.number), Unit(self.settings.resolve(written.unit)))

    def of(self, key: str) -> Rule:
        """The rule of a clock by its full key; clocks of slips and tasks stand under ``slips.`` and ``tasks.``."""
        if key not in self._known:
            self._known[key] = self._read(key.split(".")[1:])
        return self._known[key]

    def _read(self, parts: list[str]) -> Rule:
        match parts:
            case ["tasks", key]:
                task = self.pack.tasks[key]
                return Rule(task.label, rungs=self._rungs(task))
            case ["slips", key]:
                return Rule(self.pack.slips[key].label)
        spec = self.pack.clocks[parts[0]]
        return Rule(
            spec.label,
            self.span(spec.warn_before) if spec.warn_before else None,
            self._rungs(spec),
            tuple(slip for slip in self.pack.slips.values() if spec.key in slip.clocks),
            spec.due_field,
            any(part.cap == spec.key for part in self.pack.clocks.values()),
        )

    def _rungs(self, spec: Any) -> tuple[Rung, ...]:
        return tuple(Rung(self.span(rung.after), self.posts(rung.posts)) for rung in spec.escalation)


def rules_for(pack_version_id: int, adopter_id: int, at: dt.datetime | None = None) -> Rules:
    """The rules of a pack version for an adopting unit, with its settings on the day of ``at``."""
    day = clock.to_local(at or clock.now()).date()
    return Rules(policy.settings_for(policy.pack_for(pack_version_id), adopter_id, day))


def rule_of(row: DeadlineClock) -> Rule:
    """The rule that one clock runs under."""
    return rules_for(row.pack_version_id, row.adopter_id).of(row.key)
