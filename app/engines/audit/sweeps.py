"""Sealing: the only writer of ``audit_seal`` chains what was committed since the last time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.core import clock
from app.core.db import session
from app.engines.audit.calc import GENESIS, Span, digest, runs, subtract
from app.engines.audit.models import AuditEntry, AuditSeal
from app.engines.sweeps.registry import sweep

BATCH = 5000
PATIENCE = dt.timedelta(days=1)
SPANS_PER_QUERY = 200
_entries = AuditEntry.__table__


@sweep("audit.seal", title=_l("Seal the audit trail"), schedule="*/10 * * * *")
def seal(at: dt.datetime) -> Iterator[dict[str, int]]:
    """Seal every committed entry that no seal covers yet, a batch at a time; counts of entries and seals.

    Ids are given before the commit, so on PostgreSQL entry 8 may be seen while 7 is still in an open transaction,
    or was rolled back. A seal therefore names the ids that were absent, and for a day (longer than any transaction
    lives) later sweeps look into these gaps and seal what has turned up as ``late``. Only committed rows are ever
    read, no writer waits, and neither transaction ids nor the order of commits matter, so a chain survives a dump
    and restore. After that day a row that appears in a gap is reported as inserted.
    """
    for rows, first, late in _stretches(at):
        _append(rows, first, late, at)
        yield {"entries": len(rows), "seals": 1}


def _stretches(at: dt.datetime) -> Iterator[tuple[Sequence[Any], int, bool]]:
    """The rows of each seal to be made: late ones first, then everything new in batches."""
    for rows in _late(at):
        yield rows, rows[0].id, True
    last = session.scalar(sa.select(sa.func.max(AuditSeal.last_id))) or 0
    while rows := _fetch(_entries.c.id > last, limit=BATCH):
        yield rows, last + 1, False
        last = rows[-1].id


def _fetch(where: sa.ColumnElement[bool], limit: int | None = None) -> Sequence[Any]:
    return session.execute(sa.select(_entries).where(where).order_by(_entries.c.id).limit(limit)).all()


def _late(at: dt.datetime) -> Iterator[Sequence[Any]]:
    """Rows that turned up in gaps, a run of neighbouring ids at a time."""
    spans = waiting(at)
    for start in range(0, len(spans), SPANS_PER_QUERY):
        some = spans[start : start + SPANS_PER_QUERY]
        found = _fetch(sa.or_(*(_entries.c.id.between(*span) for span in some)))
        for first, last in runs(row.id for row in found):
            yield [row for row in found if first <= row.id <= last]


def waiting(at: dt.datetime) -> list[Span]:
    """Ids that were absent when their stretch was sealed, less than a day ago, and may still turn up."""
    recent = session.scalars(sa.select(AuditSeal).where(AuditSeal.at > at - PATIENCE)).all()
    gaps = [(first, last) for found in recent for first, last in found.absent]
    return subtract(gaps, [(found.first_id, found.last_id) for found in recent if found.late])


def _append(rows: Sequence[Any], first: int, late: bool, at: dt.datetime) -> None:
    """One more seal; ``previous`` is unique, so two sealers can never fork the chain."""
    head = session.scalar(sa.select(AuditSeal.digest).order_by(AuditSeal.id.desc()).limit(1))
    last = rows[-1].id
    absent = subtract([(first, last)], runs(row.id for row in rows))
    made = AuditSeal(
        at=at, day=clock.to_local(at).date(), first_id=first, last_id=last, absent=[list(span) for span in absent],
        late=late, entries=len(rows), previous=head or GENESIS,
    )
    made.digest = digest(header(made), rows)
    session.add(made)
    session.flush()


def header(found: AuditSeal) -> dict[str, Any]:
    """What a seal says of itself; hashed together with its entries."""
    names = ("at", "first_id", "last_id", "absent", "late", "entries", "previous")
    return {name: getattr(found, name) for name in names}
