"""Fields that the invented policy Z01 adds to a complaint: the receipt, what the customer wishes, the voucher."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section


class ComplaintShop(Record):
    """What a shop writes down beyond the family's fields."""

    id: Mapped[int] = detail_key("complaint")
    receipt_no: Mapped[str | None] = fields.text(_l("Receipt"), 30)
    bought_on: Mapped[dt.date | None] = fields.date(_l("Bought on"))
    wish: Mapped[str | None] = fields.choice(_l("Wish"), {"money": _l("Money back"), "goods": _l("New goods")})
    finding: Mapped[str | None] = fields.longtext(_l("Finding"))
    voucher_amount: Mapped[Decimal | None] = fields.money(_l("Voucher"))

    register = Register(
        area="complaints", label=_l("Complaint (shop)"), title="receipt_no", detail_of="complaint", menu=False,
        actions=frozenset(), list=("receipt_no", "wish"), search=("receipt_no",),
        sections=(
            Section(_l("Purchase"), ("receipt_no", "bought_on", "wish"), clause="第三条"),
            Section(_l("Findings"), ("finding", "voucher_amount"), clause="第四条"),
        ),
    )
