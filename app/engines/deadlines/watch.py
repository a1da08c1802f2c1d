"""What one run of the sweep has looked up so far: packs, calendars, holders of posts and the rows themselves."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.core.register import registers
from app.engines.calendar.calc import WorkCalendar
from app.engines.deadlines import operations, rules
from app.engines.deadlines.rules import Rule, Rules
from app.engines.people import operations as people

HELD = ("holder_unit_id", "holder_post")


@dataclass(frozen=True, slots=True)
class Subject:
    """The row that a clock runs on: its title, its address in the portal, and who holds it now."""

    title: str
    url: str
    holder_unit_id: int | None = None
    holder_post: str | None = None


class Holders:
    """Who holds the posts of a pack, or stands in, inside the adopting unit."""

    def __init__(self, posts: Iterable[str], within: str, day: dt.date) -> None:
        self._in_unit: dict[tuple[str, int], list[int]] = defaultdict(list)
        self._anywhere: dict[str, list[int]] = defaultdict(list)
        self._instead: dict[int, list[int]] = defaultdict(list)
        for seat in people.holders_many(posts, [within], day):
            self._in_unit[seat.post, seat.unit_id].append(seat.employee_id)
            self._anywhere[seat.post].append(seat.employee_id)
            if seat.for_employee_id is not None:
                self._instead[seat.for_employee_id].append(seat.employee_id)

    def of(self, post: str | None, unit_id: int | None = None, owner_id: int | None = None) -> list[int]:
        """Employee ids: the person in charge and his deputies, else the holders in the unit, else all holders."""
        if owner_id is not None:
            return [owner_id, *self._instead.get(owner_id, ())]
        if post is None:
            return []
        return self._in_unit.get((post, unit_id), []) if unit_id is not None else self._anywhere.get(post, [])


class Watch:
    """One run for the instant ``at``; everything it needs of other tables is read once."""

    def __init__(self, at: dt.datetime) -> None:
        self.at = at
        self._rules: dict[tuple[int, int], Rules] = {}
        self._holders: dict[tuple[int, int], Holders] = {}
        self._calendars: dict[tuple[str, str | None], WorkCalendar] = {}
        self._rungs: dict[tuple[str, int, int, int, dt.datetime], dt.datetime | None] = {}
        self._texts: dict[dt.datetime, str] = {}

    @cached_property
    def day(self) -> dt.date:
        """The local day of the run."""
        return clock.to_local(self.at).date()

    def rules(self, row: Any) -> Rules:
        """The rules of a clock's pack version and adopting unit."""
        key = (row.pack_version_id, row.adopter_id)
        if key not in self._rules:
            self._rules[key] = rules.rules_for(*key, self.at)
        return self._rules[key]

    def rule(self, row: Any) -> Rule:
        """The rule of a clock."""
        return self.rules(row).of(row.key)

    def holders(self, row: Any) -> Holders:
        """The holders of every post of a clock's pack inside its adopting unit."""
        key = (row.pack_version_id, row.adopter_id)
        if key not in self._holders:
            self._holders[key] = Holders(self.rules(row).told, people.path_of(row.adopter_id), self.day)
        return self._holders[key]

    def rung_at(self, row: Any, level: int) -> dt.datetime | None:
        """When the next rung after ``level`` is due."""
        rule = self.rule(row)
        if level >= len(rule.rungs):
            return None
        key = (row.key, row.pack_version_id, row.adopter_id, level, row.due_at)
        if key not in self._rungs:
            self._rungs[key] = rule.rung_at(row.due_at, level, self._calendar(row))
        return self._rungs[key]

    def due_text(self, row: Any) -> str:
        """A clock's limit as people read it."""
        if row.due_at not in self._texts:
            self._texts[row.due_at] = clock.to_local(row.due_at).strftime("%Y-%m-%d %H:%M")
        return self._texts[row.due_at]

    def subjects(self, rows: Sequence[Any]) -> dict[tuple[str, int], Subject]:
        """The rows that the clocks run on, with one statement per register."""
        wanted: dict[str, set[int]] = defaultdict(set)
        for row in rows:
            wanted[row.of_register].add(row.record_id)
        return {(slug, found.id): _subject(slug, found) for slug, ids in wanted.items() for found in _rows(slug, ids)}

    def _calendar(self, row: Any) -> WorkCalendar:
        key = (row.calendar, row.hours)
        if key not in self._calendars:
            self._calendars[key] = operations.calendar_of(*key)
        return self._calendars[key]


def _rows(slug: str, ids: Iterable[int]) -> Sequence[Any]:
    register = registers()[slug]
    table = register.model.__table__
    held = [table.c[name] for name in HELD if name in table.c]
    query = sa.select(table.c.id, table.c[register.title].label("title"), *held).where(table.c.id.in_(sorted(ids)))
    return session.execute(query).all()


def _subject(slug: str, found: Any) -> Subject:
    held = found[2:] or (None, None)
    return Subject(str(found.title or f"#{found.id}"), f"/{slug}/{found.id}", *held)
