"""Customer profile (客户个人资料卷): the confidential file of a key customer; nobody sees it by the role alone."""

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

SECRECY = {"confidential": _l("Confidential"), "strict": _l("Strictly confidential")}


class CustomerProfile(Case, Record):
    """Open to whom the ``viewing`` of its policy lets in; each look and each refused try is kept in the access log."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "file_no"),)

    file_no: Mapped[str | None] = fields.text(_l("File number"), 40, computed=True)
    lead_id: Mapped[int | None] = fields.ref(_l("Sales lead"), "sales_lead", computed=True)
    customer_id: Mapped[int | None] = fields.ref(_l("Customer"), "customer")
    customer_name: Mapped[str | None] = fields.text(_l("Name of the customer"), 100)
    phone: Mapped[str | None] = fields.personal(_l("Telephone"), 40, mask="phone")
    id_no: Mapped[str | None] = fields.personal(_l("Identity number"), 30, mask="id")
    address: Mapped[str | None] = fields.personal(_l("Address"), 200, mask="address")
    characteristics: Mapped[str | None] = fields.longtext(_l("Characteristics"))
    preferences: Mapped[str | None] = fields.longtext(_l("Preferences"))
    quality_notes: Mapped[str | None] = fields.longtext(_l("Manners and education"))
    life_background: Mapped[str | None] = fields.longtext(_l("Background of life"))
    company_and_post: Mapped[str | None] = fields.text(_l("Company and position"), 100)
    keeper_id: Mapped[int | None] = fields.ref(_l("Keeper of the file"), "employee", computed=True)
    confidentiality: Mapped[str] = fields.choice(_l("Secrecy"), SECRECY, default="strict")
    opened_on: Mapped[dt.date | None] = fields.date(_l("File opened on"), default=clock.today, computed=True)
    filled_count: Mapped[int | None] = fields.integer(_l("Questions answered"), computed=True)
    completion: Mapped[Decimal | None] = fields.percent(_l("Complete"), computed=True, unit="%")
    last_updated: Mapped[dt.date | None] = fields.date(_l("Last brought up to date"), computed=True)
    filled_by_id: Mapped[int | None] = fields.ref(_l("Filled in by"), "employee", computed=True)
    sensitive_consent: Mapped[bool | None] = fields.boolean(_l("Agrees to sensitive answers"))

    register = Register(
        area="customers", label=_l("Customer profile"), title="file_no", party="customer_id", icon="shield-lock",
        from_pack=True, watched=True, actions=frozenset({"add", "edit"}), order="-id", lines=("profile_answer",),
        list=("file_no", "status", "owner_id", "confidentiality", "opened_on"),
        search=("file_no",), filters=("status", "customer_id", "lead_id", "owner_id", "opened_on"),
        sections=(
            Section(_l("Confidential file"), ("file_no", "status", "confidentiality", "lead_id", "customer_id",
                                              "customer_name", "phone", "id_no", "address", "company_and_post",
                                              "opened_on"),
                    _l("Open to whom the policy lets in; each look is kept.")),
            Section(_l("Person"), ("characteristics", "preferences", "quality_notes", "life_background")),
            Section(_l("Answers"), ("filled_count", "completion", "last_updated", "filled_by_id",
                                    "sensitive_consent")),
            Section(_l("Care"), ("keeper_id", "unit_id", "owner_id", "holder_unit_id")),
        ),
    )  # fmt: skip
