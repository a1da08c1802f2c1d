"""Commission sheet (佣金奖金分配表): how the commission of one deal, or the bonus of a group purchase, is shared."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.areas.retail.commission_rate import WAYS
from app.areas.retail.sales_order import SOURCES
from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

KINDS = {"commission": _l("Commission"), "reversal": _l("Reversal"), "bonus": _l("Bonus of a group purchase")}


class CommissionSheet(Case, Record):
    """Its amounts are worked out and never typed; a paid sheet is taken back by a reversal with a number of its own."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "sheet_no"),)

    sheet_no: Mapped[str | None] = fields.text(_l("Number of the sheet"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="commission", computed=True)
    order_id: Mapped[int | None] = fields.ref(_l("Sales order"), "sales_order", computed=True)
    reverses_id: Mapped[int | None] = fields.ref(_l("Reverses"), "commission_sheet", computed=True)
    source: Mapped[str | None] = fields.choice(_l("Source of the commission"), SOURCES, computed=True)
    payment: Mapped[str | None] = fields.choice(_l("Counted as"), WAYS, computed=True)
    signed_on: Mapped[dt.date | None] = fields.date(_l("Signed on"), computed=True)
    base_amount: Mapped[Decimal | None] = fields.money(_l("Total of the deal"), minimum=None, computed=True)
    own_amount: Mapped[Decimal | None] = fields.money(_l("For whom won or received"), minimum=None, computed=True)
    pool_amount: Mapped[Decimal | None] = fields.money(_l("Pool of the department"), minimum=None, computed=True)
    total: Mapped[Decimal | None] = fields.money(_l("Total of the sheet"), minimum=None, computed=True)
    member_count: Mapped[int | None] = fields.integer(_l("People who share"), computed=True)
    sole_id: Mapped[int | None] = fields.ref(_l("Only beneficiary"), "employee", computed=True)
    receiver: Mapped[str | None] = fields.text(_l("Received by"), 60)
    approved_at: Mapped[dt.datetime | None] = fields.datetime(_l("Approved at"), computed=True)
    paid_on: Mapped[dt.date | None] = fields.date(_l("Paid on"))
    reversed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Reversed at"), computed=True)

    register = Register(
        area="retail", label=_l("Commission sheet"), title="sheet_no", subject="source", facts=("total",),
        icon="report-money", from_pack=True, actions=frozenset({"edit"}), order="-id",
        list=("sheet_no", "kind", "order_id", "source", "base_amount", "own_amount", "pool_amount", "total", "status"),
        search=("sheet_no",), filters=("status", "kind", "order_id", "source", "payment", "signed_on", "owner_id"),
        lines=("commission_line",),
        sections=(
            Section(_l("Commission"), ("sheet_no", "status", "kind", "order_id", "reverses_id", "source", "payment",
                                  "signed_on", "base_amount")),
            Section(_l("Amounts"), ("own_amount", "pool_amount", "total", "member_count", "sole_id")),
            Section(_l("Course"), ("approved_at", "receiver", "paid_on", "reversed_at", "unit_id", "owner_id",
                                   "holder_unit_id")),
        ),
    )  # fmt: skip
