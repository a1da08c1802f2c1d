"""Reward and penalty notice (奖罚通知单): orders the deductions of one case; three copies go out when approved."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section


class PenaltyNotice(Case, Record):
    """One for each case, never for several; who bears what stands in the approved sheet that it names."""

    __table_args__: Any = (UniqueConstraint("complaint_id"),)

    notice_no: Mapped[str | None] = fields.text(_l("Notice number"), 40, computed=True, unique=True)
    complaint_id: Mapped[int] = fields.ref(_l("Complaint"), "complaint")
    sheet_id: Mapped[int | None] = fields.ref(_l("Sheet"), "loss_sheet", computed=True)
    reason_item: Mapped[str] = fields.longtext(_l("Cause"))
    department_id: Mapped[int | None] = fields.ref(_l("Penalised department"), "org_unit", computed=True)
    loss_base: Mapped[Decimal | None] = fields.money(_l("Loss"), computed=True, unit=_l("yuan"))
    issued_by_id: Mapped[int | None] = fields.ref(_l("Issued by"), "employee", computed=True)
    approved_at: Mapped[dt.datetime | None] = fields.datetime(_l("Approved at"), computed=True)
    executed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Carried out at"), computed=True)
    executed_by_id: Mapped[int | None] = fields.ref(_l("Carried out by"), "employee", computed=True)

    register = Register(
        area="consequences", label=_l("Reward and penalty notice"), title="notice_no", icon="receipt",
        from_pack=True, participants=True, actions=frozenset({"add", "edit"}),
        list=("notice_no", "complaint_id", "department_id", "loss_base", "status", "issued_by_id", "approved_at"),
        search=("notice_no", "complaint_id"),
        filters=("status", "complaint_id", "sheet_id", "department_id", "approved_at"),
        sections=(
            Section(_l("Notice"), ("notice_no", "status", "complaint_id", "sheet_id", "reason_item", "department_id",
                                   "loss_base", "issued_by_id", "unit_id", "owner_id", "holder_unit_id"),
                    clause="（十二）2"),
            Section(_l("Approval"), ("approved_at", "executed_at", "executed_by_id"), clause="（十二）2"),
        ),
    )  # fmt: skip
