"""The trail read across registers: who did what, when, to which row; what changed only where the row is in reach."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement

from app.core import access, clock
from app.core.db import Model, session
from app.core.register import registers
from app.core.wording import worded
from app.engines.audit.models import AuditEntry
from app.engines.audit.operations import KEY

PAGE = 50
KINDS = ("create", "update", "delete", "move", "act")
_entries = AuditEntry.__table__


@dataclass(frozen=True)
class Asked:
    """How the log is narrowed; empty values narrow nothing. Days are local, both included."""

    account_ids: Collection[int] | None = None
    register: str = ""
    record_id: int | None = None
    kind: str = ""
    first: dt.date | None = None
    last: dt.date | None = None


@dataclass(frozen=True)
class Line:
    """One entry; ``changes`` is ``None`` where the row is beyond the reader's reach."""

    id: int
    at: dt.datetime
    who: str
    key: str
    register: str
    record_id: int
    kind: str
    sentence: str
    changes: Mapping[str, list[Any]] | None
    clause: str


def read(asked: Asked, before: int | None = None, size: int = PAGE) -> tuple[list[Line], int | None]:
    """Entries before an id, the latest first, and the id to go on with; two statements whatever is shown.

    Rows that policies close, and rows about somebody who is kept from any, show not even that they were touched.
    """
    user, employee = (Model.metadata.tables[name] for name in ("ab_user", "employee"))
    who = sa.func.coalesce(employee.c.name, user.c.username, "").label("who")
    joined = _entries.outerjoin(user, user.c.id == _entries.c.account_id)
    joined = joined.outerjoin(employee, employee.c.account_id == _entries.c.account_id)
    query = sa.select(_entries, who).select_from(joined).where(*_where(asked))
    if before:
        query = query.where(_entries.c.id < before)
    rows = session.execute(query.order_by(_entries.c.id.desc()).limit(size + 1)).all()
    shown = rows[:size]
    open_ = reachable({(row.register, row.record_id) for row in shown})
    lines = [_line(row, (row.register, row.record_id) in open_) for row in shown if _may_tell(row, open_)]
    return lines, (shown[-1].id if len(rows) > size else None)


def _where(asked: Asked) -> Iterator[ColumnElement[bool]]:
    if asked.account_ids is not None:
        yield _entries.c.account_id.in_(asked.account_ids)
    if asked.register:
        yield _entries.c.register == asked.register
    if asked.record_id:
        yield _entries.c.record_id == asked.record_id
    if asked.kind:
        yield _entries.c.kind == asked.kind
    if asked.first:
        yield _entries.c.at >= clock.from_local(dt.datetime.combine(asked.first, dt.time.min))
    if asked.last:
        yield _entries.c.at < clock.from_local(dt.datetime.combine(asked.last + dt.timedelta(days=1), dt.time.min))


def reachable(rows: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
    """Which of these rows the person may read, with one statement."""
    by_slug: dict[str, list[int]] = {}
    for slug, key in rows:
        by_slug.setdefault(slug, []).append(key)
    person, parts = access.current(), []
    for slug, keys in sorted(by_slug.items()):
        register = registers().get(slug)
        if register is not None and person.can(register.guarded_by, "read"):
            key = register.model.__table__.c.id
            kept = access.rows(register, "read", person)
            parts.append(sa.select(sa.literal(slug), key).where(key.in_(keys), kept))
    return {(slug, key) for slug, key in session.execute(sa.union_all(*parts))} if parts else set()


def _may_tell(row: Any, open_: Collection[tuple[str, int]]) -> bool:
    """Whether a line may show that the row was touched at all."""
    if (row.register, row.record_id) in open_:
        return True
    register = registers().get(row.register)
    return not access.current().barred and not (register is not None and register.closed)


def _line(row: Any, in_reach: bool) -> Line:
    return Line(
        row.id, row.at, row.who, (row.params or {}).get(KEY, ""), row.register, row.record_id, row.kind,
        worded(row.text, row.params) if row.text and in_reach else "", row.changes if in_reach else None, row.clause,
    )  # fmt: skip


def used_registers() -> Sequence[str]:
    """The registers whose changes are kept."""
    return [slug for slug, one in registers().items() if one.log and not one.detail_of]
