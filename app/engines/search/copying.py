"""Tokens of many rows on PostgreSQL: copied beside the index and set against it there, in its own order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.engines.search.models import LONGEST, SearchToken

BATCH = 10_000
table = SearchToken.__table__
BESIDE = "search_token_wanted"
MAKE = f'CREATE TEMPORARY TABLE IF NOT EXISTS {BESIDE} (token varchar({LONGEST}) COLLATE "C", row_id bigint)'
wanted = sa.table(BESIDE, sa.column("token", sa.String()), sa.column("row_id", sa.BigInteger()))


def add(slug: str, sorted_: Iterable[tuple[int, str]]) -> None:
    """Keep the tokens of rows that had none and that nobody else sees yet, in the order of the table."""
    driver: Any = session.connection().connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} (register, token, row_id) FROM STDIN") as copy:
        for row_id, token in sorted_:
            copy.write_row((slug, token, row_id))


def keep(slug: str, ids: Sequence[int], found: Mapping[int, Set[str]]) -> None:
    """Make the tokens of some rows those that were found: what is right stays, what is new comes in sorted."""
    connection = session.connection()
    connection.exec_driver_sql(MAKE)
    connection.exec_driver_sql(f"TRUNCATE {BESIDE}")
    driver: Any = connection.connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {BESIDE} (token, row_id) FROM STDIN") as copy:
        for row_id, tokens in found.items():
            for token in tokens:
                copy.write_row((token, row_id))
    connection.exec_driver_sql(f"ANALYZE {BESIDE}")
    mine = (table.c.register == slug) & table.c.row_id.in_(sa.select(_each(ids)))
    right = sa.exists().where(wanted.c.row_id == table.c.row_id, wanted.c.token == table.c.token)
    connection.execute(sa.delete(table).where(mine, ~right))
    known = sa.exists().where(
        table.c.register == slug, table.c.token == wanted.c.token, table.c.row_id == wanted.c.row_id
    )
    sorted_ = sa.select(sa.literal(slug), wanted.c.token, wanted.c.row_id).where(~known)
    sorted_ = sorted_.order_by(wanted.c.token, wanted.c.row_id)
    connection.execute(sa.insert(table).from_select(["register", "token", "row_id"], sorted_))


def _each(ids: Sequence[int]) -> Any:
    return sa.func.unnest(sa.literal(list(ids), sa.ARRAY(sa.BigInteger())))
