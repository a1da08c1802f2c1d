"""Business result (业绩存款登记): balances of a customer by day and currency, and what a manager won in a quarter."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section
from app.core.scope import Owned

KINDS = {
    "balance": _l("Balance at the end of the day"), "loan": _l("Loan"), "deposit": _l("Deposit"),
    "off_balance": _l("Off balance"), "fee": _l("Fee business"), "new_product": _l("New product"),
    "planning": _l("Planning of marketing"),
}  # fmt: skip


class BusinessResult(Owned, Record):
    """A balance has a day and a currency, a result its quarter."""

    __table_args__: Any = (UniqueConstraint("customer_id", "balance_on", "currency"),)

    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="balance")
    customer_id: Mapped[int | None] = fields.ref(_l("Customer"), "customer")
    balance_on: Mapped[dt.date | None] = fields.date(_l("Day of the balance"))
    currency: Mapped[str | None] = fields.text(_l("Currency"), 3, default="CNY")
    amount: Mapped[Decimal] = fields.decimal(_l("Amount"), minimum=0)
    rate: Mapped[Decimal | None] = fields.decimal(
        _l("Rate to the yuan"), minimum=0, help=_l("Yuan for one unit; empty for the yuan itself.")
    )
    amount_cny: Mapped[Decimal | None] = fields.money(_l("In yuan"), unit=_l("yuan"), computed=True)
    period: Mapped[str | None] = fields.text(_l("Quarter"), 7)
    manager_id: Mapped[int | None] = fields.ref(_l("Manager"), "employee")
    confirmed_by_id: Mapped[int | None] = fields.ref(_l("Confirmed by"), "employee", computed=True)
    evidence = fields.files(_l("Evidence"))

    register = Register(
        area="staff", label=_l("Business result"), title="kind", party="customer_id", icon="coin", order="-id",
        actions=frozenset({"add", "edit"}),
        list=("kind", "customer_id", "balance_on", "currency", "amount", "rate", "amount_cny", "period", "manager_id"),
        search=("customer_id",), filters=("kind", "customer_id", "balance_on", "manager_id", "unit_id"),
        sections=(
            Section(_l("Result"), ("kind", "customer_id", "amount", "period", "manager_id", "confirmed_by_id",
                                   "evidence", "unit_id", "owner_id")),
            Section(_l("Balance"), ("balance_on", "currency", "rate", "amount_cny"), when=("kind", "balance")),
        ),
    )  # fmt: skip
