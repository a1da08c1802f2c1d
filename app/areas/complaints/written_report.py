"""Written report to a superior (书面报告), such as the report within three days of an investigation."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

KINDS = {
    "investigation": _l("Report after an investigation"),
    "visit": _l("Report after an urgent visit"),
    "special": _l("Special report"),
    "office": _l("Report of the office"),
    "company": _l("Report of the company"),
    "review": _l("Summary and evaluation of a case"),
}


class WrittenReport(Case, Record):
    """Goes to the general manager, who writes the instruction."""

    __table_args__: Any = (
        UniqueConstraint("adopter_id", "report_no"),
        CheckConstraint("complaint_id IS NOT NULL OR visit_id IS NOT NULL", name="about_a_case_or_a_visit"),
    )

    report_no: Mapped[str | None] = fields.text(_l("Report number"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="investigation")
    complaint_id: Mapped[int | None] = fields.ref(_l("Complaint"), "complaint")
    visit_id: Mapped[int | None] = fields.ref(_l("Urgent visit"), "urgent_visit")
    investigated_on: Mapped[dt.date | None] = fields.date(_l("Investigated on"))
    counted_from: Mapped[dt.datetime | None] = fields.datetime(_l("Counted from"), computed=True)
    due_at: Mapped[dt.datetime | None] = fields.datetime(_l("Due"), computed=True)
    author_id: Mapped[int | None] = fields.ref(_l("Author"), "employee", computed=True)
    content: Mapped[str] = fields.longtext(_l("Report"))
    submitted_at: Mapped[dt.datetime | None] = fields.datetime(_l("Submitted"), computed=True)
    instruction: Mapped[str | None] = fields.longtext(_l("Instruction"))
    evidence = fields.files(_l("Attachments"))

    register = Register(
        area="complaints",
        label=_l("Written report"),
        title="report_no",
        subject="kind",
        party="complaint_id",
        icon="file-text",
        from_pack=True,
        participants=True,
        actions=frozenset({"add", "edit"}),
        list=("report_no", "kind", "complaint_id", "visit_id", "investigated_on", "due_at", "status", "author_id"),
        search=("report_no",),
        filters=("status", "kind", "complaint_id", "visit_id", "investigated_on", "owner_id"),
        sections=(
            Section(
                _l("Report"),
                (
                    "report_no",
                    "status",
                    "kind",
                    "complaint_id",
                    "visit_id",
                    "investigated_on",
                    "counted_from",
                    "due_at",
                    "author_id",
                    "content",
                    "evidence",
                    "submitted_at",
                    "unit_id",
                    "owner_id",
                    "holder_unit_id",
                ),
                clause="（九）3",
            ),
            Section(_l("Instruction"), ("instruction",), clause="（九）3"),
        ),
    )
