"""Rows of a register: scope, filters, order and paging, once for the list screen, REST, look-ups and export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.sql import ColumnElement

from app.core import access, crypto, finding, looking, narrowing, reading
from app.core.db import is_sqlite, session
from app.core.errors import BadRequest, NotFound, Problem
from app.core.fieldspec import FieldSpec
from app.core.kinds import LARGEST, BooleanKind, DateKind, TextKind
from app.core.narrowing import Narrowed
from app.core.reach import LIMIT as COUNT_LIMIT
from app.core.reach import Reach, aside, number
from app.core.register import Register, registers

PAGE_LIMIT = 40
SIZES = (10, 25, 50, 100)
RESERVED = frozenset({"order", "page", "size", "q", "view", "after", "_l_"})
HIGHEST = "\U0010ffff"


@dataclass(frozen=True)
class Filter:
    """One condition: field, operator, typed value, and the text it came from."""

    name: str
    op: str
    value: Any
    raw: str


@dataclass(frozen=True)
class Criteria:
    """What a person asked a list for, checked against the register."""

    filters: tuple[Filter, ...] = ()
    q: str = ""
    order: str = "-id"
    page: int = 1
    size: int = 25
    after: int | None = None
    narrowed: tuple[Narrowed, ...] = ()
    extra: tuple[ColumnElement[bool], ...] = field(default=(), compare=False)

    def where(self, *clauses: ColumnElement[bool]) -> Criteria:
        """The same criteria with conditions of the program's own."""
        return replace(self, extra=(*self.extra, *clauses))


@dataclass(frozen=True)
class Page:
    """One page of rows; ``exact`` is false when counting stopped at the limit; ``reach`` is what they were found in."""

    rows: list[Any]
    total: int
    exact: bool
    criteria: Criteria
    more: bool
    reach: Reach


def filterable(register: Register) -> dict[str, FieldSpec]:
    """Fields a person may filter by: those the register indexes."""
    hidden = set(register.personal) if register.sealed else set()
    names = {*register.filters, *register.search, register.title, *register.personal} - hidden
    return {name: spec for name, spec in register.fields.items() if name in names and spec.kind.ops}


def sortable(register: Register) -> set[str]:
    """Columns a person may order by; never a hidden, personal or unindexed one (D7)."""
    named = {*register.filters, *register.search, register.order.lstrip("-"), "id"}
    return {n for n in named if n == "id" or (n in register.fields and register.fields[n].kind.sortable)} | (
        {register.order.lstrip("-")}
    )


def read_criteria(register: Register, args: Mapping[str, str]) -> Criteria:
    """Check query arguments; raises ``BadRequest`` naming every unknown filter, operator, order or page."""
    problems: list[Problem] = []
    ways = narrowing.ways(register)
    asked = (_narrowed(ways[key], key, args[key], problems) for key in ways if key in args)
    narrowed = tuple(way for way in asked if way is not None)
    named = [(key, raw) for key, raw in args.items() if key not in RESERVED and key not in ways]
    filters = tuple(found for key, raw in named if (found := _filter(register, key, raw, problems)))
    order = args.get("order") or register.order
    if order.lstrip("-") not in sortable(register):
        problems.append(Problem(_("The list cannot be ordered by “%(name)s”.", name=order), "order", "sortable"))
    page = _whole(args, "page", 1, 1, PAGE_LIMIT, problems)
    size = _whole(args, "size", 25, 1, SIZES[-1], problems)
    after = _whole(args, "after", 0, 0, 2**53, problems) or None
    if problems:
        raise BadRequest(*problems)
    return Criteria(filters, reading.plain(args.get("q", "")), order, page, size, after, narrowed)


def _narrowed(way: narrowing.Way, key: str, raw: str, problems: list[Problem]) -> Narrowed | None:
    try:
        return Narrowed(key, raw, way.words(raw))
    except ValueError as error:
        problems.append(Problem(error.args[0], key, "value"))
        return None


def _whole(args: Mapping[str, str], key: str, default: int, low: int, high: int, problems: list[Problem]) -> int:
    raw = args.get(key)
    if raw in (None, ""):
        return default
    found = reading.number(raw)
    if found is None or not low <= found <= high:
        text = _("“%(key)s” must be a whole number from %(low)s to %(high)s.", key=key, low=low, high=high)
        problems.append(Problem(text, key, "range"))
        return default
    return found


def _filter(register: Register, key: str, raw: str, problems: list[Problem]) -> Filter | None:
    name, _sep, op = key.partition("__")
    op, known = op or "eq", filterable(register)
    if name not in known:
        problems.append(Problem(_("There is no filter “%(name)s”.", name=name), name, "filter"))
        return None
    spec = known[name]
    if op not in spec.kind.ops:
        problems.append(Problem(_("“%(op)s” is not a way to filter “%(name)s”.", op=op, name=spec.label), name, "op"))
        return None
    try:
        return Filter(name, op, _filter_value(spec, op, raw), raw)
    except ValueError as error:
        problems.append(Problem(error.args[0], name, "value"))
        return None


def _filter_value(spec: FieldSpec, op: str, raw: str) -> Any:
    if op == "empty":
        return BooleanKind().parse(raw, spec)
    if op == "in":
        return [spec.kind.parse(part, spec) for part in raw.split(",") if part]
    if op == "lte" and spec.kind.name == "datetime" and len(raw) == len("2025-01-01"):
        day = DateKind().parse(raw, spec)
        return spec.kind.parse(dt.datetime.combine(day, dt.time.max).isoformat(), spec)
    value = spec.kind.read(raw, spec)
    if value is None:
        raise ValueError(_("A value to filter by is missing."))
    return value


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
    return _OPS[item.op](columns[item.name], item.value)


