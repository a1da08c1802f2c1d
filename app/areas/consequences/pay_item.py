"""Points and bonus of a person in a month (基点数档案): what deductions are shared by and taken from."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section
from app.core.scope import Owned

NOTHING = Decimal(0)


class PayItem(Owned, Record):
    """Belongs to accounting and to the person; locked from the moment that a month-end run has reckoned with it."""

    __table_args__: Any = (
        UniqueConstraint("month", "employee_id"),
        CheckConstraint("points >= 0 AND bonus >= 0", name="not_negative"),
        CheckConstraint("paid_out IS NULL OR fine + forfeited + taken + paid_out = bonus", name="adds_up"),
        CheckConstraint("paid_out IS NULL OR (taken <= cap AND paid_out >= 0)", name="within_cap"),
    )

    month: Mapped[str] = fields.text(_l("Month"), 7, help=_l("Such as 2025-09."))
    employee_id: Mapped[int] = fields.ref(_l("Person"), "employee")
    group_id: Mapped[int] = fields.ref(_l("Group or production unit"), "org_unit")
    section_id: Mapped[int | None] = fields.ref(_l("Section"), "org_unit")
    points: Mapped[Decimal] = fields.decimal(_l("Base points"), minimum=0)
    bonus: Mapped[Decimal] = fields.money(_l("Bonus of the month"), unit=_l("yuan"))
    remark: Mapped[str | None] = fields.longtext(_l("Remark"), 500)
    run_id: Mapped[int | None] = fields.ref(_l("Month-end run"), "payroll_run", computed=True)
    fine: Mapped[Decimal] = fields.money(_l("Fines of sanctions"), default=NOTHING, computed=True, unit=_l("yuan"))
    forfeited: Mapped[Decimal] = fields.money(_l("Forfeited"), default=NOTHING, computed=True, unit=_l("yuan"))
    cap: Mapped[Decimal | None] = fields.money(_l("Cap of the month"), computed=True, unit=_l("yuan"))
    taken: Mapped[Decimal] = fields.money(_l("Deducted"), default=NOTHING, computed=True, unit=_l("yuan"))
    paid_out: Mapped[Decimal | None] = fields.money(_l("Paid out"), computed=True, unit=_l("yuan"))

    register = Register(
        area="consequences", label=_l("Bonus and pay item"), title="month", party="employee_id", icon="wallet",
        list=("month", "employee_id", "group_id", "points", "bonus", "fine", "forfeited", "taken", "paid_out"),
        search=("month", "employee_id"), filters=("month", "employee_id", "group_id", "section_id", "run_id"),
        order="-month",
        sections=(
            Section(_l("Points and bonus"), ("month", "employee_id", "group_id", "section_id", "points", "bonus",
                                             "remark", "unit_id", "owner_id"), clause="经济处罚准则（三）3"),
            Section(_l("Month-end run"), ("run_id", "fine", "forfeited", "cap", "taken", "paid_out"),
                    clause="经济处罚准则（三）4"),
        ),
    )  # fmt: skip
