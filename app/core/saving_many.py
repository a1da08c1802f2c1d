"""Many new rows saved at once: completed, flushed and followed as one by one, with statements per batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.core import ripples, saving
from app.core.db import session
from app.core.register import Register
from app.core.whole import Whole


def in_batches(register: Register) -> bool:
    """Whether new rows can be saved many at once: cases are opened and announced one by one."""
    return not register.from_pack and register.lifecycle is None


def create_many(register: Register, rows: Sequence[tuple[Whole, Mapping[str, Any]]]) -> None:
    """Save new rows that were judged before, as ``saving.create`` does each.

    Raises ``ValueError`` for a register whose rows are saved one by one.
    """
    if not in_batches(register):
        raise ValueError(f"{register.slug} is saved row by row")
    for whole, values in rows:
        saving.complete(whole, values)
    records = [whole.record for whole, _values in rows]
    session.add_all(records)
    session.flush()
    ripples.created(records)
