"""Work order (派工维修单): a repair, an installation, a service at the customer's or a paid job, to its completion."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.openlists import OpenChoices
from app.core.register import Record, Register, Section

KINDS = {
    "door_service": _l("Service at the customer's"), "after_sales": _l("Help of after-sales"), "repair": _l("Repair"),
    "warranty": _l("Repair under warranty"), "installation": _l("Installation"), "cleaning": _l("Paid cleaning"),
    "service": _l("Service"), "dispatch": _l("Dispatch"),
}  # fmt: skip
BUSINESS = {
    "subscription": _l("Subscription"), "contract": _l("Signing of the contract"), "payment": _l("Payment of a part"),
    "mortgage_papers": _l("Papers of the mortgage"), "handover": _l("Handing over of the rooms"),
    "other": _l("Other"),
}  # fmt: skip
CHANNELS = {"phone": _l("Telephone"), "counter": _l("Front desk"), "visit": _l("Visit"), "online": _l("Online")}
URGENCIES = {"normal": _l("Normal"), "urgent": _l("Urgent")}
SATISFACTION = {"satisfied": _l("Satisfied"), "neutral": _l("Neutral"), "dissatisfied": _l("Dissatisfied")}
SCOPES = {
    "company": _l("Within the company's part"), "unknown": _l("Cannot be told"),
    "user_internal": _l("Within the user's part"),
}  # fmt: skip
REPAIRS = {
    "public": _l("Common parts"), "private": _l("In the rooms, paid"), "warranty": _l("Under warranty"),
    "on_site": _l("At the customer's"), "factory": _l("In the factory"),
}  # fmt: skip
LINES = {"sales": _l("Sales business"), "blasting": _l("Blasting service"), "other": _l("Other")}


class WorkOrder(Case, Record):
    """Every policy names which of the fields it uses; the states come from its pack."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "order_no"),)

    order_no: Mapped[str | None] = fields.text(_l("Order number"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="repair")
    customer_id: Mapped[int | None] = fields.ref(_l("Customer"), "customer")
    profile_id: Mapped[int | None] = fields.ref(_l("Customer profile"), "customer_profile", computed=True)
    complaint_id: Mapped[int | None] = fields.ref(_l("Complaint"), "complaint")
    contract_id: Mapped[int | None] = fields.ref(_l("Contract"), "contract")
    asset_id: Mapped[int | None] = fields.ref(_l("Vehicle or product"), "customer_asset")
    vendor_id: Mapped[int | None] = fields.ref(_l("Done by"), "vendor")
    reference: Mapped[str | None] = fields.text(_l("Belongs to"), 80, help=_l("Waybill, fault report or project."))
    business: Mapped[str | None] = fields.choice(_l("Business"), BUSINESS)
    business_line: Mapped[str | None] = fields.choice(_l("Business line"), LINES)
    repair_kind: Mapped[str | None] = fields.choice(
        _l("Kind of repair"), OpenChoices("work_order.repair_kind", REPAIRS),
    )
    channel: Mapped[str | None] = fields.choice(_l("Reported by way of"), CHANNELS)
    reported_at: Mapped[dt.datetime | None] = fields.datetime(_l("Reported"))
    reporter: Mapped[str | None] = fields.text(_l("Reported by"), 60)
    phone: Mapped[str | None] = fields.personal(_l("Telephone"), 40, mask="phone")
    place: Mapped[str | None] = fields.text(_l("Place"), 200)
    content: Mapped[str | None] = fields.longtext(_l("What is to be done"))
    service_item: Mapped[str | None] = fields.text(_l("Service item"), 100)
    urgency: Mapped[str | None] = fields.choice(_l("Urgency"), URGENCIES)
    priority: Mapped[bool | None] = fields.boolean(_l("First of all"))
    leak: Mapped[bool | None] = fields.boolean(_l("Water leaks"))
    scope: Mapped[str | None] = fields.choice(_l("Whose part"), SCOPES)
    wanted_on: Mapped[dt.date | None] = fields.date(_l("Wanted on"))
    appointment_at: Mapped[dt.datetime | None] = fields.datetime(_l("Appointment"))
    person_id: Mapped[int | None] = fields.ref(_l("Done by the person"), "employee")
    staff: Mapped[list[int] | None] = fields.refs(_l("Staff taking part"), "employee")
    assigned_by_id: Mapped[int | None] = fields.ref(_l("Assigned by"), "employee", computed=True)
    dispatched_at: Mapped[dt.datetime | None] = fields.datetime(_l("Dispatched"))
    contacted_at: Mapped[dt.datetime | None] = fields.datetime(_l("Customer contacted"))
    arrived_at: Mapped[dt.datetime | None] = fields.datetime(_l("Arrived"))
    materials: Mapped[str | None] = fields.longtext(_l("Papers taken along"))
    quantity: Mapped[Decimal | None] = fields.decimal(_l("Quantity"), minimum=0)
    unit_price: Mapped[Decimal | None] = fields.money(_l("Unit price"), unit=_l("yuan"))
    chargeable: Mapped[bool | None] = fields.boolean(_l("Chargeable"))
    paid_told: Mapped[bool | None] = fields.boolean(_l("Customer told that it costs"))
    material_fee: Mapped[Decimal | None] = fields.money(_l("Material"), unit=_l("yuan"))
    labour_fee: Mapped[Decimal | None] = fields.money(_l("Labour"), unit=_l("yuan"))
    fee: Mapped[Decimal | None] = fields.money(_l("Fee"), unit=_l("yuan"))
    fee_notice: Mapped[str | None] = fields.text(_l("Fee notice"), 40)
    cost_to_vendor: Mapped[bool | None] = fields.boolean(_l("The contractor pays"))
    told_on: Mapped[dt.date | None] = fields.date(_l("Customer told on"))
    customer_agreed: Mapped[bool | None] = fields.boolean(_l("Customer agrees"))
    received_back_on: Mapped[dt.date | None] = fields.date(_l("Received back on"))
    shipped_back_on: Mapped[dt.date | None] = fields.date(_l("Sent back on"))
    quality_id: Mapped[int | None] = fields.ref(_l("Quality inspector"), "employee")
    cause: Mapped[str | None] = fields.longtext(_l("Cause"))
    result: Mapped[str | None] = fields.longtext(_l("Result"))
    finished_at: Mapped[dt.datetime | None] = fields.datetime(_l("Finished"))
    cleaned_up: Mapped[bool | None] = fields.boolean(_l("Cleaned up"))
    delay_explained: Mapped[str | None] = fields.longtext(_l("Why it is late"))
    accepted_by: Mapped[str | None] = fields.text(_l("Accepted by"), 60)
    branch: Mapped[str | None] = fields.text(_l("Branch company"), 100)
    problem: Mapped[str | None] = fields.longtext(_l("Problem"))
    acceptance: Mapped[str | None] = fields.longtext(_l("How it is accepted"))
    satisfaction: Mapped[str | None] = fields.choice(_l("Customer's satisfaction"), SATISFACTION)
    rating: Mapped[int | None] = fields.integer(_l("Rating (1–5)"), minimum=1, maximum=5)
    signature = fields.files(_l("Customer's signature"))

    register = Register(
        area="service", label=_l("Work order"), title="order_no", subject="kind", party="customer_id",
        icon="tools", from_pack=True, participants=True, actions=frozenset({"add", "edit"}), order="-id",
        list=("order_no", "kind", "customer_id", "business", "person_id", "appointment_at", "wanted_on", "status",
              "finished_at"),
        search=("order_no", "customer_id"),
        filters=("status", "kind", "customer_id", "profile_id", "business", "person_id", "appointment_at",
                 "finished_at", "owner_id"),
        sections=(
            Section(_l("Order"), ("order_no", "status", "kind", "customer_id", "profile_id", "complaint_id",
                                  "contract_id", "asset_id", "vendor_id", "reference", "business", "business_line",
                                  "repair_kind", "channel", "reported_at", "reporter", "phone", "place",
                                  "service_item", "content", "urgency", "priority", "leak", "scope", "wanted_on",
                                  "branch", "problem")),
            Section(_l("Work"), ("appointment_at", "person_id", "staff", "assigned_by_id", "dispatched_at",
                                 "contacted_at", "arrived_at", "materials", "quality_id", "received_back_on",
                                 "shipped_back_on")),
            Section(_l("Fees"), ("chargeable", "paid_told", "quantity", "unit_price", "material_fee", "labour_fee",
                                 "fee", "fee_notice", "cost_to_vendor", "told_on", "customer_agreed")),
            Section(_l("Result"), ("cause", "result", "finished_at", "cleaned_up", "delay_explained", "accepted_by",
                                   "acceptance", "satisfaction", "rating", "signature", "unit_id", "owner_id",
                                   "holder_unit_id")),
        ),
    )  # fmt: skip
