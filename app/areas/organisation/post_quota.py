"""Post and quota (岗位编制): the posts of a unit, how many people each has, and what they do."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section
from app.core.scope import Owned

STATES = {"planned": _l("Planned"), "approved": _l("Approved"), "in_place": _l("In place")}


class PostQuota(Owned, Record):
    """A post in a unit; who holds it stands in the holdings."""

    __table_args__: Any = (UniqueConstraint("unit_id", "code"),)

    code: Mapped[str] = fields.text(_l("Post code"), 20)
    name: Mapped[str] = fields.text(_l("Post"), 60)
    headcount: Mapped[int] = fields.integer(_l("Headcount"), minimum=0)
    filled: Mapped[int | None] = fields.integer(_l("Filled"), minimum=0)
    above_id: Mapped[int | None] = fields.ref(_l("Reports to"), "post_quota")
    duties: Mapped[str | None] = fields.longtext(_l("Duties"))
    equipment: Mapped[str | None] = fields.longtext(_l("Equipment"))
    planned_on: Mapped[dt.date | None] = fields.date(_l("Planned on"))
    stage: Mapped[str | None] = fields.choice(_l("Stage"), STATES)
    growth_note: Mapped[str | None] = fields.longtext(_l("How it is to grow"))
    active: Mapped[bool] = fields.boolean(_l("In use"), default=True)

    register = Register(
        area="organisation", label=_l("Post and quota"), title="name", icon="id-badge-2", order="code",
        actions=frozenset({"add", "edit"}),
        list=("code", "name", "unit_id", "headcount", "filled", "above_id", "active"),
        search=("code", "name"), filters=("unit_id", "active", "stage"),
        sections=(
            Section(_l("Post"), ("code", "name", "headcount", "filled", "above_id", "active", "stage", "planned_on",
                                 "unit_id", "owner_id")),
            Section(_l("Work"), ("duties", "equipment", "growth_note")),
        ),
    )  # fmt: skip
