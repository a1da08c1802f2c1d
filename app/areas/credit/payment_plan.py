"""Payment plan (货款回笼计划): instalments agreed with a customer, or steps that bring what is owed down."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

REASONS = {
    "uncredited": _l("Goods against cash without credit"), "over_limit": _l("Paid before, above the limit"),
    "overdue": _l("Overdue"), "over_exposure": _l("More in use than the limit"), "no_limit": _l("In use without limit"),
    "special_terms": _l("Special payment terms"),
}  # fmt: skip
COMMISSIONS = {"mortgage": _l("Mortgage"), "one_off": _l("One-off payment")}


class PaymentPlan(Case, Record):
    """The lines of the instalments, a day and an amount each, add up to the total."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "plan_no"),)

    plan_no: Mapped[str | None] = fields.text(_l("Plan number"), 40, computed=True)
    customer_id: Mapped[int] = fields.ref(_l("Customer"), "customer")
    reason: Mapped[str] = fields.choice(_l("Why it was made"), REASONS)
    total: Mapped[Decimal | None] = fields.money(_l("Planned in all"), minimum=Decimal("0.01"), unit=_l("yuan"))
    instalments: Mapped[str | None] = fields.longtext(
        _l("Instalments"), help=_l("A line for each: day and amount, such as 2025-10-15 30000.00.")
    )
    made_on: Mapped[dt.date | None] = fields.date(_l("Made on"))
    made_by: Mapped[str | None] = fields.text(_l("Made by"), 60, help=_l("Who acts for the customer."))
    accepted_by_id: Mapped[int | None] = fields.ref(_l("Accepted by"), "employee", computed=True)
    start_exposure: Mapped[Decimal | None] = fields.money(_l("In use at the start"), unit=_l("yuan"))
    target: Mapped[Decimal | None] = fields.money(_l("Aim"), unit=_l("yuan"))
    security_measure: Mapped[str | None] = fields.longtext(_l("How the assets are secured"))
    proposed_terms: Mapped[str | None] = fields.longtext(_l("Payment terms"))
    grounds: Mapped[str | None] = fields.longtext(_l("Grounds of the application"))
    commission_class: Mapped[str | None] = fields.choice(_l("Commission as"), COMMISSIONS)
    valid_until: Mapped[dt.date | None] = fields.date(_l("Approved until"))
    paid: Mapped[Decimal | None] = fields.money(_l("Paid of the plan"), computed=True, unit=_l("yuan"))
    missed_on: Mapped[dt.date | None] = fields.date(_l("First missed on"), computed=True)

    register = Register(
        area="credit", label=_l("Payment plan"), title="plan_no", subject="reason", party="customer_id",
        icon="calendar-event", from_pack=True, actions=frozenset({"add", "edit"}),
        list=("plan_no", "customer_id", "reason", "total", "paid", "made_on", "status", "owner_id"),
        search=("plan_no", "customer_id"), filters=("status", "reason", "customer_id", "made_on", "owner_id"),
        lines=("shipment.payment_plan_id",),
        sections=(
            Section(_l("Plan"), ("plan_no", "status", "customer_id", "reason", "total", "instalments", "made_on",
                                 "made_by", "accepted_by_id")),
            Section(_l("Bringing it down"), ("start_exposure", "target", "security_measure")),
            Section(_l("Terms"), ("proposed_terms", "grounds", "commission_class", "valid_until")),
            Section(_l("Course"), ("paid", "missed_on", "unit_id", "owner_id", "holder_unit_id")),
        ),
    )  # fmt: skip
