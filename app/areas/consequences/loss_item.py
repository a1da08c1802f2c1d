"""Loss item (损失核算明细): one kind of loss of a case, by the policy's table."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section

KINDS = {
    "claim": _l("Indemnity"),
    "discount": _l("Discount"),
    "return": _l("Return of goods"),
    "resend": _l("Resend"),
    "rework": _l("Rework"),
}


class LossItem(Record):
    """The formula of its kind says which of the numbers are needed."""

    sheet_id: Mapped[int] = fields.ref(_l("Sheet"), "loss_sheet")
    line_no: Mapped[str | None] = fields.text(_l("Line"), 50, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind of loss"), KINDS)
    actual_amount: Mapped[Decimal | None] = fields.money(
        _l("Amount really paid or granted"), unit=_l("yuan"), help=_l("For an indemnity or a discount.")
    )
    quantity: Mapped[int | None] = fields.integer(
        _l("Quantity"), minimum=1, help=_l("Really returned, or sent again.")
    )
    unit_price: Mapped[Decimal | None] = fields.money(
        _l("Unit price"), unit=_l("yuan"), help=_l("Actual selling price of a return, grade-A price when sent again.")
    )
    processing_cost: Mapped[Decimal | None] = fields.money(
        _l("Processing cost"), unit=_l("yuan"), help=_l("Of rework, wastage included.")
    )
    freight: Mapped[Decimal | None] = fields.money(_l("Freight"), unit=_l("yuan"), help=_l("Of rework; zero if none."))
    note: Mapped[str | None] = fields.text(_l("Note"), 200, width=2)
    loss_amount: Mapped[Decimal] = fields.money(_l("Loss"), default=Decimal(0), computed=True, unit=_l("yuan"))
    basis: Mapped[dict[str, Any] | None] = fields.json(_l("Calculation"))

    register = Register(
        area="consequences", label=_l("Loss item"), title="line_no", parent="sheet_id", icon="coin", menu=False,
        list=("line_no", "kind", "sheet_id", "quantity", "unit_price", "actual_amount", "processing_cost", "freight",
              "loss_amount"),
        filters=("sheet_id", "kind"), order="id", internal=("basis",),
        sections=(Section(_l("Loss"), ("sheet_id", "line_no", "kind", "actual_amount", "quantity", "unit_price",
                                       "processing_cost", "freight", "note", "loss_amount"),
                          clause="损失金额核算标准"),),
    )  # fmt: skip
