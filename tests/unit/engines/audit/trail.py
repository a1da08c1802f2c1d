"""A trail to seal, and what is found in it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from contextlib import contextmanager

import sqlalchemy as sa

from app.core.append_only import statements
from app.core.db import db, session
from app.engines.audit.models import AuditSeal
from app.engines.audit.operations import Note, note_many
from app.engines.audit.sweeps import seal
from app.engines.audit.verification import verify

NOW = dt.datetime(2025, 10, 31, 10, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
ENTRY = {"act": "a", "register": "employee", "record_id": 1, "kind": "act"}


def write(count: int = 1) -> None:
    note_many([Note("employee", 1, "act", {"zh": "甲 =1+1", "en": "x"}, {"n": n}) for n in range(count)])
    session.commit()


def sealed(at: dt.datetime = NOW) -> dict[str, int]:
    total = Counter({"entries": 0, "seals": 0})
    for counts in seal(at):
        session.commit()
        total.update(counts)
    return total


def seals() -> list[tuple[int, int, list[list[int]], bool]]:
    rows = session.scalars(sa.select(AuditSeal).order_by(AuditSeal.id))
    return [(found.first_id, found.last_id, found.absent, found.late) for found in rows]


def found(at: dt.datetime = NOW, heads: tuple[str, ...] = ()) -> list[tuple[str, tuple]]:
    return [(one.kind, one.spans) for one in verify(at, heads)]


@contextmanager
def unguarded():
    """What somebody with the rights of the database owner can do."""
    tables, kind = ("audit_entry", "audit_seal"), db.engine.dialect.name
    off = {
        "sqlite": [f"DROP TRIGGER {table}_no_{act}" for table in tables for act in ("update", "delete")],
        "postgresql": [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables],
    }
    for line in off[kind]:
        session.execute(sa.text(line))
    yield
    for line in [] if kind == "postgresql" else statements(kind):
        if "access_log" not in line:
            session.execute(sa.text(line))
    session.commit()


def tamper(*lines: str) -> None:
    with unguarded():
        for line in lines:
            session.execute(sa.text(line))
