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
LATE, CLOCKS_EACH = -1, 16
Seen = tuple[tuple[Any, ColumnElement[bool]], ...]
Narrowed = tuple[tuple[Any, ColumnElement[bool], ColumnElement[bool]], ...]


class Case(NamedTuple):
    """One row of one register."""

    slug: str
    id: int


Station = tuple[str, int, str]
"""A register, a pack version and a state."""


@dataclass
class Due:
    """How many cases are late or due on a day, by register; since when the oldest is late, and where the late stand."""

    late: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    days: dict[dt.date, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    oldest: dt.datetime | None = None
    stations: dict[Station, int] = field(default_factory=dict)

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


def _seen(known: Registers) -> Seen:
    return tuple((register.model, access.rows(register)) for register in known)


def _running(model: Any, rows: ColumnElement[bool], until: Any) -> list[ColumnElement[bool]]:
    """Clocks on rows that the person may read and that end by an instant; each looks up its row: few of them run."""
    seen = sa.select(sa.literal(1)).where(model.__table__.c.id == _clocks.c.record_id, rows)
    return [*_ending(model, until), seen.correlate(_clocks).exists()]


def _ending(model: Any, until: Any) -> tuple[ColumnElement[bool], ...]:
    return (_clocks.c.of_register == model.register.slug, _clocks.c.due_at <= until, by_clock.live())


def due(known: Registers, last: dt.date) -> Due:
    """Cases by the day on which their most urgent running clock ends, up to a day; what is late counts apart."""
    today, found = clock.today(), Due()
    if not known:
        return found
    days = [today + dt.timedelta(days=n) for n in range((last - today).days + 1)]
    given = {"now": by_clock.just_past()} | {f"end{n}": by_clock.end_of_day(day) for n, day in enumerate(days)}
    for slug, version, status, number, total, oldest in session.execute(_due_query(_seen(known), len(days)), given):
        if number == LATE:
            found.late[slug] += total
            found.stations[slug, version, status] = total
            found.oldest = min(filter(None, (found.oldest, oldest)))
        else:
            found.days[days[number]][slug] += total
    return found


@lru_cache(maxsize=256)
def _due_query(seen: Seen, days: int) -> sa.Select[Any]:
    """Built once for people who see the same, like those below; the days are numbered from today."""
    ends = [_instant(f"end{n}") for n in range(days)]
    line = sa.union_all(*(_ends_of(model, rows, ends[-1]) for model, rows in seen)).subquery()
    numbered = [(line.c.due <= _instant("now"), LATE), *((line.c.due <= end, n) for n, end in enumerate(ends))]
    named = (line.c.of_register, line.c.pack_version_id, line.c.status, sa.case(*numbered).label("bucket"))
    return sa.select(*named, sa.func.count(), sa.func.min(line.c.due)).group_by(*named)


def _ends_of(model: Any, rows: ColumnElement[bool], until: Any) -> sa.Select[Any]:
    """Each case with the end of its most urgent clock."""
    table = model.__table__
    named = (_clocks.c.of_register, table.c.pack_version_id, table.c.status)
    each = sa.select(*named, sa.func.min(_clocks.c.due_at).label("due"))
    here = each.select_from(_clocks.join(table, table.c.id == _clocks.c.record_id))
    # the unary zero keeps SQLite on the index of what ends soon, instead of the one by rows
    return here.where(*_ending(model, until), rows).group_by(*named, _clocks.c.record_id + 0)


def _instant(name: str) -> sa.BindParameter[dt.datetime]:
    return sa.bindparam(name, type_=UtcDateTime())


def urgent(known: Registers, limit: int) -> list[Case]:
    """The cases that are late or due today, the oldest limit first."""
    if not known:
        return []
    found = session.execute(_urgent_query(_seen(known), limit), {"end": by_clock.end_of_day(clock.today())})
    return list(dict.fromkeys(Case(slug, key) for _due, slug, key in found))[:limit]


@lru_cache(maxsize=256)
def _urgent_query(seen: Seen, limit: int) -> sa.Select[Any]:
    parts, most = [], limit * CLOCKS_EACH
    for one in seen:
        query = sa.select(_clocks.c.due_at, _clocks.c.of_register, _clocks.c.record_id)
        # in the order of the index, so that it ends with the first few
        ordered = query.where(*_running(*one, _instant("end"))).order_by(_clocks.c.due_at, _clocks.c.record_id)
        parts.append(sa.select(ordered.limit(most).subquery()))
    ending = sa.union_all(*parts).subquery()
    return sa.select(ending).order_by(ending.c.due_at, ending.c.record_id).limit(most)


def mine(known: Registers, limit: int) -> tuple[dict[str, int], list[Case]]:
    """How many open cases are mine, by register, and the most urgent of them; one statement."""
    if not known:
        return {}, []
    asked = tuple((register.model, access.rows(register), stages.mine(register)) for register in known)
    found, totals = _mine_query(asked, limit).rows()
    return dict(totals), [Case(*row) for row in found]


@lru_cache(maxsize=256)
def _mine_query(asked: Narrowed, limit: int) -> together.Joined:
    parts = []
    for model, *own in asked:
        table, slug = model.__table__, model.register.slug
        here = (_clocks.c.of_register == slug) & (_clocks.c.record_id == table.c.id)
        ends = sa.select(sa.func.min(_clocks.c.due_at)).where(here, by_clock.live()).scalar_subquery()
        parts.append(sa.select(sa.literal(slug).label("slug"), table.c.id, ends.label("due")).where(*own))
    lines = sa.union_all(*parts).cte("mine")
    ordered = sa.select(lines.c.slug, lines.c.id).order_by(lines.c.due.is_(None), lines.c.due, lines.c.id.desc())
    return together.Joined([ordered.limit(limit), sa.select(lines.c.slug, sa.func.count()).group_by(lines.c.slug)])


def watched(known: Registers, limit: int) -> list[Case]:
    """The cases that the person watches, the latest first."""
    person = access.current().employee_id
    return [Case(*row) for row in watching.newest(list(known), person, limit)] if person and known else []


class Standing(NamedTuple):
    """How many open cases of one pack version are in a state."""

    slug: str
    version_id: int
    status: str
    total: int


def standing(known: Registers) -> list[Standing]:
    """Where the open cases in reach stand; one statement."""
    if not known:
        return []
    asked = tuple((register.model, access.rows(register), stages.in_hand(register)) for register in known)
    return [Standing(*row) for row in session.execute(_standing_query(asked))]


@lru_cache(maxsize=256)
def _standing_query(asked: Narrowed) -> sa.CompoundSelect[Any]:
    parts = []
    for model, *open_ in asked:
        state = model.__table__.c
        query = sa.select(sa.literal(model.register.slug), state.pack_version_id, state.status, sa.func.count())
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
