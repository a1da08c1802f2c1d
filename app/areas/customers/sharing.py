"""Customers shared out among keepers, so that everybody has as equal a load as can be."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence


def share_out(customers: Sequence[int], loads: Mapping[int, int]) -> dict[int, int]:
    """Who takes each customer: whoever has the fewest at that moment, of equals the one named first.

    ``loads`` are the customers that each taker keeps already. Raises ``ValueError`` without takers.
    """
    if not loads:
        raise ValueError("nobody takes over")
    queue = [(load, place, taker) for place, (taker, load) in enumerate(loads.items())]
    heapq.heapify(queue)
    taken = {}
    for customer in customers:
        load, place, taker = queue[0]
        taken[customer] = taker
        heapq.heapreplace(queue, (load + 1, place, taker))
    return taken
