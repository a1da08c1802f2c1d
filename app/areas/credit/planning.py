"""Payment plans looked at every night: what was paid of each, whether its instalments were kept, and when it is met."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.areas.credit import calc, caps
from app.areas.credit.locking import group_of
from app.areas.credit.payment_plan import PaymentPlan
from app.areas.credit.receipt import Receipt
from app.core import clock, moves
from app.core.db import session
from app.engines.sweeps.registry import Batch, sweep

SLUG = PaymentPlan.__tablename__
MET, MISSED = ("keep", "reach"), "miss"


@sweep("credit.plans", title=_l("Payment plans: instalments kept and missed"), schedule="16 0 * * *")
def look_at_plans(at: dt.datetime) -> Iterator[Batch]:
    """Count what was paid of each running plan; one that is behind its instalments is missed, a full one is met."""
    day, hit, looked = clock.to_local(at).date(), [], 0
    for plan in session.scalars(_running()).all():
        looked += 1
        if _judge(plan, day):
            hit.append({"case": plan.plan_no or f"#{plan.id}", "url": f"/{SLUG}/{plan.id}", "unit": plan.unit_id})
    yield Batch({"checked": looked, "hit": len(hit)}, hit[:5])


def _running() -> Any:
    """Plans that somebody began and that have not ended."""
    running = PaymentPlan.status.in_(("open", "running", "behind"))
    return sa.select(PaymentPlan).where(running, PaymentPlan.instalments.is_not(None)).order_by(PaymentPlan.id)


def _judge(plan: Any, day: dt.date) -> bool:
    """Whether a step was taken; what was paid is written only when it changed."""
    lines = calc.instalments(plan.instalments)
    paid, due = paid_of(plan), calc.fallen_due(lines, day)
    whole = sum((amount for _day, amount in lines), calc.NOTHING)
    if plan.paid != paid:
        plan.paid = paid
        session.flush()
    if paid >= whole and (plan.target is None or plan.start_exposure is None or left_of(plan) <= plan.target):
        return _take(plan, MET)
    if paid < due:
        plan.missed_on = plan.missed_on or day
        session.flush()
        return _take(plan, (MISSED,))
    return False


def paid_of(plan: Any) -> Decimal:
    """By how much what is in use came down since the start of a plan, or what came in since it was made."""
    if plan.start_exposure is not None:
        return max(plan.start_exposure - left_of(plan), calc.NOTHING)
    came = sa.select(sa.func.sum(Receipt.amount)).where(
        Receipt.customer_id == plan.customer_id, Receipt.adopter_id == plan.adopter_id, Receipt.status == "confirmed",
        Receipt.received_on >= plan.made_on,
    )  # fmt: skip
    return min(session.scalar(came) or calc.NOTHING, plan.total or calc.NOTHING)


def left_of(plan: Any) -> Decimal:
    """What the customer of a plan still uses."""
    return caps.in_use(group_of(plan.customer_id), plan.adopter_id)


def _take(plan: Any, keys: tuple[str, ...]) -> bool:
    life = moves.lifecycle_of(plan)
    step = next((step for step in life.leaving(plan.status) if step.key in keys), None) if life else None
    if step is None:
        return False
    moves.move(plan, step.key, as_system=True)
    return True
