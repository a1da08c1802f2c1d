"""Fields that E01 adds to a complaint: the order and batch of traded goods, joint handling, what service proposes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section

HANDLINGS = {
    "discount": _l("Discount"),
    "indemnity": _l("Indemnity"),
    "return": _l("Return of goods"),
    "rework": _l("Rework"),
    "explain": _l("Explanation"),
    "other": _l("Other"),
}


class ComplaintTrade(Record):
    """What the complaint form of a trading and manufacturing group holds beyond the family's fields."""

    __table_args__: Any = (CheckConstraint("defective_qty <= quantity", name="defective_within_quantity"),)

    id: Mapped[int] = detail_key("complaint")
    order_no: Mapped[str | None] = fields.text(_l("Order number"), 40)
    batch_no: Mapped[str | None] = fields.text(_l("Batch number"), 40)
    specification: Mapped[str | None] = fields.text(_l("Specification"), 120)
    quantity: Mapped[int | None] = fields.integer(_l("Quantity"), minimum=1)
    defective_qty: Mapped[int | None] = fields.integer(_l("Defective quantity"), minimum=0)
    shipped_on: Mapped[dt.date | None] = fields.date(_l("Shipped on"))
    customer_demand: Mapped[str | None] = fields.longtext(_l("Customer's demand"))
    complaint_reason: Mapped[str | None] = fields.longtext(_l("Reason of the complaint"))
    sample_attached: Mapped[bool | None] = fields.boolean(_l("Sample attached"))
    marketing_opinion: Mapped[str | None] = fields.longtext(_l("Opinion of marketing"))
    joint_limit: Mapped[dt.date | None] = fields.date(_l("Limit of joint handling"))
    joint_units: Mapped[list[int] | None] = fields.refs(_l("Handled with"), "org_unit")
    joint_open: Mapped[bool | None] = fields.boolean(_l("Joint handling under way"), computed=True)
    rd_alerted_at: Mapped[dt.datetime | None] = fields.datetime(_l("R&D alerted"), computed=True)
    external_party: Mapped[str | None] = fields.text(_l("Outside party concerned"), 120)
    findings: Mapped[str | None] = fields.longtext(_l("Findings"))
    our_quality_fault: Mapped[bool | None] = fields.boolean(_l("Our own quality fault"))
    handling: Mapped[str | None] = fields.choice(_l("Handling"), HANDLINGS)
    sanction_kind: Mapped[str | None] = fields.text(_l("Kind of personal sanction proposed"), 120)
    countermeasure: Mapped[str | None] = fields.longtext(_l("Improvement"))
    approved_return_qty: Mapped[int | None] = fields.integer(_l("Approved return quantity"), minimum=0)

    register = Register(
        area="complaints", label=_l("Complaint (trade)"), title="order_no", detail_of="complaint", menu=False,
        actions=frozenset(), search=("order_no", "batch_no"), list=("order_no", "batch_no", "specification"),
        sections=(
            Section(_l("Order and shipment"), ("order_no", "batch_no", "specification", "quantity", "shipped_on"),
                    clause="第二十五条1"),
            Section(_l("Defect and demand"), ("defective_qty", "complaint_reason", "customer_demand",
                                              "sample_attached", "marketing_opinion"), clause="第二十五条1"),
            Section(_l("Joint handling"), ("joint_limit", "joint_units", "joint_open", "rd_alerted_at"),
                    clause="第二十五条2"),
            Section(_l("Findings"), ("findings", "our_quality_fault", "external_party", "countermeasure"),
                    clause="第二十五条4"),
            Section(_l("Settlement and decision"), ("handling", "sanction_kind", "approved_return_qty"),
                    clause="第二十五条3,4"),
        ),
    )  # fmt: skip
