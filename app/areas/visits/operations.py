"""What other areas may ask of visits and of the care of customers."""

from __future__ import annotations

from app.areas.visits.visit_task import VisitTask

__all__ = ["VisitTask"]
