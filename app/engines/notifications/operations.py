"""Telling people something, once per event, and the bell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from app.core import access, barring, clock, upsert
from app.core.db import session
from app.core.register import registers
from app.core.wording import keep, worded
from app.engines.notifications.kinds import OFF, kind_of
from app.engines.notifications.models import IN_APP, SENT, MessageWish, OutboxMessage

Place = tuple[str, int]
ANNOUNCEMENT = "announcement"
_ROW = re.compile(r"/([a-z_]+)/(\d{1,18})")


@dataclass(frozen=True)
class Message:
    """What one person is told; ``text`` as in ``wording.keep``, ``url`` a path inside the portal.

    ``event`` names what happened, e.g. ``deadline.breached:17``; told again, it changes nothing. ``about`` is the row
    that it is about, by register and id; left out, the one that ``url`` leads to.
    """

    event: str
    person_id: int
    text: Any
    params: Mapping[str, Any] = field(default_factory=dict)
    url: str = ""
    clause: str = ""
    about: Place | None = None

    @property
    def place(self) -> Place | None:
        """The row that the message is about."""
        found = _ROW.fullmatch(self.url)
        named = (found[1], int(found[2])) if found and found[1] in registers() else None
        return self.about or named


@dataclass(frozen=True)
class Notice:
    """A message as its reader sees it."""

    id: int
    at: dt.datetime
    sentence: str
    url: str
    clause: str
    read: bool
    kind: str = ""
    read_at: dt.datetime | None = None


def notify(
    event: str, people: Iterable[int], text: Any, params: Mapping[str, Any] | None = None, url: str = "",
    clause: str = "", about: Place | None = None,
) -> None:
    """Tell several people (employee ids) the same; the caller commits."""
    notify_many(Message(event, person, text, params or {}, url, clause, about) for person in dict.fromkeys(people))


def notify_many(messages: Iterable[Message]) -> None:
    """Tell many people many things with one statement; what a person was told before is passed over.

    Nobody is told of a row that is kept from him.
    """
    now, wanted = clock.now(), list(messages)
    kept = barring.kept_from_many(message.place for message in wanted)
    told = (one for one in wanted if not (one.place and one.person_id in kept.get(one.place, ())))
    rows = [_row(message, now) for message in told]
    if rows:
        tell = upsert.insert(OutboxMessage).on_conflict_do_nothing(index_elements=["event", "person_id", "channel"])
        session.execute(tell, rows)


def _row(message: Message, now: dt.datetime) -> dict[str, Any]:
    """The notice in the portal; ``next_at`` lets the next sweep spread it over the other ways."""
    text, params = keep(message.text, message.params)
    return {
        "event": message.event, "person_id": message.person_id, "text": text, "params": params, "url": message.url,
        "clause": message.clause, "created_at": now, "kind": kind_of(message.event),
        "of_register": message.place[0] if message.place else None,
        "record_id": message.place[1] if message.place else None,
        "channel": IN_APP, "state": SENT, "next_at": now,
    }


def notices(
    person_id: int, *, unread_only: bool = False, before: int | None = None, limit: int = 20, kind: str = ""
) -> list[Notice]:
    """A person's notices, newest first; ``before`` is the id of the last one of the page before."""
    query = sa.select(OutboxMessage).where(*_of(person_id))
    if kind:
        query = query.where(OutboxMessage.kind == kind)
    if unread_only:
        query = query.where(OutboxMessage.read_at.is_(None))
    if before is not None:
        query = query.where(OutboxMessage.id < before)
    return [_notice(row) for row in session.scalars(query.order_by(OutboxMessage.id.desc()).limit(limit))]


def unread(person_id: int, limit: int = 20) -> list[Notice]:
    """What the bell shows: the newest unread notices."""
    return notices(person_id, unread_only=True, limit=limit)


def unread_count(person_id: int) -> int:
    """How many notices a person has not read."""
    return int(session.scalar(unread_query(person_id)) or 0)


def unread_query(person_id: int) -> sa.Select[int]:
    """The same as a query, for whoever counts more with it."""
    kept = _not_barred(person_id)
    return _unread(person_id).where(*kept) if kept else _unread(person_id)


@lru_cache(maxsize=2048)
def _unread(person_id: int) -> sa.Select[int]:
    """Built once for a person: every page asks it."""
    query = sa.select(sa.func.count()).select_from(OutboxMessage)
    return query.where(*_wished(person_id), OutboxMessage.read_at.is_(None))


def mark_read(person_id: int, ids: Iterable[int] | None = None) -> int:
    """Mark some of a person's notices as read, or all of them; how many were unread.

    All of them leaves out announcements: that one has been read is known only when it was opened.
    """
    if ids is None:
        return _mark(person_id, sa.func.coalesce(OutboxMessage.of_register, "") != ANNOUNCEMENT)
    return _mark(person_id, OutboxMessage.id.in_(list(ids)))


def unread_by_kind(person_id: int) -> dict[str, int]:
    """How many notices of each kind a person has not read."""
    query = sa.select(OutboxMessage.kind, sa.func.count()).where(*_of(person_id), OutboxMessage.read_at.is_(None))
    return {kind or "": count for kind, count in session.execute(query.group_by(OutboxMessage.kind))}


def opened(person_id: int, notice_id: int) -> str | None:
    """Where a notice of the person leads, which he has read from now on; ``None`` if it is not his."""
    query = sa.select(OutboxMessage.url).where(*_of(person_id), OutboxMessage.id == notice_id)
    url = session.scalar(query)
    if url is not None:
        mark_read(person_id, [notice_id])
    return url


def mark_read_of(person_id: int, slug: str, record_id: int) -> int:
    """Mark what a person was told about a row as read; how much of it was unread."""
    about = (OutboxMessage.of_register == slug, OutboxMessage.record_id == record_id)
    return _mark(person_id, *about)


def _mark(person_id: int, *which: sa.ColumnElement[bool]) -> int:
    change = sa.update(OutboxMessage).where(*_of(person_id), OutboxMessage.read_at.is_(None), *which)
    change = change.execution_options(synchronize_session=False)
    return int(session.execute(change.values(read_at=clock.now())).rowcount)


def _of(person_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    """What a person was told, without what he is kept from since and the kinds that he wishes not to see."""
    return *_wished(person_id), *_not_barred(person_id)


def _wished(person: Any) -> tuple[sa.ColumnElement[bool], ...]:
    muted = sa.exists().where(
        MessageWish.employee_id == person, MessageWish.kind == OutboxMessage.kind, MessageWish.channel == IN_APP,
        MessageWish.mode == OFF,
    )
    return OutboxMessage.person_id == person, OutboxMessage.channel == IN_APP, ~muted


def _not_barred(person_id: int) -> list[sa.ColumnElement[bool]]:
    me = access.current()
    barred = me.barred if me.employee_id == person_id else frozenset()
    return barring.leads_to(OutboxMessage.of_register, OutboxMessage.record_id, barred)


def _notice(row: OutboxMessage) -> Notice:
    sentence = worded(row.text, row.params)
    kind = row.kind or kind_of(row.event)
    return Notice(row.id, row.created_at, sentence, row.url, row.clause, row.read_at is not None, kind, row.read_at)
