"""Resale of returned goods (退货转售记录): the selling window before a loss is fixed."""

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


class Resale(Case, Record):
    """What was sold in time counts by the difference to the grade-A price, the rest by the loss table."""

    __table_args__: Any = (
        CheckConstraint("sold_qty IS NULL OR sold_qty <= quantity", name="sold_within_quantity"),
        CheckConstraint("sold_qty IS NULL OR sold_qty = 0 OR sold_price IS NOT NULL", name="sold_has_price"),
    )

    sheet_id: Mapped[int | None] = fields.ref(_l("Sheet"), "loss_sheet", computed=True)
    loss_item_id: Mapped[int] = fields.ref(_l("Returned goods"), "loss_item", unique=True)
    decided_on: Mapped[dt.date] = fields.date(_l("Decided on"), help=_l("The window begins with this day."))
    window_end: Mapped[dt.datetime | None] = fields.datetime(_l("Window ends"), computed=True)
    grade_a_price: Mapped[Decimal] = fields.money(_l("Grade-A price"), unit=_l("yuan"))
    quantity: Mapped[int | None] = fields.integer(_l("Quantity"), computed=True)
    selling_price: Mapped[Decimal | None] = fields.money(_l("Actual selling price"), computed=True, unit=_l("yuan"))
    sold_qty: Mapped[int | None] = fields.integer(_l("Sold quantity"), minimum=0)
    sold_on: Mapped[dt.date | None] = fields.date(_l("Sold on"), help=_l("The last day of sale."))
    sold_price: Mapped[Decimal | None] = fields.money(_l("Resale price"), unit=_l("yuan"))
    ended: Mapped[bool] = fields.boolean(_l("Window has ended"), default=False, computed=True)
    loss_amount: Mapped[Decimal | None] = fields.money(_l("Loss"), computed=True, unit=_l("yuan"))
    table_amount: Mapped[Decimal | None] = fields.money(_l("Loss without resale"), computed=True, unit=_l("yuan"))
    basis: Mapped[dict[str, Any] | None] = fields.json(_l("Calculation"))

    register = Register(
        area="consequences", label=_l("Resale of returned goods"), title="loss_item_id", icon="truck-return",
        from_pack=True, participants=True, actions=frozenset({"add", "edit"}), internal=("ended", "basis"),
        list=("loss_item_id", "sheet_id", "decided_on", "window_end", "status", "quantity", "sold_qty", "sold_price",
              "loss_amount", "owner_id"),
        filters=("status", "sheet_id", "decided_on", "window_end", "owner_id"), order="-decided_on",
        sections=(
            Section(_l("Window"), ("sheet_id", "loss_item_id", "status", "decided_on", "window_end", "grade_a_price",
                                   "quantity", "selling_price", "unit_id", "owner_id", "holder_unit_id"),
                    clause="行政处罚准则（一）"),
            Section(_l("Sale"), ("sold_qty", "sold_on", "sold_price"), clause="行政处罚准则（一）"),
            Section(_l("Loss"), ("loss_amount", "table_amount"), clause="行政处罚准则（一）"),
        ),
    )  # fmt: skip
