"""Sales lead (商机与接触登记): a chance, a referral, an approach or an interested person, and what came of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import clock, fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

KINDS = {
    "opportunity": _l("Opportunity"),
    "referral": _l("Referral"),
    "approach": _l("Sales approach"),
    "intent": _l("Interested person"),
}
BUYERS = {"existing": _l("Existing customer"), "new": _l("New customer")}
ORIGINS = {
    "complaint": _l("Found while solving a complaint"),
    "self_developed": _l("Own effort"),
    "joint_outing": _l("Sales outing"),
    "walk_in": _l("Walked in"),
    "channel": _l("Channel"),
    "referral": _l("Recommended"),
}
PRODUCTS = {
    "soho": _l("SOHO"),
    "street_second_floor": _l("Second floor to the street"),
    "residential": _l("Residential"),
    "other": _l("Other"),
}

CLASSES = {"ordinary": _l("Ordinary customer"), "key_account": _l("Key account")}
TRANSFERS = {
    "not_needed": _l("Not needed"), "pending": _l("To be handed over"), "transferred": _l("Taken over by a manager"),
    "waived": _l("Waived"),
}  # fmt: skip
OUTCOMES = {
    "signed": _l("Signed"), "commissioned": _l("Commission shared"), "paid": _l("Commission paid"),
    "lost": _l("Customer lost"), "cancelled": _l("Contract cancelled"),
}  # fmt: skip


class SalesLead(Case, Record):
    """Every policy names which of the fields it uses; the states come from its pack."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "lead_no"),)

    lead_no: Mapped[str | None] = fields.text(_l("Lead number"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="opportunity")
    customer_id: Mapped[int | None] = fields.ref(_l("Customer"), "customer")
    customer_name: Mapped[str | None] = fields.text(_l("Name of the customer"), 120)
    phone: Mapped[str | None] = fields.personal(_l("Telephone"), 40, mask="phone")
    complaint_id: Mapped[int | None] = fields.ref(_l("Complaint"), "complaint")
    came_at: Mapped[dt.datetime] = fields.datetime(_l("Came up at"), default=clock.now)
    content: Mapped[str | None] = fields.longtext(_l("What it is about"))
    next_step: Mapped[str | None] = fields.longtext(_l("Next step"))
    origin: Mapped[str | None] = fields.choice(_l("Where it came from"), ORIGINS)
    person_id: Mapped[int | None] = fields.ref(_l("Person in charge"), "employee")
    buyer: Mapped[str | None] = fields.choice(_l("Approached"), BUYERS)
    sold: Mapped[bool | None] = fields.boolean(_l("Sold"))
    referrer_id: Mapped[int | None] = fields.ref(_l("Recommended by"), "customer")
    verified: Mapped[bool | None] = fields.boolean(_l("Verified"))
    product: Mapped[str | None] = fields.choice(_l("Product wanted"), PRODUCTS)
    rooms: Mapped[str | None] = fields.text(_l("Rooms wanted"), 200)
    area: Mapped[Decimal | None] = fields.decimal(_l("Area wanted"), minimum=0)
    key_account: Mapped[bool | None] = fields.boolean(_l("Key account"), computed=True)
    customer_class: Mapped[str | None] = fields.choice(_l("Class of the customer"), CLASSES, computed=True)
    reached_at: Mapped[dt.datetime | None] = fields.datetime(_l("Class reached at"), computed=True)
    to_review: Mapped[bool | None] = fields.boolean(_l("Fell below the line since"), computed=True)
    transfer_status: Mapped[str | None] = fields.choice(_l("Transfer to key-account service"), TRANSFERS, computed=True)
    manager_id: Mapped[int | None] = fields.ref(_l("Key-account manager"), "employee", computed=True)
    event_id: Mapped[int | None] = fields.ref(_l("Outing"), "customer_event")
    vendor_id: Mapped[int | None] = fields.ref(_l("Sales channel"), "vendor")
    outcome: Mapped[str | None] = fields.choice(_l("Outcome"), OUTCOMES, computed=True)
    course: Mapped[str | None] = fields.longtext(_l("Course"))
    ended_at: Mapped[dt.datetime | None] = fields.datetime(_l("Ended"), computed=True)

    register = Register(
        area="customers", label=_l("Sales lead"), title="lead_no", subject="kind", party="customer_id", icon="bulb",
        from_pack=True, participants=True, actions=frozenset({"add", "edit"}), order="-came_at",
        list=("lead_no", "kind", "customer_id", "complaint_id", "status", "owner_id", "came_at", "next_step"),
        search=("lead_no", "customer_id"),
        filters=("status", "kind", "customer_id", "complaint_id", "came_at", "owner_id", "customer_class",
                 "transfer_status", "event_id", "manager_id"),
        lines=("sales_lead_unit", "customer_assignment.lead_id", "sales_order.lead_id"),
        sections=(
            Section(_l("Lead"), ("lead_no", "status", "kind", "customer_id", "customer_name", "phone", "complaint_id",
                                 "came_at", "content", "origin", "person_id")),
            Section(_l("Wanted"), ("product", "rooms", "area", "key_account", "customer_class", "reached_at",
                                   "to_review", "buyer", "referrer_id", "verified", "event_id", "vendor_id")),
            Section(_l("Key account"), ("transfer_status", "manager_id")),
            Section(_l("What follows"), ("next_step", "course", "sold", "outcome", "ended_at", "unit_id", "owner_id",
                                         "holder_unit_id")),
        ),
    )  # fmt: skip
