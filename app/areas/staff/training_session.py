"""Training session (培训计划活动): planned and held, with topic, trainer, people and result."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

KINDS = {
    "business": _l("Business knowledge"), "skill": _l("Skills"), "security": _l("Information security"),
    "ethics": _l("Professional ethics"), "law": _l("Law"), "ideology": _l("Education"),
    "fire_drill": _l("Fire drill"), "exchange": _l("Exchange of information"), "meeting": _l("Meeting"),
    "team": _l("Team building"), "process": _l("Process"),
}


class TrainingSession(Case, Record):
    """One session; who took part and what came of it."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "training_no"),)

    training_no: Mapped[str | None] = fields.text(_l("Number"), 40, computed=True)
    kind: Mapped[str | None] = fields.choice(_l("Kind"), KINDS)
    topic: Mapped[str] = fields.text(_l("Topic"), 120, width=2)
    held_on: Mapped[dt.date] = fields.date(_l("Held on"))
    hours: Mapped[Decimal | None] = fields.decimal(_l("Hours"), minimum=0)
    trainer_id: Mapped[int | None] = fields.ref(_l("Trainer"), "employee")
    trainer_name: Mapped[str | None] = fields.text(_l("Trainer from outside"), 60)
    participants: Mapped[list[int]] = fields.refs(_l("Participants"), "employee")
    absentees: Mapped[str | None] = fields.longtext(_l("Absent"))
    score: Mapped[Decimal | None] = fields.percent(_l("Test result"), unit=_l("points"))
    result: Mapped[str | None] = fields.longtext(_l("Result"))
    material = fields.files(_l("Material"))

    register = Register(
        area="staff", label=_l("Training session"), title="training_no", subject="topic", icon="school",
        from_pack=True, participants=True, actions=frozenset({"add", "edit"}),
        list=("training_no", "kind", "topic", "held_on", "trainer_id", "status"),
        search=("training_no", "topic"), filters=("status", "kind", "held_on", "trainer_id", "owner_id"),
        order="-held_on",
        sections=(
            Section(_l("Training"), ("training_no", "status", "kind", "topic", "held_on", "hours", "trainer_id",
                                     "trainer_name", "participants", "unit_id", "owner_id", "holder_unit_id")),
            Section(_l("Result"), ("score", "result", "absentees", "material")),
        ),
    )  # fmt: skip
