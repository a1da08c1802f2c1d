"""Discount certificate (销货折让证明单): a discount or an indemnity, signed, sealed by the customer, then posted."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

KINDS = {"discount": _l("Discount"), "indemnity": _l("Indemnity")}
PROOFS = {
    "invoice_copy_sealed": _l("Copy of the invoice with what was granted and received, sealed by the buyer"),
    "certificate_sealed": _l("Discount certificate sealed by the buyer"),
    "original_invoice_recovered": _l("Original invoice recovered and sealed"),
}


class ReturnCertificate(Case, Record):
    """All certificates of a case together stay within its decision."""

    __table_args__: Any = (CheckConstraint("discount_amount > 0", name="grants_something"),)

    cert_no: Mapped[str | None] = fields.text(_l("Certificate number"), 40, computed=True, unique=True)
    complaint_id: Mapped[int] = fields.ref(_l("Complaint"), "complaint")
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="discount")
    original_invoice: Mapped[str | None] = fields.text(
        _l("Number of the original invoice"), 40, needed=True
    )
    discount_unit_price: Mapped[Decimal | None] = fields.money(_l("Unit price of the discount"), unit=_l("yuan"))
    discount_amount: Mapped[Decimal] = fields.money(
        _l("Amount granted"), unit=_l("yuan"), minimum=Decimal("0.01"),
        help=_l("All certificates of the case together stay within the decision."),
    )
    net_unit_price: Mapped[Decimal | None] = fields.money(_l("Unit price really received"), unit=_l("yuan"))
    net_amount: Mapped[Decimal | None] = fields.money(
        _l("Amount really received"), unit=_l("yuan"), help=_l("What the customer still pays; stands on a sealed copy.")
    )
    issued_by_id: Mapped[int | None] = fields.ref(_l("Issued by"), "employee", computed=True)
    authority_amount: Mapped[Decimal | None] = fields.money(_l("Amount that decides"), computed=True, unit=_l("yuan"))
    deciding_post: Mapped[str | None] = fields.post(_l("Second signature by"))
    signed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Signed"), computed=True)
    customer_sealed_on: Mapped[dt.date | None] = fields.date(_l("Sealed by the customer on"))
    proof_type: Mapped[str | None] = fields.choice(_l("Proof of the discount"), PROOFS, width=2)
    proof_file = fields.files(_l("Proof"))
    voucher_no: Mapped[str | None] = fields.text(_l("Voucher"), 40, computed=True)

    register = Register(
        area="consequences", label=_l("Discount certificate"), title="cert_no", icon="file-certificate",
        from_pack=True, participants=True, party="complaint_id", actions=frozenset({"add", "edit"}),
        list=("cert_no", "complaint_id", "kind", "discount_amount", "status", "customer_sealed_on", "proof_type",
              "voucher_no", "owner_id"),
        search=("cert_no", "complaint_id", "original_invoice"),
        filters=("status", "complaint_id", "kind", "proof_type", "signed_at", "customer_sealed_on", "owner_id"),
        internal=("authority_amount",), lines=("accounting_voucher.source_certificate_id",),
        sections=(
            Section(_l("Certificate"), ("cert_no", "status", "complaint_id", "kind", "original_invoice",
                                        "discount_unit_price", "discount_amount", "net_unit_price", "net_amount",
                                        "issued_by_id", "unit_id", "owner_id", "holder_unit_id"),
                    clause="（十三）1(1)"),
            Section(_l("Signatures"), ("deciding_post", "signed_at", "customer_sealed_on"), clause="（十三）1(1)"),
            Section(_l("Proof"), ("proof_type", "proof_file"), clause="（十三）2(5)"),
            Section(_l("Posting"), ("voucher_no",), clause="（十三）1(1)"),
        ),
    )  # fmt: skip
