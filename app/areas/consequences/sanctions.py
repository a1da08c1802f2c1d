"""Sanctions out of shares: the grade by the amount borne, its fine, and the head one step lower."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.areas.complaints import operations as complaints
from app.areas.consequences.heads import head_of
from app.areas.consequences.loss_sheet import LossSheet
from app.areas.consequences.opening import is_over, open_case
from app.areas.consequences.responsibility_share import ResponsibilityShare
from app.areas.consequences.sanction import Sanction
from app.areas.consequences.sheets import shares_of
from app.core import moves
from app.core.db import session
from app.engines.calculating import operations as calculating
from app.engines.people.models import Employee
from app.engines.policy import operations as policy
from app.engines.tiering import operations as tiering
from app.engines.tiering.operations import Classified

GRADES, FINE = "sanction_grade", "conversion_fine"
LAPSE = "lapse"
FINE_FIGURES = ("fine", "times", "fine_per_base")


def follows_losses(case: Any) -> bool:
    """Whether the policy grades by the amount borne; else people weigh the fault."""
    return tiering.tier_of(case, GRADES).bands is not None


def graded(case: Any, burden: Decimal) -> Classified:
    """The grade that the policy's table gives for an amount borne (yuan)."""
    return tiering.classify(case, GRADES, {"burden": burden}.get)


def propose(sheet: LossSheet) -> list[Sanction]:
    """Propose a sanction for everybody who bears part of an approved sheet; a second call proposes nothing twice.

    What an earlier version of the sheet led to stays when it is the same; else it lapses while it is open, and is
    replaced by the new one when that is approved.
    """
    known = {row.employee_id: row for row in of_complaint(sheet.complaint_id) if row.sheet_id and not row.joint_of_id}
    made = []
    for share in shares_of(sheet.id):
        if share.employee_id is None or not share.amount:
            continue
        found, before = graded(sheet, share.amount), known.pop(share.employee_id, None)
        if found.tier is None or _is_there(sheet, share):
            continue
        if before is not None and _same(before, share, found):
            before.sheet_id = sheet.id
            continue
        made.append(_propose_one(sheet, share, found.tier, before))
    for gone in known.values():
        if gone.approved_at is None and gone.sheet_id != sheet.id:
            lapse(gone)
    session.flush()
    return made


def of_complaint(complaint_id: int) -> Sequence[Sanction]:
    """The sanctions of a complaint that stand or are asked for."""
    rows = session.scalars(sa.select(Sanction).filter_by(complaint_id=complaint_id).order_by(Sanction.id))
    return [row for row in rows if not is_over(row)]


def _origin(sheet: LossSheet, employee_id: int) -> str:
    return f"sheet:{sheet.id}:{employee_id}"


def _is_there(sheet: LossSheet, share: ResponsibilityShare) -> bool:
    origin = _origin(sheet, share.employee_id or 0)
    return session.scalar(sa.select(Sanction.id).filter_by(origin=origin)) is not None


def _same(before: Sanction, share: ResponsibilityShare, found: Classified) -> bool:
    told = (before.burden, before.table_grade, before.fault_item, before.fault_text)
    return told == (share.amount, found.tier, share.fault_item, share.fault_text)


def _propose_one(
    sheet: LossSheet, share: ResponsibilityShare, grade: str, before: Sanction | None
) -> Sanction:
    person = session.get_one(Employee, share.employee_id)
    stands = before is not None and before.approved_at is not None
    if before is not None and not stands:
        lapse(before)
    made: Sanction = open_case(
        Sanction, sheet, person.unit_id, complaint_id=sheet.complaint_id, sheet_id=sheet.id, employee_id=person.id,
        burden=share.amount, grade=grade, fault_item=share.fault_item, fault_text=share.fault_text,
        origin=_origin(sheet, person.id), replaces_id=before.id if before is not None and stands else None,
    )
    refresh(made)
    return made


def refresh(sanction: Sanction) -> None:
    """Work out anew what follows from a sanction's grade: fine, deduction, forfeit, countersigner, joint sanction."""
    figures = tiering.figures_of(sanction, GRADES, sanction.grade)
    if sanction.joint_of_id is None and follows_losses(sanction):
        sanction.table_grade = graded(sanction, sanction.burden).tier
    if sanction.base_number is None:
        sanction.base_number = usual_base(sanction)
    sanction.minimum_fine = least_fine(sanction, sanction.grade, sanction.base_number)
    if sanction.conversion_fine is None or sanction.conversion_fine < sanction.minimum_fine:
        sanction.conversion_fine = sanction.minimum_fine
    sanction.fixed_deduction = figures.get("deduction", Decimal(0))
    sanction.forfeit_bonus = bool(figures.get("forfeit_percent"))
    complaint = complaints.complaint_of(sanction.complaint_id)
    sanction.case_closed_at = complaint.closed_at if complaint else None
    person = session.get_one(Employee, sanction.employee_id)
    sanction.unit_id = person.unit_id
    head = head_of(sanction, person.unit_id, person.id)
    sanction.head_unit_id, sanction.head_post = (head.unit_id, head.post) if head else (None, None)
    session.flush()
    if sanction.joint_of_id is None:
        _keep_joint(sanction, figures.get("joint"), head.employee_id if head else None)


def least_fine(case: Any, grade: str | None, base_number: Decimal) -> Decimal:
    """The least fine of a grade for a person with that base number (yuan)."""
    if FINE not in policy.pack_for(case.pack_version_id).calculations:
        return Decimal(0)
    return calculating.amount_of(case, FINE, fine_facts(case, grade, base_number)).amount


def usual_base(case: Any) -> Decimal:
    """The base number that fines count by where nobody has another; nothing in a policy that fines nobody."""
    known = policy.pack_for(case.pack_version_id).parameters
    return Decimal(policy.parameter(case, "base_number")) if "base_number" in known else Decimal(0)


def fine_facts(case: Any, grade: str | None, base_number: Decimal) -> dict[str, Decimal | None]:
    """The figures of a grade that its fine is reckoned by."""
    figures = tiering.figures_of(case, GRADES, grade)
    return {name: figures.get(name) for name in FINE_FIGURES} | {"base_number": base_number}


def joint_with(sanction: Sanction) -> Sanction | None:
    """The joint sanction of the person's head that stands or is asked for."""
    rows = session.scalars(sa.select(Sanction).filter_by(joint_of_id=sanction.id).order_by(Sanction.id))
    return next((row for row in rows if not is_over(row)), None)


def _keep_joint(sanction: Sanction, grade: str | None, head_id: int | None) -> None:
    """Have the head's joint sanction follow the grade while it is open."""
    known = joint_with(sanction)
    if grade is None or head_id is None:
        if known is not None and known.approved_at is None:
            lapse(known)
        return
    if known is None:
        head = session.get_one(Employee, head_id)
        known = open_case(
            Sanction, sanction, head.unit_id, complaint_id=sanction.complaint_id, sheet_id=sanction.sheet_id,
            employee_id=head_id, grade=grade, table_grade=grade, joint_of_id=sanction.id, origin=f"joint:{sanction.id}",
            fault_item=sanction.fault_item, fault_text=sanction.fault_text,
        )
    elif known.approved_at is None:
        known.grade = known.table_grade = grade
        known.employee_id = head_id
    refresh(known)


def lapse(sanction: Sanction) -> None:
    """End a sanction that nothing asks for any more; the joint one of the head goes with it."""
    sanction.lapsed, sanction.origin = True, None
    session.flush()
    moves.move(sanction, LAPSE, as_system=True)
