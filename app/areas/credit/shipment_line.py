"""Shipment line (发货明细): one product of an order with quantity, price and amount."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section


class ShipmentLine(Record):
    """Its amount is quantity times price to the cent; the lines of an order add up to its value."""

    shipment_id: Mapped[int] = fields.ref(_l("Shipment"), "shipment")
    product: Mapped[str] = fields.text(_l("Product"), 80)
    specification: Mapped[str | None] = fields.text(_l("Specification"), 80)
    quantity: Mapped[Decimal] = fields.decimal(_l("Quantity"), minimum=Decimal("0.001"))
    measure: Mapped[str | None] = fields.text(_l("Unit of measure"), 10)
    unit_price: Mapped[Decimal] = fields.money(_l("Unit price"), minimum=Decimal("0.01"), unit=_l("yuan"))
    amount: Mapped[Decimal] = fields.money(_l("Amount"), default=Decimal(0), computed=True, unit=_l("yuan"))

    register = Register(
        area="credit", label=_l("Shipment line"), title="product", parent="shipment_id", icon="package", menu=False,
        list=("product", "specification", "shipment_id", "quantity", "measure", "unit_price", "amount"),
        search=("product", "specification"), filters=("shipment_id",), order="id",
        sections=(Section(_l("Line"), ("shipment_id", "product", "specification", "quantity", "measure", "unit_price",
                                       "amount")),),
    )  # fmt: skip
