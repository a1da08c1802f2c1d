"""Which companies share one account of the credit engine."""

from __future__ import annotations

from app.areas.credit import groups


def group_of(customer_id: int) -> list[int]:
    """The companies that share one limit with a customer, its head first; itself alone without a group."""
    return list(groups.members(groups.heads([customer_id])[customer_id]))
