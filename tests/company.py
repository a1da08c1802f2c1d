"""The whole program and a company that works by B02: founded once on each database, copied for each test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.bootstrap import steps
from app.core import clock
from app.core.db import Model, db, session
from app.demo import company
from tests.copies import Copied
from tests.program import Program, Programs
from tests.small import DATABASES

PASSWORD = "Plain-words-7"
BEGUN = dt.datetime(2025, 9, 1, 9, 0)
Founded = tuple[Program, Copied]


def prepare(made: Flask) -> None:
    """Make the tables and what belongs to every installation."""
    with made.app_context(), clock.freeze(BEGUN):
        Model.metadata.create_all(db.engine)
        for step in steps.STEPS:
            steps.call(step.path)
        session.commit()


def found(policy: str, made: Flask) -> None:
    """Make the company that works by a policy; several are named as in ``B02+E01``."""
    with made.app_context(), clock.freeze(BEGUN):
        for code in filter(None, policy.split("+")):
            company.found(PASSWORD, code)
        session.commit()


@pytest.fixture(scope="session")
def companies(programs: Programs) -> Callable[[str, str], Founded]:
    """The program and its database by kind and policy, each founded when it is first wanted."""

    def begin(kind: str, policy: str) -> Founded:
        program = programs(kind)
        program.seed("installed", prepare)
        return program, program.seed(f"installed {policy}", partial(found, policy), begin="installed")

    return begin


def settings(folder: Path) -> dict[str, Any]:
    """The configuration of a test: its files lie in a folder of its own, and nobody is signed out for the time."""
    return {
        "KEZHI_FILES": folder / "files", "KEZHI_INSTANCE": folder, "PERMANENT_SESSION_LIFETIME": dt.timedelta(days=400),
    }  # fmt: skip


@pytest.fixture(params=DATABASES)
def portal(request, companies, tmp_path) -> Iterator[Flask]:
    """The program on a fresh copy. A module may name the ``POLICY``."""
    program, database = companies(request.param, getattr(request.module, "POLICY", "B02"))
    with program.on(database, **settings(tmp_path)) as made:
        yield made


@pytest.fixture
def inside(portal) -> Iterator[Flask]:
    """The program inside its context."""
    with portal.app_context():
        yield portal
