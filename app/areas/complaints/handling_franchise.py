"""Fields that A14 adds to a handling form: the facts as they were told, and the customer's answer with its proof."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.areas.complaints.complaint_franchise import ANSWERS, LEVELS
from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section


class HandlingFranchise(Record):
    """One round as it was: it keeps what the case forgets when the next round begins."""

    id: Mapped[int] = detail_key("complaint_handling")
    level: Mapped[str | None] = fields.choice(_l("Complaint level"), LEVELS, computed=True)
    course: Mapped[str | None] = fields.longtext(_l("Course of events"), computed=True)
    happened_at: Mapped[dt.datetime | None] = fields.datetime(_l("Happened"), computed=True)
    place: Mapped[str | None] = fields.text(_l("Place"), 120, computed=True)
    staff_involved: Mapped[str | None] = fields.text(_l("People involved"), 120, computed=True)
    goods: Mapped[str | None] = fields.text(_l("Goods involved"), 120, computed=True)
    goods_code: Mapped[str | None] = fields.text(_l("Code of the goods"), 60, computed=True)
    handed_over_at: Mapped[dt.datetime | None] = fields.datetime(_l("Handed over"), computed=True)
    explained_flow: Mapped[bool | None] = fields.boolean(_l("Told how it goes on"), computed=True)
    asked_at: Mapped[dt.datetime | None] = fields.datetime(_l("Asked for the answer"), computed=True)
    answer: Mapped[str | None] = fields.choice(_l("The customer's answer"), ANSWERS, computed=True)
    answer_proof: Mapped[str | None] = fields.text(_l("Proof of the answer"), 120, computed=True)

    register = Register(
        area="complaints",
        label=_l("Handling form (franchise)"),
        title="level",
        detail_of="complaint_handling",
        menu=False,
        actions=frozenset(),
        list=("level", "answer"),
        sections=(
            Section(
                _l("What happened"),
                (
                    "level",
                    "happened_at",
                    "place",
                    "staff_involved",
                    "goods",
                    "goods_code",
                    "course",
                    "explained_flow",
                    "handed_over_at",
                ),
                clause="5.3.1.2",
            ),
            Section(_l("Answer of the customer"), ("answer", "answer_proof", "asked_at"), clause="5.3.1.6"),
        ),
    )
