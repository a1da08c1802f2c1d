"""The small company of ``tests.portal`` on both databases, for tests of administration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.portal import small_company
from tests.small import DATABASES


@pytest.fixture(scope="module", params=DATABASES)
def company(request: Any, programs: Any, tmp_path_factory: Any) -> Iterator[Flask]:
    """The application with its company; the tests of a module share it."""
    with small_company(programs, request.param, tmp_path_factory.mktemp("both")) as made:
        yield made
