from __future__ import annotations

from tests.small import app, employee, unit

__all__ = ["app", "employee", "unit"]
