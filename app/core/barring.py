"""Rows kept from the people they are about: whatever else would let them see a case or anything that leads to it.

A barrier names a row and the person, or the unit with everybody in it, who never reaches it. It weighs more than every
holding, participation or ownership, an administrator's as well.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask import g, has_request_context
from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import ColumnElement

from app.core import clock
from app.core.db import Model, session
from app.core.register import Record, Register, register_of, registers
from app.core.remembering import while_reading, within_transaction
from app.core.types import Key, RowId, UtcDateTime

NAMED, TIED, RECUSED = "named", "tied", "recused"
Rows = frozenset[tuple[str, int]]
Found = Mapping[str, set[int]]


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
    """The condition that leaves out the rows of a register that are, or lead to, what somebody is barred from."""
    keys = _all(barred).get(register.slug) if barred else None
    return [register.model.__table__.c.id.not_in(sorted(keys))] if keys else []


def leads_to(slug_column: Any, id_column: Any, barred: Rows) -> list[ColumnElement[bool]]:
    """The same for a table that points at rows by register and id."""
    found = {slug: sorted(keys) for slug, keys in _all(barred).items() if keys} if barred else {}
    ways = list(_pointing(slug_column, id_column, found))
    return [~sa.func.coalesce(sa.or_(*ways), sa.false())] if ways else []


def is_barred(slug: str, record_id: int, barred: Rows) -> bool:
    """Whether somebody is barred from a row, or from what it leads to."""
    return bool(barred) and record_id in _all(barred).get(slug, ())


def _all(barred: Rows) -> Found:
    """The barred rows and every row that leads to one, by register; looked up once a request, level by level."""
    known: dict[Rows, Found] = g.setdefault("barred_rows", {}) if has_request_context() else {}
    if barred not in known:
        known[barred] = _behind(barred)
    return known[barred]


def _behind(barred: Rows) -> Found:
    found: dict[str, set[int]] = defaultdict(set)
    fresh: dict[str, set[int]] = defaultdict(set)
    for slug, key in barred:
        fresh[slug].add(key)
    while fresh:
        for slug, keys in fresh.items():
            found[slug] |= keys
        query = _leading(tuple(registers()), tuple(sorted(fresh)))
        rows = session.execute(query, {slug: sorted(keys) for slug, keys in fresh.items()}) if query is not None else ()
        fresh = defaultdict(set)
        for slug, key in rows:
            if key not in found[slug]:
                fresh[slug].add(key)
    return found


@lru_cache(maxsize=512)
def _leading(known: tuple[str, ...], fresh: tuple[str, ...]) -> sa.CompoundSelect[Any] | None:
    """The query of all rows that lead to rows of some registers, whose ids are given by slug; built once for these."""
    ids = {slug: sa.bindparam(slug, expanding=True, type_=RowId) for slug in fresh}
    ways = [way for slug in known for way in _from(registers()[slug], ids)]
    return sa.union_all(*ways) if ways else None


def _from(register: Register, ids: Mapping[str, Any]) -> Iterator[sa.Select[Any]]:
    """The query of the rows of a register that lead to these, if it can."""
    table = register.model.__table__
    ways = [table.c[name].in_(ids[slug]) for name, slug in _references(register) if slug in ids]
    if register.points:
        at, key = (table.c[name] for name in register.points)
        ways += _pointing(at, key, ids)
    if ways:
        yield sa.select(sa.literal(register.slug), table.c.id).where(sa.or_(*ways))


def _pointing(at: Any, key: Any, ids: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    for slug, keys in sorted(ids.items()):
        yield sa.and_(at == slug, key.in_(keys))


def _references(register: Register) -> list[tuple[str, str]]:
    """The columns of a register that lead to rows of another, with its slug; a detail leads to its main row."""
    found = [(n, s.target) for n, s in register.fields.items() if s.kind.name == "ref" and s.target in registers()]
    found = [(name, slug) for name, slug in found if slug != register.slug]
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


# -- who is kept from a row ------------------------------------------------------------------------------------------


@while_reading
def people_kept_from(slug: str, record_id: int) -> frozenset[int]:
    """Everybody who is barred from a row or from what it leads to: by name, through a unit, or standing in for one."""
    if not _barred_registers():
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


@within_transaction(Barrier)
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
