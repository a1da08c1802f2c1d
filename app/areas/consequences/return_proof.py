"""Return proof (退货证明): exactly one of the three tax proofs that sales collects after a return."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section

COPY = "invoice_copy_sealed"
PROOFS = {
    "original_invoice_recovered": _l("Original invoice recovered and sealed"),
    COPY: _l("Copy of the invoice with returned and net figures, sealed by the buyer"),
    "return_certificate_sealed": _l("Sales return certificate sealed by the buyer"),
}


class ReturnProof(Record):
    """One for each slip; a sealed copy of the invoice says what is really received."""

    __table_args__: Any = (CheckConstraint("buyer_seal", name="sealed_by_the_buyer"),)

    slip_id: Mapped[int] = fields.ref(_l("Goods return slip"), "goods_return", unique=True)
    proof_type: Mapped[str] = fields.choice(_l("Proof of the return"), PROOFS, width=2)
    returned_qty: Mapped[int] = fields.integer(_l("Returned quantity"), minimum=1)
    unit_price: Mapped[Decimal | None] = fields.money(_l("Unit price"), computed=True, unit=_l("yuan"))
    returned_amount: Mapped[Decimal | None] = fields.money(_l("Amount returned"), computed=True, unit=_l("yuan"))
    net_qty: Mapped[int | None] = fields.integer(
        _l("Quantity really received"), minimum=0, help=_l("Stands on a sealed copy of the invoice.")
    )
    net_amount: Mapped[Decimal | None] = fields.money(
        _l("Amount really received"), unit=_l("yuan"), help=_l("Stands on a sealed copy of the invoice.")
    )
    buyer_seal: Mapped[bool] = fields.boolean(_l("Carries the buyer's invoice seal"))
    file = fields.files(_l("Document"))
    remark: Mapped[str | None] = fields.longtext(_l("Remark"))
    sent_to_accounting_at: Mapped[dt.datetime | None] = fields.datetime(_l("Sent to accounting"), computed=True)

    register = Register(
        area="consequences", label=_l("Return proof"), title="proof_type", parent="slip_id", icon="rubber-stamp",
        menu=False, actions=frozenset({"add", "edit"}),
        list=("proof_type", "slip_id", "returned_qty", "returned_amount", "net_qty", "net_amount",
              "sent_to_accounting_at"),
        filters=("slip_id", "proof_type"), order="id",
        sections=(
            Section(_l("Proof"), ("slip_id", "proof_type", "returned_qty", "unit_price", "returned_amount", "net_qty",
                                  "net_amount", "buyer_seal", "file", "remark", "sent_to_accounting_at"),
                    clause="（十三）2(4)"),
        ),
    )  # fmt: skip
