"""Conduct check (行为检查): how somebody behaved towards a customer, item by item of the policy, as a score."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from app.core import clock, fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

STAGES = {
    "receiving": _l("Receiving"),
    "accepting": _l("Accepting"),
    "explaining": _l("Explaining"),
    "solving": _l("Solving"),
    "following": _l("Following"),
}


class ConductCheck(Case, Record):
    """Of the items that the policy names for a stage so many were kept; the score follows."""

    __table_args__: Any = (CheckConstraint("items_kept >= 0", name="items_kept_not_negative"),)

    complaint_id: Mapped[int | None] = fields.ref(_l("Complaint"), "complaint")
    person_id: Mapped[int | None] = fields.ref(_l("Person checked"), "employee", computed=True)
    stage: Mapped[str | None] = fields.choice(_l("Stage"), STAGES, needed=True)
    items_asked: Mapped[int | None] = fields.integer(_l("Items of the policy"), computed=True)
    items_kept: Mapped[int] = fields.integer(_l("Items kept"), minimum=0)
    broken: Mapped[str | None] = fields.longtext(_l("Which items were not kept"))
    score: Mapped[Decimal | None] = fields.percent(_l("Score"), computed=True)
    checked_by_id: Mapped[int | None] = fields.ref(_l("Checked by"), "employee", computed=True)
    checked_on: Mapped[dt.date] = fields.date(_l("Checked on"), default=clock.today)

    register = Register(
        area="staff", label=_l("Conduct check"), title="stage", subject="stage", party="complaint_id",
        icon="clipboard-check", from_pack=True, participants=True, actions=frozenset({"add"}), order="-checked_on",
        list=("complaint_id", "stage", "person_id", "items_kept", "items_asked", "score", "checked_by_id",
              "checked_on"),
        filters=("complaint_id", "stage", "person_id", "checked_on", "status", "owner_id"),
        sections=(
            Section(_l("Check"), ("complaint_id", "person_id", "stage", "items_kept", "items_asked", "score",
                                  "broken")),
            Section(_l("Entry"), ("checked_by_id", "checked_on", "status", "unit_id", "owner_id", "holder_unit_id")),
        ),
    )  # fmt: skip
