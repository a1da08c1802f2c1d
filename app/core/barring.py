"""Rows kept from the people they are about: whatever else would let them see a case or anything that leads to it.

A barrier names a row and the person, or the unit with everybody in it, who never reaches it. It weighs more than every
holding, participation or ownership, an administrator's as well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import ColumnElement

from app.core import clock
from app.core.db import Model, session
from app.core.register import Record, Register, register_of, registers
from app.core.types import Key, RowId, UtcDateTime

NAMED, TIED, RECUSED = "named", "tied", "recused"
Rows = frozenset[tuple[str, int]]


class Barrier(Model):
    """A person, or everybody of a unit and below, who is kept from a row, and why."""

    __tablename__ = "barrier"
    __table_args__ = (
        Index("ix_barrier_row", "register", "record_id"),
        CheckConstraint("(employee_id IS NULL) <> (unit_id IS NULL)", name="one_of_both"),
        CheckConstraint("cause IN ('named', 'tied', 'recused')", name="cause"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    register: Mapped[str] = mapped_column(Key(60))
    record_id: Mapped[int] = mapped_column(RowId)
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id", ondelete="RESTRICT"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id", ondelete="RESTRICT"), index=True)
    cause: Mapped[str] = mapped_column(Key(20))
    since: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)


# -- what a person is kept from --------------------------------------------------------------------------------------


def kept_from(register: Register, barred: Rows) -> list[ColumnElement[bool]]:
    """Conditions that leave out the rows of a register that are, or lead to, what somebody is barred from."""
    ways = _ways(register, barred, frozenset(), 2) if barred else []
    return [~sa.func.coalesce(sa.or_(*ways), sa.false())] if ways else []


def leads_to(slug_column: Any, id_column: Any, barred: Rows) -> list[ColumnElement[bool]]:
    """The same for a table that points at rows by register and id."""
    ways = list(_pointed(slug_column, id_column, barred, frozenset(), 1)) if barred else []
    return [~sa.func.coalesce(sa.or_(*ways), sa.false())] if ways else []


def _ways(register: Register, barred: Rows, seen: frozenset[str], pointers: int) -> list[ColumnElement[bool]]:
    """How rows of a register come to be, or to lead to, a barred row; each register is passed once on a way."""
    table, seen = register.model.__table__, seen | {register.slug}
    found: list[ColumnElement[bool]] = []
    if own := sorted(key for slug, key in barred if slug == register.slug):
        found.append(table.c.id.in_(own))
    for name, slug in _references(register):
        ahead = slug not in seen and _reaches(slug, frozenset(s for s, _key in barred))
        if ahead and (behind := _ways(registers()[slug], barred, seen, pointers)):
            found.append(table.c[name].in_(_ids(registers()[slug], behind)))
    if register.points and pointers:
        at, key = (table.c[name] for name in register.points)
        found += _pointed(at, key, barred, seen, pointers - 1)
    return found


def _pointed(
    at: Any, key: Any, barred: Rows, seen: frozenset[str], pointers: int
) -> Iterator[ColumnElement[bool]]:
    for slug, register in registers().items():
        if slug in seen or not _reaches(slug, frozenset(s for s, _key in barred)):
            continue
        if behind := _ways(register, barred, seen, pointers):
            yield sa.and_(at == slug, key.in_(_ids(register, behind)))


def _ids(register: Register, behind: list[ColumnElement[bool]]) -> Any:
    """The query of the rows, on an alias of its own where the table already stands outside."""
    return sa.select(register.model.__table__.c.id).where(sa.or_(*behind)).correlate(None)


def _references(register: Register) -> list[tuple[str, str]]:
    """The columns of a register that lead to rows of another, with its slug; a detail leads to its main row."""
    found = [(n, s.target) for n, s in register.fields.items() if s.kind.name == "ref" and s.target in registers()]
    return [*found, *([("id", register.detail_of)] if register.detail_of else [])]


@lru_cache(maxsize=4096)
def _reaches(slug: str, barred: frozenset[str]) -> bool:
    """Whether rows of a register can lead to rows of one of these registers."""
    seen, ahead = set(), [slug]
    while ahead:
        here = ahead.pop()
        if here in barred or registers()[here].points:
            return True
        if here not in seen:
            seen.add(here)
            ahead += [target for _name, target in _references(registers()[here])]
    return False


def is_barred(slug: str, record_id: int, barred: Rows) -> bool:
    """Whether somebody is barred from a row, or from what it leads to."""
    if not barred or slug not in registers():
        return False
    register = registers()[slug]
    ways = _ways(register, barred, frozenset(), 2)
    if not ways:
        return False
    table = register.model.__table__
    return session.scalar(sa.select(table.c.id).where(table.c.id == record_id, sa.or_(*ways))) is not None


# -- who is kept from a row ------------------------------------------------------------------------------------------


def people_kept_from(slug: str, record_id: int) -> frozenset[int]:
    """Everybody who is barred from a row or from what it leads to: by name, through a unit, or standing in for one."""
    if session.scalar(sa.select(Barrier.id).limit(1)) is None:
        return frozenset()
    found: set[int] = set()
    for place in roots(slug, record_id):
        found.update(session.scalars(_people(*place)))
    return frozenset(found)


def kept_from_many(places: Iterable[tuple[str, int] | None]) -> dict[tuple[str, int], frozenset[int]]:
    """Who is kept from each of these rows, as far as anybody is; where nobody is kept from anything, one statement."""
    wanted = {place for place in places if place is not None}
    ended = _barred_registers() if wanted else frozenset()
    reaching = sorted(place for place in wanted if ended and place[0] in registers() and _reaches(place[0], ended))
    own = {place for place in reaching if place[0] in ended}
    known = sa.select(Barrier.register, Barrier.record_id).where(
        sa.tuple_(Barrier.register, Barrier.record_id).in_(sorted(own))
    )
    direct = {(row.register, row.record_id) for row in session.execute(known)} if own else set()
    return {place: people_kept_from(*place) for place in reaching if place not in own or place in direct}


def roots(slug: str, record_id: int) -> Rows:
    """The barred rows that a row is or leads to."""
    seen: set[tuple[str, int]] = set()
    ahead = [(slug, record_id)]
    while ahead:
        place = ahead.pop()
        if place in seen or place[0] not in registers():
            continue
        seen.add(place)
        ahead += _next(*place)
    known = sa.select(Barrier.register, Barrier.record_id).distinct()
    known = known.where(sa.tuple_(Barrier.register, Barrier.record_id).in_(sorted(seen)))
    return frozenset((row.register, row.record_id) for row in session.execute(known))


def _next(slug: str, record_id: int) -> Iterator[tuple[str, int]]:
    """Where a row leads, as far as that can end at a barred row."""
    register = registers()[slug]
    ended = _barred_registers()
    links = [(n, t) for n, t in _references(register) if _reaches(t, ended) and t != slug]
    if not links and not register.points:
        return
    table = register.model.__table__
    wanted = [table.c[name] for name in dict.fromkeys((*(n for n, _t in links), *register.points))]
    row = session.execute(sa.select(*wanted).where(table.c.id == record_id)).first()
    if row is None:
        return
    for name, target in links:
        if (key := row._mapping[name]) is not None:
            yield target, key
    if register.points and row._mapping[register.points[1]] is not None:
        yield row._mapping[register.points[0]], row._mapping[register.points[1]]


def _barred_registers() -> frozenset[str]:
    return frozenset(session.scalars(sa.select(Barrier.register).distinct()))


def _people(slug: str, record_id: int) -> Any:
    """Employee ids, with everybody who works or holds something in a barred unit or below, and their deputies."""
    tables = Model.metadata.tables
    person, unit, holding, deputy = (tables[name] for name in ("employee", "org_unit", "holding", "deputy"))
    here = (Barrier.register == slug) & (Barrier.record_id == record_id)
    above = unit.alias("above")
    inside = (
        sa.select(unit.c.id)
        .join(above, unit.c.path.like(above.c.path + "%"))
        .where(above.c.id.in_(sa.select(Barrier.unit_id).where(here, Barrier.unit_id.is_not(None))))
    )
    today = clock.today()

    def now(table: Any) -> ColumnElement[bool]:
        return (table.c.valid_from <= today) & (sa.func.coalesce(table.c.valid_to, today) >= today)

    own = sa.union(
        sa.select(Barrier.employee_id.label("id")).where(here, Barrier.employee_id.is_not(None)),
        sa.select(person.c.id).where(person.c.unit_id.in_(inside)),
        sa.select(holding.c.owner_id).where(holding.c.unit_id.in_(inside), now(holding)),
    ).subquery()
    standing_in = sa.select(deputy.c.deputy_id).where(deputy.c.owner_id.in_(sa.select(own.c.id)), now(deputy))
    return sa.union(sa.select(own.c.id), standing_in)


def set_barriers(record: Record, cause: str, people: Iterable[int], units: Iterable[int] = ()) -> set[int]:
    """Keep exactly these people and units from a row for one cause; the employees and units that are new."""
    slug = register_of(record).slug
    wanted = {(person, None) for person in people} | {(None, unit) for unit in units}
    known = {
        (row.employee_id, row.unit_id): row
        for row in session.scalars(sa.select(Barrier).filter_by(register=slug, record_id=record.id, cause=cause))
    }
    for place in known.keys() - wanted:
        session.delete(known[place])
    fresh = wanted - known.keys()
    session.add_all(
        Barrier(register=slug, record_id=record.id, employee_id=person, unit_id=unit, cause=cause)
        for person, unit in sorted(fresh, key=str)
    )
    session.flush()
    return {person for person, _unit in fresh if person is not None}
