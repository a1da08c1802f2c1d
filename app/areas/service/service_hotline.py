"""Complaint hotline (投诉电话): the one number that every line of the service catalogue prints."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section


class ServiceHotline(Record):
    """One for each company; a new number is a new version of its catalogue."""

    company_id: Mapped[int] = fields.ref(_l("Company"), "org_unit", unique=True)
    number: Mapped[str] = fields.text(_l("Complaint hotline"), 40)
    version: Mapped[int] = fields.integer(_l("Version of the catalogue"), default=1, computed=True)

    register = Register(
        area="service", label=_l("Complaint hotline"), title="number", icon="phone",
        actions=frozenset({"add", "edit"}), list=("company_id", "number", "version"), search=("number",),
        filters=("company_id",),
        sections=(Section(_l("Hotline"), ("company_id", "number", "version")),),
    )  # fmt: skip
