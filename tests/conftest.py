"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

from tests.company import companies
from tests.portal import departments
from tests.small import empties

__all__ = ["companies", "departments", "empties"]  # made once for all tests of a process

# a busy machine is no fault of the code
settings.register_profile("kezhi", deadline=None)
settings.load_profile("kezhi")
