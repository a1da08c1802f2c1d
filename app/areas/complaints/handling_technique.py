"""Fields that D02 adds to a handling form: one solution of several, its rank, and what the customer said to it."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section

STAGES = {
    "prepared": _l("Not offered"),
    "offered": _l("Offered"),
    "accepted": _l("Confirmed by the customer"),
    "objected": _l("The customer objects"),
    "executed": _l("Carried out"),
}


class HandlingTechnique(Record):
    """The best solution is offered first; the next one only when the customer objects."""

    id: Mapped[int] = detail_key("complaint_handling")
    option: Mapped[str | None] = fields.longtext(_l("Solution"))
    offered_at: Mapped[dt.datetime | None] = fields.datetime(_l("Offered at"), computed=True)
    reacted_at: Mapped[dt.datetime | None] = fields.datetime(_l("Customer's word"), computed=True)
    objection: Mapped[str | None] = fields.longtext(_l("What the customer objects to"))
    executed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Carried out at"), computed=True)

    register = Register(
        area="complaints", label=_l("Solution (technique)"), title="option", detail_of="complaint_handling",
        menu=False, actions=frozenset(), list=("option", "executed_at"),
        sections=(
            Section(_l("Solution"), ("option", "offered_at", "reacted_at", "objection", "executed_at"), clause="2"),
        ),
    )  # fmt: skip
