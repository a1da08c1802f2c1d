"""What holds for every test."""

from __future__ import annotations

import pytest
from hypothesis import settings

from tests import postgres, scratch
from tests.company import companies
from tests.program import programs
from tests.small import empties

__all__ = ["companies", "empties", "programs"]  # made once for all tests of a process

# a busy machine is no fault of the code
settings.register_profile("kezhi", deadline=None)
settings.load_profile("kezhi")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Choose where files go before pytest does."""
    scratch.settle(config)


def pytest_unconfigure() -> None:
    """Leave no server behind."""
    postgres.stop()
