"""What a person asks a list for, read from an address and checked against the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.sql import ColumnElement

from app.core import narrowing, reading
from app.core.errors import BadRequest, Problem
from app.core.fieldspec import FieldSpec
from app.core.kinds import BooleanKind, DateKind
from app.core.narrowing import Narrowed
from app.core.register import Register

PAGE_LIMIT = 40
SIZES = (10, 25, 50, 100)
RESERVED = frozenset({"order", "page", "size", "q", "view", "after", "before", "end", "columns", "_l_"})


@dataclass(frozen=True)
class Filter:
    """One condition: field, operator, typed value, and the text it came from."""

    name: str
    op: str
    value: Any
    raw: str


@dataclass(frozen=True)
class Criteria:
    """What a person asked a list for, checked against the register; no ``columns`` means the register's own."""

    filters: tuple[Filter, ...] = ()
    q: str = ""
    order: str = "-id"
    page: int = 1
    size: int = 25
    after: int | None = None
    before: int | None = None
    end: bool = False
    columns: tuple[str, ...] = ()
    narrowed: tuple[Narrowed, ...] = ()
    extra: tuple[ColumnElement[bool], ...] = field(default=(), compare=False)

    def where(self, *clauses: ColumnElement[bool]) -> Criteria:
        """The same criteria with conditions of the program's own."""
        return replace(self, extra=(*self.extra, *clauses))


def filterable(register: Register) -> dict[str, FieldSpec]:
    """Fields a person may filter by: those the register indexes."""
    hidden = set(register.personal) if register.sealed else set()
    names = {*register.filters, *register.search, register.title, *register.personal} - hidden
    return {name: spec for name, spec in register.fields.items() if name in names and spec.kind.ops}


def listable(register: Register) -> dict[str, FieldSpec]:
    """Fields that may be columns of a list, the register's own first; of a closed register no others."""
    own = {name: register.fields[name] for name in register.list}
    if register.closed:
        return own
    return own | {n: s for n, s in register.fields.items() if s.stored and s.kind.name != "json" and n not in own}


def shown(register: Register, criteria: Criteria) -> tuple[str, ...]:
    """The columns of a list, in order; its first one, which leads to the row, always stands there."""
    return tuple(dict.fromkeys((register.list[0], *criteria.columns))) if criteria.columns else register.list


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
    after, before = (_whole(args, key, 0, 0, 2**53, problems) or None for key in ("after", "before"))
    end, columns = args.get("end") == "1", _columns(register, args.get("columns", ""), problems)
    if problems:
        raise BadRequest(*problems)
    q = reading.plain(args.get("q", ""))
    return Criteria(filters, q, order, page, size, after, before, end, columns, narrowed)


def _columns(register: Register, raw: str, problems: list[Problem]) -> tuple[str, ...]:
    known, names = listable(register), tuple(dict.fromkeys(filter(None, raw.split(","))))
    strange = [name for name in names if name not in known]
    text = _("The list has no column “%(name)s”.")
    problems.extend(Problem(text % {"name": name[:60]}, "columns", "column") for name in strange)
    return names


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
