"""The rows that are locked while credit is decided. They hold no amounts: what is used is always summed anew."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Model
from app.core.types import Key, RowId, UtcDateTime


class CreditAccount(Model):
    """One for each party, or group of parties, and adopting unit: its lock, its holds, and the freedom from any limit.

    The parties themselves are never locked, so that whoever refers to them does not wait.
    """

    __tablename__ = "credit_account"
    __table_args__ = (
        UniqueConstraint("adopter_id", "party", "party_id"),
        CheckConstraint("held_since IS NULL OR hold_reason IS NOT NULL", name="a_hold_has_a_reason"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    adopter_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id", ondelete="RESTRICT"))
    party: Mapped[str] = mapped_column(Key(60))
    party_id: Mapped[int] = mapped_column(RowId)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
    held_since: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    hold_reason: Mapped[str | None] = mapped_column(String(300))
    hold_clause: Mapped[str | None] = mapped_column(String(60))
    held_by_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id", ondelete="RESTRICT"))
    released_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id", ondelete="RESTRICT"))
    release_reason: Mapped[str | None] = mapped_column(String(300))
    unlimited: Mapped[bool] = mapped_column(default=False)
    unlimited_since: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    unlimited_reason: Mapped[str | None] = mapped_column(String(300))
    unlimited_by_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id", ondelete="RESTRICT"))


class CreditCap(Model):
    """One for each bound of the whole company, locked last before the commit."""

    __tablename__ = "credit_cap"
    __table_args__ = (UniqueConstraint("adopter_id", "key"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    adopter_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id", ondelete="RESTRICT"))
    key: Mapped[str] = mapped_column(Key(60))
