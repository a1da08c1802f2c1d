"""The outbox; its in-app messages are what the bell shows."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Model
from app.core.types import Json, Key, RowId, UtcDateTime

QUEUED, SENT, FAILED = "queued", "sent", "failed"
IN_APP = "in_app"
_unread, _queued = sql("channel = 'in_app' AND read_at IS NULL"), sql("state = 'queued'")


class OutboxMessage(Model):
    """One message to one person through one channel; an event reaches a person once per channel.

    An in-app message is delivered by being there; the others wait, ``queued``, until ``next_at``.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        UniqueConstraint("event", "person_id", "channel"),
        CheckConstraint("state IN ('queued', 'sent', 'failed')", name="state"),
        Index("ix_outbox_message_inbox", "person_id", "channel", "id"),
        Index("ix_outbox_message_unread", "person_id", "id", sqlite_where=_unread, postgresql_where=_unread),
        Index("ix_outbox_message_due", "next_at", sqlite_where=_queued, postgresql_where=_queued),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    event: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[int] = mapped_column(ForeignKey("employee.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(Key(20))
    text: Mapped[Any] = mapped_column(Json)
    params: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    of_register: Mapped[str | None] = mapped_column(Key(60))
    record_id: Mapped[int | None] = mapped_column(RowId)
    url: Mapped[str] = mapped_column(String(500), default="")
    clause: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
    state: Mapped[str] = mapped_column(Key(10))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str] = mapped_column(String(500), default="")
    read_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
