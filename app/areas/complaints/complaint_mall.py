"""Fields that C17 adds to a complaint: the floor and its supervisor's opinion, the answer, the head's word."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section

MATTERS = {
    "goods": _l("Goods"),
    "service": _l("Service"),
    "price": _l("Price"),
    "refund": _l("Return or exchange"),
    "member": _l("Member cards and points"),
    "facility": _l("Building and facilities"),
    "other": _l("Other"),
}


class ComplaintMall(Record):
    """What a shopping mall writes down beyond the family's fields."""

    id: Mapped[int] = detail_key("complaint")
    floor_id: Mapped[int | None] = fields.ref(_l("Floor"), "org_unit")
    matter: Mapped[str | None] = fields.choice(_l("Matter"), MATTERS, needed=True)
    handler_id: Mapped[int | None] = fields.ref(_l("Handler"), "employee", computed=True)
    floor_asked_at: Mapped[dt.datetime | None] = fields.datetime(_l("Floor asked"), computed=True)
    floor_opinion: Mapped[str | None] = fields.longtext(_l("Opinion of the floor supervisor"))
    floor_replied_at: Mapped[dt.datetime | None] = fields.datetime(_l("Floor answered"), computed=True)
    floor_replied_by_id: Mapped[int | None] = fields.ref(_l("Floor supervisor"), "employee", computed=True)
    result: Mapped[str | None] = fields.longtext(_l("Result for the customer"))
    answered_at: Mapped[dt.datetime | None] = fields.datetime(_l("Answered at"), computed=True)
    head_opinion: Mapped[str | None] = fields.longtext(_l("Decision of the head of the desk"))

    register = Register(
        area="complaints", label=_l("Complaint (shopping mall)"), title="matter", detail_of="complaint", menu=False,
        actions=frozenset(), list=("floor_id", "matter", "answered_at"),
        sections=(
            Section(_l("Floor and matter"), ("floor_id", "matter"), clause="开篇"),
            Section(_l("Floor supervisor"), ("floor_asked_at", "floor_opinion", "floor_replied_at",
                                             "floor_replied_by_id"), clause="开篇"),
            Section(_l("Answer to the customer"), ("handler_id", "result", "answered_at", "head_opinion"),
                    clause="开篇"),
        ),
    )  # fmt: skip
