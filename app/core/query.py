"""Rows of a register: scope, filters, order and paging, once for the list screen, REST, look-ups and export."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement

from app.core import access, crypto, finding, looking, narrowing, paging, reading
from app.core.criteria import PAGE_LIMIT, SIZES, Criteria, Filter, filterable, listable, read_criteria, shown, sortable
from app.core.db import is_sqlite, session
from app.core.errors import NotFound
from app.core.fieldspec import FieldSpec
from app.core.kinds import LARGEST, TextKind
from app.core.reach import LIMIT as COUNT_LIMIT
from app.core.reach import Reach, aside, number
from app.core.register import Register, registers
from app.core.types import RowId

__all__ = [
    "COUNT_LIMIT",
    "HIGHEST",
    "PAGE_LIMIT",
    "SIZES",
    "Criteria",
    "Filter",
    "Page",
    "condition",
    "conditions",
    "every",
    "fetch",
    "filled",
    "filterable",
    "find",
    "first_of",
    "listable",
    "quick",
    "read_criteria",
    "shown",
    "sortable",
    "totals",
]

HIGHEST = "\U0010ffff"


@dataclass(frozen=True)
class Page:
    """One page of rows; ``exact`` is false when counting stopped at the limit; ``reach`` is what they were found in.

    There are ``more`` rows behind it, and ``earlier`` ones before.
    """

    rows: list[Any]
    total: int
    exact: bool
    criteria: Criteria
    more: bool
    reach: Reach
    earlier: bool = False


_OPS: dict[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "eq": lambda column, value: column == value,
    "in": lambda column, value: column.in_(value),
    "gte": lambda column, value: column >= value,
    "lte": lambda column, value: column <= value,
    "prefix": lambda column, value: column.between(value, value + HIGHEST),
    "empty": lambda column, value: column.is_(None) if value else column.is_not(None),
}


def condition(register: Register, item: Filter) -> ColumnElement[bool]:
    """A filter as SQL; personal fields are found whole, through their blind index."""
    columns = register.model.__table__.c
    if item.name in register.personal:
        return columns[f"{item.name}_index"] == crypto.blind_index(item.value)
    if item.op == "contains":
        return _containing(register, item)
    return _OPS[item.op](columns[item.name], item.value)


def _holds(column: Any, text: str) -> ColumnElement[bool]:
    """Whether a text stands anywhere in a column, in small or capital letters."""
    # SQLite's LIKE takes both for one; lowering each row would triple its time
    same = is_sqlite() or text.lower() == text.upper()
    found: ColumnElement[bool] = (column.contains if same else column.icontains)(text, autoescape=True)
    return found


def _containing(register: Register, item: Filter) -> ColumnElement[bool]:
    """Rows that hold a text anywhere: read out of the index of the column, which is far smaller than the table."""
    inner = register.model.__table__.alias()
    found: ColumnElement[bool] = register.model.__table__.c.id.in_(
        sa.select(inner.c.id).where(_holds(inner.c[item.name], item.value))
    )
    return found


def quick(register: Register, text: str) -> ColumnElement[bool]:
    """The quick search: by the index of words, the start of a searched text, or of the title of a referred row.

    A register that names what its rows are ``found_by`` is searched by the index alone.
    """
    key, ids = register.model.__table__.c.id, finding.ids_of(register, text)
    if register.found_by and ids is not None:
        return key.in_(ids)
    found: list[ColumnElement[bool]] = [] if ids is None else [key.in_(ids)]
    return sa.or_(*found, *(_begun(register, name, text) for name in register.search or (register.title,)))


def _begun(register: Register, name: str, text: str) -> ColumnElement[bool]:
    column, spec = register.model.__table__.c[name], register.fields.get(name)
    if spec and spec.target:
        target = registers()[spec.target]
        title = target.model.__table__.c[target.title]
        named: ColumnElement[bool] = column.in_(
            sa.select(target.model.__table__.c.id).where(_begins(title, text)).limit(200)
        )
        return named
    if spec and spec.kind.name == "personal":
        blind: ColumnElement[bool] = register.model.__table__.c[f"{name}_index"] == crypto.blind_index(text)
        return blind
    return _begins(column, text) if spec and isinstance(spec.kind, TextKind) else _is(column, spec, text)


def _is(column: Any, spec: FieldSpec | None, text: str) -> ColumnElement[bool]:
    """A number, day or choice is found whole; a text that is none finds nothing."""
    try:
        value = spec.kind.read(text, spec) if spec else reading.number(text)
    except ValueError:
        value = None
    return column == value if value is not None else sa.false()


def _begins(column: Any, text: str) -> ColumnElement[bool]:
    return _OPS["prefix"](column, text)


def conditions(register: Register, criteria: Criteria) -> list[ColumnElement[bool]]:
    """What was asked for, without the person's scope."""
    found = [*criteria.extra, *(condition(register, f) for f in criteria.filters)]
    found += [narrowing.condition(register, way) for way in criteria.narrowed]
    return [*found, quick(register, criteria.q)] if criteria.q else found


