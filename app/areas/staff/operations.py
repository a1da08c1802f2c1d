"""What other areas may ask of results."""

from __future__ import annotations

from app.areas.staff.business_result import BusinessResult

__all__ = ["BusinessResult"]
