"""Fields that D01 adds to a visit: what could not be answered at once, and what the company has to decide."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section


class VisitResident(Record):
    """A question is answered at once, or the resident is told when."""

    id: Mapped[int] = detail_key("visit")
    visited_as: Mapped[str | None] = fields.post(_l("Visited as"))
    answered: Mapped[bool | None] = fields.boolean(_l("Answered at once"))
    promised_at: Mapped[dt.datetime | None] = fields.datetime(_l("Answer promised for"))
    replied_at: Mapped[dt.datetime | None] = fields.datetime(_l("Replied"))
    item_handled: Mapped[bool | None] = fields.boolean(_l("Properly settled"))
    major: Mapped[bool | None] = fields.boolean(_l("Major problem"))
    escalated_at: Mapped[dt.datetime | None] = fields.datetime(_l("Put to the company"), computed=True)
    company_word: Mapped[str | None] = fields.longtext(_l("Instruction of the company"))

    register = Register(
        area="visits", label=_l("Return visit (estate)"), title="answered", detail_of="visit", menu=False,
        actions=frozenset(), list=("answered", "promised_at", "major"),
        sections=(
            Section(_l("Answer to the resident"), ("visited_as", "answered", "promised_at", "replied_at",
                                                   "item_handled"), clause="2.1(3)"),
            Section(_l("Major problem"), ("major", "escalated_at", "company_word"), clause="2.1(4)"),
        ),
    )  # fmt: skip
