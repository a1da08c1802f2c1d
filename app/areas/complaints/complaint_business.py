"""Fields that C09 adds to a complaint: who handles it, the answer, and whether the customer is satisfied."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section


class ComplaintBusiness(Record):
    """What the customer service of a company that finances its sales writes down beyond the family's fields."""

    id: Mapped[int] = detail_key("complaint")
    handler_id: Mapped[int | None] = fields.ref(_l("Handled by"), "employee", computed=True)
    scheme_no: Mapped[str | None] = fields.text(_l("Number of the scheme"), 40)
    contract_no: Mapped[str | None] = fields.text(_l("Contract number"), 40)
    answer: Mapped[str | None] = fields.longtext(_l("Answer"))
    answered_at: Mapped[dt.datetime | None] = fields.datetime(_l("Answered at"), computed=True)
    satisfied: Mapped[bool | None] = fields.boolean(_l("Satisfied"))
    opinion: Mapped[str | None] = fields.longtext(_l("Customer's opinion"))

    register = Register(
        area="complaints", label=_l("Complaint (business schemes)"), title="scheme_no", detail_of="complaint",
        menu=False, actions=frozenset(), list=("scheme_no", "handler_id", "answered_at", "satisfied"),
        sections=(
            Section(_l("Scheme and contract"), ("scheme_no", "contract_no"), clause="一.4.1"),
            Section(_l("Answer"), ("handler_id", "answer", "answered_at", "satisfied", "opinion"), clause="一.4.1"),
        ),
    )  # fmt: skip
