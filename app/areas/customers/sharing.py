"""Customers shared out among keepers, so that everybody has as equal a load as can be, with regard to ability."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

ONE = Decimal(1)


@dataclass(frozen=True)
class Load:
    """The customers that somebody keeps already, the weight of the ability, and how many there may be at most."""

    customers: int
    weight: Decimal = ONE
    most: int | None = None

    def ratio(self, more: int = 1) -> Fraction:
        """The load with so many customers more, by the weight."""
        return Fraction(self.customers + more) / Fraction(self.weight)

    def has_room(self, more: int = 1) -> bool:
        """Whether so many customers more do not go beyond the most."""
        return self.most is None or self.customers + more <= self.most


def share_out(customers: Sequence[int], loads: Mapping[int, int | Load]) -> dict[int, int]:
    """Who takes each customer: whoever has the smallest load by weight with it, of equals the one named first.

    ``loads`` are what each taker keeps already. Customers for whom nobody has room are left out. Raises
    ``ValueError`` without takers.
    """
    if not loads:
        raise ValueError("nobody takes over")
    known = {taker: load if isinstance(load, Load) else Load(load) for taker, load in loads.items()}
    given = dict.fromkeys(known, 0)
    queue = [(load.ratio(), place, taker) for place, (taker, load) in enumerate(known.items()) if load.has_room()]
    heapq.heapify(queue)
    taken = {}
    for customer in customers:
        if not queue:
            break
        _ratio, place, taker = heapq.heappop(queue)
        taken[customer] = taker
        given[taker] += 1
        if known[taker].has_room(given[taker] + 1):
            heapq.heappush(queue, (known[taker].ratio(given[taker] + 1), place, taker))
    return taken
