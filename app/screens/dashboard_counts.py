"""What the charts count, each with one statement over the rows in the person's reach."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.areas.visits.answers import ANSWERS, answered
from app.core import clock
from app.core.db import session
from app.core.register import registers
from app.engines.deadlines import narrowing as by_clock
from app.engines.deadlines.models import DeadlineClock
from app.engines.policy import stages
from app.engines.policy.narrowing import choices_of
from app.engines.reports.seconds import seconds
from app.screens.dashboard_asked import CASES, VISITS, Asked, cases

if TYPE_CHECKING:
    from app.packs.schema import Pack

AGES = (7, 14, 30, 60)
NOT_ACCEPTED = -1


def _table(slug: str = CASES) -> Any:
    return registers()[slug].model.__table__


def _month(asked: Asked, column: Any) -> Any:
    """The place of the month in which an instant of the period lies."""
    return sa.case(*((column <= month.instants[1], place) for place, month in enumerate(asked.months)))


def by_month(asked: Asked, name: str) -> dict[int, int]:
    """Cases by the month in which they were accepted, or closed."""
    column = _table().c[name]
    month = _month(asked, column).label("month")
    query = sa.select(month, sa.func.count()).where(*asked.rows(), asked.during(column)).group_by(month)
    return dict(session.execute(query).all())


def to_close(asked: Asked) -> dict[int, tuple[int, int]]:
    """Seconds from acceptance to closing, and how many cases, by the month in which they were closed."""
    c = _table().c
    month = _month(asked, c.closed_at).label("month")
    took = sa.func.sum(seconds(c.accepted_at, c.closed_at))
    query = sa.select(month, took, sa.func.count()).where(*asked.rows(), asked.during(c.closed_at)).group_by(month)
    return {place: (int(total), number) for place, total, number in session.execute(query)}


def by_policy(asked: Asked) -> dict[str, int]:
    """Accepted cases by policy."""
    return _grouped(asked, _table().c.policy)


def by_column(asked: Asked, name: str) -> dict[Any, int]:
    """Accepted cases by a column."""
    return _grouped(asked, _table().c[name])


def by_class(asked: Asked, name: str) -> dict[Any, int]:
    """Accepted cases by a field of the register or of one of its details."""
    table = _table()
    details = [one.model.__table__ for one, _spec in choices_of(cases(), name)]
    source, parts = table, [one.c[name] for one in details]
    for one in details:
        source = source if one is table else source.outerjoin(one, one.c.id == table.c.id)
    column = sa.func.coalesce(*parts) if len(parts) > 1 else parts[0]
    query = sa.select(column, sa.func.count()).select_from(source)
    rows = query.where(*asked.rows(), asked.during(table.c.accepted_at)).group_by(column)
    return dict(session.execute(rows).all())


def _grouped(asked: Asked, column: Any) -> dict[Any, int]:
    query = sa.select(column, sa.func.count()).where(*asked.rows(), asked.during(_table().c.accepted_at))
    return dict(session.execute(query.group_by(column)).all())


def by_state(asked: Asked) -> dict[tuple[str, str], int]:
    """Open cases by policy and state."""
    c = _table().c
    query = sa.select(c.policy, c.status, sa.func.count()).where(*asked.rows(), stages.in_hand(cases()))
    return {(policy, status): number for policy, status, number in session.execute(query.group_by(c.policy, c.status))}


def by_late_clock(asked: Asked) -> dict[str, int]:
    """Late open cases by the clock that has ended; a case with two of them counts under both."""
    clocks = DeadlineClock.__table__
    mine = clocks.c.record_id.in_(sa.select(_table().c.id).where(*asked.rows()))
    query = sa.select(clocks.c.key, sa.func.count(clocks.c.record_id.distinct()))
    return dict(session.execute(query.where(*by_clock.late_by(cases()), mine).group_by(clocks.c.key)).all())


def bands() -> list[tuple[dt.date | None, dt.date | None]]:
    """The days of acceptance of each band of age, the youngest first."""
    today = clock.today()
    edges = [today - dt.timedelta(days=days) for days in AGES]
    until = [None, *(edge - dt.timedelta(days=1) for edge in edges)]
    return list(zip([*edges, None], until, strict=True))


def by_age(asked: Asked) -> dict[int, int]:
    """Open cases by the band in which their acceptance lies; ``NOT_ACCEPTED`` for those without one."""
    accepted = _table().c.accepted_at
    starts = [clock.from_local(dt.datetime.combine(first, dt.time.min)) for first, _last in bands() if first]
    ends = ((accepted >= start, place) for place, start in enumerate(starts))
    band = sa.case((accepted.is_(None), NOT_ACCEPTED), *ends, else_=len(starts)).label("band")
    query = sa.select(band, sa.func.count()).where(*asked.rows(), stages.in_hand(cases()))
    return dict(session.execute(query.group_by(band)).all())


def by_answer(asked: Asked) -> dict[int, Sequence[int]]:
    """What customers answered on visits, by the month of the visit, in the order of the answers."""
    visited = _table(VISITS).c.visited_at
    month = _month(asked, visited).label("month")
    sums = (sa.func.sum(sa.case((answered(key), 1), else_=0)) for key in ANSWERS)
    query = sa.select(month, *sums).where(*asked.rows(VISITS), asked.during(visited)).group_by(month)
    return {place: numbers for place, *numbers in session.execute(query)}


def class_field(pack: Pack) -> str:
    """The field by which a policy sorts its complaints: that of its first tier with the same classes.

    Without such a tier it is the first field with fixed values that its list shows.
    """
    kept = [tier.keeps.field for tier in pack.tiers.values() if tier.keeps and tier.keeps.register_ == CASES]
    detail = registers().get(pack.cases[CASES].detail or "")
    fields = {name: spec for one in (detail, cases()) if one for name, spec in one.fields.items()}
    same = (name for tier in pack.tiers.values() for name, spec in fields.items() if {*spec.choices} == {*tier.classes})
    listed = detail.list if detail else ()
    for name in (*kept, *same, *listed):
        if any(one in (detail, cases()) for one, _spec in choices_of(cases(), name)):
            return name
    return "category"
