"""Deductions from income: of a confirmed liability, together never more than it; large ones are marked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.credit.allocating import take_system_step
from app.areas.credit.credit_liability import CreditLiability
from app.areas.credit.income_deduction import IncomeDeduction
from app.core import access
from app.core.db import session
from app.core.errors import Problem
from app.core.ripples import after_change
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole
from app.engines.calculating.operations import settings_of
from app.engines.limits import operations as limits

CAP = "deduction_cap"
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@check("income_deduction")
def within_the_liability(draft: Draft) -> Iterable[Problem]:
    """Deducted is what a confirmed liability still leaves, once for each month."""
    liability = session.get(CreditLiability, draft.get("liability_id") or 0, with_for_update=True)
    month, amount = draft.get("pay_month"), draft.get("amount")
    if month and not MONTH.fullmatch(month):
        yield Problem(_("A month is written as 2025-10."), "pay_month", "month")
    if liability is None or amount is None:
        return
    if liability.status != "confirmed":
        yield Problem(_("Only a confirmed liability is deducted."), "liability_id", "state")
    left = liability.amount - liability.deducted
    if amount > left:
        yield Problem(_("Only %(left)s of the liability is left.", left=f"{left:,.2f}"), "amount", "at_most")
    known = sa.select(IncomeDeduction.id).filter_by(liability_id=liability.id, pay_month=month)
    if session.scalar(known) is not None:
        yield Problem(_("This month was deducted already."), "pay_month", "unique")


@before_create("income_deduction")
def mark_large_ones(whole: Whole) -> None:
    """Who entered it, from whom, and whether it takes more of the income than it should."""
    liability, income = session.get_one(CreditLiability, whole.get("liability_id")), whole.get("income_of_month")
    above = None
    if income is not None and CAP in settings_of(liability).pack.limits:
        measured = limits.measure(liability, CAP, whole.get("amount"), given={"income_of_month": income})
        above = not measured.holds
    told = {"employee_id": liability.employee_id, "above_share": above,
            "confirmed_by_id": access.current().employee_id}  # fmt: skip
    whole.update(told)


@after_change("income_deduction")
def count_in(row: Any) -> None:
    """What was deducted is counted in the liability, which ends when nothing is left."""
    liability = session.get_one(CreditLiability, row.liability_id)
    liability.deducted += row.amount
    liability.deducted_something = True
    liability.fully_deducted = liability.deducted >= liability.amount
    session.flush()
    take_system_step(liability)
