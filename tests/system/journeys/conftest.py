"""The demo companies without their cases, served; people come in with ``office.person(account)``.

A module may name its ``POLICY``: then that policy's company alone is founded, and its words are read.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.bootstrap import steps
from app.core import clock
from app.core.db import Model, db, session
from app.demo import company
from tests.browser import chromium, served
from tests.system.journeys.desk import PASSWORD, WIDE, Office

__all__ = ["chromium"]
FOUNDED = dt.datetime(2025, 9, 1, 9, 0)


@pytest.fixture(scope="session")
def companies(tmp_path_factory) -> Callable[[str | None], tuple[Flask, Path]]:
    """The program, and a database file to copy, by policy: each founded when it is first wanted; ``None`` is all."""
    return cache(lambda policy: _founded(tmp_path_factory.mktemp("journeys"), policy))


@pytest.fixture(scope="module")
def founded(companies, request) -> tuple[Flask, Path]:
    """What the module's company works with."""
    made: tuple[Flask, Path] = companies(getattr(request.module, "POLICY", None))
    return made


def _founded(folder: Path, policy: str | None) -> tuple[Flask, Path]:
    app = create_app(
        TESTING=True, SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder / 'portal.db'}", KEZHI_FILES=folder / "files",
        KEZHI_INSTANCE=folder, FAB_PASSWORD_HASH_METHOD="pbkdf2:sha256:1",
        PERMANENT_SESSION_LIFETIME=dt.timedelta(days=400),
    )
    with app.app_context(), clock.freeze(FOUNDED):
        Model.metadata.create_all(db.engine)
        for step in steps.STEPS:
            steps.call(step.path)
        company.found(PASSWORD, policy)
        session.commit()
    let_go(app)
    shutil.copy(folder / "portal.db", folder / "seed.db")
    return app, folder


@pytest.fixture
def portal(founded) -> Iterator[Flask]:
    """The program on a fresh copy of the database."""
    app, folder = founded
    let_go(app)
    for left in folder.glob("portal.db*"):
        left.unlink()
    shutil.copy(folder / "seed.db", folder / "portal.db")
    yield app
    let_go(app)


@pytest.fixture
def open_office(portal, chromium, request) -> Iterator[Callable[..., Office]]:
    """Open the company's office in a language and on screens of a width."""
    with ExitStack() as closing:
        address = closing.enter_context(served(portal))
        policy = getattr(request.module, "POLICY", "B02")

        def open_it(language: str = "zh", width: int = WIDE) -> Office:
            made = Office(chromium, address, language, width, policy)
            closing.callback(made.close)
            return made

        yield open_it


@pytest.fixture
def office(open_office, request) -> Office:
    """Chinese, on wide screens, unless the test names another language and width."""
    made: Office = open_office(*getattr(request, "param", ()))
    return made


@pytest.fixture
def at() -> Iterator[Callable[[str], Any]]:
    """Set the clock to a local time; it stands still until it is set again."""
    with ExitStack() as frozen:
        yield lambda text: frozen.enter_context(clock.freeze(dt.datetime.fromisoformat(text)))


def let_go(app: Flask) -> None:
    """Close what the program holds of its database."""
    with app.app_context():
        session.remove()
        db.engine.dispose()
