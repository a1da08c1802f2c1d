"""Taking back what was deducted: by counter-entries only, and new amounts after a correction of the sheet."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.areas.consequences import charging
from app.areas.consequences import payroll_calc as calc
from app.areas.consequences.deduction_instalment import COUNTER, TAKEN, DeductionInstalment
from app.areas.consequences.payroll_deduction import PayrollDeduction, state_of
from app.areas.consequences.payroll_run import PayrollRun
from app.core import clock
from app.core.db import session
from app.engines.people.models import Employee

NOTHING = Decimal(0)


def reverse(instalment: Any, reason: str) -> DeductionInstalment:
    """Take a whole instalment back; the deduction is open again and goes on with the next month."""
    deduction = session.get_one(PayrollDeduction, instalment.deduction_id)
    deduction.outstanding += instalment.taken
    deduction.taken -= instalment.taken
    deduction.status = state_of(deduction.amount, deduction.outstanding)
    return _counter(deduction, instalment.taken, instalment, reason, reverses_id=instalment.id)


def _counter(
    deduction: PayrollDeduction, amount: Decimal, like: Any, reason: str, *, reverses_id: int | None = None
) -> DeductionInstalment:
    """A counter-entry of the present month; it ends with what is outstanding now."""
    number = session.scalar(sa.select(sa.func.count()).select_from(DeductionInstalment).where(
        DeductionInstalment.deduction_id == deduction.id, DeductionInstalment.kind == COUNTER
    )) or 0  # fmt: skip
    now = clock.now()
    made = DeductionInstalment(
        policy=like.policy, pack_version_id=like.pack_version_id, adopter_id=like.adopter_id, status=TAKEN,
        unit_id=deduction.unit_id, owner_id=deduction.owner_id, kind=COUNTER, deduction_id=deduction.id,
        notice_id=deduction.notice_id, employee_id=deduction.employee_id, month=charging.month_of(now), booked_for=now,
        owed=deduction.outstanding - amount, taken=-amount, carried_over=deduction.outstanding, reason=reason,
        reverses_id=reverses_id, reference=f"{deduction.reference}-R{number + 1}",
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def recharge(notice: Any, reason: str) -> None:
    """Charge a notice anew after its sheet was corrected, by the points of the month that charged it first.

    What was taken too much is counter-entered; nothing happens to a notice that nobody owes yet.
    """
    known = {row.employee_id: row for row in session.scalars(
        sa.select(PayrollDeduction).filter_by(notice_id=notice.id).order_by(PayrollDeduction.id)
    )}  # fmt: skip
    if not known:
        return
    first = min(known.values(), key=lambda row: (row.start_month, row.id))
    run = session.get_one(PayrollRun, first.run_id)
    portions = charging.Groups(first.unit_id, first.start_month, run).portions(charging.shares_of(notice.id))
    if portions is None:
        raise LookupError("a notice that was charged has points")
    owed = dict(calc.by_person(portions))
    for person, row in known.items():
        _change(row, owed.pop(person, []), notice, reason)
    for person, parts in owed.items():
        _add(first, person, parts, notice)
    session.flush()


def _change(row: PayrollDeduction, parts: list[calc.Portion], notice: Any, reason: str) -> None:
    """Another amount for a person who owes by this notice already."""
    amount = sum((part.amount for part in parts), NOTHING)
    for name, value in charging.shared(parts).items():
        setattr(row, name, value)
    excess = max(row.taken - amount, NOTHING)
    row.amount, row.taken = amount, row.taken - excess
    row.outstanding = amount - row.taken
    row.status = state_of(amount, row.outstanding)
    session.flush()
    if excess:
        _counter(row, excess, notice, reason)


def _add(like: PayrollDeduction, person: int, parts: list[calc.Portion], notice: Any) -> None:
    """A person who bears part of the loss only since the correction."""
    number = session.scalar(sa.select(Employee.number).where(Employee.id == person))
    row = charging.charged_row(notice.id, f"{notice.notice_no}-{number}", person, parts)
    session.add(PayrollDeduction(
        **row, unit_id=like.unit_id, owner_id=person if like.owner_id else None, noticed_at=like.noticed_at,
        start_month=like.start_month, run_id=like.run_id,
    ))  # fmt: skip
