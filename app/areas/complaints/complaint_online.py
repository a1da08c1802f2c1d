"""Fields that C11 adds to a complaint: the buyer's account and order, whether it is important, what was done."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section


class ComplaintOnline(Record):
    """What an online shop writes down beyond the family's fields."""

    id: Mapped[int] = detail_key("complaint")
    shop: Mapped[str | None] = fields.text(_l("Online shop"), 60)
    buyer_account: Mapped[str | None] = fields.text(_l("Buyer's account"), 60, needed=True)
    order_no: Mapped[str | None] = fields.text(_l("Order number"), 40)
    important: Mapped[bool | None] = fields.boolean(_l("Important complaint"), needed=True)
    handed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Handed to the supervisor"), computed=True)
    taken_at: Mapped[dt.datetime | None] = fields.datetime(_l("Taken over"), computed=True)
    handler_id: Mapped[int | None] = fields.ref(_l("Handler"), "employee", computed=True)
    measure: Mapped[str | None] = fields.longtext(_l("Measure taken"))
    result: Mapped[str | None] = fields.longtext(_l("Result for the customer"))
    answered_at: Mapped[dt.datetime | None] = fields.datetime(_l("Answered at"), computed=True)

    register = Register(
        area="complaints", label=_l("Complaint (online shop)"), title="buyer_account", detail_of="complaint",
        menu=False, actions=frozenset(), search=("buyer_account", "order_no"),
        list=("shop", "buyer_account", "order_no", "important"),
        sections=(
            Section(_l("Buyer and order"), ("shop", "buyer_account", "order_no", "important"), clause="(一)1④"),
            Section(_l("What was done"), ("handed_at", "taken_at", "handler_id", "measure", "result", "answered_at"),
                    clause="(一)1④"),
        ),
    )  # fmt: skip
