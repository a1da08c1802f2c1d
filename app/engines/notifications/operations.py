"""Telling people something, once per event, and the bell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.core import access, barring, clock, upsert
from app.core.db import session
from app.core.register import registers
from app.core.wording import keep, worded
from app.engines.notifications.channels import senders
from app.engines.notifications.models import IN_APP, QUEUED, SENT, OutboxMessage

Place = tuple[str, int]
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
    rows = [row for message in told for row in _rows(message, now)]
    if rows:
        tell = upsert.insert(OutboxMessage).on_conflict_do_nothing(index_elements=["event", "person_id", "channel"])
        session.execute(tell, rows)


def _rows(message: Message, now: dt.datetime) -> Iterable[dict[str, Any]]:
    text, params = keep(message.text, message.params)
    told = {
        "event": message.event, "person_id": message.person_id, "text": text, "params": params, "url": message.url,
        "clause": message.clause, "created_at": now,
        "of_register": message.place[0] if message.place else None,
        "record_id": message.place[1] if message.place else None,
    }
    yield told | {"channel": IN_APP, "state": SENT, "next_at": None}
    for channel in senders():
        yield told | {"channel": channel, "state": QUEUED, "next_at": now}


def notices(person_id: int, *, unread_only: bool = False, before: int | None = None, limit: int = 20) -> list[Notice]:
    """A person's notices, newest first; ``before`` is the id of the last one of the page before."""
    query = sa.select(OutboxMessage).where(*_of(person_id))
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
    query = sa.select(sa.func.count()).select_from(OutboxMessage)
    return int(session.scalar(query.where(*_of(person_id), OutboxMessage.read_at.is_(None))) or 0)


def mark_read(person_id: int, ids: Iterable[int] | None = None) -> int:
    """Mark some of a person's notices as read, or all of them; how many were unread."""
    change = sa.update(OutboxMessage).where(*_of(person_id), OutboxMessage.read_at.is_(None))
    if ids is not None:
        change = change.where(OutboxMessage.id.in_(list(ids)))
    return int(session.execute(change.values(read_at=clock.now())).rowcount)


def _of(person_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    """What a person was told, without what he is kept from since."""
    me = access.current()
    barred = me.barred if me.employee_id == person_id else frozenset()
    kept = barring.leads_to(OutboxMessage.of_register, OutboxMessage.record_id, barred)
    return OutboxMessage.person_id == person_id, OutboxMessage.channel == IN_APP, *kept


def _notice(row: OutboxMessage) -> Notice:
    sentence = worded(row.text, row.params)
    return Notice(row.id, row.created_at, sentence, row.url, row.clause, row.read_at is not None)
