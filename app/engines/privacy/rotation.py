"""Writing stored values anew after another data key became the active one."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from app.core.crypto import Encrypted, ring
from app.core.db import session
from app.core.register import registers
from app.engines.audit.operations import bulk_change

BATCH = 1000


def reencrypt() -> int:
    """Write up to a batch of values per encrypted column anew under the active key; how many, 0 when all are done.

    Values, stamps and versions of the rows stay as they are. The caller commits, and may then drop the old key.
    """
    with bulk_change("data key rotation"):
        return sum(_renew(table, name) for table, name in _encrypted_columns())


def _encrypted_columns() -> Iterator[tuple[sa.Table, str]]:
    for register in registers().values():
        for name in (column.name for column in register.model.__table__.c if isinstance(column.type, Encrypted)):
            yield register.model.__table__, name


def _renew(table: sa.Table, name: str) -> int:
    current = sa.type_coerce(table.c[name], sa.Text()).startswith(f"{ring().active}:", autoescape=True)
    query = sa.select(table.c.id, table.c[name]).where(table.c[name].is_not(None), ~current).limit(BATCH)
    rows = [{"row": key, "value": value} for key, value in session.execute(query.with_for_update())]
    if rows:
        kept = {stamp: table.c[stamp] for stamp in ("changed_at", "changed_by_id")}
        renew = sa.update(table).where(table.c.id == sa.bindparam("row"))
        session.execute(renew.values({name: sa.bindparam("value", type_=table.c[name].type), **kept}), rows)
    return len(rows)
