"""Reward (奖励登记): for a person, or for a customer, who did well."""

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

GRADES = {
    "commendation": _l("Commendation"),
    "minor_merit": _l("Minor merit"),
    "major_merit": _l("Major merit"),
    "bonus": _l("Bonus"),
    "cash": _l("Cash"),
    "gift": _l("Gift"),
    "discount": _l("Discount"),
    "title": _l("Title of honour"),
}


class Reward(Case, Record):
    """Agreed by those whom the policy names, then granted."""

    __table_args__: Any = (
        UniqueConstraint("adopter_id", "reward_no"),
        CheckConstraint("employee_id IS NOT NULL OR customer_id IS NOT NULL", name="for_somebody"),
    )

    reward_no: Mapped[str | None] = fields.text(_l("Reward number"), 40, computed=True)
    employee_id: Mapped[int | None] = fields.ref(_l("Person rewarded"), "employee")
    customer_id: Mapped[int | None] = fields.ref(_l("Customer rewarded"), "customer")
    merit: Mapped[str] = fields.longtext(_l("Merit"))
    grade: Mapped[str] = fields.choice(_l("Reward"), GRADES)
    amount: Mapped[Decimal | None] = fields.money(_l("Amount of the bonus"), unit=_l("yuan"))
    complaint_id: Mapped[int | None] = fields.ref(_l("Complaint"), "complaint")
    head_unit_id: Mapped[int | None] = fields.ref(_l("Agreed in"), "org_unit", computed=True)
    department_agreed: Mapped[bool] = fields.boolean(_l("The department agrees"), default=False, computed=True)
    board_agreed: Mapped[bool] = fields.boolean(_l("The board agrees"), default=False, computed=True)
    decided_by_id: Mapped[int | None] = fields.ref(_l("Decided by"), "employee", computed=True)
    decided_on: Mapped[dt.date | None] = fields.date(_l("Decided on"), computed=True)
    given_on: Mapped[dt.date | None] = fields.date(_l("Given on"))
    evidence = fields.files(_l("Attachments"))

    register = Register(
        area="consequences", label=_l("Reward"), title="reward_no", subject="grade", party="employee_id",
        facts=("amount",), icon="gift", from_pack=True, participants=True, actions=frozenset({"add", "edit"}),
        list=("reward_no", "employee_id", "customer_id", "grade", "amount", "status", "department_agreed",
              "board_agreed", "decided_on"),
        search=("reward_no", "employee_id"),
        filters=("status", "employee_id", "customer_id", "grade", "complaint_id", "decided_on", "owner_id"),
        sections=(
            Section(_l("Reward"), ("reward_no", "status", "employee_id", "customer_id", "grade", "amount",
                                   "complaint_id", "merit", "evidence", "unit_id", "owner_id", "holder_unit_id")),
            Section(_l("Agreement"), ("head_unit_id", "department_agreed", "board_agreed", "decided_by_id",
                                      "decided_on", "given_on")),
        ),
    )  # fmt: skip
