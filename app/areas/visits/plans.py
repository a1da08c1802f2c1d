"""Visits counted for the plans that they belong to, and as whom somebody visited."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from app.areas.visits.visit import Visit
from app.areas.visits.visit_campaign import VisitCampaign
from app.core import clock, moves
from app.core.db import session
from app.core.moves import Moved, effect
from app.engines.reports import periods_of

A_DAY = dt.timedelta(days=1)

@effect("note_visitor")
def note_visitor(moved: Moved) -> None:
    """The post as whose holder somebody visited counts for what that post owes."""
    if moved.post is not None:
        moved.whole.update({"visited_as": moved.post.code})
        moved.whole.save()


@effect("count_for_plan")
def count_for_plan(moved: Moved) -> None:
    """The visitor's plans over the day of the visit are counted anew."""
    visit: Any = moved.record
    if visit.visitor_id is None or visit.visited_at is None:
        return
    day = clock.to_local(visit.visited_at).date()
    plans = sa.select(VisitCampaign).where(
        VisitCampaign.adopter_id == visit.adopter_id, VisitCampaign.person_id == visit.visitor_id
    )
    for plan in session.scalars(plans):
        first, last = _days(plan)
        if first is not None and last is not None and first <= day <= last:
            _count(plan)


@effect("count_plan")
def count_plan(moved: Moved) -> None:
    """A plan that begins knows what was done already."""
    _count(moved.record)


def _count(plan: Any) -> None:
    """How many visits the person of a plan made in its time, and to how many different customers: one statement."""
    first, last = _days(plan)
    if first is None or last is None or plan.person_id is None:
        return
    begun, ended = (clock.from_local(dt.datetime.combine(day, dt.time.min)) for day in (first, last + A_DAY))
    made = sa.select(sa.func.count(), sa.func.count(sa.distinct(Visit.customer_id))).where(
        Visit.adopter_id == plan.adopter_id, Visit.visitor_id == plan.person_id,
        Visit.visited_at >= begun, Visit.visited_at < ended,
    )  # fmt: skip
    done, reached = session.execute(made).one()
    whole = moves.whole_of(plan)
    whole.update({"done": done, "reached": reached})
    whole.save()


def _days(plan: Any) -> tuple[Any, Any]:
    """The first and last day of a plan: its own, or those of its period."""
    if plan.start_on and plan.end_on:
        return plan.start_on, plan.end_on
    period = periods_of.called(plan.period)
    return (period.first, period.last) if period else (None, None)
