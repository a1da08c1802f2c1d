"""Finding about a member of staff (涉及职工的投诉核实): after detailed checking, told to personnel if founded."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.areas.complaints.complaint_motor import TRUTHS
from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section


class StaffFinding(Case, Record):
    """Who is complained of, what was checked, and whether it is founded; it stands apart from the case."""

    complaint_id: Mapped[int] = fields.ref(_l("Complaint"), "complaint")
    employee_id: Mapped[int] = fields.ref(_l("Person complained of"), "employee")
    position: Mapped[str | None] = fields.text(_l("Position"), 60)
    checked_facts: Mapped[str] = fields.longtext(_l("Facts checked"))
    truth: Mapped[str] = fields.choice(_l("Is it true"), TRUTHS)
    founded: Mapped[bool | None] = fields.boolean(_l("Founded"), computed=True)
    confirmed_by_id: Mapped[int | None] = fields.ref(_l("Confirmed by"), "employee", computed=True)
    told_hr_at: Mapped[dt.datetime | None] = fields.datetime(_l("Personnel told"), computed=True)
    evidence = fields.files(_l("Attachments"))

    register = Register(
        area="complaints", label=_l("Finding about a person"), title="employee_id", icon="user-check",
        from_pack=True, participants=True, own_scope=True, parent="complaint_id", subject="truth",
        party="complaint_id", actions=frozenset({"add", "edit"}),
        list=("employee_id", "complaint_id", "truth", "founded", "status", "told_hr_at"),
        filters=("status", "complaint_id", "employee_id", "owner_id", "told_hr_at"),
        sections=(
            Section(_l("Person"), ("complaint_id", "employee_id", "position", "status", "unit_id", "owner_id",
                                   "holder_unit_id"), clause="第十一条"),
            Section(_l("Finding"), ("checked_facts", "truth", "founded", "confirmed_by_id", "told_hr_at", "evidence"),
                    clause="第十一条; 第十六条"),
        ),
    )  # fmt: skip
