"""Lists of ids, such as the guests of an event, in which one row takes the place of another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column

from app.core import clock
from app.core.db import session
from app.core.register import Register, registers

Changes = dict[int, list[list[int]]]


def lists_of(slug: str) -> Iterator[tuple[Register, Column[Any]]]:
    """Every field of a register that names rows of another one in a list."""
    for register in registers().values():
        for name, spec in register.fields.items():
            if spec.kind.name == "refs" and spec.target == slug and spec.stored:
                yield register, register.model.__table__.c[name]


def rename(column: Column[Any], keep: int, gone: int) -> Changes:
    """Let the lists of a column name the row that stays, once; what each list was and is, by its row."""
    table: Any = column.table
    holding = sa.select(table.c.id, column).where(sa.cast(column, sa.Text).contains(str(gone)))
    changed: Changes = {}
    for row_id, ids in session.execute(holding):
        if gone in (ids or ()):
            changed[row_id] = [ids, list(dict.fromkeys(keep if one == gone else one for one in ids))]
    for row_id, (_was, new) in changed.items():
        values = {column.key: new, "row_version": table.c.row_version + 1, "changed_at": clock.now()}
        session.execute(sa.update(table).where(table.c.id == row_id).values(values))
    return changed
