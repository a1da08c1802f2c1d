"""Loss and responsibility sheet (损失与责任核定单): what a closed case cost, and who bears which part of it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

SUMS = ("loss_total", "external_amount", "share_total")


class LossSheet(Case, Record):
    """Locked once the department head approves it; a correction is a new version beside the old one."""

    __table_args__: Any = (
        UniqueConstraint("complaint_id", "version"),
        CheckConstraint("version = 1 OR previous_id IS NOT NULL", name="later_version_has_previous"),
    )

    sheet_no: Mapped[str | None] = fields.text(_l("Sheet number"), 40, computed=True, unique=True)
    complaint_id: Mapped[int] = fields.ref(_l("Complaint"), "complaint")
    version: Mapped[int] = fields.integer(_l("Version"), default=1, computed=True)
    previous_id: Mapped[int | None] = fields.ref(_l("Corrects"), "loss_sheet", computed=True)
    replaced: Mapped[bool] = fields.boolean(_l("Replaced by a correction"), default=False, computed=True)
    correction_reason: Mapped[str | None] = fields.longtext(_l("Reason of the correction"), computed=True)
    responsible_unit_id: Mapped[int] = fields.ref(_l("Responsible department"), "org_unit")
    head_unit_id: Mapped[int | None] = fields.ref(_l("Approved in"), "org_unit", computed=True)
    head_post: Mapped[str | None] = fields.text(_l("Approved by the post"), 60, computed=True)
    judgement: Mapped[str | None] = fields.longtext(_l("Judgement"))
    loss_total: Mapped[Decimal] = fields.money(_l("Total loss"), default=Decimal(0), computed=True, unit=_l("yuan"))
    external_amount: Mapped[Decimal] = fields.money(
        _l("Borne by outside parties"), default=Decimal(0), computed=True, unit=_l("yuan")
    )
    share_total: Mapped[Decimal] = fields.percent(_l("Sum of the shares"), default=Decimal(0), computed=True)
    bearers: Mapped[list[int] | None] = fields.refs(_l("People who bear a share"), "employee", computed=True)
    approved_by_id: Mapped[int | None] = fields.ref(_l("Approved by"), "employee", computed=True)
    approved_at: Mapped[dt.datetime | None] = fields.datetime(_l("Approved at"), computed=True)

    register = Register(
        area="consequences", label=_l("Loss and responsibility sheet"), title="sheet_no", icon="report-money",
        from_pack=True, participants=True, actions=frozenset({"add", "edit"}), internal=("replaced", "head_post"),
        list=("sheet_no", "complaint_id", "version", "responsible_unit_id", "loss_total", "share_total", "status",
              "approved_at"),
        search=("sheet_no", "complaint_id"), filters=("status", "complaint_id", "responsible_unit_id", "approved_at"),
        lines=("loss_item", "resale.sheet_id", "responsibility_share", "external_liability.sheet_id",
               "sanction.sheet_id", "penalty_notice.sheet_id"),
        inline=("loss_item",),
        sections=(
            Section(_l("Sheet"), ("sheet_no", "status", "complaint_id", "responsible_unit_id", "judgement"),
                    clause="（九）7"),
            Section(_l("Sums"), ("loss_total", "external_amount", "share_total", "bearers"),
                    clause="损失金额核算标准"),
            Section(_l("Approval"), ("head_unit_id", "approved_by_id", "approved_at", "version", "previous_id",
                                     "correction_reason", "unit_id", "owner_id", "holder_unit_id"), clause="（九）7"),
        ),
    )  # fmt: skip
