"""A company that works by B02, on each database, and its people as REST clients."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.bootstrap import steps
from app.core import clock
from app.core.db import Model, db, session
from app.demo import company
from tests.scenarios.desk import Desk, at
from tests.small import DATABASES, fresh_database

PASSWORD = "Plain-words-7"
BEGUN = dt.datetime(2025, 9, 1, 9, 0)


@pytest.fixture(params=DATABASES)
def portal(request, tmp_path) -> Iterator[Flask]:
    """The whole program on an empty database with the company founded."""
    with fresh_database(request.param, tmp_path) as url:
        made = create_app(
            TESTING=True,
            SQLALCHEMY_DATABASE_URI=url.render_as_string(hide_password=False),
            WTF_CSRF_ENABLED=False,
            KEZHI_FILES=tmp_path / "files",
            KEZHI_INSTANCE=tmp_path,
            FAB_PASSWORD_HASH_METHOD="pbkdf2:sha256:1",
            PERMANENT_SESSION_LIFETIME=dt.timedelta(days=400),
        )
        with made.app_context(), clock.freeze(BEGUN):
            Model.metadata.create_all(db.engine)
            for step in steps.STEPS:
                steps.call(step.path)
            company.found(PASSWORD)
            session.commit()
            session.remove()
        yield made
        with made.app_context():
            session.remove()
            db.engine.dispose()


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
def desk(sign_in) -> Desk:
    """The company at work since the first of September 2025."""
    with at("2025-09-01 09:00"):
        return Desk(sign_in)
