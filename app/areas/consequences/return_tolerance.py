"""Tolerance of returns (超量允收比率): by order or by customer; where neither is written the company's own counts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section


class ReturnTolerance(Record):
    """What a customer agreed when ordering; the company's own ratio is a setting of the policy."""

    __table_args__: Any = (UniqueConstraint("customer_id", "order_no", "valid_from"),)

    customer_id: Mapped[int] = fields.ref(_l("Customer"), "customer")
    order_no: Mapped[str | None] = fields.text(
        _l("Order number"), 40, help=_l("Empty: for every order of the customer that has no ratio of its own.")
    )
    ratio_percent: Mapped[Decimal] = fields.percent(_l("Tolerance"), minimum=0, maximum=100, unit="%")
    valid_from: Mapped[dt.date] = fields.date(_l("Valid from"))

    register = Register(
        area="consequences", label=_l("Tolerance of returns"), title="customer_id", icon="scale",
        list=("customer_id", "order_no", "ratio_percent", "valid_from"), search=("order_no", "customer_id"),
        filters=("customer_id", "order_no", "valid_from"), order="-valid_from",
        sections=(
            Section(_l("Tolerance"), ("customer_id", "order_no", "ratio_percent", "valid_from"),
                    clause="（十三）2(1)"),
        ),
    )  # fmt: skip
