"""Joint meeting with the customer (客户投诉立会记录)."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section


class JointMeeting(Record):
    """A meeting with the customer that case control arranged, and what it found."""

    complaint_id: Mapped[int] = fields.ref(_l("Complaint"), "complaint")
    held_at: Mapped[dt.datetime] = fields.datetime(_l("Held"))
    place: Mapped[str] = fields.text(_l("Place"), 120)
    our_people: Mapped[list[int]] = fields.refs(_l("Our people"), "employee")
    customer_people: Mapped[str] = fields.longtext(_l("Customer's people"))
    findings: Mapped[str] = fields.longtext(_l("Findings"))
    minutes = fields.files(_l("Minutes"))

    register = Register(
        area="complaints",
        label=_l("Joint meeting"),
        title="place",
        parent="complaint_id",
        icon="users",
        list=("held_at", "complaint_id", "place", "our_people"),
        filters=("complaint_id", "held_at"),
        order="-held_at",
        sections=(
            Section(
                _l("Meeting"),
                ("complaint_id", "held_at", "place", "our_people", "customer_people"),
                clause="（七）3(3)",
            ),
            Section(_l("Outcome"), ("findings", "minutes"), clause="（七）3(3)"),
        ),
    )
