"""Walks through rows in a list's order: by pages at its beginning, by the last row seen behind, and from its end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement

from app.core.criteria import Criteria
from app.core.db import is_sqlite, session
from app.core.register import Register


def is_turned(criteria: Criteria) -> bool:
    """Whether a page is met from the end of the list: its last one, or the one before a row."""
    return criteria.end or criteria.before is not None


def is_far(criteria: Criteria) -> bool:
    """Whether nobody counted how many rows lie before the page."""
    return is_turned(criteria) or criteria.after is not None


def walk(criteria: Criteria) -> Criteria:
    """The criteria by which rows are met: of a turned page the order is turned, and so are its rows."""
    if not is_turned(criteria):
        return criteria
    order = criteria.order.removeprefix("-") if criteria.order.startswith("-") else f"-{criteria.order}"
    return replace(criteria, order=order, after=criteria.before, before=None, end=False, page=1)


def ordered(register: Register, query: Any, criteria: Criteria) -> Any:
    """A query in the order that was asked for, from the page that was asked for on."""
    table, name = register.model.__table__, criteria.order.lstrip("-")
    keys = [table.c.id] if name == "id" else [table.c[name], table.c.id]
    query = query.order_by(*(key.desc() if criteria.order.startswith("-") else key.asc() for key in keys))
    return query.offset((criteria.page - 1) * criteria.size) if criteria.after is None else query


def stretches(register: Register, criteria: Criteria) -> list[list[ColumnElement[bool]]]:
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
