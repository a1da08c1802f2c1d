"""Account and access grant (账号权限登记): an account of a shop or system, what it is for, and who works with it."""

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
    "main": _l("Main shop account"), "presale": _l("Pre-sale account"), "aftersale": _l("After-sales account"),
    "system": _l("Account of a system"),
}  # fmt: skip
RIGHTS = {
    "view": _l("Look"), "create": _l("Enter"), "edit": _l("Change"), "delete": _l("Delete"), "export": _l("Export"),
    "copy": _l("Copy"), "destroy": _l("Destroy"), "maintain": _l("Maintain"), "audit": _l("Audit"),
}  # fmt: skip


class AccessGrant(Case, Record):
    """Never a password; the states come from the pack."""

    __table_args__: Any = (
        UniqueConstraint("adopter_id", "account_name"), UniqueConstraint("adopter_id", "account_no"),
    )  # fmt: skip

    account_no: Mapped[str | None] = fields.text(_l("Number of the shop account"), 40, computed=True)
    account_name: Mapped[str] = fields.text(_l("Account name"), 60)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="presale")
    shop: Mapped[str | None] = fields.text(_l("Shop of the account"), 60)
    receives_customers: Mapped[bool | None] = fields.boolean(_l("Receives customers"), computed=True)
    person_id: Mapped[int | None] = fields.ref(_l("Works with it"), "employee")
    system: Mapped[str | None] = fields.text(_l("System"), 80)
    rights: Mapped[list[str] | None] = fields.choices(_l("Rights"), RIGHTS)
    info_scope: Mapped[str | None] = fields.longtext(_l("Information within reach"))
    work_need: Mapped[str | None] = fields.longtext(_l("Why the work needs it"))
    granted_by_id: Mapped[int | None] = fields.ref(_l("Granted by"), "employee", computed=True)
    granted_on: Mapped[dt.date | None] = fields.date(_l("Granted on"), computed=True)
    review_on: Mapped[dt.date | None] = fields.date(_l("To be reviewed on"))
    changed_on: Mapped[dt.date | None] = fields.date(_l("Password changed on"))
    revoked_at: Mapped[dt.datetime | None] = fields.datetime(_l("Withdrawn"), computed=True)

    register = Register(
        area="privacy", label=_l("Account and access grant"), title="account_name", subject="kind", icon="user-cog",
        from_pack=True, participants=True, actions=frozenset({"add", "edit"}), order="-id",
        list=("account_no", "account_name", "kind", "shop", "receives_customers", "person_id", "status"),
        search=("account_no", "account_name"), filters=("status", "kind", "person_id", "owner_id"),
        sections=(
            Section(_l("Account"), ("account_no", "account_name", "kind", "status", "shop", "system",
                                    "receives_customers", "person_id")),
            Section(_l("Grant"), ("rights", "info_scope", "work_need", "granted_by_id", "granted_on", "review_on",
                                  "changed_on", "revoked_at", "unit_id", "owner_id", "holder_unit_id")),
        ),
    )  # fmt: skip
