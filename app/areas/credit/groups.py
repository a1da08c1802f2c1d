"""Companies of one group share one account: that of the head of the group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from app.areas.customers.operations import Customer
from app.core.db import session
from app.core.remembering import within_transaction
from app.engines.credit import registry


def heads(parties: Iterable[int]) -> Mapping[int, int]:
    """The head of each customer's group; itself where it stands alone."""
    found = list(parties)
    query = sa.select(Customer.id, Customer.group_head_id).where(
        Customer.id.in_(found), Customer.group_head_id.is_not(None)
    )
    led: dict[int, int] = dict(session.execute(query).all())
    return {party: led.get(party) or party for party in found}


def members(head: int) -> Sequence[int]:
    """The head and all that name it, in order."""
    led = session.scalars(sa.select(Customer.id).where(Customer.group_head_id == head).order_by(Customer.id))
    return [head, *(key for key in led if key != head)]


@within_transaction(Customer)
def shown(customer: int) -> tuple[int, ...]:
    """The same for a page, out of one member: the head first; one statement, asked once."""
    head = sa.select(sa.func.coalesce(Customer.group_head_id, Customer.id)).where(Customer.id == customer)
    led = sa.or_(Customer.id == head.scalar_subquery(), Customer.group_head_id == head.scalar_subquery())
    first = sa.case((Customer.id == head.scalar_subquery(), 0), else_=1)
    return tuple(session.scalars(sa.select(Customer.id).where(led).order_by(first, Customer.id)))


registry.set_groups(heads, members)
