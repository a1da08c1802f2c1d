"""Tokens follow every flush of a row, inside its transaction."""

from __future__ import annotations

from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session, UOWTransaction

from app.core.db import session
from app.core.register import Record, register_of
from app.engines.search import operations


@event.listens_for(session, "after_flush")
def _follow(flushed: Session, _context: UOWTransaction) -> None:
    wanted: dict[tuple[str, int], set[str]] = {}
    new: dict[tuple[str, int], set[str]] = {}
    for rows, made in ((flushed.new, new), (filter(_changed, flushed.dirty), wanted)):
        for row in rows:
            if isinstance(row, Record) and (register := register_of(row)).named_by:
                made[register.slug, row.id] = operations.tokens(register, partial(getattr, row))
    for row in flushed.deleted:
        if isinstance(row, Record) and (register := register_of(row)).named_by:
            wanted[register.slug, row.id] = set()
    operations.add(new)
    operations.keep(wanted)


def _changed(row: Any) -> bool:
    if not isinstance(row, Record):
        return False
    attributes: Any = sa.inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in register_of(row).named_by)
