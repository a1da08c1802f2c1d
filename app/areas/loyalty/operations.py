"""What set-up asks of loyalty."""

from __future__ import annotations

from app.areas.loyalty.profiles import lay_questions

__all__ = ["lay_questions"]
