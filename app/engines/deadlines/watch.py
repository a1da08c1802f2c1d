"""What one run of the sweep has looked up so far: packs, calendars, holders of posts and the rows themselves."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.core import clock, values
from app.core.db import session
from app.core.register import registers
from app.engines.calendar.calc import WorkCalendar
from app.engines.deadlines import operations, rules
from app.engines.deadlines.rules import Rule, Rules
from app.engines.people import operations as people

HELD = ("holder_unit_id", "holder_post")


class Subject(NamedTuple):
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


@dataclass(frozen=True)
class Setting:
    """What clocks of one key under one pack version and adopting unit have in common."""

    rules: Rules
    rule: Rule
    holders: Holders
    control: tuple[int, ...]


class Due(NamedTuple):
    """One clock that needs something: its columns, its setting, and the row that it runs on."""

    row: Any
    setting: Setting
    subject: Subject

    @property
    def responsible(self) -> list[int]:
        """Employee ids of whoever must act."""
        return self.setting.holders.of(self.row.post, self.row.unit_id, self.row.owner_id)


class Watch:
    """One run for the instant ``at``; everything it needs of other tables is read once."""

    def __init__(self, at: dt.datetime) -> None:
        self.at = at
        self._rules: dict[tuple[int, int], tuple[Rules, Holders]] = {}
        self._settings: dict[tuple[int, int, str], Setting] = {}
        self._calendars: dict[tuple[str, str | None], WorkCalendar] = {}
        self._rungs: dict[tuple[Rule, int, dt.datetime], dt.datetime | None] = {}

    def pack(self, row: Any) -> tuple[Rules, Holders]:
        """The rules of a row's pack version and adopting unit, and who holds its posts there."""
        key = (row.pack_version_id, row.adopter_id)
        if key not in self._rules:
            found = rules.rules_for(*key, self.at)
            within, day = people.path_of(row.adopter_id), clock.to_local(self.at).date()
            self._rules[key] = found, Holders(found.posts(found.pack.posts), within, day)
        return self._rules[key]

    def look_up(self, rows: Sequence[Any]) -> list[Due]:
        """Rows of clocks with what is known of them; one statement for each register that they run on."""
        subjects = _subjects(rows)
        return [Due(row, self._setting(row), subjects[row.of_register, row.record_id]) for row in rows]

    def rung_at(self, due: Due, level: int) -> dt.datetime | None:
        """When the next rung after ``level`` is due."""
        rule, row = due.setting.rule, due.row
        if level >= len(rule.rungs):
            return None
        key = (rule, level, row.due_at)
        if key not in self._rungs:
            self._rungs[key] = rule.rung_at(row.due_at, level, self._calendar(row))
        return self._rungs[key]

    def _setting(self, row: Any) -> Setting:
        key = (row.pack_version_id, row.adopter_id, row.key)
        found = self._settings.get(key)
        if found is None:
            known, holders = self.pack(row)
            rule = known.of(row.key)
            control = dict.fromkeys(who for slip in rule.slips for who in holders.of(known.code(slip.issued_by)))
            found = self._settings[key] = Setting(known, rule, holders, tuple(control))
        return found

    def _calendar(self, row: Any) -> WorkCalendar:
        key = (row.calendar, row.hours)
        if key not in self._calendars:
            self._calendars[key] = operations.calendar_of(*key)
        return self._calendars[key]


def _subjects(rows: Sequence[Any]) -> dict[tuple[str, int], Subject]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        wanted[row.of_register].add(row.record_id)
    found = [(slug, row) for slug, ids in wanted.items() for row in _rows(slug, ids)]
    names = values.names_of((target, row.title) for slug, row in found if (target := _titled_by(slug)))
    return {(slug, row.id): _subject(slug, row, names) for slug, row in found}


def _titled_by(slug: str) -> str:
    """The register that a row takes its title from, where that is the name of whom it is about."""
    register = registers()[slug]
    return register.fields[register.title].target


def _rows(slug: str, ids: Iterable[int]) -> Sequence[Any]:
    register = registers()[slug]
    table = register.model.__table__
    held = [table.c[name] for name in HELD if name in table.c]
    query = sa.select(table.c.id, table.c[register.title].label("title"), *held).where(table.c.id.in_(sorted(ids)))
    return session.execute(query).all()


def _subject(slug: str, found: Any, names: values.Names) -> Subject:
    held = found[2:] or (None, None)
    title = names.get((_titled_by(slug), found.title), found.title)
    return Subject(str(title or f"#{found.id}"), f"/{slug}/{found.id}", *held)
