"""Customer file (客户档案)."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section
from app.core.scope import Owned

BUSINESS = {"open": _l("Open"), "closed": _l("Closed")}
SIDES = {"buyer": _l("Buyer"), "partner": _l("Trading partner"), "person": _l("Private customer")}


class Customer(Owned, Record):
    """One row per buyer, client or trading partner; sales people see their own."""

    customer_no: Mapped[str] = fields.text(_l("Customer number"), 30, unique=True)
    name: Mapped[str] = fields.text(_l("Name"), 120)
    short_name: Mapped[str | None] = fields.text(_l("Short name"), 40)
    side: Mapped[str] = fields.choice(_l("Kind"), SIDES, default="buyer")
    country: Mapped[str] = fields.text(_l("Country"), 2, default="CN", help=_l("Two letters; CN means domestic."))
    city: Mapped[str | None] = fields.text(_l("City"), 60)
    address: Mapped[str | None] = fields.text(_l("Address"), 200, width=2)
    credit_code: Mapped[str | None] = fields.text(_l("Unified credit code"), 18)
    contact_name: Mapped[str | None] = fields.personal(_l("Contact"), 60, mask="name")
    contact_phone: Mapped[str | None] = fields.personal(_l("Contact telephone"), 30, mask="phone")
    contact_email: Mapped[str | None] = fields.personal(_l("Contact e-mail"), 120, mask="email")
    opened_on: Mapped[dt.date | None] = fields.date(_l("Opened on"))
    left_on: Mapped[dt.date | None] = fields.date(_l("Left on"), help=_l("Of a household that moved out."))
    business: Mapped[str | None] = fields.choice(_l("Business"), BUSINESS, help=_l("Of a shop or outlet."))
    note: Mapped[str | None] = fields.longtext(_l("Note"))

    register = Register(
        area="customers",
        label=_l("Customer"),
        title="name",
        icon="building",
        order="customer_no",
        list=("customer_no", "name", "side", "country", "city", "owner_id"),
        search=("customer_no", "name"),
        filters=("country", "side", "owner_id", "unit_id"),
        sections=(
            Section(
                _l("Customer"),
                ("customer_no", "name", "short_name", "side", "country", "city", "address", "credit_code"),
            ),
            Section(_l("Contact"), ("contact_name", "contact_phone", "contact_email")),
            Section(_l("Care"), ("unit_id", "owner_id", "opened_on", "left_on", "business", "note")),
        ),
    )
