"""What a person's cases come to, over every register of cases: one statement per question, however many rows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement

from app.core import access, clock
from app.core.db import session
from app.core.register import Register, registers
from app.engines.deadlines import narrowing as by_clock
from app.engines.deadlines.models import BREACHED, LATE_MET, DeadlineClock
from app.engines.deadlines.slip import URGE, UrgeSlip
from app.engines.policy import stages
from app.engines.watching import operations as watching

Registers = Sequence[Register]
_clocks, _slips = DeadlineClock.__table__, UrgeSlip.__table__
LATE = 0


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


def _in_reach(known: Registers) -> ColumnElement[bool]:
    """Clocks that run on a row that the person may read."""
    parts = []
    for register in known:
        seen = sa.select(register.model.__table__.c.id).where(access.rows(register))
        parts.append((_clocks.c.of_register == register.slug) & _clocks.c.record_id.in_(seen))
    return sa.or_(sa.false(), *parts)


def due(known: Registers, last: dt.date) -> Due:
    """Cases by the day on which their most urgent running clock ends, up to a day; what is late counts apart."""
    today, found = clock.today(), Due()
    days = [today + dt.timedelta(days=n) for n in range((last - today).days + 1)]
    first = sa.func.min(_clocks.c.due_at).label("due")
    each = sa.select(_clocks.c.of_register, first).where(by_clock.live(), _in_reach(known))
    rows = each.group_by(_clocks.c.of_register, _clocks.c.record_id).having(first <= by_clock.end_of_day(last))
    line = rows.subquery()
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
    first = sa.func.min(_clocks.c.due_at)
    query = sa.select(_clocks.c.of_register, _clocks.c.record_id).where(by_clock.live(), _in_reach(known))
    grouped = query.group_by(_clocks.c.of_register, _clocks.c.record_id)
    soon = grouped.having(first <= by_clock.end_of_day(clock.today())).order_by(first, _clocks.c.record_id)
    return [Case(*row) for row in session.execute(soon.limit(limit))]


def mine(known: Registers, limit: int) -> tuple[dict[str, int], list[Case]]:
    """How many open cases are mine, by register, and the most urgent of them; two statements."""
    parts, counts = [], []
    for register in known:
        table = register.model.__table__
        here = (_clocks.c.of_register == register.slug) & (_clocks.c.record_id == table.c.id)
        ends = sa.select(sa.func.min(_clocks.c.due_at)).where(here, by_clock.live()).scalar_subquery()
        own = (access.rows(register), stages.mine(register))
        parts.append(sa.select(sa.literal(register.slug).label("slug"), table.c.id, ends.label("due")).where(*own))
        counts.append(sa.select(sa.func.count()).select_from(table).where(*own).scalar_subquery())
    if not parts:
        return {}, []
    lines = sa.union_all(*parts).subquery()
    ordered = sa.select(lines.c.slug, lines.c.id).order_by(lines.c.due.is_(None), lines.c.due, lines.c.id.desc())
    found = [Case(*row) for row in session.execute(ordered.limit(limit))]
    totals = session.execute(sa.select(*counts)).one()
    return {register.slug: total for register, total in zip(known, totals, strict=True)}, found


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
    parts = []
    for register in known:
        table = register.model.__table__
        late = sa.func.coalesce(sa.func.sum(sa.case((by_clock.late(register), 1), else_=0)), 0)
        query = sa.select(sa.literal(register.slug), table.c.pack_version_id, table.c.status, sa.func.count(), late)
        open_ = query.where(access.rows(register), stages.in_hand(register))
        parts.append(open_.group_by(table.c.pack_version_id, table.c.status))
    return [Standing(*row) for row in session.execute(sa.union_all(*parts))] if parts else []


# -- what belongs to some rows -----------------------------------------------------------------------------------------


def records(cases: Iterable[Case]) -> dict[Case, Any]:
    """The rows themselves, with one statement per register."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for case in cases:
        wanted[case.slug].append(case.id)
    found: dict[Case, Any] = {}
    for slug, ids in wanted.items():
        model = registers()[slug].model
        found |= {Case(slug, row.id): row for row in session.scalars(sa.select(model).where(model.id.in_(ids)))}
    return found


def _of(cases: Iterable[Case], table: Any) -> ColumnElement[bool]:
    return sa.or_(sa.false(), *((table.c.of_register == c.slug) & (table.c.record_id == c.id) for c in cases))


def urged(cases: Sequence[Case]) -> dict[Case, int]:
    """How many urge slips each case has had."""
    query = sa.select(_slips.c.of_register, _slips.c.record_id, sa.func.count())
    query = query.where(_slips.c.kind == URGE, _of(cases, _slips)).group_by(_slips.c.of_register, _slips.c.record_id)
    return {Case(slug, record_id): number for slug, record_id, number in session.execute(query)}


def ending(cases: Sequence[Case]) -> dict[Case, DeadlineClock]:
    """The running clock of each case that ends first."""
    query = sa.select(DeadlineClock).where(by_clock.live(), _of(cases, _clocks)).order_by(_clocks.c.due_at.desc())
    return {Case(row.of_register, row.record_id): row for row in session.scalars(query)}


def late_states(cases: Sequence[Case]) -> dict[Case, set[str]]:
    """The states that each case left, or is in, later than it should."""
    query = sa.select(_clocks.c.of_register, _clocks.c.record_id, _clocks.c.state).distinct()
    found: dict[Case, set[str]] = defaultdict(set)
    for slug, record_id, state in session.execute(
        query.where(_clocks.c.status.in_((BREACHED, LATE_MET)), _of(cases, _clocks))
    ):
        found[Case(slug, record_id)].add(state)
    return found
