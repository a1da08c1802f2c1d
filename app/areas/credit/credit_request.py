"""Credit request (授信申请审批): a new, a special or an adjusted credit limit, with its cap and who granted it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.areas.credit.credit_rating import CLASSES
from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section
from app.core.types import Json

PURPOSES = {"request": _l("Request"), "adjustment": _l("Adjustment"), "special": _l("Special credit")}
KINDS = {"temporary": _l("Temporary"), "long_term": _l("Long term")}
DIRECTIONS = {"credit_sale": _l("Credit sale"), "prepayment": _l("Prepayment")}
TERM_UNITS = {"day": _l("days"), "month": _l("months")}
DECISIONS = {"pending": _l("Pending"), "approved": _l("Approved"), "refused": _l("Refused")}
ACTIVE = "active"


class CreditRequest(Case, Record):
    """One limit of one customer; active between its days until a later one takes its place."""

    __table_args__: Any = (
        UniqueConstraint("adopter_id", "request_no"),
        CheckConstraint("requested_limit >= 0", name="limit_not_negative"),
        CheckConstraint("valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from", name="limit_ends_after"),
        Index("ix_credit_request_line", "customer_id", "status", "adopter_id"),
        Index("ix_credit_request_total", "adopter_id", "status"),
    )

    request_no: Mapped[str | None] = fields.text(_l("Request number"), 40, computed=True)
    purpose: Mapped[str] = fields.choice(_l("Purpose"), PURPOSES, default="request")
    customer_id: Mapped[int] = fields.ref(_l("Customer"), "customer")
    credit_class: Mapped[str | None] = fields.choice(_l("Credit class"), CLASSES, computed=True)
    rating_id: Mapped[int | None] = fields.ref(_l("Rating"), "credit_rating", computed=True)
    kind: Mapped[str | None] = fields.choice(_l("Kind of credit"), KINDS)
    direction: Mapped[str | None] = fields.choice(_l("Direction"), DIRECTIONS, default="credit_sale")
    reason: Mapped[str | None] = fields.longtext(_l("Why it is necessary"))
    avg_month_receipt: Mapped[Decimal | None] = fields.money(_l("Average monthly receipts"), computed=True,
                                                             unit=_l("yuan"))
    avg_month_delivery: Mapped[Decimal | None] = fields.money(_l("Average monthly deliveries"), computed=True,
                                                              unit=_l("yuan"))
    existing_credit: Mapped[Decimal | None] = fields.money(_l("Earlier credit"), computed=True, unit=_l("yuan"))
    collateral_value: Mapped[Decimal | None] = fields.money(_l("Value of collateral"), computed=True, unit=_l("yuan"))
    cap: Mapped[Decimal | None] = fields.money(_l("Highest limit"), computed=True, unit=_l("yuan"))
    cap_route: Mapped[str | None] = fields.text(_l("Found by"), 60, computed=True)
    evidence: Mapped[dict[str, Any] | None] = mapped_column(Json, deferred=True)
    requested_limit: Mapped[Decimal] = fields.money(_l("Limit requested"), unit=_l("yuan"))
    approved_limit: Mapped[Decimal | None] = fields.money(_l("Limit granted"), unit=_l("yuan"))
    term_number: Mapped[int | None] = fields.integer(_l("Term"), computed=True, minimum=0)
    term_unit: Mapped[str | None] = fields.choice(_l("Unit of the term"), TERM_UNITS, computed=True)
    reduction_plan: Mapped[str | None] = fields.longtext(_l("How it is reduced step by step"))
    previous_id: Mapped[int | None] = fields.ref(_l("Limit before"), "credit_request")
    old_limit: Mapped[Decimal | None] = fields.money(_l("Old limit"), computed=True, unit=_l("yuan"))
    upward_exception: Mapped[str | None] = fields.longtext(_l("Why raised by exception"))
    oldest_days: Mapped[int | None] = fields.integer(_l("Days of the oldest unpaid amount"), minimum=0)
    overdue_amount: Mapped[Decimal | None] = fields.money(_l("Overdue amount"), unit=_l("yuan"))
    conditions: Mapped[str | None] = fields.longtext(_l("Further conditions"))
    applicant_id: Mapped[int | None] = fields.ref(_l("Requested by"), "employee", computed=True)
    decision: Mapped[str | None] = fields.choice(_l("Decision"), DECISIONS, computed=True)
    decided_by_id: Mapped[int | None] = fields.ref(_l("Decided by"), "employee", computed=True)
    decided_at: Mapped[dt.datetime | None] = fields.datetime(_l("Decided"), computed=True)
    valid_from: Mapped[dt.date | None] = fields.date(_l("Valid from"))
    valid_to: Mapped[dt.date | None] = fields.date(_l("Valid to"))
    papers = fields.files(_l("Papers"))

    register = Register(
        area="credit", label=_l("Credit request"), title="request_no", subject="purpose", party="customer_id",
        icon="file-dollar", from_pack=True, participants=True, actions=frozenset({"add", "edit"}),
        facts=("requested_limit", "cap", "credit_class"),
        list=("request_no", "customer_id", "purpose", "credit_class", "kind", "requested_limit", "cap", "valid_to",
              "status"),
        search=("request_no",),
        filters=("status", "customer_id", "purpose", "credit_class", "kind", "valid_from", "valid_to", "owner_id",
                 "unit_id"),
        sections=(
            Section(_l("Request"), ("request_no", "purpose", "customer_id", "direction", "kind", "requested_limit",
                                    "reason", "status", "applicant_id", "unit_id", "owner_id", "holder_unit_id"),
                    clause="第21条; 第25条"),
            Section(_l("Highest limit"), ("credit_class", "rating_id", "avg_month_receipt", "avg_month_delivery",
                                          "existing_credit", "collateral_value", "cap", "cap_route", "term_number",
                                          "term_unit", "reduction_plan"), clause="第26条; 第27条"),
            Section(_l("Adjustment"), ("previous_id", "old_limit", "upward_exception"), clause="第42条"),
            Section(_l("Special credit"), ("oldest_days", "overdue_amount", "conditions"), clause="1.4.2"),
            Section(_l("Decision"), ("approved_limit", "valid_from", "valid_to", "decision", "decided_by_id",
                                     "decided_at", "papers"), clause="第30条"),
        ),
    )  # fmt: skip
