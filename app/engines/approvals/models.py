"""Requests for a decision, their steps, and the people who may not decide them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, fields
from app.core.db import Model
from app.core.lifecycle import Words
from app.core.register import Record, Register, Section
from app.core.types import Key, RowId, UtcDateTime
from app.core.wording import listed, pair
from app.core.words import post_label

REQUEST_STATES = {
    "open": _l("Open"),
    "approved": _l("Approved"),
    "rejected": _l("Rejected"),
    "returned": _l("Returned"),
    "withdrawn": _l("Withdrawn"),
    "superseded": _l("Superseded"),
}
STEP_STATES = {
    "waiting": _l("Not yet its turn"),
    "open": _l("To be decided"),
    "approved": _l("Approved"),
    "rejected": _l("Rejected"),
    "returned": _l("Returned"),
    "skipped": _l("Not needed"),
    "transferred": _l("Handed over"),
    "recused": _l("Recused"),
    "timed_out": _l("Timed out"),
    "read": _l("Read"),
    "remarked": _l("Has spoken"),
}
KINDS = {
    "one": _l("One decides"),
    "all": _l("All must approve"),
    "any": _l("Any may decide"),
    "added": _l("Added signer"),
    "cc": _l("Copy to read"),
    "remark": _l("Discussion"),
}


def _grounds(frozen: dict[str, Any]) -> str:
    """What is asked for, by which clause, and the posts in their turn."""
    subject = Words(frozen["subject"]["zh"], frozen["subject"]["en"])
    turns = " → ".join(listed(map(post_label, station["posts"])) for station in frozen["stations"])
    return pair(f"{subject} [{frozen['clause']}]", turns)


class ApprovalRequest(Record):
    """Something put to the people who may decide it, with the route as it was frozen then (审批申请)."""

    __table_args__ = (
        Index("ix_approval_request_subject", "of_register", "record_id", "route"),
        Index(
            "uq_approval_request_open", "of_register", "record_id", "route", unique=True,
            sqlite_where=text("status = 'open'"), postgresql_where=text("status = 'open'"),
        ),
        Index("ix_approval_request_owner", "owner_id", "opened_at"),
        CheckConstraint("(status = 'open') = (closed_at IS NULL)", name="closed"),
    )

    of_register: Mapped[str] = fields.text(_l("Register"), 60, computed=True)
    record_id: Mapped[int] = fields.integer(_l("Record"), computed=True)
    title: Mapped[str] = fields.text(_l("Subject"), 200, computed=True)
    route: Mapped[str] = fields.text(_l("Route"), 60, computed=True)
    policy: Mapped[str] = fields.text(_l("Policy"), 12, computed=True)
    pack_version_id: Mapped[int] = mapped_column(ForeignKey("pack_version.id", ondelete="RESTRICT"))
    adopter_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id", ondelete="RESTRICT"))
    unit_id: Mapped[int] = fields.ref(_l("Unit"), "org_unit", computed=True)
    owner_id: Mapped[int | None] = fields.ref(_l("Put forward by"), "employee", computed=True)
    amount: Mapped[Decimal | None] = fields.money(_l("Amount"), computed=True)
    frozen: Mapped[dict[str, Any]] = fields.json(_l("Route and reasons"), words=_grounds)
    status: Mapped[str] = fields.choice(_l("State"), REQUEST_STATES, computed=True, default="open")
    came_from: Mapped[str | None] = mapped_column(Key(40))
    opened_at: Mapped[dt.datetime] = fields.datetime(_l("Put forward at"), computed=True, default=clock.now)
    closed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Closed at"), computed=True)
    reason: Mapped[str | None] = fields.longtext(_l("Reason"), computed=True)
    urged_at: Mapped[dt.datetime | None] = fields.datetime(_l("Last urged at"), computed=True)

    register = Register(
        area="platform", label=_l("Approval request"), title="title", icon="checkbox",
        list=("title", "policy", "route", "amount", "status", "owner_id", "opened_at", "closed_at"),
        sections=(
            Section(_l("Request"), ("title", "policy", "route", "amount", "status", "unit_id", "owner_id")),
            Section(_l("Course"), ("opened_at", "urged_at", "closed_at", "reason")),
            Section(_l("Grounds"), ("frozen",)),
        ),
        internal=("of_register", "record_id"),
        filters=("status", "policy", "opened_at"), search=("title",), order="-opened_at", actions=frozenset(),
        points=("of_register", "record_id"),
    )


class Approval(Record):
    """One opinion or decision asked of a post or a person (审批会签记录)."""

    __table_args__ = (
        Index("ix_approval_person", "status", "employee_id"),
        Index("ix_approval_post", "status", "post", "adopter_id", "unit_id"),
        Index("ix_approval_decided", "decided_by_id", "decided_at"),
        Index("ix_approval_due", "status", "due_at"),
        CheckConstraint(
            "(status IN ('approved', 'rejected', 'returned')) = (decided_by_id IS NOT NULL)", name="decider"
        ),
    )

    request_id: Mapped[int] = fields.ref(_l("Request"), "approval_request", ondelete="CASCADE", computed=True)
    position: Mapped[int] = fields.integer(_l("Order"), computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, computed=True)
    post: Mapped[str | None] = fields.post(_l("Post"))
    adopter_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id", ondelete="RESTRICT"))
    unit_id: Mapped[int | None] = fields.ref(_l("Unit"), "org_unit", computed=True)
    employee_id: Mapped[int | None] = fields.ref(_l("Asked"), "employee", computed=True)
    original_employee_id: Mapped[int | None] = fields.ref(_l("In place of"), "employee", computed=True)
    delegated: Mapped[bool] = fields.boolean(_l("By a deputy"), computed=True, default=False)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("approval.id", ondelete="CASCADE"))
    opened_at: Mapped[dt.datetime | None] = fields.datetime(_l("Received at"), computed=True)
    due_at: Mapped[dt.datetime | None] = fields.datetime(_l("Due at"), computed=True)
    status: Mapped[str] = fields.choice(_l("State"), STEP_STATES, computed=True, default="waiting")
    decided_by_id: Mapped[int | None] = fields.ref(_l("Decided by"), "employee", computed=True)
    decided_as: Mapped[str | None] = fields.text(_l("Decided as"), 60, computed=True, words=post_label)
    decided_at: Mapped[dt.datetime | None] = fields.datetime(_l("Decided at"), computed=True)
    comment: Mapped[str | None] = fields.longtext(_l("Opinion"), computed=True)
    given: Mapped[dict[str, Any] | None] = fields.json(_l("Values given"))

    register = Register(
        area="platform", label=_l("Approval step"), title="position", icon="writing-sign", parent="request_id",
        list=("request_id", "position", "kind", "post", "employee_id", "status", "decided_by_id", "decided_at"),
        sections=(
            Section(_l("Asked"), ("request_id", "position", "kind", "post", "unit_id", "employee_id",
                                  "original_employee_id", "delegated", "opened_at", "due_at")),
            Section(_l("Answer"), ("status", "decided_by_id", "decided_as", "decided_at", "comment", "given")),
        ),
        filters=("status", "kind"), order="-id", actions=frozenset(), menu=False,
    )


class Recusal(Model):
    """A person who may not decide a route of a case, and why (回避); it outlives the request."""

    __tablename__ = "approval_recusal"
    __table_args__ = (UniqueConstraint("of_register", "record_id", "route", "employee_id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    of_register: Mapped[str] = mapped_column(Key(60))
    record_id: Mapped[int] = mapped_column(RowId)
    route: Mapped[str] = mapped_column(Key(60))
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id", ondelete="RESTRICT"), index=True)
    cause: Mapped[str] = mapped_column(Key(20))
    detail: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
