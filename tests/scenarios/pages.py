"""Pages as people of the company read them, in English, on a day of September 2025."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.scenarios.desk import at


@pytest.fixture(autouse=True)
def a_day() -> Iterator[None]:
    """Half past nine on a Tuesday."""
    with at("2025-09-02 09:30"):
        yield


@pytest.fixture
def people(sign_in: Any) -> Callable[[str], FlaskClient]:
    """Browsers in English."""

    def enter(account: str) -> FlaskClient:
        client: FlaskClient = sign_in(account).client
        client.get("/lang/en")
        return client

    return enter


def said(answer: Any) -> str:
    """An answer without its marks."""
    return " ".join(re.sub("<[^>]+>", " ", answer.get_data(as_text=True)).split())[-900:]


def text(answer: Any, status: int = 200) -> str:
    """The page, which must have come with a status."""
    assert answer.status_code == status, said(answer)
    return str(answer.get_data(as_text=True))
