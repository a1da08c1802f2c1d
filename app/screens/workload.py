"""What a person's cases come to, over every register of cases: one statement per question, however many rows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement

from app.core import access, clock, together
from app.core.db import session
from app.core.lifecycle import Lifecycle
from app.core.pages.lists import lives_of
from app.core.register import Register, registers
from app.core.types import UtcDateTime
from app.engines.deadlines import narrowing as by_clock
from app.engines.deadlines.models import BREACHED, LATE_MET, DeadlineClock
from app.engines.deadlines.slip import URGE, UrgeSlip
from app.engines.policy import stages
from app.engines.watching import operations as watching

Registers = Sequence[Register]
_clocks, _slips = DeadlineClock.__table__, UrgeSlip.__table__
LATE, CLOCKS_EACH = 0, 16


class Case(NamedTuple):
    """One row of one register."""

    slug: str
    id: int


@dataclass
class Due:
    """How many cases are late or due on a day, by register; and since when the oldest is late."""

    late: dict[str, int] = field(default_factory=dict)
    days: dict[dt.date, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    oldest: dt.datetime | None = None

    def until(self, last: dt.date) -> dict[str, int]:
        """Cases due from now to the end of a day, by register."""
        found: dict[str, int] = defaultdict(int)
        for day, numbers in self.days.items():
            for slug, number in numbers.items() if day <= last else ():
                found[slug] += number
        return found


def in_use(known: Registers) -> list[Register]:
    """Those of the registers that have rows at all: most companies work with a few of them; one statement."""
    if not known:
        return []
    found = session.execute(_any_rows(tuple(register.slug for register in known))).one()
    return [register for register, filled in zip(known, found, strict=True) if filled]


@lru_cache(maxsize=256)
def _any_rows(slugs: tuple[str, ...]) -> Any:
    return sa.select(*(sa.select(registers()[slug].model.__table__.c.id).exists() for slug in slugs))


def _running(register: Register, until: dt.datetime) -> list[ColumnElement[bool]]:
    """Clocks on rows that the person may read and that end by an instant; each looks up its row: few of them run."""
    table = register.model.__table__
    seen = sa.select(sa.literal(1)).where(table.c.id == _clocks.c.record_id, access.rows(register))
    here = (_clocks.c.of_register == register.slug, _clocks.c.due_at <= until, by_clock.live())
    return [*here, seen.correlate(_clocks).exists()]


def due(known: Registers, last: dt.date) -> Due:
    """Cases by the day on which their most urgent running clock ends, up to a day; what is late counts apart."""
    today, found = clock.today(), Due()
    if not known:
        return found
    days = [today + dt.timedelta(days=n) for n in range((last - today).days + 1)]
    each = sa.select(_clocks.c.of_register, sa.func.min(_clocks.c.due_at).label("due"))
    # the unary zero keeps SQLite on the index of what ends soon, instead of the one by rows
    grouped = each.group_by(_clocks.c.of_register, _clocks.c.record_id + 0)
    line = sa.union_all(*(grouped.where(*_running(one, by_clock.end_of_day(last))) for one in known)).subquery()
    ends = [(line.c.due <= clock.now(), LATE), *((line.c.due <= by_clock.end_of_day(d), d.toordinal()) for d in days)]
    bucket = sa.case(*ends).label("bucket")
    query = sa.select(line.c.of_register, bucket, sa.func.count(), sa.func.min(line.c.due))
    for slug, number, total, oldest in session.execute(query.group_by(line.c.of_register, bucket)):
        if number == LATE:
            found.late[slug] = total
            found.oldest = min(filter(None, (found.oldest, oldest)))
        else:
            found.days[dt.date.fromordinal(number)][slug] = total
    return found


def urgent(known: Registers, limit: int) -> list[Case]:
    """The cases that are late or due today, the oldest limit first."""
    if not known:
        return []
    today, most = by_clock.end_of_day(clock.today()), limit * CLOCKS_EACH
    parts = []
    for register in known:
        query = sa.select(_clocks.c.due_at, _clocks.c.of_register, _clocks.c.record_id)
        # in the order of the index, so that it ends with the first few
        first = query.where(*_running(register, today)).order_by(_clocks.c.due_at, _clocks.c.record_id).limit(most)
        parts.append(sa.select(first.subquery()))
    ending = sa.union_all(*parts).subquery()
    soon = sa.select(ending).order_by(ending.c.due_at, ending.c.record_id).limit(most)
    return list(dict.fromkeys(Case(slug, key) for _due, slug, key in session.execute(soon)))[:limit]


def mine(known: Registers, limit: int) -> tuple[dict[str, int], list[Case]]:
    """How many open cases are mine, by register, and the most urgent of them; one statement."""
    parts, counts = [], []
    for register in known:
        table = register.model.__table__
        here = (_clocks.c.of_register == register.slug) & (_clocks.c.record_id == table.c.id)
        ends = sa.select(sa.func.min(_clocks.c.due_at)).where(here, by_clock.live()).scalar_subquery()
        own = (access.rows(register), stages.mine(register))
        parts.append(sa.select(sa.literal(register.slug).label("slug"), table.c.id, ends.label("due")).where(*own))
        counts.append(sa.select(sa.func.count()).select_from(table).where(*own).label(register.slug))
    if not parts:
        return {}, []
    lines = sa.union_all(*parts).subquery()
    ordered = sa.select(lines.c.slug, lines.c.id).order_by(lines.c.due.is_(None), lines.c.due, lines.c.id.desc())
    found, [totals] = together.rows_of([ordered.limit(limit), sa.select(*counts)])
    return {one.slug: total for one, total in zip(known, totals, strict=True)}, [Case(*row) for row in found]


def watched(known: Registers, limit: int) -> list[Case]:
    """The cases that the person watches, the latest first."""
    person = access.current().employee_id
    return [Case(*row) for row in watching.newest(list(known), person, limit)] if person and known else []


class Standing(NamedTuple):
    """How many open cases of one pack version are in a state, and how many of them are late."""

    slug: str
    version_id: int
    status: str
    total: int
    late: int


def standing(known: Registers) -> list[Standing]:
    """Where the open cases in reach stand; one statement."""
    if not known:
        return []
    asked = tuple((register.model, access.rows(register), stages.in_hand(register)) for register in known)
    rows = session.execute(_standing_query(asked), {"now": by_clock.just_past()})
    return [Standing(*row) for row in rows]


@lru_cache(maxsize=256)
def _standing_query(asked: tuple[tuple[Any, ColumnElement[bool], ColumnElement[bool]], ...]) -> sa.CompoundSelect[Any]:
    """Built once for people who see the same."""
    now, parts = sa.bindparam("now", type_=UtcDateTime()), []
    for model, *open_ in asked:
        state, late = model.__table__.c, by_clock.of_each(model.register, None, now)
        number = sa.func.coalesce(sa.func.sum(sa.case((late, 1), else_=0)), 0)
        query = sa.select(sa.literal(model.register.slug), state.pack_version_id, state.status, sa.func.count(), number)
        parts.append(query.where(*open_).group_by(state.pack_version_id, state.status))
    return sa.union_all(*parts)


# -- what belongs to some rows -----------------------------------------------------------------------------------------


def records(cases: Iterable[Case]) -> dict[Case, tuple[Any, Lifecycle | None]]:
    """What a line says of the rows, and the lifecycle of each, with one statement."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for case in cases:
        wanted[case.slug].append(case.id)
    known = [registers()[slug] for slug in wanted]
    found = together.rows_of([_lines_of(register, wanted[register.slug]) for register in known])
    lives = [lives_of(register, rows) for register, rows in zip(known, found, strict=True)]
    return {Case(register.slug, row.id): (row, life[row.id])
            for register, rows, life in zip(known, found, lives, strict=True) for row in rows}  # fmt: skip


