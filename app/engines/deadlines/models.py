"""Clocks: one row per stay of a case with a unit, or per promise, with its due and done time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import fields
from app.core.lifecycle import Words
from app.core.register import Record, Register, Section
from app.core.types import Json, Key, RowId, UtcDateTime
from app.core.words import entry_label

RUNNING, PAUSED, BREACHED, MET, LATE_MET, CANCELLED = "running", "paused", "breached", "met", "late_met", "cancelled"
OPEN = (RUNNING, PAUSED, BREACHED)
STATUSES = {
    RUNNING: _l("Running"),
    PAUSED: _l("Paused"),
    BREACHED: _l("Late"),
    MET: _l("In time"),
    LATE_MET: _l("Done late"),
    CANCELLED: _l("Dropped"),
}
_open = text("stopped_at IS NULL")
_waiting = text("next_at IS NOT NULL")


class DeadlineClock(Record):
    """One running or finished clock on a row of any register (时效与承诺计时).

    ``next_at`` is the one instant that sweeps ask for: when the row next needs a warning, a breach or an escalation.
    The due instant can be worked out anew from ``started_at``, ``allowance``, ``until_at``, ``calendar``, ``hours``,
    ``adjustments`` and ``cap_due_at`` alone.
    """

    __table_args__ = (
        Index("ix_deadline_clock_next_at", "next_at", "id", sqlite_where=_waiting, postgresql_where=_waiting),
        Index("ix_deadline_clock_row", "of_register", "record_id", "key"),
        Index(
            "ix_deadline_clock_due", "of_register", "due_at", "record_id", "status", sqlite_where=_open,
            postgresql_where=_open,
        ),
        Index(
            "uq_deadline_clock_open",
            "of_register",
            "record_id",
            "key",
            unique=True,
            sqlite_where=_open,
            postgresql_where=_open,
        ),
        CheckConstraint("(status IN ('running', 'paused', 'breached')) = (stopped_at IS NULL)", name="stopped"),
        CheckConstraint("(status = 'paused') = (paused_at IS NOT NULL)", name="paused"),
        CheckConstraint("status NOT IN ('breached', 'late_met') OR breached_at IS NOT NULL", name="late"),
        CheckConstraint("next_at IS NULL OR status IN ('running', 'breached')", name="waiting"),
    )

    of_register: Mapped[str] = mapped_column(Key(60))
    record_id: Mapped[int] = mapped_column(RowId)
    key: Mapped[str] = fields.text(_l("Deadline"), 60, computed=True, words=entry_label)
    words: Mapped[dict[str, str]] = mapped_column(Json)
    clause: Mapped[str | None] = fields.text(_l("Clause"), 120, computed=True)
    pack_version_id: Mapped[int] = mapped_column(ForeignKey("pack_version.id", ondelete="RESTRICT"))
    adopter_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id", ondelete="RESTRICT"))
    tone: Mapped[str] = mapped_column(Key(10))
    state: Mapped[str | None] = mapped_column(Key(40))
    status: Mapped[str] = fields.choice(_l("State"), STATUSES, computed=True, default=RUNNING)
    unit_id: Mapped[int | None] = fields.ref(_l("Unit"), "org_unit", computed=True)
    post: Mapped[str | None] = fields.post(_l("Post"))
    owner_id: Mapped[int | None] = fields.ref(_l("Responsible"), "employee", computed=True)
    started_at: Mapped[dt.datetime] = fields.datetime(_l("Received at"), computed=True)
    due_at: Mapped[dt.datetime] = fields.datetime(_l("Due at"), computed=True)
    first_due_at: Mapped[dt.datetime] = fields.datetime(_l("First due at"), computed=True)
    provisional: Mapped[bool] = fields.boolean(_l("Provisional"), computed=True, default=False)
    stopped_at: Mapped[dt.datetime | None] = fields.datetime(_l("Sent on at"), computed=True)
    breached_at: Mapped[dt.datetime | None] = fields.datetime(_l("Found late at"), computed=True)
    paused_at: Mapped[dt.datetime | None] = fields.datetime(_l("Paused at"), computed=True)
    warned_at: Mapped[dt.datetime | None] = fields.datetime(_l("Warned at"), computed=True)
    level: Mapped[int] = fields.integer(_l("Escalations"), computed=True, default=0)
    late_reason: Mapped[str | None] = fields.longtext(_l("Why late"), computed=True)
    allowance: Mapped[dict[str, Any] | None] = mapped_column(Json)
    until_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    calendar: Mapped[str] = mapped_column(Key(20))
    hours: Mapped[str | None] = mapped_column(Key(120))
    adjustments: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    cap_key: Mapped[str | None] = mapped_column(Key(60))
    cap_due_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    warn_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    next_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    register = Register(
        area="platform",
        label=_l("Deadline clock"),
        title="key",
        icon="clock",
        list=("key", "unit_id", "owner_id", "started_at", "due_at", "stopped_at", "status"),
        sections=(
            Section(_l("Deadline"), ("key", "clause", "status", "unit_id", "post", "owner_id")),
            Section(_l("Times"), ("started_at", "due_at", "first_due_at", "provisional", "stopped_at", "paused_at")),
            Section(_l("Late"), ("warned_at", "breached_at", "level", "late_reason")),
        ),
        actions=frozenset(),
        points=("of_register", "record_id"),
        menu=False,
    )

    @property
    def label(self) -> Words:
        """What the pack calls the clock."""
        return Words(**self.words)

    @property
    def late(self) -> bool:
        """Whether the clock is or was found late."""
        return self.breached_at is not None
