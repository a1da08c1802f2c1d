"""Bad debt (死呆坏账登记): value of goods that will not be paid, and who bears it."""

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

ORIGINS = {
    "within": _l("Within the limit"), "first_over": _l("First over-limit, as within the limit"),
    "last_over": _l("Last over-limit"), "unapproved": _l("Shipped without approval"), "special": _l("Special credit"),
}  # fmt: skip


class BadDebt(Case, Record):
    """Declared by finance and approved before it is shared out; at most what is unpaid."""

    __table_args__: Any = (
        UniqueConstraint("adopter_id", "debt_no"),
        CheckConstraint("amount > 0", name="some_amount"),
    )

    debt_no: Mapped[str | None] = fields.text(_l("Number"), 40, computed=True)
    shipment_id: Mapped[int] = fields.ref(_l("Shipment"), "shipment")
    customer_id: Mapped[int | None] = fields.ref(_l("Customer"), "customer", computed=True)
    amount: Mapped[Decimal] = fields.money(_l("Amount lost"), minimum=Decimal("0.01"), unit=_l("yuan"))
    grounds: Mapped[str | None] = fields.longtext(_l("Grounds"))
    declared_on: Mapped[dt.date | None] = fields.date(_l("Declared on"))
    declared_by_id: Mapped[int | None] = fields.ref(_l("Declared by"), "employee", computed=True)
    origin: Mapped[str | None] = fields.choice(_l("Nature"), ORIGINS, computed=True)
    rule_id: Mapped[int | None] = fields.ref(_l("Rule of the shares"), "conduct_rule", computed=True)
    approved_by_id: Mapped[int | None] = fields.ref(_l("Approved by"), "employee", computed=True)
    approved_at: Mapped[dt.datetime | None] = fields.datetime(_l("Approved at"), computed=True)
    recovered_amount: Mapped[Decimal | None] = fields.money(_l("Recovered"), computed=True, unit=_l("yuan"))
    evidence = fields.files(_l("Evidence"))

    register = Register(
        area="credit", label=_l("Bad debt"), title="debt_no", subject="origin", party="customer_id", icon="coin",
        from_pack=True, actions=frozenset({"add", "edit"}), facts=("amount", "origin"),
        list=("debt_no", "customer_id", "shipment_id", "amount", "origin", "declared_on", "status"),
        search=("debt_no", "customer_id"), filters=("status", "origin", "customer_id", "declared_on", "shipment_id"),
        lines=("credit_liability.bad_debt_id",),
        sections=(
            Section(_l("Debt"), ("debt_no", "status", "shipment_id", "customer_id", "amount", "origin", "grounds",
                                 "declared_on", "declared_by_id", "evidence")),
            Section(_l("Decision"), ("rule_id", "approved_by_id", "approved_at", "recovered_amount", "unit_id",
                                     "owner_id", "holder_unit_id")),
        ),
    )  # fmt: skip
