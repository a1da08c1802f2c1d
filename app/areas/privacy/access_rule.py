"""Access rule (查阅权限与信息分类): kinds of information, who may look at them, and how long they are kept."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section
from app.core.scope import Owned

LEVELS = {"service": _l("Customer service"), "marketing": _l("Marketing too"), "all": _l("Whole company")}


class AccessRule(Owned, Record):
    """One kind of information of a company."""

    __table_args__: Any = (UniqueConstraint("unit_id", "code"),)

    code: Mapped[str] = fields.text(_l("Code"), 20)
    name: Mapped[str] = fields.text(_l("Kind of information"), 60)
    level: Mapped[str] = fields.choice(_l("Open to"), LEVELS, default="service")
    retention_years: Mapped[int | None] = fields.integer(_l("Kept for"), minimum=1, unit=_l("years"))
    note: Mapped[str | None] = fields.longtext(_l("Note"))

    register = Register(
        area="platform", label=_l("Access rule"), title="name", icon="tag", order="code",
        actions=frozenset({"add", "edit"}),
        list=("code", "name", "level", "retention_years", "unit_id"), search=("code", "name"),
        filters=("level", "unit_id"),
        sections=(
            Section(_l("Kind of information"), ("code", "name", "level", "retention_years", "note", "unit_id",
                                                "owner_id")),
        ),
    )  # fmt: skip
