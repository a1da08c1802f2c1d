"""Catalogue item (产品服务目录): what a company offers, who answers for it, and where customers complain."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section


class CatalogueItem(Record):
    """One service or product of a company; published, so everybody sees it. The hotline is that of the company."""

    __table_args__: Any = (UniqueConstraint("company_id", "code"),)

    company_id: Mapped[int] = fields.ref(_l("Company"), "org_unit")
    code: Mapped[str] = fields.text(_l("Code"), 20)
    name: Mapped[str] = fields.text(_l("Name"), 120, width=2)
    description: Mapped[str] = fields.longtext(_l("Description"))
    owner_unit_id: Mapped[int] = fields.ref(_l("Department in charge"), "org_unit")
    hotline: Mapped[str | None] = fields.text(
        _l("Complaint hotline"), 40, help=_l("The same on every line; empty takes the hotline of the company.")
    )
    version: Mapped[str] = fields.text(_l("Version"), 10, default="1", computed=True)
    published_on: Mapped[dt.date | None] = fields.date(_l("Published on"))
    active: Mapped[bool] = fields.boolean(_l("In use"), default=True)

    register = Register(
        area="service", label=_l("Catalogue item"), title="name", subject="name", icon="list", order="code",
        actions=frozenset({"add", "edit"}),
        list=("code", "name", "owner_unit_id", "hotline", "version", "published_on", "active"),
        search=("code", "name"), filters=("code", "owner_unit_id", "active", "company_id"),
        sections=(
            Section(_l("Service"), ("code", "name", "owner_unit_id", "hotline", "description")),
            Section(_l("Entry"), ("version", "published_on", "active", "company_id")),
        ),
    )  # fmt: skip
