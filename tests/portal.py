"""The whole portal for tests of requests: a small company on SQLite, and people who may do different things in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_appbuilder.security.sqla.models import Role, User

from app.areas.customers.customer import Customer
from app.core import accounts
from app.core.db import Model, db, session
from app.engines.calendar.operations import seed_calendar
from app.engines.people import operations as people
from app.engines.people.models import Employee, OrgUnit
from app.engines.policy import versions
from app.engines.policy.operations import load_packs
from app.packs import schema
from tests.program import Programs

PASSWORD = "Plain-words-7"
NAMES = {"amy": "艾米", "ann": "安娜", "bob": "鲍勃", "eve": "伊芙", "sys": "管理"}


def fill(made: Flask) -> None:
    """Make the tables, what belongs to every installation, and the small company."""
    with made.app_context():
        Model.metadata.create_all(db.engine)
        people.sync_roles()
        load_packs()
        seed_calendar()
        seed()
        session.commit()


@cache
def _shipped() -> list[Any]:
    return [schema.build(schema.parse(file.read_text(encoding="utf-8"))) for file in versions.pack_files()]


def name_posts() -> None:
    """Call posts as the shipped packs do; the names are the process's, and other tests bring packs of their own."""
    for pack in _shipped():
        versions.introduce(pack)


@contextmanager
def small_company(programs: Programs, kind: str, folder: Path) -> Iterator[Flask]:
    """The application with the small company, on a fresh copy of a database of the kind."""
    program = programs(kind)
    with program.on(program.seed("small", fill), KEZHI_FILES=folder / "files", KEZHI_INSTANCE=folder) as made:
        name_posts()
        yield made


@pytest.fixture
def portal(programs, tmp_path) -> Iterator[Flask]:
    """The application with the small company on SQLite."""
    with small_company(programs, "sqlite", tmp_path) as made:
        yield made


@pytest.fixture
def inside(portal) -> Iterator[Flask]:
    """The application inside its context."""
    with portal.app_context():
        yield portal


def seed() -> None:
    """Two departments; a clerk in each, a manager, somebody with different roles in both, an administrator."""
    group = unit("G", None)
    sales, quality = unit("S", group), unit("Q", group)
    role = session.scalars(sa.select(Role).where(Role.name == "Admin")).one()
    _employee, root = person("root", group)
    root.roles.append(role)
    people.give(person("amy", sales)[0], "salesperson", sales)
    people.give(person("ann", quality)[0], "salesperson", quality)
    people.give(person("bob", sales)[0], "sales_manager", sales)
    people.give(person("sys", group)[0], "system_admin", group)
    eve, _user = person("eve", sales)
    people.give(eve, "sales_manager", sales, post="B02.sales_manager")
    people.give(eve, "quality_officer", quality, post="B02.qc", scope="unit")
    for number, home in (("C-S", sales), ("C-Q", quality)):
        session.add(Customer(customer_no=number, name=f"{number} 公司", unit_id=home.id, contact_phone="13812345678"))


def unit(code: str, parent: OrgUnit | None) -> OrgUnit:
    """A saved unit."""
    made = OrgUnit(code=code, name=code, kind="department", parent_id=parent.id if parent else None)
    session.add(made)
    session.flush()
    return made


def person(username: str, home: OrgUnit) -> tuple[Employee, User]:
    """An employee with an account whose password is known."""
    employee = Employee(number=username.upper(), name=NAMES.get(username, username), unit_id=home.id)
    session.add(employee)
    session.flush()
    people.open_account(employee, username)
    user = session.get_one(User, employee.account_id)
    accounts.set_password(user, PASSWORD)
    return employee, user


def enter(app: Flask, username: str, password: str = PASSWORD) -> FlaskClient:
    """A browser in which somebody has signed in."""
    client = app.test_client()
    answer = client.post("/login/", data={"username": username, "password": password})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return client


def token(app: Flask, username: str, **more: Any) -> dict[str, str]:
    """The header of a program that has signed in."""
    given = app.test_client().post("/api/v1/security/login", json={"username": username, "password": PASSWORD} | more)
    assert given.status_code == 200, given.get_data(as_text=True)
    return {"Authorization": f"Bearer {given.json['access_token']}"}


def find(model: Any, **by: Any) -> Any:
    """A row; needs an application context."""
    return session.scalars(sa.select(model).filter_by(**by)).one()


def row_id(model: Any, **found_by: Any) -> int:
    """The id of a row; of a pack's version that of B02. Needs an application context."""
    if model.__tablename__ == "pack_version":
        found_by = {"code": "B02"} | found_by
    return session.scalars(sa.select(model.id).filter_by(**found_by)).one()


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent in the block; needs an application context."""
    sent: list[str] = []

    def keep(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", keep)
    try:
        yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", keep)


def may(app: Flask, account: str, slug: str, action: str) -> bool:
    """Whether the roles of somebody open an action of a register at all."""
    with app.app_context():
        return people.load_access(row_id(User, username=account)).can(slug, action)


def unreached(client, slug):
    """How a row that somebody does not reach answers him: 403 if no role of his opens its register at all, else 404."""
    return 403 if client.get(f"/api/v1/{slug}/").status_code == 403 else 404
