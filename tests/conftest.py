"""What holds for every test."""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import settings

from tests import postgres, scratch
from tests.company import companies
from tests.program import programs
from tests.small import empties

__all__ = ["companies", "empties", "programs"]  # made once for all tests of a process

SCENARIOS, KINDS = Path(__file__).parent / "scenarios", ("sqlite", "postgresql")

# a busy machine is no fault of the code
settings.register_profile("kezhi", deadline=None)
settings.load_profile("kezhi")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Choose where files go before pytest does."""
    scratch.settle(config)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A scenario stands for its rules on one database, which its file's name chooses; both are for `--all`."""
    for item in items:
        kind = getattr(item, "callspec", None) and item.callspec.params.get("portal")
        if kind in KINDS and SCENARIOS in item.path.parents and kind != KINDS[crc32(item.path.name.encode()) % 2]:
            item.add_marker(pytest.mark.slow)


def pytest_unconfigure() -> None:
    """Leave no server behind."""
    postgres.stop()
