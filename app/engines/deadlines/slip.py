"""Slips that ask a late unit to act (催办单), or afterwards why it was late (洽办单)."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import fields
from app.core.lifecycle import Lifecycle, Move, State
from app.core.register import Record, Register, Section
from app.core.scope import Owned
from app.core.types import Key, RowId

URGE, INQUIRY = "urge", "inquiry"
KINDS = {URGE: _l("Urge slip"), INQUIRY: _l("Inquiry slip")}
PROPOSED, ISSUED, ACKNOWLEDGED, ANSWERED, CLOSED = "proposed", "issued", "acknowledged", "answered", "closed"
WAITING = (ISSUED, ACKNOWLEDGED)

LIFE = Lifecycle(
    start=PROPOSED,
    states={
        PROPOSED: State(PROPOSED, _l("To be issued"), "warn"),
        ISSUED: State(ISSUED, _l("Not answered"), "late"),
        ACKNOWLEDGED: State(ACKNOWLEDGED, _l("Acknowledged"), "warn"),
        ANSWERED: State(ANSWERED, _l("Answered"), "hold"),
        CLOSED: State(CLOSED, _l("Settled"), "ok", final=True),
    },
    moves={
        "issue": Move(
            "issue",
            _l("Issue"),
            (PROPOSED,),
            ISSUED,
            sets={"issued_at": "@now"},
            guards=("slip_issuer",),
            effects=("slip_issued",),
            tone="primary",
        ),
        "acknowledge": Move(
            "acknowledge",
            _l("Acknowledge"),
            (ISSUED,),
            ACKNOWLEDGED,
            sets={"acknowledged_at": "@now", "acknowledged_by_id": "@me"},
            guards=("slip_addressee",),
        ),
        "answer": Move(
            "answer",
            _l("Answer"),
            WAITING,
            ANSWERED,
            requires=("reply",),
            sets={"replied_at": "@now"},
            guards=("slip_addressee",),
            effects=("slip_answered",),
            tone="primary",
        ),
        "settle": Move(
            "settle",
            _l("Settle"),
            (ANSWERED,),
            CLOSED,
            sets={"closed_at": "@now"},
            guards=("slip_issuer",),
            effects=("slip_settled",),
            tone="primary",
        ),
        "ask_again": Move(
            "ask_again",
            _l("Ask again"),
            (ANSWERED,),
            ISSUED,
            guards=("slip_issuer",),
            effects=("slip_asked_again",),
            reason=True,
            tone="late",
        ),
    },
)


class UrgeSlip(Owned, Record):
    """One slip about one late clock; its unit, or the person in charge, answers (催办督办单)."""

    __table_args__ = (
        UniqueConstraint("clock_id", "kind"),
        UniqueConstraint("adopter_id", "slip_no"),
        Index("ix_urge_slip_row", "of_register", "record_id"),
        CheckConstraint("(status = 'proposed') = (issued_at IS NULL)", name="issued"),
        CheckConstraint("status NOT IN ('answered', 'closed') OR replied_at IS NOT NULL", name="answered"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed"),
    )

    slip_no: Mapped[str] = fields.text(_l("Slip number"), 60, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, computed=True)
    status: Mapped[str] = fields.state(_l("State"))
    of_register: Mapped[str] = mapped_column(Key(60))
    record_id: Mapped[int] = mapped_column(RowId)
    case_title: Mapped[str] = fields.text(_l("Case"), 120, computed=True)
    clock_id: Mapped[int] = fields.ref(_l("Deadline"), "deadline_clock", computed=True)
    slip_key: Mapped[str] = mapped_column(Key(60))
    pack_version_id: Mapped[int] = mapped_column(ForeignKey("pack_version.id", ondelete="RESTRICT"))
    adopter_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id", ondelete="RESTRICT"))
    post: Mapped[str | None] = fields.post(_l("Post"))
    due_at: Mapped[dt.datetime] = fields.datetime(_l("Was due at"), computed=True)
    overdue_minutes: Mapped[int] = fields.integer(_l("Late by (minutes)"), computed=True)
    issued_at: Mapped[dt.datetime | None] = fields.datetime(_l("Issued at"), computed=True)
    acknowledged_at: Mapped[dt.datetime | None] = fields.datetime(_l("Acknowledged at"), computed=True)
    acknowledged_by_id: Mapped[int | None] = fields.ref(_l("Acknowledged by"), "employee", computed=True)
    reply: Mapped[str | None] = fields.longtext(
        _l("Reason and answer"), help=_l("Why it was late, and what will be done.")
    )
    replied_at: Mapped[dt.datetime | None] = fields.datetime(_l("Answered at"), computed=True)
    closed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Settled at"), computed=True)

    register = Register(
        area="platform",
        label=_l("Urge and inquiry slips"),
        title="slip_no",
        icon="bell-ringing",
        list=("slip_no", "kind", "case_title", "unit_id", "due_at", "issued_at", "status"),
        search=("slip_no", "case_title"),
        filters=("status", "kind", "unit_id", "issued_at"),
        lifecycle=LIFE,
        participants=True,
        withheld=(PROPOSED,),
        sections=(
            Section(_l("Slip"), ("slip_no", "kind", "status", "case_title", "clock_id", "issued_at")),
            Section(_l("To"), ("unit_id", "owner_id", "post", "due_at", "overdue_minutes")),
            Section(_l("Answer"), ("acknowledged_at", "acknowledged_by_id", "reply", "replied_at", "closed_at")),
        ),
        actions=frozenset(),
    )
