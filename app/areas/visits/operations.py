"""What other areas may ask of visits and events."""

from __future__ import annotations

from app.areas.visits.customer_event import CustomerEvent

__all__ = ["CustomerEvent"]
