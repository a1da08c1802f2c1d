"""Reward and penalty notice (奖罚通知单): orders the deductions of one case, or fines a person for one breach."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

_of_a_case = text("employee_id IS NULL")
BREACHES = {
    "late": _l("Not contacted or filed in time"),
    "wrong": _l("Not handled as prescribed"),
    "no_survey": _l("Satisfaction not asked, or answer made up"),
    "delay": _l("Handling delayed"),
    "loss_person": _l("Loss, person responsible"),
    "loss_head": _l("Loss, head of the department"),
    "second_complaint": _l("Second complaint"),
    "ignored": _l("Ignored"),
    "concealed": _l("Concealed"),
    "liable": _l("Responsible for the cause"),
}


class PenaltyNotice(Case, Record):
    """For a loss one for each case, with who bears what in the approved sheet; or one for each breach of a person."""

    __table_args__: Any = (
        Index("uq_penalty_notice_case", "complaint_id", unique=True, sqlite_where=_of_a_case,
              postgresql_where=_of_a_case),
        CheckConstraint("employee_id IS NOT NULL OR complaint_id IS NOT NULL", name="about_a_case_or_a_person"),
        CheckConstraint("(employee_id IS NULL) = (amount IS NULL)", name="a_person_has_an_amount"),
    )  # fmt: skip

    notice_no: Mapped[str | None] = fields.text(_l("Notice number"), 40, computed=True, unique=True)
    complaint_id: Mapped[int | None] = fields.ref(_l("Complaint"), "complaint")
    sheet_id: Mapped[int | None] = fields.ref(_l("Sheet"), "loss_sheet", computed=True)
    reason_item: Mapped[str] = fields.longtext(_l("Cause"))
    department_id: Mapped[int | None] = fields.ref(_l("Penalised department"), "org_unit", computed=True)
    loss_base: Mapped[Decimal | None] = fields.money(_l("Loss"), computed=True, unit=_l("yuan"))
    employee_id: Mapped[int | None] = fields.ref(_l("Person fined"), "employee")
    breach: Mapped[str | None] = fields.choice(_l("Breach"), BREACHES)
    occurred_on: Mapped[dt.date | None] = fields.date(_l("Occurred on"))
    amount: Mapped[Decimal | None] = fields.money(_l("Amount of the fine"), unit=_l("yuan"))
    loss_amount: Mapped[Decimal | None] = fields.money(_l("Loss caused"), unit=_l("yuan"))
    late_days: Mapped[int | None] = fields.integer(_l("Working days late"), minimum=1)
    appeal: Mapped[str | None] = fields.longtext(_l("What the person says"))
    clock_id: Mapped[int | None] = mapped_column(ForeignKey("deadline_clock.id", ondelete="RESTRICT"), unique=True)
    decided_by_id: Mapped[int | None] = fields.ref(_l("Decided by"), "employee", computed=True)
    issued_by_id: Mapped[int | None] = fields.ref(_l("Issued by"), "employee", computed=True)
    approved_at: Mapped[dt.datetime | None] = fields.datetime(_l("Approved at"), computed=True)
    executed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Carried out at"), computed=True)
    executed_by_id: Mapped[int | None] = fields.ref(_l("Carried out by"), "employee", computed=True)

    register = Register(
        area="consequences", label=_l("Reward and penalty notice"), title="notice_no", icon="receipt",
        from_pack=True, participants=True, actions=frozenset({"add", "edit"}),
        list=("notice_no", "complaint_id", "department_id", "loss_base", "status", "issued_by_id", "approved_at"),
        search=("notice_no", "complaint_id"),
        filters=("status", "complaint_id", "sheet_id", "department_id", "approved_at", "employee_id", "breach",
                 "occurred_on"),
        sections=(
            Section(_l("Notice"), ("notice_no", "status", "complaint_id", "sheet_id", "reason_item", "department_id",
                                   "loss_base", "issued_by_id", "unit_id", "owner_id", "holder_unit_id"),
                    clause="（十二）2"),
            Section(_l("Breach of a person"), ("employee_id", "breach", "occurred_on", "loss_amount", "late_days",
                                              "amount", "appeal"), clause="5.4"),
            Section(_l("Approval"), ("approved_at", "decided_by_id", "executed_at", "executed_by_id"),
                    clause="（十二）2"),
        ),
    )  # fmt: skip
