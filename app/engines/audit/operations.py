"""Notes in the trail for what a flush does not show, and the history of a row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.core import actor, clock
from app.core.db import Model, session
from app.core.register import Record, register_of, registers
from app.core.wording import keep, worded
from app.engines.audit.models import AuditEntry

KEY = "api_key"
_bulk: ContextVar[str] = ContextVar("bulk", default="")


class UnauditedChange(Exception):
    """A bulk change of an audited table outside ``bulk_change``."""


@dataclass(frozen=True)
class Note:
    """One act on a row, for sweeps that write many; ``changes`` maps fields to [old, new] as JSON values."""

    register: str
    record_id: int
    kind: str
    text: Any
    params: Mapping[str, Any]
    clause: str = ""
    changes: Mapping[str, list[Any]] | None = None


@dataclass(frozen=True)
class Entry:
    """One line of a row's history; ``who`` is empty when the system itself acted.

    ``post`` is a code if one was used, ``key`` the name of the API key by which a program acted.
    """

    id: int
    act: str
    at: dt.datetime
    account_id: int | None
    who: str
    kind: str
    changes: Mapping[str, list[Any]]
    sentence: str
    reason: str
    post: str
    clause: str
    key: str = ""


def by_key() -> dict[str, Any]:
    """What an entry keeps of the API key behind it."""
    return {KEY: name} if (name := actor.key_name()) else {}


def note(record: Record, kind: str, text: Any, params: Mapping[str, Any] | None = None, clause: str = "") -> None:
    """Write an act on a row (``kind`` move or act) into its history; ``text`` as in ``wording.keep``."""
    if record.id is None:
        session.flush()
    note_many([Note(register_of(record).slug, record.id, kind, text, params or {}, clause)])


def note_many(notes: Iterable[Note]) -> None:
    """Write many acts with one statement."""
    stamp = {"act": actor.act_id(), "at": clock.now(), "account_id": actor.user_id()}
    rows = []
    for found in notes:
        text, params = keep(found.text, found.params)
        rows.append(stamp | {
            "register": registers()[found.register].guarded_by, "record_id": found.record_id, "kind": found.kind,
            "changes": dict(found.changes or {}), "text": text, "params": params | by_key(), "clause": found.clause,
        })
    if rows:
        session.execute(sa.insert(AuditEntry.__table__), rows)


@contextmanager
def bulk_change(reason: str) -> Iterator[None]:
    """Allow bulk changes of audited tables in the block, which writes its own entries with ``note_many``.

    Raises ``ValueError`` without a reason: whoever reads the block must learn why it may.
    """
    if not reason.strip():
        raise ValueError("a bulk change needs its reason")
    token = _bulk.set(reason)
    try:
        yield
    finally:
        _bulk.reset(token)


def bulk_reason() -> str:
    """Why bulk changes are allowed now; empty when they are not."""
    return _bulk.get()


def history(slug: str, record_id: int) -> list[Entry]:
    """Everything that happened to a row and to its detail, oldest first, with one statement.

    The caller has checked that the row is in reach.
    """
    user, employee = (Model.metadata.tables[name] for name in ("ab_user", "employee"))
    who = sa.func.coalesce(employee.c.name, user.c.username, "").label("who")
    query = (
        sa.select(AuditEntry, who)
        .outerjoin(user, user.c.id == AuditEntry.account_id)
        .outerjoin(employee, employee.c.account_id == AuditEntry.account_id)
        .where(AuditEntry.register == registers()[slug].guarded_by, AuditEntry.record_id == record_id)
        .order_by(AuditEntry.id)
    )
    return [_entry(row, name) for row, name in session.execute(query)]


def _entry(row: AuditEntry, who: str) -> Entry:
    sentence = worded(row.text, row.params) if row.text else ""
    return Entry(
        row.id, row.act, row.at, row.account_id, who, row.kind, row.changes, sentence,
        row.params.get("reason", ""), row.params.get("post", ""), row.clause, row.params.get(KEY, ""),
    )
