"""Credit violation (不良信用违规记录): arrears or a breach of a customer, or goods that left without approval."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

KINDS = {
    "manual_invoice": _l("Invoice written by hand"), "no_invoice": _l("Shipped without invoice"),
    "no_approval": _l("Shipped without approval"), "no_remittance": _l("Shipped without money before"),
    "bad_debt": _l("Bad debt"), "undelivered": _l("Goods not delivered"), "serious_breach": _l("Serious breach"),
    "broken_promise": _l("Promise broken"), "debt_dispute": _l("Dispute about debts"),
    "asset_transfer": _l("Assets moved away"), "unfair_act": _l("Unfair practice"),
    "illegal_operation": _l("Illegal business"), "closure_order": _l("Ordered to close"),
    "account_freeze_risk": _l("Accounts may be frozen"),
}  # fmt: skip


class CreditViolation(Case, Record):
    """Nobody is charged before it is verified."""

    __table_args__: Any = (
        UniqueConstraint("adopter_id", "violation_no"),
        CheckConstraint("cleared_on IS NULL OR found_on IS NULL OR cleared_on >= found_on", name="cleared_after"),
    )

    violation_no: Mapped[str | None] = fields.text(_l("Number"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind of violation"), KINDS)
    found_on: Mapped[dt.date | None] = fields.date(_l("Found on"))
    customer_id: Mapped[int] = fields.ref(_l("Customer"), "customer")
    shipment_id: Mapped[int | None] = fields.ref(_l("Shipment"), "shipment")
    amount: Mapped[Decimal | None] = fields.money(_l("Value concerned"), unit=_l("yuan"))
    facts: Mapped[str | None] = fields.longtext(_l("What happened"))
    investigator_id: Mapped[int | None] = fields.ref(_l("Looked into by"), "employee", computed=True)
    verified: Mapped[bool] = fields.boolean(_l("Verified"), default=False, computed=True)
    verified_at: Mapped[dt.datetime | None] = fields.datetime(_l("Verified at"), computed=True)
    logistics_specialist_id: Mapped[int | None] = fields.ref(_l("Logistics specialist"), "employee")
    warehouse_keeper_id: Mapped[int | None] = fields.ref(_l("Warehouse keeper"), "employee")
    market_head_id: Mapped[int | None] = fields.ref(_l("Head of the market department"), "employee")
    cleared_on: Mapped[dt.date | None] = fields.date(_l("Cleared on"))
    evidence = fields.files(_l("Evidence"))

    register = Register(
        area="credit", label=_l("Credit violation"), title="violation_no", subject="kind", party="customer_id",
        icon="alert-triangle", from_pack=True, participants=True, actions=frozenset({"add", "edit"}),
        facts=("amount", "found_on"), order="-found_on",
        list=("violation_no", "kind", "customer_id", "found_on", "amount", "verified", "status", "investigator_id"),
        search=("violation_no", "customer_id"),
        filters=("status", "kind", "customer_id", "found_on", "shipment_id", "owner_id"),
        lines=("credit_liability.violation_id", "case_disposition.violation_id"),
        sections=(
            Section(_l("Finding"), ("violation_no", "status", "kind", "found_on", "customer_id", "shipment_id",
                                    "amount", "facts", "evidence", "cleared_on")),
            Section(_l("Persons"), ("investigator_id", "verified", "verified_at", "logistics_specialist_id",
                                    "warehouse_keeper_id", "market_head_id", "unit_id", "owner_id",
                                    "holder_unit_id")),
        ),
    )  # fmt: skip
