"""Collection: a task for whatever falls overdue, chased at the instants of the policy, ended when the money is in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.areas.complaints import operations as complaints
from app.areas.credit.collection_task import CollectionTask
from app.areas.credit.credit_deal import OVERDUE, CreditDeal
from app.core import clock, moves
from app.core.db import session
from app.core.moves import Moved, effect
from app.engines.policy import operations as policy
from app.engines.sweeps.registry import Batch, sweep

SLUG, FINISH = CollectionTask.__tablename__, "finish"
AFTER, EVERY = "collect_after_days", "chase_every_days"
OPEN = "open"


@sweep("credit.collections", title=_l("Collection: tasks for what is overdue, and those that are paid"),
       schedule="15 0 * * *")  # fmt: skip
def collect(at: dt.datetime) -> Iterator[Batch]:
    """Open one task for each deal that is overdue for so long as the policy says; end those whose deal is paid."""
    day, ended = clock.to_local(at).date(), []
    running = sa.select(CollectionTask.deal_id).where(
        CollectionTask.status == OPEN, CollectionTask.deal_id.is_not(None)
    )
    late = sa.select(CreditDeal).where(CreditDeal.status == OVERDUE, CreditDeal.id.not_in(running))
    due = [deal for deal in session.scalars(late.order_by(CreditDeal.id)) if _is_due(deal, day)]
    opened = [_open(deal, day) for deal in due]
    for task in session.scalars(_paid()).all():
        _end(task, day)
        ended.append(task)
    found = [{"case": f"#{row.id}", "url": f"/{SLUG}/{row.id}", "unit": row.unit_id} for row in [*opened, *ended][:5]]
    yield Batch({"checked": len(opened) + len(ended), "hit": len(opened)}, found)


def _is_due(deal: Any, day: dt.date) -> bool:
    pack = policy.pack_for(deal.pack_version_id)
    if SLUG not in pack.cases or AFTER not in pack.parameters or deal.due_at is None:
        return False
    return (day - clock.to_local(deal.due_at).date()).days > int(policy.parameter(deal, AFTER))


def _open(deal: Any, day: dt.date) -> Any:
    """The task of a deal, for whoever handles it; its first chase is due the same day."""
    values = {
        "customer_id": deal.customer_id, "deal_id": deal.id, "responsible_id": deal.owner_id, "owner_id": deal.owner_id,
        "target_amount": deal.amount - deal.settled_amount, "next_chase_on": day, "chase_no": None,
    }  # fmt: skip
    whole = complaints.begin(CollectionTask, deal.unit_id, deal.policy, **values)
    complaints.announce(whole, clock.now())
    return whole.record


def _paid() -> Any:
    settled = sa.select(CreditDeal.id).where(CreditDeal.status == "settled")
    return sa.select(CollectionTask).where(CollectionTask.status == OPEN, CollectionTask.deal_id.in_(settled))


def _end(task: Any, day: dt.date) -> None:
    deal = session.get_one(CreditDeal, task.deal_id)
    whole = moves.whole_of(task)
    told: dict[str, Any] = {"recovered": task.target_amount or Decimal(0), "done_on": deal.settled_on or day}
    if not task.action:
        told["action"] = _("Paid before anybody chased it.")
    whole.update(told | {"responsible_id": task.responsible_id or deal.owner_id})
    whole.save()
    moves.move(task, FINISH, as_system=True)


@effect("count_chase", early=True)
def count_chase(moved: Moved) -> None:
    """Each chase has its number; the next one is due when the policy says, unless another day was agreed."""
    task: Any = moved.record
    day = clock.to_local(moved.at).date()
    told: dict[str, Any] = {"chase_no": (task.chase_no or 0) + 1}
    if task.next_chase_on is None or task.next_chase_on <= day:
        every = int(policy.parameter(task, EVERY))
        promised = task.promised_on if task.promised_on and task.promised_on > day else None
        told["next_chase_on"] = promised or day + dt.timedelta(days=every)
    moved.whole.update(told)
    moved.whole.save()
