"""The whole program and a company that works by B02: founded once on each database, copied for each test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.bootstrap import steps
from app.core import clock
from app.core.db import Model, db, session
from app.demo import company
from tests.copies import Copied, copied
from tests.small import DATABASES

PASSWORD = "Plain-words-7"
BEGUN = dt.datetime(2025, 9, 1, 9, 0)
Founded = tuple[Flask, Copied]


def program(url: str, folder: Path) -> Flask:
    """The program on a database."""
    return create_app(
        TESTING=True, SQLALCHEMY_DATABASE_URI=url, WTF_CSRF_ENABLED=False, KEZHI_FILES=folder / "files",
        KEZHI_INSTANCE=folder, FAB_PASSWORD_HASH_METHOD="pbkdf2:sha256:1",
        PERMANENT_SESSION_LIFETIME=dt.timedelta(days=400),
    )


def found(made: Flask, policy: str = "B02") -> None:
    """Make the tables and the company that works by a policy; several are named as in ``B02+E01``."""
    with made.app_context(), clock.freeze(BEGUN):
        Model.metadata.create_all(db.engine)
        for step in steps.STEPS:
            steps.call(step.path)
        for code in policy.split("+"):
            company.found(PASSWORD, code)
        session.commit()
        leave()


def leave() -> None:
    """Close what is open to the database; needs an application context."""
    session.remove()
    db.engine.dispose()


@contextmanager
def _founded(kind: str, folder: Path, policy: str) -> Iterator[Founded]:
    def fill(seed: sa.URL) -> None:
        found(program(seed.render_as_string(hide_password=False), folder), policy)

    with copied(kind, folder, fill) as database:
        yield program(database.address, folder), database


@pytest.fixture(scope="session")
def companies(tmp_path_factory) -> Iterator[Callable[[str, str], Founded]]:
    """The program and its database by kind and policy, each founded when it is first wanted."""
    with ExitStack() as kept:
        yield cache(
            lambda kind, policy: kept.enter_context(_founded(kind, tmp_path_factory.mktemp(f"{kind}{policy}"), policy))
        )


@pytest.fixture(params=DATABASES)
def portal(request, companies, tmp_path) -> Iterator[Flask]:
    """The program on a fresh copy; its files lie in the test's own folder. A module may name the ``POLICY``."""
    made, database = companies(request.param, getattr(request.module, "POLICY", "B02"))
    database.renew()
    before = dict(made.config)
    made.config.update(KEZHI_FILES=tmp_path / "files", KEZHI_INSTANCE=tmp_path)
    yield made
    made.config.clear()
    made.config.update(before)
    with made.app_context():
        leave()


@pytest.fixture
def inside(portal) -> Iterator[Flask]:
    """The program inside its context."""
    with portal.app_context():
        yield portal
