"""What may still be granted or returned in a case: the decision, less what its papers use already."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.areas.complaints import operations as complaints
from app.areas.consequences.goods_return import GoodsReturn
from app.areas.consequences.return_certificate import ReturnCertificate
from app.core import moves
from app.core.db import session
from app.core.errors import Problem
from app.engines.limits import operations as limits

VOID = "voided"


def settled_case(complaint_id: int | None) -> Any:
    """The complaint behind a paper, locked, so that papers of one case are judged one after the other."""
    complaint = complaints.complaint_of(complaint_id)
    if complaint is not None:
        session.refresh(complaint, with_for_update=True)
    return complaint


def granted(complaint: Any, but: int | None, amount: Decimal) -> limits.Measured:
    """An amount (yuan) against the decision, with what the other certificates of the case grant."""
    used = _used(ReturnCertificate, ReturnCertificate.discount_amount, complaint.id, but)
    given = {"decided_amount": complaint.decided_amount}
    return limits.measure(complaint, "decision_ceiling", amount, used=used, given=given)


def returned(complaint: Any, but: int | None, quantity: int) -> limits.Measured:
    """A quantity against the approved one, with what the other slips of the case ask for."""
    used = _used(GoodsReturn, GoodsReturn.slip_qty, complaint.id, but)
    given = {"approved_qty": approved_qty(complaint)}
    return limits.measure(complaint, "return_ceiling", Decimal(quantity), used=used, given=given)


def approved_qty(complaint: Any) -> int:
    """The return quantity that the decision approves."""
    return moves.whole_of(complaint).get("approved_return_qty") or 0


def _used(model: Any, column: Any, complaint_id: int, but: int | None) -> Decimal:
    others = sa.select(sa.func.sum(column)).where(
        model.complaint_id == complaint_id, model.status != VOID, model.id != (but or 0)
    )
    return Decimal(session.scalar(others) or 0)


def not_above(measured: limits.Measured, field: str) -> Iterable[Problem]:
    """The problem of a paper that goes beyond the decision."""
    return limits.broken(measured, field)
