"""Customer grade (客户评级与重要客户): a dated class of a customer, or that he is important, with the reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.db import session
from app.core.errors import Problem
from app.core.register import Record, Register, Section
from app.core.saving import Draft, check

KINDS = {"important": _l("Important customer"), "vip": _l("VIP class")}
CLASSES = {"a": "A", "b": "B", "c": "C", "d": "D"}
IN_FORCE = "approved"


class CustomerGrade(Case, Record):
    """Of one customer, from a day on, perhaps to a day; both days belong to it."""

    __table_args__: Any = (CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="grade_ends_after"),)

    customer_id: Mapped[int] = fields.ref(_l("Customer"), "customer")
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="important")
    identifier: Mapped[str | None] = fields.personal(_l("Identity or customer number"), 40, mask="id")
    reason: Mapped[str] = fields.longtext(_l("Reason"))
    valid_from: Mapped[dt.date] = fields.date(_l("From"))
    valid_to: Mapped[dt.date | None] = fields.date(_l("To"))
    computed_class: Mapped[str | None] = fields.choice(_l("Class by the figures"), CLASSES, computed=True)
    decided_class: Mapped[str | None] = fields.choice(_l("Class decided"), CLASSES)
    adjust_reason: Mapped[str | None] = fields.longtext(_l("Why another class than the figures give"))
    contact_on: Mapped[dt.date | None] = fields.date(_l("Latest contact"), computed=True)
    few_channels: Mapped[bool | None] = fields.boolean(_l("Too few channels"), computed=True)
    replaced: Mapped[bool | None] = fields.boolean(_l("Replaced by a later grade"), computed=True)
    approved_by_id: Mapped[int | None] = fields.ref(_l("Approved by"), "employee", computed=True)
    approved_at: Mapped[dt.datetime | None] = fields.datetime(_l("Approved"), computed=True)

    register = Register(
        area="customers", label=_l("Customer grade"), title="customer_id", subject="kind", party="customer_id",
        icon="star", from_pack=True, participants=True, actions=frozenset({"add", "edit"}),
        list=("customer_id", "kind", "decided_class", "valid_from", "valid_to", "status", "approved_by_id"),
        filters=("status", "customer_id", "kind", "valid_from", "owner_id"),
        sections=(
            Section(_l("Class and reason"), ("customer_id", "kind", "identifier", "valid_from", "valid_to",
                                             "computed_class", "decided_class", "reason", "adjust_reason",
                                             "contact_on", "few_channels", "replaced")),
            Section(_l("Approval"), ("status", "approved_by_id", "approved_at", "unit_id", "owner_id",
                                     "holder_unit_id")),
        ),
    )  # fmt: skip


@check("customer_grade")
def grade_ends_after(draft: Draft) -> Iterable[Problem]:
    """The last day is not before the first."""
    first, last = draft.get("valid_from"), draft.get("valid_to")
    if first and last and last < first:
        yield Problem(_("The last day lies before the first."), "valid_to", "not_before")


def is_important(customer_id: int | None, adopter_id: int, day: dt.date) -> bool:
    """Whether a customer is on the approved list of important ones on a day, for a unit that works by a policy."""
    if customer_id is None:
        return False
    row = CustomerGrade
    valid = sa.and_(row.valid_from <= day, sa.or_(row.valid_to.is_(None), row.valid_to >= day))
    found = sa.select(row.id).where(
        row.customer_id == customer_id, row.adopter_id == adopter_id, row.kind == "important",
        row.status == IN_FORCE, valid,
    )  # fmt: skip
    return session.scalar(found.limit(1)) is not None
