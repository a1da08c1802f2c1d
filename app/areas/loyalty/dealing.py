"""What single sales, surveys and expenses bring about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from app.areas.customers.operations import Customer
from app.areas.loyalty import buying
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step, effect, guard
from app.engines.calculating.operations import settings_of
from app.engines.limits import operations as limits


@guard("was_sold")
def was_sold(step: Step) -> Iterable[Problem]:
    """A sale is written down once it was made."""
    if (at := step.get("sold_at")) is not None and at > step.at:
        yield Problem(_("This time lies in the future."), "sold_at", "not_future", step.move.clause)


@effect("count_purchase")
def count_purchase(moved: Moved) -> None:
    """Whether it is the first purchase; the figures of the customer follow at once."""
    order: Any = moved.record
    if order.guide_id is None:
        moved.whole.update({"guide_id": order.owner_id})
    if order.customer_id is not None:
        moved.whole.update({"first_purchase": not buying.bought_before(order)})
        session.flush()
        settings, day = settings_of(order), clock.to_local(moved.at).date()
        buying.refresh(buying.gather([order.customer_id], settings, day), settings, day)
    session.flush()


@effect("weigh_satisfaction")
def weigh_satisfaction(moved: Moved) -> None:
    """A score below the lowest one is marked; the file keeps the latest score. The class never falls for it."""
    row: Any = moved.record
    moved.whole.update({"below_floor": not limits.measure(row, "satisfaction_floor", row.score).holds})
    moved.whole.save()
    whole = moves.whole_of(session.get_one(Customer, row.customer_id))
    whole.update({"satisfaction": row.score})
    whole.save()


@effect("name_month")
def name_month(moved: Moved) -> None:
    """The month that an expense belongs to."""
    moved.whole.update({"month": f"{moved.whole.get('spent_on'):%Y-%m}"})
    moved.whole.save()
