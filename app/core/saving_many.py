"""Many new rows saved at once: completed, flushed and followed as one by one, with statements per batch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from app.core import ripples, saving
from app.core.db import is_sqlite, session
from app.core.register import Register
from app.core.whole import Whole


def in_batches(register: Register) -> bool:
    """Whether new rows can be saved many at once: cases are opened and announced one by one."""
    return not register.from_pack and register.lifecycle is None


def _ids(register: Register, count: int) -> Iterable[int]:
    """So many new ids: known before, they let the driver write a batch without asking for each row.

    On SQLite the transaction holds the only pen.
    """
    table = register.model.__table__
    if is_sqlite():
        last = session.scalar(sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0)))
        return range(last + 1, last + 1 + count)
    place = sa.func.pg_get_serial_sequence(table.name, "id")
    each = sa.func.generate_series(1, count).table_valued("n")
    return session.scalars(sa.select(sa.func.nextval(place)).select_from(each)).all()


def create_many(register: Register, rows: Sequence[tuple[Whole, Mapping[str, Any]]]) -> None:
    """Save new rows that were judged before, as ``saving.create`` does each.

    Raises ``ValueError`` for a register whose rows are saved one by one.
    """
    if not in_batches(register):
        raise ValueError(f"{register.slug} is saved row by row")
    for whole, values in rows:
        saving.complete(whole, values)
    records = [whole.record for whole, _values in rows]
    for record, key in zip(records, _ids(register, len(records)), strict=True):
        record.id = key
    session.add_all(records)
    session.flush()
    ripples.created(records)
