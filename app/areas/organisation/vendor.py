"""Vendor and partner (供方合作方名录): contractors, design firms, suppliers and channels of sale."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

KINDS = {
    "channel": _l("Sales channel"), "supplier": _l("Supplier of services"), "design": _l("Design firm"),
    "main_civil": _l("Main civil contractor"), "subcontract": _l("Subcontractor"),
    "supervision": _l("Supervision firm"),
}  # fmt: skip
CHANNELS = {
    "chamber": _l("Chamber or association"), "enterprise": _l("Enterprise"), "bank": _l("Bank"),
    "agency": _l("Agency"), "referral": _l("Recommendation by customers"), "other": _l("Other"),
}  # fmt: skip
SERVICES = {
    "cleaning": _l("Cleaning"), "greening": _l("Greenery"), "wall": _l("Outer walls"), "waste": _l("Waste removal"),
    "pest": _l("Pest control"), "sign": _l("Signs"),
}  # fmt: skip


class Vendor(Case, Record):
    """Every policy names which of the fields it uses; the states come from its pack."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "vendor_no"), UniqueConstraint("adopter_id", "kind", "name"))

    vendor_no: Mapped[str | None] = fields.text(_l("Vendor number"), 40, computed=True)
    name: Mapped[str] = fields.text(_l("Name"), 150)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="channel")
    channel: Mapped[str | None] = fields.choice(_l("Kind of channel"), CHANNELS)
    services: Mapped[list[str] | None] = fields.choices(_l("Services"), SERVICES)
    contact: Mapped[str | None] = fields.personal(_l("Contact"), 60, mask="name")
    phone: Mapped[str | None] = fields.personal(_l("Telephone"), 30, mask="phone")
    starts_on: Mapped[dt.date | None] = fields.date(_l("From"))
    ends_on: Mapped[dt.date | None] = fields.date(_l("To"))
    contract_no: Mapped[str | None] = fields.text(_l("Contract number"), 60)
    licence_no: Mapped[str | None] = fields.text(_l("Licence number"), 60)
    qualification: Mapped[str | None] = fields.text(_l("Qualification"), 40)
    qualification_no: Mapped[str | None] = fields.text(_l("Number of the qualification"), 60)
    qualified_until: Mapped[dt.date | None] = fields.date(_l("Qualified until"))
    past_projects: Mapped[str | None] = fields.longtext(_l("Earlier projects"))
    blacklisted: Mapped[bool | None] = fields.boolean(_l("Blacklisted"))
    person_id: Mapped[int | None] = fields.ref(_l("Person in charge"), "employee")
    leads_count: Mapped[int | None] = fields.integer(_l("Leads brought"), computed=True)

    register = Register(
        area="organisation", label=_l("Vendor or partner"), title="name", subject="kind", icon="building-store",
        from_pack=True, actions=frozenset({"add", "edit"}), order="-id",
        list=("vendor_no", "name", "kind", "channel", "person_id", "leads_count", "status"),
        search=("vendor_no", "name"), filters=("status", "kind", "channel", "person_id", "owner_id"),
        sections=(
            Section(_l("Vendor"), ("vendor_no", "status", "name", "kind", "channel", "services", "contact", "phone",
                                   "starts_on", "ends_on", "contract_no", "person_id", "leads_count")),
            Section(_l("Qualification"), ("licence_no", "qualification", "qualification_no", "qualified_until",
                                          "past_projects", "blacklisted", "unit_id", "owner_id", "holder_unit_id")),
        ),
    )  # fmt: skip
