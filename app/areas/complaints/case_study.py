"""Case study (投诉案例): a complaint written up for everybody to learn from, without anybody's personal data."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section


class CaseStudy(Case, Record):
    """One per complaint; its text names customers by initials only."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "study_no"), UniqueConstraint("complaint_id"))

    study_no: Mapped[str | None] = fields.text(_l("Study number"), 40, computed=True)
    complaint_id: Mapped[int] = fields.ref(_l("Complaint"), "complaint")
    heading: Mapped[str] = fields.text(_l("Heading"), 120, width=2)
    author_id: Mapped[int | None] = fields.ref(_l("Written by"), "employee", computed=True)
    background: Mapped[str] = fields.longtext(_l("Course of events"), help=_l("The customer by initials only."))
    cause: Mapped[str] = fields.longtext(_l("Cause of the event"))
    lesson: Mapped[str] = fields.longtext(_l("Lesson"))
    published_at: Mapped[dt.datetime | None] = fields.datetime(_l("Published"), computed=True)
    discussed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Discussed"), computed=True)
    conclusion: Mapped[str | None] = fields.longtext(_l("Conclusion of the discussion"), computed=True)

    register = Register(
        area="complaints", label=_l("Case study"), title="study_no", subject="heading", icon="school",
        from_pack=True, participants=True, actions=frozenset({"add", "edit"}),
        list=("study_no", "heading", "complaint_id", "author_id", "status", "published_at", "discussed_at"),
        search=("study_no", "heading"), filters=("status", "complaint_id", "published_at", "owner_id"),
        lines=("study_comment", "meeting.case_study_id"),
        sections=(
            Section(_l("Case"), ("study_no", "status", "complaint_id", "heading", "background", "cause", "lesson",
                                 "unit_id", "owner_id", "holder_unit_id")),
            Section(_l("Publication"), ("author_id", "published_at", "discussed_at", "conclusion")),
        ),
    )  # fmt: skip
