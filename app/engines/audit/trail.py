"""What the trail tells of one row: the fields written since a version, its saved states, and any of them again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from app.core import past
from app.core.db import Model, session
from app.core.past import Version, Written
from app.core.register import registers
from app.core.wording import worded
from app.engines.audit import operations
from app.engines.audit.models import AuditEntry

LATEST = 500
ROW_VERSION = "row_version"
_entries = AuditEntry.__table__


class RowTrail:
    """The history of rows, as core asks for it."""

    def since(self, slug: str, record_id: int, version: int) -> Mapping[str, Written]:
        """The fields written since a row version: everything after the last entry that is not newer; one statement."""
        rows = _told(slug, record_id).order_by(_entries.c.id.desc()).limit(LATEST)
        return _written(_newer(session.execute(rows).all(), version))

    def versions(self, slug: str, record_id: int, page: int, size: int) -> tuple[list[Version], int]:
        """A page of saved states, the newest first, and how many there are; three statements."""
        acts = _acts(slug, record_id)
        total = session.scalar(sa.select(sa.func.count()).select_from(acts.subquery())) or 0
        order = acts.order_by(sa.desc("last")).limit(size).offset((page - 1) * size)
        shown = session.execute(order).all()
        made = _versions(slug, record_id, [act.act for act in shown])
        newest = total - (page - 1) * size
        return [_numbered(made[act.act], newest - place) for place, act in enumerate(shown)], total

    def version(self, slug: str, record_id: int, key: int) -> Version | None:
        """The saved state whose last entry is ``key``; its number says how many there were by then."""
        acts = _acts(slug, record_id).subquery()
        act = session.scalar(sa.select(acts.c.act).where(acts.c.last == key))
        if act is None:
            return None
        number = session.scalar(sa.select(sa.func.count()).select_from(acts).where(acts.c.last <= key)) or 0
        return _numbered(_versions(slug, record_id, [act])[act], number)

    def undone(self, slug: str, record_id: int, key: int) -> Mapping[str, Any]:
        """The values, as kept, that fields written after an entry had then; one statement."""
        later = session.execute(_told(slug, record_id).where(_entries.c.id > key).order_by(_entries.c.id.desc()))
        return {name: change[0] for row in later for name, change in row.changes.items()}

    def note(self, record: Any, text: Any, params: Mapping[str, Any]) -> None:
        """Keep an act on a row."""
        operations.note(record, "act", text, params)


def _who() -> Any:
    user, employee = (Model.metadata.tables[name] for name in ("ab_user", "employee"))
    name = sa.func.coalesce(employee.c.name, user.c.username, "").label("who")
    source = _entries.outerjoin(user, user.c.id == _entries.c.account_id)
    return name, source.outerjoin(employee, employee.c.account_id == _entries.c.account_id)


def _of_row(slug: str, record_id: int) -> Any:
    return (_entries.c.register == registers()[slug].guarded_by) & (_entries.c.record_id == record_id)


def _writes() -> Any:
    return sa.cast(_entries.c.changes, sa.String) != "{}"


def _told(slug: str, record_id: int) -> sa.Select[Any]:
    who, source = _who()
    return sa.select(_entries, who).select_from(source).where(_of_row(slug, record_id), _writes())


def _acts(slug: str, record_id: int) -> sa.Select[Any]:
    """The acts that wrote a row, each with its last entry that did."""
    last = sa.func.max(_entries.c.id).label("last")
    return sa.select(_entries.c.act, last).where(_of_row(slug, record_id), _writes()).group_by(_entries.c.act)


def _newer(newest_first: Sequence[Any], version: int) -> list[Any]:
    """The entries after a version; of a row from before versions were noted those from the first noted one on."""
    found: list[Any] = []
    for row in newest_first:
        if (made := row.params.get(ROW_VERSION)) is not None and made <= version:
            return found
        found.append(row)
    while found and ROW_VERSION not in found[-1].params:
        found.pop()
    return found


def _written(newest_first: Sequence[Any]) -> dict[str, Written]:
    found: dict[str, Written] = {}
    for row in newest_first:
        for name, change in row.changes.items():
            last = found.get(name)
            found[name] = Written(change[0], last.who if last else row.who, last.at if last else row.at)
    return found


def _versions(slug: str, record_id: int, acts: Sequence[str]) -> dict[str, Version]:
    """Saved states by act: every entry of the acts, those that only say something too."""
    who, source = _who()
    query = sa.select(_entries, who).select_from(source).where(_of_row(slug, record_id), _entries.c.act.in_(acts))
    rows = sorted(session.execute(query), key=lambda row: (row.act, row.id))
    return {act: _version(list(same)) for act, same in groupby(rows, key=lambda row: row.act)}


def _version(rows: Sequence[Any]) -> Version:
    changes: dict[str, list[Any]] = {}
    for row in rows:
        for name, (old, new) in row.changes.items():
            changes[name] = [changes[name][0] if name in changes else old, new]
    said = next((row for row in rows if row.text), None)
    last = max(row.id for row in rows if row.changes)
    first = rows[0]
    return Version(
        last, 0, first.at, first.who, _kind(rows), changes, worded(said.text, said.params) if said else "",
        said.params.get("reason", "") if said else "", tuple(changes),
    )  # fmt: skip


def _kind(rows: Iterable[Any]) -> str:
    kinds = [row.kind for row in rows if row.changes]
    return "create" if "create" in kinds else kinds[0]


def _numbered(version: Version, number: int) -> Version:
    return replace(version, number=number)


past.set_trail(RowTrail())
