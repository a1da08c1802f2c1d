"""Fields that B01 adds to a complaint: shop and branch, first answer and promise, cause, remedy and its execution."""

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


class ComplaintRetail(Record):
    """What the record of a chain of shops holds beyond the family's fields; two clocks run over it side by side."""

    __table_args__: Any = (CheckConstraint("defective_qty <= quantity", name="defective_within_quantity"),)

    id: Mapped[int] = detail_key("complaint")
    branch_id: Mapped[int | None] = fields.ref(_l("Sales branch"), "org_unit")
    shop_id: Mapped[int | None] = fields.ref(_l("Shop"), "org_unit")
    product: Mapped[str | None] = fields.text(_l("Product"), 120)
    order_no: Mapped[str | None] = fields.text(_l("Order number"), 40)
    part_no: Mapped[str | None] = fields.text(_l("Part number"), 40)
    raw_material: Mapped[str | None] = fields.text(_l("Raw material"), 120)
    delivered_on: Mapped[dt.date | None] = fields.date(_l("Delivered on"))
    quantity: Mapped[int | None] = fields.integer(_l("Quantity"), minimum=1)
    defective_qty: Mapped[int | None] = fields.integer(_l("Defective quantity"), minimum=0)
    delivery_amount: Mapped[Decimal | None] = fields.money(_l("Amount delivered"), unit=_l("yuan"))
    complaint_reason: Mapped[str | None] = fields.longtext(_l("Reason of the complaint"))
    customer_demand: Mapped[str | None] = fields.longtext(_l("Customer's demand"))
    our_fault: Mapped[bool | None] = fields.boolean(_l("Our own fault at first sight"))
    first_unit_id: Mapped[int | None] = fields.ref(_l("Unit at fault at first sight"), "org_unit")
    repeat_of_id: Mapped[int | None] = fields.ref(_l("Earlier complaint"), "complaint", computed=True)
    repeat_proposed: Mapped[bool | None] = fields.boolean(_l("May be a second complaint"), computed=True)
    unrelated_reason: Mapped[str | None] = fields.longtext(_l("Why it is not a second complaint"))
    penalty_review: Mapped[bool | None] = fields.boolean(_l("Penalty to be reviewed"), computed=True)
    spot_solution: Mapped[str | None] = fields.longtext(_l("Solved on the spot by"))
    branch_called_at: Mapped[dt.datetime | None] = fields.datetime(_l("Branch called"))
    branch_instruction: Mapped[str | None] = fields.longtext(_l("Instruction of the branch"))
    instructed_by_id: Mapped[int | None] = fields.ref(_l("Instructed by"), "employee", computed=True)
    first_reply_at: Mapped[dt.datetime | None] = fields.datetime(_l("First answer given"))
    reply_accepted: Mapped[bool | None] = fields.boolean(_l("Customer is content"))
    promise_told_at: Mapped[dt.datetime | None] = fields.datetime(_l("Told that an answer follows"))
    promise_due_at: Mapped[dt.datetime | None] = fields.datetime(_l("Answer promised by"), computed=True)
    watch_at: Mapped[dt.datetime | None] = fields.datetime(
        _l("Watch date"), computed=True, help=_l("The earlier of the promise and the limit of the case.")
    )
    sample_kept: Mapped[bool | None] = fields.boolean(_l("Sample kept"))
    no_sample_reason: Mapped[str | None] = fields.text(_l("Why no sample was kept"), 200, width=2)
    marketing_accepted_at: Mapped[dt.datetime | None] = fields.datetime(_l("Accepted by marketing"), computed=True)
    handler_id: Mapped[int | None] = fields.ref(_l("Handled by"), "employee")
    cause: Mapped[str | None] = fields.longtext(_l("Analysis of the cause"))
    countermeasure: Mapped[str | None] = fields.longtext(_l("Countermeasure"))
    processing_unit_id: Mapped[int | None] = fields.ref(_l("Processing unit"), "org_unit")
    processing_sent_at: Mapped[dt.datetime | None] = fields.datetime(_l("Sent to the processing unit"), computed=True)
    processing_reply: Mapped[str | None] = fields.longtext(_l("Findings of the processing unit"))
    processing_replied_at: Mapped[dt.datetime | None] = fields.datetime(_l("Answered by it"), computed=True)
    external_party: Mapped[bool | None] = fields.boolean(_l("Another company or a supplier is concerned"))
    discussed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Discussed together"))
    discussed_by: Mapped[str | None] = fields.text(
        _l("Who took part"), 200, width=2, help=_l("The customer, marketing and the branch.")
    )
    agreed_remedy: Mapped[str | None] = fields.longtext(_l("Remedy agreed upon"))
    compensation_amount: Mapped[Decimal | None] = fields.money(_l("Compensation"), unit=_l("yuan"))
    serious: Mapped[bool | None] = fields.boolean(_l("Serious"), computed=True)
    serious_reason: Mapped[str | None] = fields.longtext(_l("Why it is serious"))
    drafted_by_id: Mapped[int | None] = fields.ref(_l("Drafted by"), "employee", computed=True)
    copy_received_at: Mapped[dt.datetime | None] = fields.datetime(_l("Copy 2 received"), computed=True)
    copy_received_by_id: Mapped[int | None] = fields.ref(_l("Copy 2 received by"), "employee", computed=True)
    executed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Carried out at"), computed=True)
    overrun_report: Mapped[str | None] = fields.longtext(_l("Report on the overrun"))

    register = Register(
        area="complaints", label=_l("Complaint (shops)"), title="order_no", detail_of="complaint", menu=False,
        actions=frozenset(), search=("order_no", "product"), list=("order_no", "product", "watch_at"),
        sections=(
            Section(_l("Order and delivery"), ("branch_id", "shop_id", "product", "order_no", "part_no", "raw_material",
                                               "delivered_on", "quantity", "defective_qty", "delivery_amount"),
                    clause="三.1"),
            Section(_l("Defect and demand"), ("complaint_reason", "customer_demand", "our_fault", "first_unit_id"),
                    clause="二.1"),
            Section(_l("Second complaint"), ("repeat_of_id", "repeat_proposed", "unrelated_reason", "penalty_review"),
                    clause="五.2"),
            Section(_l("First answer"), ("spot_solution", "branch_called_at", "branch_instruction", "instructed_by_id",
                                         "first_reply_at", "reply_accepted"), clause="三.1(2)"),
            Section(_l("Promise and sample"), ("promise_told_at", "promise_due_at", "watch_at", "sample_kept",
                                               "no_sample_reason"), clause="三.1(3)"),
            Section(_l("Investigation"), ("marketing_accepted_at", "handler_id", "cause", "processing_unit_id",
                                          "processing_sent_at", "processing_reply", "processing_replied_at",
                                          "external_party", "countermeasure", "overrun_report"), clause="三.2"),
            Section(_l("Remedy"), ("discussed_at", "discussed_by", "agreed_remedy", "compensation_amount", "serious",
                                   "serious_reason", "drafted_by_id", "copy_received_at", "copy_received_by_id",
                                   "executed_at"), clause="三.2"),
        ),
    )  # fmt: skip