def _lines_of(register: Register, ids: Sequence[int]) -> sa.Select[Any]:
    columns = register.model.__table__.c
    named = ("id", register.title, register.party, register.subject, "status", "holder_unit_id", "pack_version_id")
    return sa.select(*(columns[name] for name in dict.fromkeys(named) if name in columns)).where(columns.id.in_(ids))


def _of(cases: Iterable[Case], table: Any) -> ColumnElement[bool]:
    return sa.or_(sa.false(), *((table.c.of_register == c.slug) & (table.c.record_id == c.id) for c in cases))


def behind(cases: Sequence[Case]) -> tuple[dict[Case, int], dict[Case, set[str]]]:
    """How many urge slips each case has had, and the states that it left, or is in, later than it should."""
    slips = sa.select(_slips.c.of_register, _slips.c.record_id, sa.func.count().label("number"))
    urged = slips.where(_slips.c.kind == URGE, _of(cases, _slips)).group_by(_slips.c.of_register, _slips.c.record_id)
    states = sa.select(_clocks.c.of_register, _clocks.c.record_id, _clocks.c.state).distinct()
    late = states.where(_clocks.c.status.in_((BREACHED, LATE_MET)), _of(cases, _clocks))
    numbers, left = together.rows_of([urged, late])
    found: dict[Case, set[str]] = defaultdict(set)
    for slug, record_id, state in left:
        found[Case(slug, record_id)].add(state)
    return {Case(slug, record_id): number for slug, record_id, number in numbers}, found


def ending(cases: Sequence[Case]) -> dict[Case, DeadlineClock]:
    """The running clock of each case that ends first."""
    query = sa.select(DeadlineClock).where(by_clock.live(), _of(cases, _clocks)).order_by(_clocks.c.due_at.desc())
    return {Case(row.of_register, row.record_id): row for row in session.scalars(query)}
