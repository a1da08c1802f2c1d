"""The outbox, whose in-app messages are what the bell shows, and what people wish to get by which way."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Model
from app.core.types import Json, Key, RowId, UtcDateTime

QUEUED, SENT, FAILED = "queued", "sent", "failed"
IN_APP, MAIL, ROBOT = "in_app", "mail", "robot"
_unread, _queued = sql("channel = 'in_app' AND read_at IS NULL"), sql("state = 'queued'")
_fresh, _left = sql("channel = 'in_app' AND next_at IS NOT NULL"), sql("sent_at IS NOT NULL")
_robot, _out, _failed = sql("robot_id IS NOT NULL"), sql("channel <> 'in_app'"), sql("state = 'failed'")


class OutboxMessage(Model):
    """One message to one person through one channel; an event reaches a person once per channel.

    An in-app message is delivered by being there; its ``next_at`` stands until it has been spread over the other
    channels. Those wait, ``queued``, until ``next_at``; their ``read_at`` is when somebody saw that one had failed and
    let it try again. A robot, ``robot:3``, is told of an event once, through whoever is told first.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        UniqueConstraint("event", "person_id", "channel"),
        CheckConstraint("state IN ('queued', 'sent', 'failed')", name="state"),
        Index("ix_outbox_message_inbox", "person_id", "channel", "id"),
        Index("ix_outbox_message_unread", "person_id", "id", sqlite_where=_unread, postgresql_where=_unread),
        Index("ix_outbox_message_due", "next_at", sqlite_where=_queued, postgresql_where=_queued),
        Index("ix_outbox_message_fresh", "next_at", sqlite_where=_fresh, postgresql_where=_fresh),
        Index("ix_outbox_message_left", "channel", "person_id", "sent_at", sqlite_where=_left, postgresql_where=_left),
        Index("ix_outbox_message_out", "id", sqlite_where=_out, postgresql_where=_out),
        Index("ix_outbox_message_failed", "id", sqlite_where=_failed, postgresql_where=_failed),
        Index(
            "ix_outbox_message_robot", "event", "robot_id", unique=True, sqlite_where=_robot, postgresql_where=_robot
        ),
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
    kind: Mapped[str | None] = mapped_column(Key(40))
    urgent: Mapped[bool | None] = mapped_column(Boolean)
    robot_id: Mapped[int | None] = mapped_column(RowId)
    sent_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class MessageWish(Model):
    """How a person wants messages of one kind by one way; what is not said goes as the portal's settings say."""

    __tablename__ = "message_wish"
    __table_args__ = (CheckConstraint("mode IN ('now', 'digest', 'off')", name="mode"),)

    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(Key(40), primary_key=True)
    channel: Mapped[str] = mapped_column(Key(20), primary_key=True)
    mode: Mapped[str] = mapped_column(Key(10))


class MessageHours(Model):
    """A person's own quiet hours and time of the daily summary, as HH:MM; ``None`` is the portal's."""

    __tablename__ = "message_hours"

    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id", ondelete="CASCADE"), primary_key=True)
    quiet_from: Mapped[str | None] = mapped_column(String(5))
    quiet_to: Mapped[str | None] = mapped_column(String(5))
    digest_at: Mapped[str | None] = mapped_column(String(5))
