"""Fields that D02 adds to a complaint: what was repeated and confirmed, the promise, and how far the solution is."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.areas.complaints.handling_technique import STAGES
from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section


class ComplaintTechnique(Record):
    """What the note of a complaint holds beyond the family's fields; every promise is a limit of its own."""

    id: Mapped[int] = detail_key("complaint")
    summary: Mapped[str | None] = fields.longtext(_l("Main points as repeated"))
    customer_confirmed: Mapped[bool | None] = fields.boolean(_l("Customer confirmed what was repeated"))
    minor: Mapped[bool | None] = fields.boolean(
        _l("Small matter"), needed=True, help=_l("You can settle it yourself at once.")
    )
    own_fault: Mapped[bool | None] = fields.boolean(_l("Our own mistake"), needed=True)
    apologised: Mapped[bool | None] = fields.boolean(_l("Apologised for the company"))
    promised_at: Mapped[dt.datetime | None] = fields.datetime(_l("Answer promised for"))
    promise_open: Mapped[bool | None] = fields.boolean(_l("A promise is running"), computed=True)
    answer_text: Mapped[str | None] = fields.longtext(_l("Answer to the customer"))
    resolved: Mapped[bool | None] = fields.boolean(_l("The matter is settled by it"))
    answered_at: Mapped[dt.datetime | None] = fields.datetime(_l("Last answered"), computed=True)
    last_message_at: Mapped[dt.datetime | None] = fields.datetime(_l("Last word from us"), computed=True)
    option_1: Mapped[str | None] = fields.longtext(_l("Best solution"))
    option_2: Mapped[str | None] = fields.longtext(_l("Second solution"))
    option_3: Mapped[str | None] = fields.longtext(_l("Third solution"))
    option_4: Mapped[str | None] = fields.longtext(_l("Fourth solution"))
    few_reason: Mapped[str | None] = fields.text(_l("Why there are so few"), 200, width=2)
    option_stage: Mapped[str | None] = fields.choice(_l("Solution is"), STAGES, computed=True)
    solved_at: Mapped[dt.datetime | None] = fields.datetime(_l("Solved"), computed=True)
    visited: Mapped[bool | None] = fields.boolean(_l("Asked for the opinion"), computed=True)
    satisfied: Mapped[bool | None] = fields.boolean(_l("Customer satisfied"), computed=True)

    register = Register(
        area="complaints", label=_l("Complaint (technique)"), title="minor", detail_of="complaint", menu=False,
        actions=frozenset(), list=("minor", "promised_at", "option_stage"),
        sections=(
            Section(_l("Listening"), ("summary", "customer_confirmed", "minor", "own_fault", "apologised"),
                    clause="1"),
            Section(_l("Promise and answer"), ("promised_at", "promise_open", "answer_text", "resolved", "answered_at",
                                               "last_message_at"), clause="1"),
            Section(_l("Solutions to offer"), ("option_1", "option_2", "option_3", "option_4", "few_reason"),
                    clause="2"),
            Section(_l("Solution"), ("option_stage", "solved_at", "visited", "satisfied"), clause="2"),
        ),
    )  # fmt: skip
