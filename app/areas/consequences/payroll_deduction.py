"""Payroll deduction (绩效奖金罚扣明细): what one person owes by one penalty notice."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section
from app.core.scope import Owned

OPEN, SETTLED, CANCELLED = "open", "settled", "cancelled"
STATES = {OPEN: _l("Open"), SETTLED: _l("Settled"), CANCELLED: _l("Cancelled")}


def state_of(amount: Decimal, outstanding: Decimal) -> str:
    """The state that the amounts of a deduction give."""
    return OPEN if outstanding else SETTLED if amount else CANCELLED


class PayrollDeduction(Owned, Record):
    """Belongs to accounting; the person sees it once the run that charged it was taken. Cases are never merged."""

    __table_args__: Any = (
        UniqueConstraint("notice_id", "employee_id"),
        CheckConstraint("amount = taken + outstanding", name="adds_up"),
        CheckConstraint("amount >= 0 AND taken >= 0 AND outstanding >= 0", name="not_negative"),
    )

    reference: Mapped[str] = fields.text(_l("Reference"), 80, computed=True, unique=True)
    notice_id: Mapped[int] = fields.ref(_l("Penalty notice"), "penalty_notice", computed=True)
    employee_id: Mapped[int] = fields.ref(_l("Person"), "employee", computed=True)
    personal_points: Mapped[Decimal | None] = fields.decimal(_l("Points of the person"), computed=True)
    total_points: Mapped[Decimal | None] = fields.decimal(_l("Points of all who share it"), computed=True)
    amount: Mapped[Decimal] = fields.money(_l("Amount owed"), computed=True, unit=_l("yuan"))
    taken: Mapped[Decimal] = fields.money(_l("Deducted"), computed=True, unit=_l("yuan"))
    outstanding: Mapped[Decimal] = fields.money(_l("Outstanding"), computed=True, unit=_l("yuan"))
    start_month: Mapped[str] = fields.text(_l("From the month"), 7, computed=True)
    status: Mapped[str] = fields.choice(_l("State"), STATES, default=OPEN, computed=True)
    noticed_at: Mapped[dt.datetime] = fields.datetime(_l("Notice approved at"), computed=True)
    run_id: Mapped[int | None] = fields.ref(_l("Charged by the run"), "payroll_run", computed=True)
    calculation: Mapped[str | None] = fields.longtext(_l("Calculation"), computed=True)

    register = Register(
        area="consequences", label=_l("Payroll deduction"), title="reference", party="employee_id",
        icon="receipt-refund", actions=frozenset(),
        list=("reference", "employee_id", "notice_id", "amount", "taken", "outstanding", "start_month", "status"),
        search=("reference", "employee_id"), filters=("status", "employee_id", "notice_id", "start_month", "run_id"),
        lines=("deduction_instalment.deduction_id",),
        sections=(
            Section(_l("Deduction"), ("reference", "status", "notice_id", "noticed_at", "employee_id", "amount",
                                      "taken", "outstanding", "start_month", "run_id", "unit_id", "owner_id"),
                    clause="经济处罚准则（三）"),
            Section(_l("How it is shared"), ("personal_points", "total_points", "calculation"),
                    clause="经济处罚准则（三）3"),
        ),
    )  # fmt: skip
