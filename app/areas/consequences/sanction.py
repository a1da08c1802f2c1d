"""Administrative sanction (行政处分记录): the grade by the amount borne, and the joint sanction of the head."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from app.areas.consequences.responsibility_share import FAULTS
from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

GRADES = {
    "repentance": _l("Letter of repentance"),
    "reprimand_1": _l("One reprimand"),
    "reprimand_2": _l("Two reprimands"),
    "minor_1": _l("One minor demerit"),
    "minor_2": _l("Two minor demerits"),
    "major_1": _l("One major demerit"),
    "major_2plus": _l("Two major demerits or more"),
    "written_warning": _l("Written warning"),
    "demerit": _l("Demerit"),
    "major_demerit": _l("Major demerit"),
    "demotion": _l("Demotion"),
    "dismissal": _l("Dismissal"),
    "warning": _l("Warning"),
    "public_criticism": _l("Public criticism"),
    "administrative": _l("Administrative sanction"),
    "economic": _l("Economic sanction"),
    "legal": _l("Legal liability"),
}
HARMS = {
    "operation_affected": _l("The whole operation is affected"),
    "conflict_worsened": _l("A conflict with customers is worsened"),
    "interest_reputation_harmed": _l("Interest or reputation of the company is harmed"),
}


class Sanction(Case, Record):
    """Countersigned by the person's head, approved by the general manager, then the person's own to see."""

    __table_args__: Any = (
        CheckConstraint("conversion_fine IS NULL OR conversion_fine >= minimum_fine", name="fine_minimum"),
    )

    sanction_no: Mapped[str | None] = fields.text(_l("Sanction number"), 40, computed=True, unique=True)
    complaint_id: Mapped[int | None] = fields.ref(_l("Complaint"), "complaint")
    sheet_id: Mapped[int | None] = fields.ref(_l("Sheet"), "loss_sheet", computed=True)
    employee_id: Mapped[int] = fields.ref(_l("Person sanctioned"), "employee")
    burden: Mapped[Decimal] = fields.money(_l("Amount borne"), default=Decimal(0), computed=True, unit=_l("yuan"))
    table_grade: Mapped[str | None] = fields.choice(_l("Grade by the table"), GRADES, computed=True)
    grade: Mapped[str] = fields.choice(_l("Grade"), GRADES)
    joint_of_id: Mapped[int | None] = fields.ref(_l("Joint with"), "sanction", computed=True)
    replaces_id: Mapped[int | None] = fields.ref(_l("Replaces"), "sanction", computed=True)
    fault_item: Mapped[str | None] = fields.choice(_l("Item of fault"), FAULTS)
    fault_text: Mapped[str | None] = fields.text(_l("Fault in words"), 300, width=2)
    harm: Mapped[str | None] = fields.choice(_l("What it led to"), HARMS)
    petition_id: Mapped[int | None] = fields.ref(
        _l("Petition"), "petition", help=_l("Needed for a grade above the table, by the gravity of the fault.")
    )
    base_number: Mapped[Decimal | None] = fields.decimal(_l("Base number of the person"), minimum=0)
    fixed_deduction: Mapped[Decimal] = fields.money(
        _l("Deduction beside the letter"), default=Decimal(0), computed=True, unit=_l("yuan")
    )
    minimum_fine: Mapped[Decimal] = fields.money(
        _l("Least fine"), default=Decimal(0), computed=True, unit=_l("yuan")
    )
    conversion_fine: Mapped[Decimal | None] = fields.money(_l("Fine"), unit=_l("yuan"))
    forfeit_bonus: Mapped[bool] = fields.boolean(_l("Whole bonus of the month forfeited"), default=False, computed=True)
    head_unit_id: Mapped[int | None] = fields.ref(_l("Countersigned in"), "org_unit", computed=True)
    head_post: Mapped[str | None] = fields.text(_l("Countersigned by the post"), 60, computed=True)
    approved_at: Mapped[dt.datetime | None] = fields.datetime(_l("Approved at"), computed=True)
    announcement_id: Mapped[int | None] = fields.ref(
        _l("Personnel announcement"), "personnel_announcement", computed=True
    )
    announced_at: Mapped[dt.datetime | None] = fields.datetime(_l("Announced at"), computed=True)
    case_closed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Case closed"), computed=True)
    origin: Mapped[str | None] = fields.text(_l("Proposed from"), 60, computed=True, unique=True)
    lapsed: Mapped[bool] = fields.boolean(_l("No longer asked for"), default=False, computed=True)
    published: Mapped[bool] = fields.boolean(_l("Published"), default=False, computed=True)

    register = Register(
        area="consequences", label=_l("Administrative sanction"), title="sanction_no", icon="gavel",
        from_pack=True, participants=True, actions=frozenset({"add", "edit"}),
        internal=("origin", "lapsed", "published", "head_post"),
        list=("sanction_no", "employee_id", "grade", "status", "complaint_id", "burden", "fault_item",
              "conversion_fine", "joint_of_id", "approved_at"),
        search=("sanction_no", "employee_id"),
        filters=("status", "complaint_id", "sheet_id", "employee_id", "grade", "approved_at", "announcement_id"),
        lines=("sanction.joint_of_id", "repentance_letter.sanction_id"),
        sections=(
            Section(_l("Sanction"), ("sanction_no", "status", "complaint_id", "sheet_id", "employee_id", "burden",
                                     "table_grade", "grade", "joint_of_id", "replaces_id"),
                    clause="行政处罚准则（三）"),
            Section(_l("Fault"), ("fault_item", "fault_text", "harm", "petition_id"), clause="行政处罚准则（四）"),
            Section(_l("Fine"), ("base_number", "minimum_fine", "conversion_fine", "fixed_deduction",
                                 "forfeit_bonus"), clause="行政处罚准则（五）"),
            Section(_l("Approval and publication"), ("head_unit_id", "approved_at", "case_closed_at", "announcement_id",
                                                     "announced_at",
                                                     "unit_id", "owner_id", "holder_unit_id"),
                    clause="行政处罚准则（六）"),
        ),
    )  # fmt: skip
