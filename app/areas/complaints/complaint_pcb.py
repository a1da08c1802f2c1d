"""Fields that B02 adds to a complaint: the order, the defect and the opinions of its departments."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section

DEMANDS = {
    "claim": _l("Indemnity"),
    "discount": _l("Discount"),
    "return": _l("Return of goods"),
    "exchange": _l("Exchange"),
    "resend": _l("Resend"),
    "rework": _l("Rework"),
    "other": _l("Other"),
}


class ComplaintPcb(Record):
    """What form 14.6.3 holds beyond the family's fields."""

    __table_args__: Any = (
        CheckConstraint("defective_qty <= shipped_qty", name="defective_within_shipped"),
        CheckConstraint("NOT return_qty_undetermined OR return_qty_requested IS NULL", name="undetermined_means_empty"),
    )

    id: Mapped[int] = detail_key("complaint")
    order_no: Mapped[str | None] = fields.text(_l("Order number"), 40)
    part_no: Mapped[str | None] = fields.text(_l("Part number"), 60)
    product: Mapped[str | None] = fields.text(_l("Product"), 120)
    shipped_on: Mapped[dt.date | None] = fields.date(_l("Shipped on"))
    shipped_qty: Mapped[int | None] = fields.integer(_l("Shipped quantity"), minimum=1)
    defective_qty: Mapped[int | None] = fields.integer(_l("Defective quantity"), minimum=0)
    abnormality: Mapped[str | None] = fields.longtext(_l("Abnormality"))
    customer_demand: Mapped[list[str] | None] = fields.choices(_l("Customer's demand"), DEMANDS, width=2)
    demand_text: Mapped[str | None] = fields.longtext(_l("Demand in words"))
    return_qty_undetermined: Mapped[bool] = fields.boolean(
        _l("Quantity not yet known"), default=False, help=_l("The customer is still processing the goods.")
    )
    return_qty_requested: Mapped[int | None] = fields.integer(_l("Quantity to return or exchange"), minimum=0)
    complaint_reason: Mapped[str | None] = fields.longtext(_l("Reason of the complaint"))
    receivable_amount: Mapped[Decimal | None] = fields.money(_l("Receivable of the part"), unit=_l("yuan"))
    sample_attached: Mapped[bool | None] = fields.boolean(_l("Sample attached"))
    sales_note: Mapped[str | None] = fields.longtext(_l("Sales note"))
    qc_cause: Mapped[str | None] = fields.longtext(_l("Cause found by quality"))
    production_unit_id: Mapped[int | None] = fields.ref(_l("Production unit"), "org_unit")
    shift: Mapped[str | None] = fields.text(_l("Shift"), 40)
    operators: Mapped[list[int] | None] = fields.refs(_l("Operators"), "employee")
    produced_on: Mapped[dt.date | None] = fields.date(_l("Produced on"))
    production_cause: Mapped[str | None] = fields.longtext(_l("Cause found by production"))
    countermeasure: Mapped[str | None] = fields.longtext(_l("Countermeasure"))
    manager_office_note: Mapped[str | None] = fields.longtext(_l("Instruction of the plant manager's office"))
    rd_needed: Mapped[bool | None] = fields.boolean(_l("R&D opinion needed"))
    rd_opinion: Mapped[str | None] = fields.longtext(_l("R&D opinion"))
    gm_office_check: Mapped[str | None] = fields.longtext(_l("Check by the general manager's office"))
    sales_opinion: Mapped[str | None] = fields.longtext(_l("Sales opinion"))
    approved_return_qty: Mapped[int | None] = fields.integer(_l("Approved return quantity"), minimum=0)
    negotiation_result: Mapped[str | None] = fields.longtext(_l("Result of the talks"))
    result_reviewed_by_id: Mapped[int | None] = fields.ref(_l("Reviewed by"), "employee", computed=True)

    register = Register(
        area="complaints",
        label=_l("Complaint (PCB)"),
        title="part_no",
        detail_of="complaint",
        menu=False,
        actions=frozenset(),
        search=("part_no", "order_no"),
        list=("order_no", "part_no", "product"),
        sections=(
            Section(
                _l("Order and shipment"),
                ("order_no", "part_no", "product", "shipped_on", "shipped_qty", "receivable_amount"),
                clause="（九）1",
            ),
            Section(
                _l("Defect and demand"),
                (
                    "defective_qty",
                    "abnormality",
                    "customer_demand",
                    "return_qty_undetermined",
                    "return_qty_requested",
                    "demand_text",
                    "complaint_reason",
                    "sample_attached",
                    "sales_note",
                ),
                clause="（九）1",
            ),
            Section(
                _l("Findings"),
                (
                    "qc_cause",
                    "production_unit_id",
                    "shift",
                    "produced_on",
                    "operators",
                    "production_cause",
                    "countermeasure",
                    "manager_office_note",
                    "rd_needed",
                    "rd_opinion",
                    "gm_office_check",
                ),
                clause="（九）4",
            ),
            Section(_l("Settlement and decision"), ("sales_opinion", "approved_return_qty"), clause="（十一）"),
            Section(_l("Outcome"), ("negotiation_result", "result_reviewed_by_id"), clause="（九）5"),
        ),
    )