def _passed(register: Register, criteria: Criteria, asked: list[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    """The conditions as a walk along the list's order judges the rows that it passes."""
    columns, first = register.model.__table__.c, len(criteria.extra)
    held = {
        first + at: _holds(columns[item.name], item.value)
        for at, item in enumerate(criteria.filters)
        if item.op == "contains"
    }
    return [held[at] if at in held else aside(one) for at, one in enumerate(asked)]


def fetch(register: Register, criteria: Criteria, names: Iterable[str] = ()) -> Page:
    """One page: as many statements for a small table as for a large one, one or two more far behind the first pages."""
    table, way = register.model.__table__, paging.walk(criteria)
    columns = [table.c[n] for n in dict.fromkeys(("id", *names)) if n in table.c]
    reach, asked = Reach(register), conditions(register, criteria)
    where = reach.where(*(_passed(register, criteria, asked) if reach.few else asked))
    total = number(sa.select(table.c.id).where(*where).limit(COUNT_LIMIT + 1)) if asked else reach.size
    if total > COUNT_LIMIT and not _keeps_order(criteria):
        where = reach.where(*_passed(register, criteria, asked))
    query = paging.ordered(register, sa.select(*columns).where(*where), way)
    rows: list[Any] = []
    for stretch in paging.stretches(register, way):
        if (left := criteria.size + 1 - len(rows)) > 0:
            rows += session.execute(query.where(*stretch).limit(left)).all()
    return _page(rows, total, criteria, reach)


def _page(rows: list[Any], total: int, criteria: Criteria, reach: Reach) -> Page:
    shown, onward = rows[: criteria.size], len(rows) > criteria.size
    counted, exact = min(total, COUNT_LIMIT), total <= COUNT_LIMIT
    if paging.is_turned(criteria):
        return Page(shown[::-1], counted, exact, criteria, criteria.before is not None, reach, onward)
    earlier = criteria.page > 1 or criteria.after is not None
    return Page(shown, counted, exact, criteria, onward, reach, earlier)


def every(register: Register, criteria: Criteria, names: Iterable[str] = ()) -> sa.Select[Any]:
    """The query of all rows that were asked for, in order."""
    columns = [register.model.__table__.c[n] for n in dict.fromkeys(("id", *names)) if n in register.model.__table__.c]
    chosen = sa.select(*columns).where(*Reach(register).where(*conditions(register, criteria)))
    return paging.ordered(register, chosen, replace(criteria, page=1, after=None, before=None, end=False))


def totals(lines: Iterable[tuple[Register, str]], key: int) -> list[int]:
    """How many rows in reach of each register name a record in a column; one statement for all."""
    counts = []
    for line, column in lines:
        table = line.model.__table__
        mine = sa.select(table.c.id).where(table.c[column] == key, access.rows(line)).subquery()
        counts.append(sa.select(sa.func.count()).select_from(mine).scalar_subquery())
    return [*session.execute(sa.select(*counts)).one()] if counts else []


def filled(lines: Iterable[tuple[Register, str]], key: int) -> set[str]:
    """The registers with rows in reach that name a record in a column; one statement for all."""
    asked = tuple((line.model, column, access.rows(line)) for line, column in lines)
    found = session.execute(_any_of(asked), {"key": key}).one() if asked else ()
    return {model.register.slug for (model, _column, _reach), there in zip(asked, found, strict=True) if there}


@lru_cache(maxsize=1024)
def _any_of(asked: tuple[tuple[Any, str, ColumnElement[bool]], ...]) -> Any:
    """Built once for people who see the same."""
    key = sa.bindparam("key", type_=RowId)
    tables = ((model.__table__, model.__table__.c[column], reach) for model, column, reach in asked)
    return sa.select(*(sa.select(table.c.id).where(column == key, reach).exists() for table, column, reach in tables))


def first_of(register: Register, column: str, key: int, size: int, names: Iterable[str]) -> sa.Select[Any]:
    """The query of the first rows in reach that name a record in a column, in the register's order."""
    table = register.model.__table__
    columns = [table.c[n] for n in dict.fromkeys(("id", *names)) if n in table.c]
    mine = sa.select(*columns).where(table.c[column] == key, access.rows(register))
    found: sa.Select[Any] = paging.ordered(register, mine, Criteria(order=register.order)).limit(size)
    return found


def _keeps_order(criteria: Criteria) -> bool:
    """Whether the index that leads to what was asked for also brings it in order: that of one value does, by id."""
    one = [item.op for item in criteria.filters] == ["eq"] and not (criteria.q or criteria.narrowed or criteria.extra)
    return one and criteria.order.lstrip("-") == "id"


def find(register: Register, record_id: int, action: str = "read") -> Any:
    """The row, or ``NotFound`` when it is absent or outside the person's scope."""
    model = register.model
    if not 0 < record_id < LARGEST:
        raise NotFound()
    row = session.scalar(sa.select(model).where(model.id == record_id, access.rows(register, action)))
    if row is None:
        looking.missed(register, record_id)
        raise NotFound()
    looking.seen(register, [row])
    return row
