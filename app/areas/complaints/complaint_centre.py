"""Fields that C16 adds to a complaint: the promised return visit, what the department found, the answer."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.areas.customers.operations import BUSINESS_LINES
from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section

NATURES = {"complaint": _l("Complaint"), "suggestion": _l("Suggestion")}


class ComplaintCentre(Record):
    """What a service centre writes down beyond the family's fields."""

    id: Mapped[int] = detail_key("complaint")
    nature: Mapped[str | None] = fields.choice(_l("Nature"), NATURES, needed=True)
    business_line: Mapped[str | None] = fields.choice(_l("Business line"), BUSINESS_LINES, needed=True)
    promised_visit_at: Mapped[dt.datetime | None] = fields.datetime(_l("Return visit promised for"), needed=True)
    passed_on_at: Mapped[dt.datetime | None] = fields.datetime(_l("Passed on"), computed=True)
    handling_result: Mapped[str | None] = fields.longtext(_l("Result of the handling"))
    handled_at: Mapped[dt.datetime | None] = fields.datetime(_l("Handled"), computed=True)
    visited: Mapped[bool | None] = fields.boolean(_l("Visit made"), computed=True)
    satisfied: Mapped[bool | None] = fields.boolean(_l("Customer satisfied"), computed=True)
    answered_at: Mapped[dt.datetime | None] = fields.datetime(_l("Answered at"), computed=True)
    manager_decision: Mapped[str | None] = fields.longtext(_l("Decision of the manager"))

    register = Register(
        area="complaints", label=_l("Complaint (service centre)"), title="nature", detail_of="complaint", menu=False,
        actions=frozenset(), list=("nature", "business_line", "promised_visit_at", "satisfied"),
        sections=(
            Section(_l("Nature and promise"), ("nature", "business_line", "promised_visit_at"), clause="4.1B"),
            Section(_l("What the department did"), ("passed_on_at", "handling_result", "handled_at"), clause="4.1B"),
            Section(_l("Answer to the customer"), ("visited", "satisfied", "answered_at", "manager_decision"),
                    clause="4.1B"),
        ),
    )  # fmt: skip
