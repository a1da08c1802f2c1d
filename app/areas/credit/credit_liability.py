"""Liability (责任承担明细): what an employee bears of goods that were not paid."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

CAUSES = {
    "within": _l("Bad debt within the limit"), "last_over": _l("Bad debt of the last over-limit shipment"),
    "month_end": _l("Last over-limit shipment not paid by the month's end"),
    "unapproved": _l("Shipped against the rules"),
}  # fmt: skip
NOTHING = Decimal(0)


class CreditLiability(Case, Record):
    """Proposed by the program, confirmed by finance, taken from income in instalments that never exceed it."""

    __table_args__: Any = (
        UniqueConstraint("adopter_id", "origin_key"),
        CheckConstraint("deducted >= 0 AND deducted <= amount", name="not_deducted_above_it"),
    )

    liability_no: Mapped[str | None] = fields.text(_l("Number"), 40, computed=True)
    bad_debt_id: Mapped[int | None] = fields.ref(_l("Bad debt"), "bad_debt", computed=True)
    violation_id: Mapped[int | None] = fields.ref(_l("Finding"), "credit_violation", computed=True)
    shipment_id: Mapped[int | None] = fields.ref(_l("Shipment"), "shipment", computed=True)
    employee_id: Mapped[int] = fields.ref(_l("Person liable"), "employee", computed=True)
    post_code: Mapped[str | None] = fields.post(_l("As"))
    percent: Mapped[Decimal] = fields.percent(_l("Share"), computed=True, unit="%")
    base: Mapped[Decimal] = fields.money(_l("Of the amount"), computed=True, unit=_l("yuan"))
    amount: Mapped[Decimal] = fields.money(_l("Amount borne"), computed=True, unit=_l("yuan"))
    deducted: Mapped[Decimal] = fields.money(_l("Deducted"), default=NOTHING, computed=True, unit=_l("yuan"))
    refund: Mapped[Decimal] = fields.money(_l("To be refunded"), default=NOTHING, computed=True, unit=_l("yuan"))
    deducted_something: Mapped[bool] = fields.boolean(_l("Something was deducted"), default=False, computed=True)
    fully_deducted: Mapped[bool] = fields.boolean(_l("All was deducted"), default=False, computed=True)
    cause: Mapped[str] = fields.choice(_l("Cause"), CAUSES, computed=True)
    origin_key: Mapped[str] = fields.text(_l("Proposed from"), 80, computed=True)

    register = Register(
        area="credit", label=_l("Liability for a loss"), title="liability_no", subject="cause", party="employee_id",
        icon="user-check", from_pack=True, participants=True, actions=frozenset(),
        internal=("origin_key", "deducted_something", "fully_deducted"),
        facts=("amount", "deducted"),
        list=("liability_no", "employee_id", "cause", "shipment_id", "percent", "amount", "deducted", "status"),
        search=("liability_no", "employee_id"),
        filters=("status", "cause", "employee_id", "bad_debt_id", "violation_id", "shipment_id"),
        lines=("income_deduction.liability_id",),
        sections=(
            Section(_l("Liability for a loss"), ("liability_no", "status", "employee_id", "post_code", "cause",
                                                 "bad_debt_id", "violation_id", "shipment_id")),
            Section(_l("Amount"), ("base", "percent", "amount", "deducted", "refund", "unit_id", "owner_id",
                                   "holder_unit_id")),
        ),
    )  # fmt: skip