def quick(register: Register, text: str) -> ColumnElement[bool]:
    """The quick search: by the index of words, else the start of a searched text, or of the title of a referred row."""
    if (ids := finding.ids_of(register, text)) is not None:
        return register.model.__table__.c.id.in_(ids)
    found: list[ColumnElement[bool]] = []
    for name in register.search or (register.title,):
        column, spec = register.model.__table__.c[name], register.fields.get(name)
        if spec and spec.target:
            target = registers()[spec.target]
            title = target.model.__table__.c[target.title]
            found.append(column.in_(sa.select(target.model.__table__.c.id).where(_begins(title, text)).limit(200)))
        elif spec and spec.kind.name == "personal":
            found.append(register.model.__table__.c[f"{name}_index"] == crypto.blind_index(text))
        elif spec and isinstance(spec.kind, TextKind):
            found.append(_begins(column, text))
        else:
            found.append(_is(column, spec, text))
    return sa.or_(*found)


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


def fetch(register: Register, criteria: Criteria, names: Iterable[str] = ()) -> Page:
    """One page: as many statements for a small table as for a large one, one or two more far behind the first pages."""
    table = register.model.__table__
    columns = [table.c[n] for n in dict.fromkeys(("id", *names)) if n in table.c]
    reach, asked = Reach(register), conditions(register, criteria)
    where = reach.where(*asked)
    total = number(sa.select(table.c.id).where(*where).limit(COUNT_LIMIT + 1)) if asked else reach.size
    if total > COUNT_LIMIT and not _keeps_order(criteria):
        where = reach.where(*map(aside, asked))
    query = _ordered(register, sa.select(*columns).where(*where), criteria)
    rows: list[Any] = []
    for stretch in _stretches(register, criteria):
        if (left := criteria.size + 1 - len(rows)) > 0:
            rows += session.execute(query.where(*stretch).limit(left)).all()
    counted, exact = min(total, COUNT_LIMIT), total <= COUNT_LIMIT
    return Page(rows[: criteria.size], counted, exact, criteria, len(rows) > criteria.size, reach)


def every(register: Register, criteria: Criteria, names: Iterable[str] = ()) -> sa.Select[Any]:
    """The query of all rows that were asked for, in order."""
    columns = [register.model.__table__.c[n] for n in dict.fromkeys(("id", *names)) if n in register.model.__table__.c]
    chosen = sa.select(*columns).where(*Reach(register).where(*conditions(register, criteria)))
    return _ordered(register, chosen, replace(criteria, page=1, after=None))


def of_parent(register: Register, column: str, key: int, size: int, names: Iterable[str]) -> tuple[list[Any], int]:
    """The first rows in reach that name a record in a column, and how many there are: one statement if they are few."""
    rows = first_of(register, column, key, size + 1, names)
    if len(rows) <= size:
        return rows, len(rows)
    table = register.model.__table__
    return rows[:size], number(sa.select(table.c.id).where(table.c[column] == key, access.rows(register)))


def first_of(register: Register, column: str, key: int, size: int, names: Iterable[str]) -> list[Any]:
    """The first rows in reach that name a record in a column, in the register's order."""
    table = register.model.__table__
    columns = [table.c[n] for n in dict.fromkeys(("id", *names)) if n in table.c]
    mine = sa.select(*columns).where(table.c[column] == key, access.rows(register))
    return [*session.execute(_ordered(register, mine, Criteria(order=register.order)).limit(size))]


def _keeps_order(criteria: Criteria) -> bool:
    """Whether the index that leads to what was asked for also brings it in order: that of one value does, by id."""
    one = [item.op for item in criteria.filters] == ["eq"] and not (criteria.q or criteria.narrowed or criteria.extra)
    return one and criteria.order.lstrip("-") == "id"


def _ordered(register: Register, query: Any, criteria: Criteria) -> Any:
    table, name = register.model.__table__, criteria.order.lstrip("-")
    keys = [table.c.id] if name == "id" else [table.c[name], table.c.id]
    query = query.order_by(*(key.desc() if criteria.order.startswith("-") else key.asc() for key in keys))
    return query.offset((criteria.page - 1) * criteria.size) if criteria.after is None else query


def _stretches(register: Register, criteria: Criteria) -> list[list[ColumnElement[bool]]]:
    """Where the rows behind the last one seen lie, in their order: with values behind its own, and with none.

    Each stretch is one walk along the index. SQLite counts an empty value as the smallest, PostgreSQL as the largest.
    """
    if criteria.after is None:
        return [[]]
    table, name, down = register.model.__table__, criteria.order.lstrip("-"), criteria.order.startswith("-")
    further = table.c.id < criteria.after if down else table.c.id > criteria.after
    if name == "id":
        return [[further]]
    column = table.c[name]
    mark = session.scalar(sa.select(column).where(table.c.id == criteria.after))
    empty_last = is_sqlite() == down
    if mark is None:
        among = [column.is_(None), further]
        return [among] if empty_last else [among, [column.is_not(None)]]
    pair, edge = sa.tuple_(column, table.c.id), sa.tuple_(sa.literal(mark, column.type), sa.literal(criteria.after))
    behind = [pair < edge if down else pair > edge]
    return [behind, [column.is_(None)]] if column.nullable and empty_last else [behind]


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
