"""Checking the trail against its seals: what was changed, removed or slipped in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.engines.audit.calc import GENESIS, Span, digest, inside, runs, subtract
from app.engines.audit.models import AuditEntry, AuditSeal
from app.engines.audit.sweeps import header, waiting

CHAIN, CHANGED, MISSING, INSERTED, HEAD = "chain", "changed", "missing", "inserted", "head"
_entries = AuditEntry.__table__


@dataclass(frozen=True)
class Finding:
    """One thing wrong: its kind, the seal that shows it and the ids of the entries concerned."""

    kind: str
    seal_id: int | None
    spans: tuple[Span, ...] = ()


def verify(at: dt.datetime, heads: Sequence[str] = ()) -> list[Finding]:
    """Recompute every seal and compare; empty when nothing was touched.

    ``heads`` are digests noted down earlier elsewhere; one that is gone shows a chain cut short or rewritten.
    """
    late, patience = _late_spans(), waiting(at)
    missed, findings, previous, sealed = set(heads), list[Finding](), GENESIS, 0
    for found in session.scalars(sa.select(AuditSeal).order_by(AuditSeal.id).execution_options(yield_per=100)):
        if found.previous != previous or not (found.late or found.first_id == sealed + 1):
            findings.append(Finding(CHAIN, found.id))
        findings += _check(found, late, patience)
        previous, sealed = found.digest, max(sealed, found.last_id)
        missed.discard(found.digest)
    return findings + [Finding(HEAD, None) for _head in missed]


def day_heads(since: dt.date) -> list[tuple[dt.date, str]]:
    """The last digest of each day, to be noted down outside the database."""
    last = sa.select(sa.func.max(AuditSeal.id)).where(AuditSeal.day >= since).group_by(AuditSeal.day)
    query = sa.select(AuditSeal.day, AuditSeal.digest).where(AuditSeal.id.in_(last)).order_by(AuditSeal.id)
    return [(day, head) for day, head in session.execute(query)]


def _late_spans() -> list[Span]:
    query = sa.select(AuditSeal.first_id, AuditSeal.last_id).where(AuditSeal.late).order_by(AuditSeal.first_id)
    return [(first, last) for first, last in session.execute(query)]


def _check(found: AuditSeal, late: list[Span], patience: list[Span]) -> Iterator[Finding]:
    stretch = _entries.c.id.between(found.first_id, found.last_id)
    absent: list[Span] = [(first, last) for first, last in found.absent]
    rows, strangers = list[Any](), list[int]()
    for row in session.execute(sa.select(_entries).where(stretch).order_by(_entries.c.id)):
        if not inside(row.id, absent):
            rows.append(row)
        elif not (inside(row.id, late) or inside(row.id, patience)):
            strangers.append(row.id)
    if strangers:
        yield Finding(INSERTED, found.id, tuple(runs(strangers)))
    gone = subtract(subtract([(found.first_id, found.last_id)], absent), runs(row.id for row in rows))
    if gone:
        yield Finding(MISSING, found.id, tuple(gone))
    elif digest(header(found), rows) != found.digest:
        yield Finding(CHANGED, found.id, ((found.first_id, found.last_id),))
