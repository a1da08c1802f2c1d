"""Meeting (会议谈话记录): a matter put before a meeting or a talk, and what it came to."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

KINDS = {
    "meeting": _l("Regular meeting"),
    "emergency": _l("Emergency meeting"),
    "talk": _l("Talk"),
    "discussion": _l("Discussion"),
    "briefing": _l("Briefing"),
    "workshop": _l("Workshop"),
}


class Meeting(Case, Record):
    """States and posts come from the policy; what does not concern it stays empty."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "meeting_no"),)

    meeting_no: Mapped[str | None] = fields.text(_l("Meeting number"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="meeting")
    subject: Mapped[str] = fields.text(_l("Subject"), 200, width=2)
    complaint_id: Mapped[int | None] = fields.ref(_l("Complaint"), "complaint")
    case_study_id: Mapped[int | None] = fields.ref(_l("Case study"), "case_study")
    notified_at: Mapped[dt.datetime | None] = fields.datetime(_l("Called"))
    meeting_on: Mapped[dt.date | None] = fields.date(_l("Day of the meeting"))
    held_at: Mapped[dt.datetime | None] = fields.datetime(_l("Held at"))
    participants: Mapped[list[int] | None] = fields.refs(_l("Participants"), "employee")
    present: Mapped[str | None] = fields.text(_l("Others present"), 200)
    content: Mapped[str | None] = fields.longtext(_l("What was put forward"))
    decision: Mapped[str | None] = fields.longtext(_l("Decision of the meeting"))
    final: Mapped[bool | None] = fields.boolean(_l("The decision closes the case"))
    open_points: Mapped[str | None] = fields.longtext(_l("Open points"))
    submitted_by_id: Mapped[int | None] = fields.ref(_l("Put forward by"), "employee", computed=True)
    submitted_on: Mapped[dt.date | None] = fields.date(_l("Put forward on"), computed=True)
    decided_by_id: Mapped[int | None] = fields.ref(_l("Decided by"), "employee", computed=True)
    decided_at: Mapped[dt.datetime | None] = fields.datetime(_l("Decided"), computed=True)
    executed: Mapped[bool] = fields.boolean(_l("Carried out"), default=False, computed=True)
    evidence = fields.files(_l("Attachments"))

    register = Register(
        area="organisation",
        label=_l("Meeting"),
        title="meeting_no",
        subject="subject",
        party="complaint_id",
        icon="users-group",
        from_pack=True,
        participants=True,
        internal=("executed",),
        actions=frozenset({"add", "edit"}),
        list=("meeting_no", "subject", "complaint_id", "meeting_on", "status", "submitted_by_id", "decided_at"),
        search=("meeting_no", "subject"),
        filters=("status", "complaint_id", "case_study_id", "meeting_on", "submitted_by_id", "owner_id"),
        sections=(
            Section(_l("Meeting"), ("meeting_no", "status", "kind", "subject", "complaint_id", "case_study_id",
                                    "notified_at", "meeting_on", "held_at", "participants", "present", "content"),
                    clause="5.3.1.7"),
            Section(_l("Decision"), ("decision", "final", "open_points", "decided_by_id", "decided_at"),
                    clause="5.3.1.7"),
            Section(_l("Entry"), ("submitted_by_id", "submitted_on", "unit_id", "owner_id", "holder_unit_id")),
            Section(_l("Attachments"), ("evidence",)),
        ),
    )  # fmt: skip
