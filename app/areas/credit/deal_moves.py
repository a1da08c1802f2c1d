"""A deal from what it is written with to its settlement; whether it may use credit, the credit engine decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.areas.complaints import operations as complaints
from app.areas.credit import caps, ratings
from app.areas.credit.credit_deal import OPEN, OVERDUE, CreditDeal
from app.areas.credit.locking import group_of
from app.areas.credit.over_limit_case import OverLimitCase
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, effect
from app.core.ripples import after_change
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole
from app.engines.approvals import operations as approvals
from app.engines.sweeps.registry import Batch, sweep

SLUG = CreditDeal.__tablename__
TERM, SETTLED = "第25条", "第23条"
BATCH = 200


@check(SLUG)
def settled_within_the_deal(draft: Draft) -> Iterable[Problem]:
    """An amount is above nothing; no more is settled than it came to, and not before it began."""
    amount, settled = draft.get("amount"), draft.get("settled_amount")
    if amount is not None and amount <= 0:
        yield Problem(_("The amount is above nothing."), "amount", "positive", TERM)
    if amount is not None and settled is not None and settled > amount:
        text = _("Only %(amount)s are owed.", amount=f"{amount:,.2f}")
        yield Problem(text, "settled_amount", "not_above", SETTLED)
    begun = draft.get("started_on")
    for name in ("settled_on", "accepted_on"):
        if begun and (day := draft.get(name)) and (day < begun or day > clock.today()):
            text = _("The day lies before the deal began, or in the future.")
            yield Problem(text, name, "within", SETTLED)


@before_create(SLUG)
def nothing_settled(whole: Whole) -> None:
    """A new deal is outstanding whole."""
    whole.update({"outstanding": whole.get("amount"), "settled_amount": Decimal(0)})


@after_change(SLUG)
def outstanding_follows(record: Any) -> None:
    """What is outstanding follows what was settled."""
    record.outstanding = record.amount - record.settled_amount
    session.flush()


@effect("use_limit", early=True)
def use_limit(moved: Moved) -> None:
    """The deal goes by the class and the limit of its customer from now on."""
    deal: Any = moved.record
    rating = ratings.in_force(deal.customer_id, deal.adopter_id)
    line = caps.line_of(group_of(deal.customer_id), deal.adopter_id, clock.today())
    deal.credit_class = rating.final_class if rating else None
    deal.credit_request_id, deal.line_kind = (line.id, line.kind) if line else (None, None)
    deal.outstanding = deal.amount - deal.settled_amount


@effect("record_over_limit")
def record_over_limit(moved: Moved) -> None:
    """The formal paper for what is above the limit."""
    deal: Any = moved.record
    whole = complaints.begin(
        OverLimitCase, deal.unit_id, deal.policy, owner_id=deal.owner_id, customer_id=deal.customer_id,
        opened_on=clock.to_local(moved.at).date(), limit_at_open=deal.limit_then, excess=deal.excess,
        reason=deal.over_reason, approved_on=clock.to_local(moved.at).date(), approved_by=_deciders(moved),
    )  # fmt: skip
    complaints.announce(whole, moved.at, moved.employee_id)
    complaints.give_number(whole.record, moved.at)
    deal.over_limit_case_id = whole.record.id


def _deciders(moved: Moved) -> list[int]:
    """Who approved, in their order."""
    route = moved.move.approval if moved.move else ""
    request = approvals.latest(moved.record, route) if route else None
    steps = approvals.steps_of(request) if request else []
    return [step.decided_by_id for step in steps if step.decided_by_id is not None]


@effect("settle_deal", early=True)
def settle_deal(moved: Moved) -> None:
    """Nothing is outstanding any more; how late it was stays known."""
    deal: Any = moved.record
    deal.settled_amount, deal.outstanding = deal.amount, Decimal(0)
    deal.overdue_days = days_overdue(deal, deal.settled_on)


def days_overdue(deal: Any, day: dt.date | None) -> int:
    """Days after the last one of the term; none in time."""
    if deal.due_at is None or day is None:
        return 0
    return max((day - clock.to_local(deal.due_at).date()).days, 0)


@sweep("credit.deals", title=_l("Credit deals: those that are overdue"), schedule="2 0 * * *")
def mark_overdue(at: dt.datetime) -> Iterator[Batch]:
    """Turn open deals overdue after their last day, and count the days of those that are."""
    row = CreditDeal
    late = sa.select(row).where(row.status == OPEN, row.due_at < at).order_by(row.id).limit(BATCH)
    while rows := session.scalars(late.with_for_update(skip_locked=True)).all():
        for deal in rows:
            deal.past_due = True
            session.flush()
            moves.move(deal, "fall_due", as_system=True)
        yield Batch({"checked": len(rows), "hit": len(rows)}, [_finding(deal) for deal in rows[:5]])
    day = clock.to_local(at).date()
    for deal in session.scalars(sa.select(row).where(row.status == OVERDUE)).all():
        if (days := days_overdue(deal, day)) != deal.overdue_days:
            deal.overdue_days = days
    yield Batch({})


def _finding(deal: CreditDeal) -> dict[str, object]:
    return {"case": deal.deal_no or "", "url": f"/{SLUG}/{deal.id}", "unit": deal.unit_id,
            "due": deal.due_at.isoformat() if deal.due_at else ""}  # fmt: skip
