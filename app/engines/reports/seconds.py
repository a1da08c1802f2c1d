"""The time from one instant or day to another, in SQL of both databases."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles


class seconds(sa.ColumnElement[int]):  # noqa: N801 -- named like an SQL function
    """The whole seconds from one instant or day to another."""

    type = sa.BigInteger()
    inherit_cache = True

    def __init__(self, since: Any, to: Any) -> None:
        self.since, self.to = since, to

    _traverse_internals = [
        ("since", sa.sql.visitors.InternalTraversal.dp_clauseelement),
        ("to", sa.sql.visitors.InternalTraversal.dp_clauseelement),
    ]


@compiles(seconds, "sqlite")
def _on_sqlite(element: seconds, compiler: Any, **kw: Any) -> str:
    since, to = compiler.process(element.since, **kw), compiler.process(element.to, **kw)
    return f"CAST(ROUND((julianday({to}) - julianday({since})) * 86400) AS INTEGER)"


@compiles(seconds)
def _elsewhere(element: seconds, compiler: Any, **kw: Any) -> str:
    since, to = compiler.process(element.since, **kw), compiler.process(element.to, **kw)
    return f"CAST(EXTRACT(EPOCH FROM CAST({to} AS TIMESTAMPTZ) - CAST({since} AS TIMESTAMPTZ)) AS BIGINT)"
