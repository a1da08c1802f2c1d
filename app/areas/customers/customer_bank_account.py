"""Customer bank account (客户结算账户): the accounts that a customer settles through."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.identifiers import plain_code
from app.core.register import Record, Register, Section


class CustomerBankAccount(Record):
    """One account; when somebody last made sure that it is the customer's."""

    customer_id: Mapped[int] = fields.ref(_l("Customer"), "customer")
    bank: Mapped[str] = fields.text(_l("Bank"), 120)
    account_no: Mapped[str] = fields.personal(_l("Account number"), 40, mask="id", clean=plain_code)
    is_main: Mapped[bool] = fields.boolean(_l("Main account"), default=False)
    verified_on: Mapped[dt.date | None] = fields.date(_l("Verified on"))

    register = Register(
        area="customers", label=_l("Customer bank account"), title="bank", party="customer_id", icon="credit-card",
        parent="customer_id", order="id", menu=False,
        list=("bank", "customer_id", "account_no", "is_main", "verified_on"), filters=("customer_id",),
        sections=(
            Section(_l("Account"), ("customer_id", "bank", "account_no", "is_main", "verified_on"), clause="第8条3"),
        ),
    )  # fmt: skip
