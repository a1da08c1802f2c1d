"""Complaint handling form (投诉处理表): what was found and done in one round or at one level of a complaint."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section


class ComplaintHandling(Case, Record):
    """Numbered with its case and round; the policy says which steps begin one, and adds its own fields."""

    __table_args__: Any = (
        UniqueConstraint("adopter_id", "form_no"),
        UniqueConstraint("complaint_id", "round"),
        CheckConstraint("round >= 1", name="round_counts_from_one"),
    )

    form_no: Mapped[str | None] = fields.text(_l("Form number"), 48, computed=True)
    series: Mapped[str | None] = fields.text(_l("Series"), 40, computed=True)
    complaint_id: Mapped[int] = fields.ref(_l("Complaint"), "complaint")
    round: Mapped[int] = fields.integer(_l("Round"), default=1, computed=True)
    case_state: Mapped[str | None] = fields.text(_l("State of the case"), 40, computed=True)
    handler_id: Mapped[int | None] = fields.ref(_l("Handler of the round"), "employee")
    stated_reason: Mapped[str | None] = fields.longtext(_l("Reason of the complaint"))
    responsible_unit_id: Mapped[int | None] = fields.ref(_l("Responsible department"), "org_unit")
    result: Mapped[str | None] = fields.longtext(_l("Result of the handling"))
    reviewer_id: Mapped[int | None] = fields.ref(_l("Reviewed by"), "employee", computed=True)
    reviewed_on: Mapped[dt.date | None] = fields.date(_l("Reviewed on"), computed=True)

    register = Register(
        area="complaints",
        label=_l("Complaint handling form"),
        title="form_no",
        party="complaint_id",
        icon="clipboard-text",
        from_pack=True,
        participants=True,
        actions=frozenset({"edit"}),
        list=("form_no", "complaint_id", "round", "status", "handler_id", "reviewer_id", "reviewed_on"),
        search=("form_no",),
        filters=("status", "complaint_id", "handler_id", "reviewer_id", "reviewed_on", "owner_id"),
        internal=("series", "case_state"),
        sections=(
            Section(
                _l("Form"),
                (
                    "form_no",
                    "complaint_id",
                    "round",
                    "status",
                    "handler_id",
                    "responsible_unit_id",
                    "stated_reason",
                    "result",
                    "unit_id",
                    "owner_id",
                    "holder_unit_id",
                ),
                clause="5.1.1",
            ),
            Section(_l("Review"), ("reviewer_id", "reviewed_on"), clause="5.1.1"),
        ),
    )
