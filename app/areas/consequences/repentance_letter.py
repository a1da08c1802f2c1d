"""Letter of repentance (悔过书): the lowest sanction, written by the person and accepted by case control."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.lifecycle import Lifecycle, Move, State
from app.core.register import Record, Register, Section
from app.core.scope import Owned

DUE, SUBMITTED, ACCEPTED = "due", "submitted", "accepted"
LIFE = Lifecycle(
    start=DUE,
    states={
        DUE: State(DUE, _l("To be written"), "warn"),
        SUBMITTED: State(SUBMITTED, _l("Handed in"), "hold"),
        ACCEPTED: State(ACCEPTED, _l("Accepted"), "ok", final=True),
    },
    moves={
        "submit": Move(
            "submit", _l("Hand in"), (DUE,), SUBMITTED, requires=("text",), guards=("own_letter",),
            sets={"submitted_at": "@now"},
        ),
        "accept": Move(
            "accept", _l("Accept"), (SUBMITTED,), ACCEPTED, guards=("letter_of_another",),
            sets={"accepted_at": "@now", "accepted_by_id": "@me"},
        ),
        "return_letter": Move(
            "return_letter", _l("Have it written again"), (SUBMITTED,), DUE, guards=("letter_of_another",),
            reason=True, tone="late",
        ),
    },
)  # fmt: skip


class RepentanceLetter(Owned, Record):
    """Opened when the sanction is approved; its owner is the person who writes it."""

    sanction_id: Mapped[int] = fields.ref(_l("Sanction"), "sanction", unique=True)
    employee_id: Mapped[int] = fields.ref(_l("Person"), "employee", computed=True)
    status: Mapped[str] = fields.state(_l("State"), default=DUE)
    text: Mapped[str | None] = fields.longtext(_l("Text of the letter"))
    submitted_at: Mapped[dt.datetime | None] = fields.datetime(_l("Handed in"), computed=True)
    accepted_by_id: Mapped[int | None] = fields.ref(_l("Accepted by"), "employee", computed=True)
    accepted_at: Mapped[dt.datetime | None] = fields.datetime(_l("Accepted at"), computed=True)

    register = Register(
        area="consequences", label=_l("Letter of repentance"), title="status", icon="writing-sign", lifecycle=LIFE,
        participants=True, actions=frozenset(),
        list=("status", "sanction_id", "employee_id", "submitted_at", "accepted_by_id"),
        filters=("status", "sanction_id", "employee_id", "submitted_at"),
        sections=(Section(_l("Letter"), ("sanction_id", "employee_id", "status", "text", "submitted_at",
                                         "accepted_by_id", "accepted_at", "unit_id", "owner_id"),
                          clause="行政处罚准则（三）"),),
    )  # fmt: skip
