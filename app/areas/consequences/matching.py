"""Matching a return: what the warehouse counted against what the decision approved, within the tolerance."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.areas.complaints import operations as complaints
from app.areas.consequences.goods_return import EQUAL, OVER, GoodsReturn
from app.areas.consequences.return_tolerance import ReturnTolerance
from app.core import clock
from app.core.db import session
from app.core.wording import N_
from app.engines.calculating.operations import amount_of, settings_of
from app.engines.limits import operations as limits

LIMIT = "return_tolerance"
SOURCES = {
    "order": N_("the order"),
    "customer": N_("the customer"),
    "company": N_("the company"),
    "policy": N_("the policy"),
}


@dataclass(frozen=True)
class Tolerance:
    """A ratio in per cent, and who wrote it: the order, the customer or the company."""

    percent: Decimal
    source: str


def tolerance_of(slip: Any) -> Tolerance:
    """The tolerance that holds for a slip today; none where the limit of the policy knows of no tolerance."""
    limit = settings_of(slip).pack.limits[LIMIT]
    if "tolerance_percent" not in limit.inputs:
        return Tolerance(Decimal(0), "policy")
    complaint = complaints.complaint_of(slip.complaint_id)
    rows = ReturnTolerance
    valid = sa.select(rows).where(
        rows.customer_id == (complaint.customer_id if complaint else None), rows.valid_from <= clock.today(),
        sa.or_(rows.order_no.is_(None), rows.order_no == slip.order_no),
    )  # fmt: skip
    latest = valid.order_by(rows.order_no.is_(None), rows.valid_from.desc(), rows.id.desc()).limit(1)
    if (found := session.scalar(latest)) is not None:
        return Tolerance(found.ratio_percent, "order" if found.order_no else "customer")
    return Tolerance(Decimal(settings_of(slip).value("return_tolerance")), "company")


def received_before(slip: Any) -> int:
    """What other slips of the case brought back already."""
    rows = GoodsReturn
    others = sa.select(sa.func.sum(rows.actual_qty)).where(
        rows.complaint_id == slip.complaint_id, rows.id != slip.id, rows.received_at.is_not(None)
    )
    return int(session.scalar(others) or 0)


def match(slip: Any) -> None:
    """Write down result, tolerance and amount of a counted slip, with the explanation."""
    tolerance, before = tolerance_of(slip), received_before(slip)
    given = {"approved_qty": slip.approved_qty, "tolerance_percent": tolerance.percent}
    actual = Decimal(slip.actual_qty or 0)
    measured = limits.measure(slip, LIMIT, actual, used=Decimal(before), given=given)
    amount = amount_of(slip, "return_amount", {"actual_qty": slip.actual_qty, "unit_price": slip.unit_price})
    slip.tolerance_percent, slip.return_amount = tolerance.percent, amount.amount
    slip.match_result = result_of(before + int(actual), slip.approved_qty or 0, holds=measured.holds)
    slip.match_basis = {
        "source": tolerance.source, "percent": str(tolerance.percent), "approved": slip.approved_qty,
        "before": before, "actual": slip.actual_qty, "limit": str(measured.limit), "text": measured.text,
        "amount": amount.text, "clause": measured.clause,
    }  # fmt: skip
    session.flush()


def result_of(total: int, approved: int, *, holds: bool) -> str:
    """How a total matches the approved quantity; ``holds`` says whether it keeps within the tolerance."""
    if total == approved:
        return EQUAL
    if total < approved:
        return "short"
    return "within_tolerance" if holds else OVER
