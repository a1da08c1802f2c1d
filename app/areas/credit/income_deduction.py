"""Income deduction (收入抵扣单): what one month's income pays of a liability."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section


class IncomeDeduction(Record):
    """Added by finance to a confirmed liability; all together never more than it."""

    __table_args__: Any = (
        UniqueConstraint("liability_id", "pay_month"),
        CheckConstraint("amount > 0", name="some_amount"),
    )

    liability_id: Mapped[int] = fields.ref(_l("Liability for a loss"), "credit_liability")
    employee_id: Mapped[int | None] = fields.ref(_l("Person liable"), "employee", computed=True)
    pay_month: Mapped[str] = fields.text(_l("Pay month"), 7, help=_l("Year and month, such as 2025-10."))
    amount: Mapped[Decimal] = fields.money(_l("Deducted"), minimum=Decimal("0.01"), unit=_l("yuan"))
    income_of_month: Mapped[Decimal | None] = fields.money(_l("Income of the month"), unit=_l("yuan"))
    above_share: Mapped[bool | None] = fields.boolean(_l("Above the share of the income"), computed=True)
    confirmed_by_id: Mapped[int | None] = fields.ref(_l("Entered by"), "employee", computed=True)

    register = Register(
        area="credit", label=_l("Income deduction"), title="pay_month", parent="liability_id", menu=False,
        icon="receipt-refund", actions=frozenset({"add"}), order="pay_month",
        list=("pay_month", "liability_id", "employee_id", "amount", "income_of_month", "above_share",
              "confirmed_by_id"),
        filters=("liability_id", "employee_id", "pay_month"),
        sections=(
            Section(_l("Deduction"), ("liability_id", "employee_id", "pay_month", "amount", "income_of_month",
                                      "above_share", "confirmed_by_id")),
        ),
    )  # fmt: skip
