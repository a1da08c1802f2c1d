"""What other areas may ask of visits, events and the care of customers."""

from __future__ import annotations

from app.areas.visits.customer_event import CustomerEvent
from app.areas.visits.visit_task import VisitTask

__all__ = ["CustomerEvent", "VisitTask"]
