"""Sales order (销售订单): a sale in a shop, an order from the web, or a property deal."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

KINDS = {"deal": _l("Property deal"), "sale": _l("Sale in a shop"), "web": _l("Order from the web")}
PAYMENTS = {"mortgage": _l("Mortgage"), "one_off": _l("One-off payment"), "special": _l("Special payment terms")}
SOURCES = {
    "self_developed": _l("Won by one manager"), "joint_outing": _l("Won on a joint outing"),
    "onsite_assisted": _l("Received on the spot, with help"),
}  # fmt: skip
SELLING = {"single": _l("Single sale"), "cross_sell": _l("Sold beside"), "upsell": _l("Sold up")}
PRINTED = {
    "unprinted": _l("Not printed"), "printed": _l("Printed"), "packed": _l("Packed"), "shipped": _l("Shipped"),
}  # fmt: skip


class SalesOrder(Case, Record):
    """Every policy names which of the fields it uses; the states come from its pack."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "order_no"),)

    order_no: Mapped[str | None] = fields.text(_l("Order number"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="deal")
    own_no: Mapped[str | None] = fields.text(_l("Number of the shop"), 40)
    customer_id: Mapped[int | None] = fields.ref(_l("Customer"), "customer")
    customer_code: Mapped[str | None] = fields.text(_l("Customer's name on the web"), 60)
    lead_id: Mapped[int | None] = fields.ref(_l("Sales lead"), "sales_lead")
    rooms: Mapped[str | None] = fields.text(_l("Rooms sold"), 200)
    area: Mapped[Decimal | None] = fields.decimal(_l("Area sold"), minimum=0, unit="m²")
    total: Mapped[Decimal | None] = fields.money(_l("Total"), minimum=Decimal("0.01"), unit=_l("yuan"))
    payment: Mapped[str | None] = fields.choice(_l("Way of payment"), PAYMENTS)
    signed_on: Mapped[dt.date | None] = fields.date(
        _l("Signed on"), help=_l("Fixes the rates of commission and who shares the pool.")
    )
    source: Mapped[str | None] = fields.choice(_l("Source of the commission"), SOURCES)
    consultant_id: Mapped[int | None] = fields.ref(_l("Consultant"), "employee")
    developer_id: Mapped[int | None] = fields.ref(_l("Won by"), "employee")
    event_id: Mapped[int | None] = fields.ref(_l("Outing"), "customer_event")
    manager_id: Mapped[int | None] = fields.ref(_l("Assisting manager"), "employee")
    guide_id: Mapped[int | None] = fields.ref(_l("Shopping guide"), "employee")
    selling: Mapped[str | None] = fields.choice(_l("Kind of sale"), SELLING)
    goods: Mapped[str | None] = fields.longtext(_l("Goods"))
    first_purchase: Mapped[bool | None] = fields.boolean(_l("First purchase"), computed=True)
    sold_at: Mapped[dt.datetime | None] = fields.datetime(_l("Sold at"))
    paid_at: Mapped[dt.datetime | None] = fields.datetime(_l("Paid at"))
    print_state: Mapped[str | None] = fields.choice(_l("Papers"), PRINTED)
    paper_returned: Mapped[bool | None] = fields.boolean(_l("Paper taken back"))
    parcel_returned: Mapped[bool | None] = fields.boolean(_l("Parcel taken back"))
    after_sales_id: Mapped[int | None] = fields.ref(_l("After-sales agent"), "employee")
    closed_on: Mapped[dt.date | None] = fields.date(_l("Closed on"), computed=True)

    register = Register(
        area="retail", label=_l("Sales order"), title="order_no", subject="kind", party="customer_id",
        facts=("total",), icon="receipt", from_pack=True, participants=True, actions=frozenset({"add", "edit"}),
        order="-id",
        list=("order_no", "kind", "customer_id", "lead_id", "total", "payment", "source", "signed_on", "status"),
        search=("order_no", "customer_id"),
        filters=("status", "kind", "customer_id", "lead_id", "payment", "source", "signed_on", "sold_at", "event_id",
                 "owner_id"),
        sections=(
            Section(_l("Order"), ("order_no", "status", "kind", "own_no", "customer_id", "customer_code", "lead_id",
                                  "rooms", "area", "goods", "total", "payment", "signed_on",
                                  "sold_at", "paid_at", "selling", "first_purchase", "guide_id")),
            Section(_l("Commission"), ("source", "consultant_id", "developer_id", "event_id", "manager_id")),
            Section(_l("Papers"), ("print_state", "paper_returned", "parcel_returned", "after_sales_id")),
            Section(_l("Course"), ("closed_on", "unit_id", "owner_id", "holder_unit_id")),
        ),
    )  # fmt: skip
