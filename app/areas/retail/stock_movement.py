"""Stock movement (物品请领收发): cards, gifts, uniforms and goods asked for, received, given out and taken back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

KINDS = {
    "card": _l("Business cards"), "gift": _l("Gift"), "uniform": _l("Uniform"), "badge": _l("Badge"),
    "promotion": _l("Promotional goods"), "purchase": _l("Purchase"),
}  # fmt: skip
WAYS = {"in": _l("Received"), "out": _l("Given out"), "back": _l("Taken back"), "count": _l("Counted")}
CAUSES = {"normal": _l("Normal wear"), "careless": _l("Careless keeping")}


class StockMovement(Case, Record):
    """Every policy names which of the fields it uses; the states come from its pack."""

    __table_args__: Any = (
        UniqueConstraint("adopter_id", "movement_no"),
        CheckConstraint("received_on IS NULL OR ordered_on IS NULL OR received_on >= ordered_on", name="in_order"),
    )

    movement_no: Mapped[str | None] = fields.text(_l("Movement number"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="card")
    way: Mapped[str | None] = fields.choice(_l("Movement"), WAYS)
    person_id: Mapped[int | None] = fields.ref(_l("For"), "employee")
    item: Mapped[str | None] = fields.text(_l("Item"), 100)
    card_title: Mapped[str | None] = fields.text(_l("Title on the card"), 60)
    card_phone: Mapped[str | None] = fields.text(_l("Telephone on the card"), 30)
    quantity: Mapped[int | None] = fields.integer(_l("Quantity"), minimum=1)
    price: Mapped[Decimal | None] = fields.money(_l("Price"), unit=_l("yuan"))
    estimate: Mapped[Decimal | None] = fields.money(_l("Estimated amount"), unit=_l("yuan"))
    ordered_on: Mapped[dt.date | None] = fields.date(_l("Asked for on"))
    received_on: Mapped[dt.date | None] = fields.date(_l("Received on"))
    moved_at: Mapped[dt.datetime | None] = fields.datetime(_l("Moved at"))
    keeper_id: Mapped[int | None] = fields.ref(_l("Kept by"), "employee")
    receiver: Mapped[str | None] = fields.text(_l("Received by"), 60)
    receipt_no: Mapped[str | None] = fields.text(_l("Number of the receipt"), 40)
    signed: Mapped[bool | None] = fields.boolean(_l("Signed"))
    balance: Mapped[int | None] = fields.integer(_l("Left in stock"), computed=True)
    returned_on: Mapped[dt.date | None] = fields.date(_l("Returned on"))
    returned_quantity: Mapped[int | None] = fields.integer(_l("Returned"), minimum=0)
    damaged_quantity: Mapped[int | None] = fields.integer(_l("Damaged"), minimum=0)
    cause: Mapped[str | None] = fields.choice(_l("Cause"), CAUSES)
    compensation: Mapped[Decimal | None] = fields.money(_l("Compensation"), computed=True, unit=_l("yuan"))
    paid: Mapped[Decimal | None] = fields.money(_l("Amount paid"), unit=_l("yuan"))
    approved_by_id: Mapped[int | None] = fields.ref(_l("Approved by"), "employee", computed=True)
    artwork = fields.files(_l("Artwork"))

    register = Register(
        area="retail", label=_l("Stock movement"), title="movement_no", subject="kind", party="person_id",
        icon="package", from_pack=True, actions=frozenset({"add", "edit"}), order="-id",
        list=("movement_no", "kind", "way", "person_id", "item", "quantity", "ordered_on", "received_on", "status"),
        search=("movement_no", "item"), filters=("status", "kind", "way", "person_id", "ordered_on", "owner_id"),
        sections=(
            Section(_l("Movement"), ("movement_no", "status", "kind", "way", "person_id", "item", "card_title",
                                     "card_phone", "quantity", "price", "estimate", "ordered_on", "received_on",
                                     "moved_at", "keeper_id", "receiver", "receipt_no", "signed", "balance",
                                     "approved_by_id", "artwork")),
            Section(_l("Return"), ("returned_on", "returned_quantity", "damaged_quantity", "cause", "compensation",
                                   "paid", "unit_id", "owner_id", "holder_unit_id")),
        ),
    )  # fmt: skip
