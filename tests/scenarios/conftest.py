"""A company that works by B02, on each database, and its people as REST clients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.db import session
from app.engines.policy.models import PolicyAdoption
from tests.company import BEGUN, PASSWORD, portal
from tests.scenarios.b05_desk import Bureau
from tests.scenarios.desk import Desk, at

__all__ = ["BEGUN", "PASSWORD", "portal"]


class Person:
    """A signed-in person; ``call`` answers the JSON and asserts the status."""

    def __init__(self, portal: Flask, account: str) -> None:
        self.client = portal.test_client()
        answer = self.client.post("/login/", data={"username": account, "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        assert "/login" not in answer.headers["Location"]

    def call(self, method: str, path: str, status: int = 200, **body: Any) -> Any:
        """One REST call."""
        answer = self.client.open(f"/api/v1/{path}", method=method, json=body or None)
        assert answer.status_code == status, f"{path}: {answer.status_code} {answer.text}"
        return answer.get_json()

    def move(self, case: int, key: str, status: int = 200, reason: str = "", **values: Any) -> Any:
        """One step of a complaint."""
        return self.call("POST", f"complaint/{case}/move/{key}", status, values=values, reason=reason)


@pytest.fixture
def sign_in(portal) -> Callable[[str], Person]:
    """Sign somebody in; every person once."""
    known: dict[str, Person] = {}

    def enter(account: str) -> Person:
        if account not in known:
            known[account] = Person(portal, account)
        return known[account]

    return enter


@pytest.fixture
def alone(portal) -> None:
    """No other company works by its policy: what sweeps count is the first company's alone."""
    with portal.app_context():
        for other in session.scalars(sa.select(PolicyAdoption).where(PolicyAdoption.policy != "B02")):
            session.delete(other)
        session.commit()
        session.remove()


@pytest.fixture
def desk(sign_in) -> Desk:
    """The company at work since the first of September 2025."""
    with at("2025-09-01 09:00"):
        return Desk(sign_in)


@pytest.fixture
def bureau(sign_in) -> Bureau:
    """The power-supply bureau at work since the first of September 2025."""
    with at("2025-09-01 09:00"):
        return Bureau(sign_in)
