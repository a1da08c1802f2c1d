"""The demo company for tests over everything: some months of cases, an administrator, and a row in every register."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from filelock import FileLock
from flask import Flask
from flask_appbuilder.security.sqla.models import Role, User

from app.bootstrap import steps
from app.core import accounts
from app.core.db import Model, db, session
from app.core.register import Register, registers
from app.demo import company
from app.engines.people import operations as people
from app.engines.people.models import Employee, OrgUnit
from app.engines.sweeps import operations as sweeps
from app.packs import schema
from tests import generated, scratch
from tests.company import settings
from tests.portal import PASSWORD, enter, name_posts
from tests.program import Program, Programs, Seed


@contextmanager
def company_on(programs: Programs, kind: str, folder: Path) -> Iterator[Flask]:
    """The company without cases, and its administrator, on a database of the kind."""
    program = programs(kind)
    with program.on(program.seed("companies", begun_with(company.found)), **settings(folder)) as made:
        yield made


def begun_with(fill_in: Callable[[str], Any]) -> Callable[[Flask], None]:
    """Begin an installation and let it be filled."""

    def begin(made: Flask) -> None:
        with made.app_context():
            Model.metadata.create_all(db.engine)
            for step in steps.STEPS:
                steps.call(step.path)
                session.commit()
            sweeps.sync()
            fill_in(PASSWORD)
            _administrator()
            session.commit()

    return begin


@pytest.fixture(scope="session")
def founded(programs: Programs, tmp_path_factory: Any) -> tuple[Program, Path]:
    """The program and a folder with a database to copy and its files, for all modules that import this."""
    return programs("sqlite"), _founded(programs("sqlite"), tmp_path_factory.getbasetemp())


@cache
def _founded(program: Program, base: Path) -> Path:
    """One worker of a run makes the demo, the others take theirs from it."""
    common = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    first = _kept() if os.environ.get("KEZHI_KEEP_DEMO") else common / "demo-first"
    with FileLock(first.with_suffix(".lock")):
        if not first.exists():
            shutil.move(_make(program, common / "demo-begun"), first)
    return Path(shutil.copytree(first, base / "demo"))


def _kept() -> Path:
    """Where today's demo of this very source is kept between runs; screens do not change what is in it."""
    root = Path(__file__).parent.parent
    files = [*root.glob("app/**/*.py"), *root.glob("app/**/*.yaml"), *root.glob("tests/*.py")]
    told = hashlib.sha256(str(dt.date.today()).encode())
    for file in sorted(file for file in files if root / "app/screens" not in file.parents):
        told.update(file.read_bytes())
    return scratch.place() / f"{scratch.PREFIX}demo-{told.hexdigest()[:16]}"


def _make(program: Program, folder: Path) -> Path:
    folder.mkdir()
    with program.on(program.blank, **settings(folder)) as made:
        begun_with(company.seed)(made)
        fill(made)
        program.let_go()
        shutil.copy(str(program.url.database), folder / "seed.db")
    return folder


def _administrator() -> None:
    home = session.scalars(sa.select(OrgUnit).order_by(OrgUnit.id)).first()
    root = Employee(number="ROOT", name="管理", unit_id=home.id)
    session.add(root)
    session.flush()
    people.open_account(root, "root")
    user = session.get_one(User, root.account_id)
    user.roles.append(session.scalars(sa.select(Role).where(Role.name == "Admin")).one())
    accounts.set_password(user, PASSWORD)


@contextmanager
def at_work(founded: tuple[Program, Path]) -> Iterator[Flask]:
    """The program on a fresh copy of the demo, for as long as it is needed."""
    program, folder = founded
    seed = Seed(sa.make_url(f"sqlite:///{folder / 'seed.db'}"), program)
    with program.on(seed, **settings(folder)) as made:
        name_posts()
        yield made


@pytest.fixture
def demo(founded) -> Iterator[Flask]:
    """The program on a fresh copy of the demo, for one test."""
    with at_work(founded) as made:
        yield made


def shown() -> list[Register]:
    """The registers that have screens of their own and are open to an administrator."""
    return [register for register in registers().values() if not (register.detail_of or register.closed)]


def addable() -> list[Register]:
    """The registers that people of the first company add rows to; cases of other policies have their scenarios."""
    cases = schema.build(schema.parse((schema.FOLDER / "B02.yaml").read_text(encoding="utf-8"))).cases
    return [one for one in shown() if "add" in one.actions and (not one.from_pack or one.slug in cases)
            and not (one.parent and registers()[one.fields[one.parent].target].closed)]  # fmt: skip


def some_ids() -> dict[str, int]:
    """The first row of every register; needs an application context."""
    found = session.execute(_first_rows(tuple(registers())))
    return {slug: first for slug, first in found if first}


@cache
def _first_rows(slugs: tuple[str, ...]) -> sa.CompoundSelect[tuple[str, int | None]]:
    """One statement, built once: a walk over all routes asks it at each."""
    known = registers()
    return sa.union_all(*(sa.select(sa.literal(slug), sa.func.min(known[slug].model.id)) for slug in slugs))


def fill(app: Flask) -> None:
    """A row in every register that people add to, made as a form would."""
    client = enter(app, "root")
    with app.app_context():
        generated.stock()
    with generated.first_numbers():
        for register in addable():
            with app.app_context():
                body = generated.row(register, some_ids())
            answer = client.post(f"/api/v1/{register.slug}/", json=body)
            assert answer.status_code == 201, (register.slug, answer.json)
