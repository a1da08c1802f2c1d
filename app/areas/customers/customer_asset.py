"""Customer's vehicle or product (客户车辆与产品): what a customer owns, by plate, frame or serial number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.errors import Problem
from app.core.register import Record, Register, Section
from app.core.saving import Draft, check
from app.core.scope import Owned

KINDS = {"vehicle": _l("Vehicle"), "product": _l("Product")}
USES = {"active": _l("In use"), "sold": _l("Sold on")}
MARKS = ("plate_no", "vin", "serial_no")


class CustomerAsset(Owned, Record):
    """One vehicle or serialised product; each policy uses the fields that concern it."""

    __table_args__: Any = (
        CheckConstraint("plate_no IS NOT NULL OR vin IS NOT NULL OR serial_no IS NOT NULL", name="can_be_told_apart"),
        CheckConstraint("mileage_km >= 0", name="mileage_counts_up"),
    )

    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="vehicle")
    customer_id: Mapped[int | None] = fields.ref(_l("Customer"), "customer")
    customer_name: Mapped[str | None] = fields.personal(_l("Name of the owner"), 60, mask="name")
    phone: Mapped[str | None] = fields.personal(_l("Telephone of the owner"), 30, mask="phone")
    plate_no: Mapped[str | None] = fields.text(_l("Plate number"), 20)
    vin: Mapped[str | None] = fields.text(_l("Frame number (VIN)"), 30)
    serial_no: Mapped[str | None] = fields.text(_l("Serial number"), 40)
    model: Mapped[str] = fields.text(_l("Model"), 60)
    sale_contract_no: Mapped[str | None] = fields.text(_l("Sales contract"), 40)
    bought_on: Mapped[dt.date | None] = fields.date(_l("Bought on"))
    delivered_on: Mapped[dt.date | None] = fields.date(_l("Delivered on"))
    produced_on: Mapped[dt.date | None] = fields.date(_l("Produced on"))
    warranty_months: Mapped[int | None] = fields.integer(_l("Warranty (months)"), minimum=0)
    warranty_until: Mapped[dt.date | None] = fields.date(_l("Warranty until"))
    last_repair_order: Mapped[str | None] = fields.text(_l("Latest repair order"), 40)
    mileage_km: Mapped[int | None] = fields.integer(_l("Mileage (km)"), minimum=0)
    last_service_on: Mapped[dt.date | None] = fields.date(_l("Last serviced on"))
    service_interval_days: Mapped[int | None] = fields.integer(_l("Service interval (days)"), minimum=1)
    service_interval_km: Mapped[int | None] = fields.integer(_l("Service interval (km)"), minimum=1)
    next_service_on: Mapped[dt.date | None] = fields.date(_l("Next service on"))
    use: Mapped[str] = fields.choice(_l("Use"), USES, default="active")
    note: Mapped[str | None] = fields.longtext(_l("Note"))

    register = Register(
        area="customers", label=_l("Customer's vehicle or product"), title="plate_no", subject="model",
        party="customer_id", icon="truck", order="-id",
        list=("plate_no", "vin", "serial_no", "model", "customer_name", "delivered_on", "use", "owner_id"),
        search=("plate_no", "vin", "serial_no", "sale_contract_no"),
        filters=("kind", "customer_id", "delivered_on", "use", "owner_id", "unit_id"),
        sections=(
            Section(_l("Owner"), ("customer_id", "customer_name", "phone", "unit_id", "owner_id")),
            Section(_l("Vehicle or product"), ("kind", "plate_no", "vin", "serial_no", "model", "produced_on", "use")),
            Section(_l("Purchase"), ("sale_contract_no", "bought_on", "delivered_on", "warranty_months",
                                     "warranty_until")),
            Section(_l("Service"), ("last_repair_order", "mileage_km", "last_service_on", "service_interval_days",
                                    "service_interval_km", "next_service_on", "note")),
        ),
    )  # fmt: skip


@check("customer_asset")
def can_be_told_apart(draft: Draft) -> Iterable[Problem]:
    """A vehicle has a plate or a frame number, a product a serial number."""
    if not any(draft.get(name) for name in MARKS):
        text = _("Write the plate, the frame number or the serial number.")
        yield Problem(text, "plate_no", "one_of")
    bought, delivered = draft.get("bought_on"), draft.get("delivered_on")
    if bought and delivered and delivered < bought:
        yield Problem(_("The delivery lies before the purchase."), "delivered_on", "not_before")
