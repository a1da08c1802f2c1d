"""Commission rate (佣金奖金比例): a dated rate that a company sets instead of the one in its policy."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.areas.retail.sales_order import SOURCES
from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

WAYS = {"mortgage": _l("Mortgage"), "one_off": _l("One-off payment")}
SIDES = {
    "consultant": _l("Consultant"), "developer": _l("Who won the customer"),
    "participants": _l("Who took part in the outing"), "pool": _l("Pool of the department"),
}  # fmt: skip


class CommissionRate(Case, Record):
    """Of one source, way of payment and side, or of a band of amounts; counts for what is signed in its time."""

    __table_args__: Any = (
        UniqueConstraint("adopter_id", "rate_no"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="period"),
    )

    rate_no: Mapped[str | None] = fields.text(_l("Rate number"), 40, computed=True)
    source: Mapped[str | None] = fields.choice(_l("Source of the commission"), SOURCES)
    payment: Mapped[str | None] = fields.choice(_l("Way of payment"), WAYS)
    side: Mapped[str | None] = fields.choice(_l("Who gets it"), SIDES)
    amount_from: Mapped[Decimal | None] = fields.money(_l("Amounts from"), unit=_l("yuan"))
    amount_to: Mapped[Decimal | None] = fields.money(_l("Amounts below"), unit=_l("yuan"))
    rate: Mapped[Decimal] = fields.percent(_l("Rate"), minimum=0, maximum=100, unit="%")
    valid_from: Mapped[dt.date] = fields.date(_l("Valid from"))
    valid_to: Mapped[dt.date | None] = fields.date(_l("Valid to"))
    approved_by_id: Mapped[int | None] = fields.ref(_l("Approved by"), "employee", computed=True)

    register = Register(
        area="retail", label=_l("Commission rate"), title="rate_no", subject="source", facts=("rate",),
        icon="percentage", from_pack=True, actions=frozenset({"add", "edit"}), order="-valid_from",
        list=("rate_no", "source", "payment", "side", "rate", "valid_from", "valid_to", "status"),
        search=("rate_no",), filters=("status", "source", "payment", "side", "valid_from", "owner_id"),
        sections=(
            Section(_l("Rate"), ("rate_no", "status", "source", "payment", "side", "amount_from", "amount_to", "rate",
                                 "valid_from", "valid_to", "approved_by_id", "unit_id", "owner_id",
                                 "holder_unit_id")),
        ),
    )  # fmt: skip
