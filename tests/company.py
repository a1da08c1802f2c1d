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
from tests.copies import Copied, empty
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


def prepare(made: Flask) -> None:
    """Make the tables and what belongs to every installation."""
    with made.app_context(), clock.freeze(BEGUN):
        Model.metadata.create_all(db.engine)
        for step in steps.STEPS:
            steps.call(step.path)
        session.commit()
        leave()


def found(made: Flask, policy: str = "B02") -> None:
    """Make the company that works by a policy; several are named as in ``B02+E01``."""
    with made.app_context(), clock.freeze(BEGUN):
        for code in policy.split("+"):
            company.found(PASSWORD, code)
        session.commit()
        leave()


def leave() -> None:
    """Close what is open to the database; needs an application context."""
    session.remove()
    db.engine.dispose()


@contextmanager
def _installed(kind: str, folder: Path) -> Iterator[sa.URL]:
    """A database without a company, which all companies of the kind begin from."""
    with empty(kind, folder / "installed.db") as url:
        prepare(program(url.render_as_string(hide_password=False), folder))
        yield url


@contextmanager
def _founded(installed: sa.URL, folder: Path, policy: str) -> Iterator[Founded]:
    kind = installed.get_backend_name()
    with empty(kind, folder / "seed.db") as seed, empty(kind, folder / "test.db") as url:
        Copied(installed, url).renew()
        made = program(url.render_as_string(hide_password=False), folder)
        found(made, policy)
        Copied(url, seed).renew()
        yield made, Copied(seed, url)


@pytest.fixture(scope="session")
def companies(tmp_path_factory) -> Iterator[Callable[[str, str], Founded]]:
    """The program and its database by kind and policy, each founded when it is first wanted."""
    with ExitStack() as kept:
        installed = cache(lambda kind: kept.enter_context(_installed(kind, tmp_path_factory.mktemp(kind))))

        def begin(kind: str, policy: str) -> Founded:
            folder = tmp_path_factory.mktemp(f"{kind}{policy}")
            return kept.enter_context(_founded(installed(kind), folder, policy))

        yield cache(begin)


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
