"""Laboratory task (检测任务单): what one person tests or samples; a test shows nothing but the code of its sample."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

TEST, SAMPLING = "test", "sampling"
KINDS = {TEST: _l("Test of a coded sample"), SAMPLING: _l("New sampling")}


class LabTask(Case, Record):
    """Belongs to who carries it out; it refers to no complaint, report or customer, and neither does its history."""

    __table_args__: Any = (UniqueConstraint("code", "kind", "owner_id"),)

    code: Mapped[str] = fields.text(_l("Code"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, computed=True)
    item: Mapped[str | None] = fields.text(_l("Item and method"), 120, computed=True)
    procedure: Mapped[str | None] = fields.text(_l("Procedure followed"), 120, computed=True)
    place: Mapped[str | None] = fields.text(_l("Place of sampling"), 120, computed=True)
    done_on: Mapped[dt.date | None] = fields.date(_l("Carried out on"))
    result: Mapped[str | None] = fields.text(_l("Result"), 200)
    remark: Mapped[str | None] = fields.longtext(_l("Remark"))
    records = fields.files(_l("Raw records"))

    register = Register(
        area="complaints", label=_l("Laboratory task"), title="code", subject="item", icon="microscope",
        from_pack=True, actions=frozenset({"edit"}), order="-id",
        list=("code", "kind", "item", "owner_id", "status", "done_on"), search=("code",),
        filters=("status", "kind", "done_on", "owner_id"),
        sections=(
            Section(_l("Task"), ("code", "kind", "status", "item", "procedure", "place", "unit_id", "owner_id",
                                 "holder_unit_id"), clause="2.2.2"),
            Section(_l("Result"), ("done_on", "result", "remark", "records"), clause="2.2.4"),
        ),
    )  # fmt: skip
