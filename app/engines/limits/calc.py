"""Measuring what is asked for against a bound. Pure: no session, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

AT_MOST, AT_LEAST, EXACTLY = "at_most", "at_least", "exactly"


@dataclass(frozen=True)
class Measured:
    """A bound, what is used of it already, and what is asked for now."""

    key: str
    label: Any
    bound: str
    limit: Decimal
    used: Decimal
    requested: Decimal
    kind: str
    text: str
    clause: str
    basis: str

    @property
    def total(self) -> Decimal:
        """What it would come to."""
        return self.used + self.requested

    @property
    def headroom(self) -> Decimal:
        """What may still be asked for; never negative."""
        return max(self.limit - self.used, Decimal(0))

    @property
    def excess(self) -> Decimal:
        """By how much the total misses the bound: too much, too little, or either; zero when it holds."""
        difference = self.total - self.limit
        if self.bound == AT_MOST:
            return max(difference, Decimal(0))
        return max(-difference, Decimal(0)) if self.bound == AT_LEAST else difference

    @property
    def holds(self) -> bool:
        """Whether the bound is kept."""
        return self.excess == 0
