"""Purchases of customers, many at a time, and what they change in the customer file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.areas.customers.operations import Customer
from app.areas.loyalty.calc import ACTIVE, LOST, NEW, PROSPECT, SILENT, Bought, months_before, standing
from app.areas.retail.operations import SalesOrder
from app.core import clock, moves
from app.core.db import session
from app.engines.policy.calc import Settings

SALE = "sale"
FOLLOWED = (None, PROSPECT, NEW, ACTIVE, SILENT, LOST)
"""The standings that follow from purchases; frozen or closed customers stay what they are."""


def gather(ids: Collection[int], settings: Settings, day: dt.date) -> dict[int, Bought]:
    """What some customers bought, and whom they recommended who bought; two statements."""
    since = _start_of(months_before(day, settings.value("window_months")))
    row, after = SalesOrder, clock.from_local(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))
    within = sa.and_(row.sold_at >= since, row.sold_at < after)
    sold = sa.select(
        row.customer_id, sa.func.count().label("count"), sa.func.min(row.sold_at).label("first"),
        sa.func.max(row.sold_at).label("last"), sa.func.sum(sa.case((within, row.total))).label("spend"),
        sa.func.count(sa.case((within, 1))).label("visits"),
    ).where(row.customer_id.in_(ids), *_recorded()).group_by(row.customer_id)  # fmt: skip
    referrals = _referrals(ids, within)
    found = {key: Bought(referrals_12m=referrals.get(key, 0)) for key in ids}
    for line in session.execute(sold):
        found[line.customer_id] = Bought(
            line.count, _day(line.first), _day(line.last), Decimal(line.spend or 0).quantize(Decimal("0.01")),
            line.visits, referrals.get(line.customer_id, 0),
        )  # fmt: skip
    return found


def _recorded() -> tuple[Any, ...]:
    return (SalesOrder.kind == SALE, SalesOrder.closed_on.is_not(None))


def _referrals(ids: Collection[int], within: Any) -> dict[int, int]:
    """How many customers each of some recommended who bought within the window."""
    brought = (
        sa.select(Customer.referred_by_id, sa.func.count(sa.distinct(Customer.id)))
        .join(SalesOrder, SalesOrder.customer_id == Customer.id)
        .where(Customer.referred_by_id.in_(ids), within, *_recorded())
        .group_by(Customer.referred_by_id)
    )
    return {key: int(number) for key, number in session.execute(brought)}


def _start_of(day: dt.date) -> dt.datetime:
    return clock.from_local(dt.datetime.combine(day, dt.time.min))


def _day(at: dt.datetime) -> dt.date:
    return clock.to_local(at).date()


def bought_before(order: SalesOrder) -> bool:
    """Whether the customer of a sale had bought before."""
    earlier = sa.select(SalesOrder.id).where(
        SalesOrder.customer_id == order.customer_id, SalesOrder.id != order.id, SalesOrder.sold_at <= order.sold_at,
        *_recorded(),
    )  # fmt: skip
    return session.scalar(earlier.limit(1)) is not None


def refresh(known: Mapping[int, Bought], settings: Settings, day: dt.date) -> list[int]:
    """Write what the purchases say into the files of the customers where it differs; those customers."""
    changed = []
    for customer in _files(list(known)):
        values = _values(customer, known[customer.id], settings, day)
        if any(getattr(customer, name) != value for name, value in values.items()):
            whole = moves.whole_of(customer)
            whole.update(values)
            whole.save()
            changed.append(customer.id)
    return changed


def _files(ids: Sequence[int]) -> Sequence[Customer]:
    return session.scalars(sa.select(Customer).where(Customer.id.in_(ids)).order_by(Customer.id)).all()


def _values(customer: Customer, bought: Bought, settings: Settings, day: dt.date) -> dict[str, Any]:
    values: dict[str, Any] = {"spend_12m": bought.spend_12m, "visits_12m": bought.visits_12m}
    if bought.first is not None:
        values |= {"first_deal_on": bought.first, "last_buy_on": bought.last}
    elif customer.first_deal_on is not None:
        return values  # bought before this program knew its sales: nothing is said of the standing
    if customer.standing in FOLLOWED:
        silent, lost = settings.value("silent_months"), settings.value("lost_months")
        values["standing"] = standing(bought, day, silent, lost)
    return values
