"""Commission line (佣金分配明细): what one person gets of one sheet."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section
from app.core.scope import Owned

BASES = {
    "own": _l("Won alone"), "joint": _l("Joint outing"), "consultant": _l("Consultant"),
    "pool": _l("Pool of the department"),
}  # fmt: skip


class CommissionLine(Owned, Record):
    """Written by the program; its owner is who gets it, and so sees it."""

    sheet_id: Mapped[int] = fields.ref(_l("Commission sheet"), "commission_sheet", computed=True)
    staff_no: Mapped[str] = fields.text(_l("Staff number"), 40, computed=True)
    basis: Mapped[str] = fields.choice(_l("On what ground"), BASES, computed=True)
    base_amount: Mapped[Decimal] = fields.money(_l("Total of the deal"), minimum=None, computed=True)
    rate: Mapped[Decimal | None] = fields.percent(_l("Rate"), computed=True, unit="%")
    amount: Mapped[Decimal] = fields.money(_l("Amount"), minimum=None, computed=True, unit=_l("yuan"))
    signed_on: Mapped[dt.date | None] = fields.date(_l("Signed on"), computed=True)
    paid_on: Mapped[dt.date | None] = fields.date(_l("Paid on"), computed=True)
    reverses_id: Mapped[int | None] = fields.ref(_l("Reverses"), "commission_line", computed=True, unique=True)

    register = Register(
        area="retail", label=_l("Commission line"), title="staff_no", parent="sheet_id", own_scope=True,
        icon="coin", actions=frozenset(), order="id",
        list=("staff_no", "owner_id", "sheet_id", "basis", "rate", "amount", "signed_on", "paid_on"),
        filters=("sheet_id", "owner_id", "basis", "signed_on", "paid_on"), facts=("amount",),
        sections=(
            Section(_l("Line"), ("sheet_id", "staff_no", "owner_id", "basis", "base_amount", "rate", "amount",
                                 "signed_on", "paid_on", "reverses_id", "unit_id")),
        ),
    )  # fmt: skip
