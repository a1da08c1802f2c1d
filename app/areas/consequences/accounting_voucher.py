"""Accounting voucher (传票): the posting of a return or a discount; a counter-voucher is the only way back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section


def _once(name: str) -> Index:
    """At most one voucher in force for each source."""
    force, key = text("in_force"), f"uq_accounting_voucher_{name}_in_force"
    return Index(key, name, unique=True, sqlite_where=force, postgresql_where=force)


class AccountingVoucher(Case, Record):
    """Made by posting a slip or a certificate, never by hand; nothing of it changes."""

    __table_args__: Any = (
        CheckConstraint("(source_slip_id IS NULL) <> (source_certificate_id IS NULL)", name="one_source"),
        _once("source_slip_id"),
        _once("source_certificate_id"),
    )

    voucher_no: Mapped[str | None] = fields.text(_l("Voucher number"), 40, computed=True, unique=True)
    source_slip_id: Mapped[int | None] = fields.ref(_l("Goods return slip"), "goods_return", computed=True)
    source_certificate_id: Mapped[int | None] = fields.ref(
        _l("Discount certificate"), "return_certificate", computed=True
    )
    quantity: Mapped[int | None] = fields.integer(_l("Quantity posted"), computed=True)
    amount: Mapped[Decimal] = fields.money(_l("Amount posted"), computed=True, minimum=None, unit=_l("yuan"))
    basis: Mapped[dict[str, Any] | None] = fields.json(_l("Calculation"))
    posted_on: Mapped[dt.date] = fields.date(_l("Posted on"), computed=True)
    posted_by_id: Mapped[int | None] = fields.ref(_l("Posted by"), "employee", computed=True)
    reverses_id: Mapped[int | None] = fields.ref(_l("Counter-voucher of"), "accounting_voucher", computed=True)
    reversal_reason: Mapped[str | None] = fields.longtext(_l("Reason of the counter-voucher"), computed=True)
    in_force: Mapped[bool] = fields.boolean(_l("In force"), default=True, computed=True)

    register = Register(
        area="consequences", label=_l("Accounting voucher"), title="voucher_no", icon="report-money", from_pack=True,
        participants=True, actions=frozenset(), internal=("basis",),
        list=("voucher_no", "source_slip_id", "source_certificate_id", "quantity", "amount", "posted_on",
              "posted_by_id", "status", "reverses_id"),
        search=("voucher_no",),
        filters=("status", "source_slip_id", "source_certificate_id", "posted_on", "reverses_id", "in_force"),
        lines=("accounting_voucher.reverses_id",),
        sections=(
            Section(_l("Voucher"), ("voucher_no", "status", "source_slip_id", "source_certificate_id", "quantity",
                                    "amount", "posted_on", "posted_by_id", "in_force", "unit_id", "owner_id",
                                    "holder_unit_id"), clause="（十三）2"),
            Section(_l("Counter-voucher"), ("reverses_id", "reversal_reason"), clause="（十三）2"),
        ),
    )  # fmt: skip
