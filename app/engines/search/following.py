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
    for row in (*flushed.new, *flushed.dirty):
        if isinstance(row, Record) and (register := register_of(row)).found_by and _changed(flushed, row):
            wanted[register.slug, row.id] = operations.tokens(register, partial(getattr, row))
    for row in flushed.deleted:
        if isinstance(row, Record) and (register := register_of(row)).found_by:
            wanted[register.slug, row.id] = set()
    operations.keep(wanted)


def _changed(flushed: Session, row: Any) -> bool:
    attributes = sa.inspect(row).attrs
    return row in flushed.new or any(attributes[name].history.has_changes() for name in row.register.found_by)
