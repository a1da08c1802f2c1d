"""The audit trail and its seals; the database lets neither be changed or removed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import actor, clock
from app.core.append_only import append_only
from app.core.db import Model
from app.core.types import Json, Key, RowId, UtcDateTime


class AuditEntry(Model):
    """One change of one row, or one act on it; ``act`` groups what a single request or job did."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_row", "register", "record_id", "id"), Index("ix_audit_entry_at", "at"),
        Index("ix_audit_entry_account", "account_id", "id"), {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    act: Mapped[str] = mapped_column(String(32), default=actor.act_id)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="RESTRICT"), default=actor.user_id)
    register: Mapped[str] = mapped_column(Key(60))
    record_id: Mapped[int] = mapped_column(RowId)
    kind: Mapped[str] = mapped_column(Key(20))
    changes: Mapped[dict[str, list[Any]]] = mapped_column(Json, default=dict)
    text: Mapped[Any] = mapped_column(Json, nullable=True)
    params: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    clause: Mapped[str] = mapped_column(String(200), default="")


class AuditSeal(Model):
    """The hash over a stretch of entries and over the seal before it.

    A stretch is every id from ``first_id`` to ``last_id`` but those in ``absent``; a ``late`` one fills ids that
    were absent when the stretch around it was sealed.
    """

    __tablename__ = "audit_seal"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    day: Mapped[dt.date] = mapped_column(Date, index=True)
    first_id: Mapped[int] = mapped_column(BigInteger)
    last_id: Mapped[int] = mapped_column(BigInteger)
    absent: Mapped[list[list[int]]] = mapped_column(Json)
    late: Mapped[bool] = mapped_column(Boolean)
    entries: Mapped[int] = mapped_column(BigInteger)
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    digest: Mapped[str] = mapped_column(String(64))


append_only(AuditEntry.__table__)
append_only(AuditSeal.__table__)
