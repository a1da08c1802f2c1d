"""Goods return slip (成品退货单): what comes back, what the warehouse counted, and how it matches."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from app.areas.consequences.return_proof import PROOFS
from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

HANDLINGS = {"return": _l("Return"), "reprocess": _l("Process again")}
EQUAL, OVER = "equal", "over_tolerance"
MATCHES = {
    EQUAL: _l("Equal"),
    "short": _l("Less than approved"),
    "within_tolerance": _l("Above, within the tolerance"),
    OVER: _l("Above the tolerance"),
}


class GoodsReturn(Case, Record):
    """Four copies; the warehouse writes the actual quantity and nothing else."""

    __table_args__: Any = (CheckConstraint("slip_qty > 0", name="returns_something"),)

    slip_no: Mapped[str | None] = fields.text(_l("Slip number"), 40, computed=True, unique=True)
    complaint_id: Mapped[int] = fields.ref(_l("Complaint"), "complaint")
    handling: Mapped[str] = fields.choice(_l("Handling"), HANDLINGS, default="return")
    return_reason: Mapped[str] = fields.longtext(_l("Reason of the return"))
    return_basis: Mapped[str] = fields.longtext(_l("Basis of the return"))
    order_no: Mapped[str | None] = fields.text(_l("Order number"), 40, computed=True)
    part_no: Mapped[str | None] = fields.text(_l("Part number"), 60, computed=True)
    approved_qty: Mapped[int | None] = fields.integer(_l("Approved quantity"), computed=True)
    slip_qty: Mapped[int] = fields.integer(_l("Quantity on the slip"), minimum=1)
    unit_price: Mapped[Decimal] = fields.money(_l("Unit price"), unit=_l("yuan"))
    verified_by_id: Mapped[int | None] = fields.ref(_l("Verified by"), "employee", computed=True)
    sent_to_warehouse_at: Mapped[dt.datetime | None] = fields.datetime(_l("Sent to the warehouse"), computed=True)
    actual_qty: Mapped[int | None] = fields.integer(_l("Actual quantity"), minimum=0)
    differs: Mapped[bool | None] = fields.boolean(_l("Count differs from the slip"), computed=True)
    difference_instruction: Mapped[str | None] = fields.longtext(_l("Instruction on the difference"))
    received_by_id: Mapped[int | None] = fields.ref(_l("Signed by the warehouse"), "employee", computed=True)
    received_at: Mapped[dt.datetime | None] = fields.datetime(_l("Received"), computed=True)
    tolerance_percent: Mapped[Decimal | None] = fields.percent(_l("Tolerance"), computed=True, unit="%")
    match_result: Mapped[str | None] = fields.choice(_l("Result of the match"), MATCHES, computed=True)
    match_basis: Mapped[dict[str, Any] | None] = fields.json(_l("How it was matched"))
    return_amount: Mapped[Decimal | None] = fields.money(_l("Amount returned"), computed=True, unit=_l("yuan"))
    petition_text: Mapped[str | None] = fields.longtext(_l("Petition on the quantity"))
    authority_amount: Mapped[Decimal | None] = fields.money(_l("Amount that decides"), computed=True, unit=_l("yuan"))
    deciding_post: Mapped[str | None] = fields.post(_l("Decided by the post"))
    excess_instruction: Mapped[str | None] = fields.longtext(_l("Instruction on the petition"))
    excess_granted_at: Mapped[dt.datetime | None] = fields.datetime(_l("Petition granted"), computed=True)
    proof_type: Mapped[str | None] = fields.choice(_l("Proof of the return"), PROOFS, computed=True, width=2)
    voucher_no: Mapped[str | None] = fields.text(_l("Voucher"), 40, computed=True)

    register = Register(
        area="consequences", label=_l("Goods return slip"), title="slip_no", icon="truck-return", from_pack=True,
        participants=True, party="complaint_id", actions=frozenset({"add", "edit"}),
        list=("slip_no", "complaint_id", "handling", "part_no", "approved_qty", "slip_qty", "actual_qty",
              "match_result", "status", "proof_type", "voucher_no", "owner_id"),
        search=("slip_no", "complaint_id", "part_no"),
        filters=("status", "complaint_id", "handling", "match_result", "proof_type", "received_at", "owner_id"),
        internal=("match_basis", "authority_amount"),
        lines=("return_proof.slip_id", "accounting_voucher.source_slip_id"),
        sections=(
            Section(_l("Slip"), ("slip_no", "status", "complaint_id", "handling", "order_no", "part_no",
                                 "approved_qty", "slip_qty", "unit_price", "return_reason", "return_basis",
                                 "unit_id", "owner_id", "holder_unit_id"), clause="（十三）1(2)"),
            Section(_l("Warehouse"), ("verified_by_id", "sent_to_warehouse_at", "actual_qty", "differs",
                                      "difference_instruction", "received_by_id", "received_at"),
                    clause="（十三）2(2)"),
            Section(_l("Match"), ("match_result", "tolerance_percent", "return_amount"), clause="（十三）2(1)"),
            Section(_l("Petition on the quantity"), ("petition_text", "deciding_post", "excess_instruction",
                                                   "excess_granted_at"), clause="（十三）2(1)"),
            Section(_l("Proof and posting"), ("proof_type", "voucher_no"), clause="（十三）2(4)"),
        ),
    )  # fmt: skip
