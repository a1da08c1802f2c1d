"""Corrective action and improvement follow-up (改善追踪)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section


class CorrectiveAction(Case, Record):
    """A measure judged worth tracking; case control confirms its effect."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "action_no"),)

    action_no: Mapped[str | None] = fields.text(_l("Action number"), 40, computed=True)
    complaint_id: Mapped[int | None] = fields.ref(_l("Complaint"), "complaint")
    measure: Mapped[str] = fields.longtext(_l("Measure"))
    owner_unit_id: Mapped[int] = fields.ref(_l("Carried out by"), "org_unit")
    due_on: Mapped[dt.date] = fields.date(_l("Due on"))
    progress: Mapped[str | None] = fields.longtext(_l("Result so far"))
    prevention: Mapped[str | None] = fields.longtext(_l("Prevention"))
    root_cause: Mapped[str | None] = fields.longtext(_l("Root cause"))
    responsible_id: Mapped[int | None] = fields.ref(_l("Person responsible"), "employee")
    done_on: Mapped[dt.date | None] = fields.date(_l("Carried out on"))
    effective: Mapped[bool | None] = fields.boolean(_l("Effective"))
    analysed_by_id: Mapped[int | None] = fields.ref(_l("Analysed by"), "employee", computed=True)
    effect_confirmed_by_id: Mapped[int | None] = fields.ref(_l("Effect confirmed by"), "employee", computed=True)
    effect_confirmed_on: Mapped[dt.date | None] = fields.date(_l("Effect confirmed on"), computed=True)
    subject_no: Mapped[str | None] = fields.text(_l("Number of the scheme"), 40)
    problem: Mapped[str | None] = fields.longtext(_l("Problem"))
    issued_on: Mapped[dt.date | None] = fields.date(_l("Issued on"), computed=True)
    evidence = fields.files(_l("Attachments"))

    register = Register(
        area="complaints",
        label=_l("Improvement follow-up"),
        title="action_no",
        party="complaint_id",
        icon="refresh",
        from_pack=True,
        participants=True,
        actions=frozenset({"add", "edit"}),
        list=("action_no", "complaint_id", "measure", "owner_unit_id", "due_on", "status", "effect_confirmed_on"),
        search=("action_no",),
        filters=("status", "complaint_id", "owner_unit_id", "due_on"),
        order="due_on",
        sections=(
            Section(
                _l("Measure"),
                (
                    "action_no",
                    "status",
                    "complaint_id",
                    "subject_no",
                    "problem",
                    "issued_on",
                    "root_cause",
                    "measure",
                    "owner_unit_id",
                    "responsible_id",
                    "due_on",
                    "analysed_by_id",
                    "unit_id",
                    "owner_id",
                    "holder_unit_id",
                ),
                clause="（七）3(5)",
            ),
            Section(
                _l("Result"),
                (
                    "progress",
                    "prevention",
                    "done_on",
                    "effective",
                    "effect_confirmed_by_id",
                    "effect_confirmed_on",
                    "evidence",
                ),
                clause="（九）7",
            ),
        ),
    )
