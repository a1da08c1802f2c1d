"""A small company, a pack with two routes, and complaints that run under it; on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_appbuilder.security.sqla.models import User
from flask_babel import Babel

from app import discover
from app.areas.complaints.complaint import Complaint
from app.areas.customers.customer import Customer
from app.bootstrap.keys import TEST_KEYS
from app.core import actor, moves
from app.core.db import Model, db, session
from app.engines.approvals.models import Approval
from app.engines.approvals.opening import latest, steps_of
from app.engines.people import operations as people
from app.engines.people import shipped
from app.engines.people.models import Employee, OrgUnit
from app.engines.policy.models import APPROVED, PackVersion
from tests import postgres
from tests.unit.engines.approvals.pack import CONTENT

DATABASES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))
PEOPLE = {  # username: (name, role, post, unit)
    "rep": ("何佩珊", "salesperson", "B02.sales_rep", "S"),
    "control": ("许文静", "case_coordinator", "B02.case_control", "O"),
    "manager": ("宋志伟", "sales_manager", "B02.sales_manager", "S"),
    "deputy": ("周启明", "executive_in_charge", "B02.deputy_gm", "O"),
    "gm": ("陈国栋", "general_manager", "B02.general_manager", "O"),
    "qc": ("罗建国", "quality_officer", "B02.qc", "Q"),
    "rd": ("邓海波", "responsible_department", "B02.rd", "Q"),
    "plant": ("沈若兰", "plant_manager", "B02.manager_office", "Q"),
    "clerk": ("王小明", "salesperson", None, "S"),
    "stranger": ("外人", "general_manager", "B02.general_manager", "X"),
}


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[Flask]:
    """An application with the company, committed."""
    local = nullcontext(sa.make_url(f"sqlite:///{folder / 'test.db'}"))
    with local if kind == "sqlite" else postgres.fresh_database() as url:
        made = Flask("approvals")
        made.config.update(
            TESTING=True,
            SECRET_KEY="approvals",
            SQLALCHEMY_DATABASE_URI=url,
            KEZHI_FILES=folder,
            KEZHI_DATA_KEYS=dict(TEST_KEYS.data),
            KEZHI_ACTIVE_KEY=TEST_KEYS.active,
            KEZHI_INDEX_KEY=TEST_KEYS.index,
        )
        list(discover())
        Babel(made, default_locale="en")
        db.init_app(made)
        with made.app_context():
            Model.metadata.create_all(db.engine)
            shipped.sync_roles()
            _company()
            session.commit()
            session.remove()
            yield made
            session.remove()
            db.engine.dispose()


@pytest.fixture(scope="session", params=DATABASES)
def database(request, tmp_path_factory) -> Iterator[Flask]:
    """The company for every test that leaves nothing behind."""
    with _database(request.param, tmp_path_factory.mktemp("approvals")) as made:
        yield made


@pytest.fixture(params=DATABASES)
def own_database(request, tmp_path) -> Iterator[Flask]:
    """The company for one test that commits."""
    with _database(request.param, tmp_path) as made:
        yield made


def _company() -> None:
    group = _unit("G", None)
    company, other = _unit("C", group), _unit("X", group)
    units = {"G": group, "C": company, "X": other} | {code: _unit(code, company) for code in ("S", "O", "Q")}
    for username, (name, role, post, home) in PEOPLE.items():
        hire(username, name, units[home])
        people.give(find(username), role, units[home], post=post, scope="unit" if home == "X" else None)
    version = PackVersion(
        code="B02",
        version=90,
        title_zh="试",
        title_en="Trial",
        status=APPROVED,
        sha256="trial",
        content=CONTENT,
        effective_from=people.clock.today(),
    )
    session.add_all([version, Customer(customer_no="C1", name="苏州启衡电子", unit_id=units["S"].id)])
    session.flush()


def _unit(code: str, parent: OrgUnit | None) -> OrgUnit:
    made = OrgUnit(code=code, name=code, kind="department", parent_id=parent.id if parent else None)
    session.add(made)
    session.flush()
    return made


def hire(username: str, name: str, unit: OrgUnit) -> Employee:
    """An employee with an account."""
    account = User(username=username, first_name=name, last_name="", email=f"{username}@example.com", active=True)
    session.add(account)
    session.flush()
    employee = Employee(number=username, name=name, unit_id=unit.id, account_id=account.id)
    session.add(employee)
    session.flush()
    return employee


@pytest.fixture
def company(database) -> Iterator[Flask]:
    """The company for one test; nothing of the test stays."""
    with database.app_context():
        yield database
        session.rollback()
        session.remove()


def find(username: str) -> Employee:
    """An employee by his user name."""
    return session.scalars(sa.select(Employee).filter_by(number=username)).one()


def unit(code: str) -> OrgUnit:
    """A unit by its code."""
    return session.scalars(sa.select(OrgUnit).filter_by(code=code)).one()


@contextmanager
def acting(username: str) -> Iterator[int]:
    """Run a block as somebody; gives his employee id."""
    person = find(username)
    with actor.acting_as(person.account_id):
        yield person.id


def complaint(claimed: str = "50000", proposed: str | None = None, status: str = "combined") -> Complaint:
    """A case in some state, its owner the sales representative."""
    version = session.scalars(sa.select(PackVersion).filter_by(version=90)).one()
    case = Complaint(
        title="爆板分层",
        case_no="251007",
        customer_id=session.scalars(sa.select(Customer.id)).first(),
        market="domestic",
        unit_id=unit("S").id,
        owner_id=find("rep").id,
        policy="B02",
        pack_version_id=version.id,
        adopter_id=unit("C").id,
        status=status,
        claimed_amount=Decimal(claimed),
        proposed_settlement_amount=Decimal(proposed or claimed),
    )
    session.add(case)
    session.flush()
    return case


def routed(claimed: str = "50000", proposed: str | None = None) -> tuple[Complaint, Approval]:
    """A case put before its decider, and the step that waits."""
    case = complaint(claimed, proposed)
    with acting("control"):
        moves.move(case, "route")
    return case, waiting(case)[0]


def countersigned() -> Complaint:
    """A case on the long route: quality and R&D both, then one of two managers, then the general manager."""
    case = complaint()
    with acting("control"):
        moves.move(case, "countersign")
    return case


def steps(case: Any, route: str = "") -> list[Approval]:
    """The steps of the newest request of a case."""
    return steps_of(latest(case, route or ("signing" if case.status == "signing" else "decision")))


def waiting(case: Any, route: str = "") -> list[Approval]:
    """The steps that wait now."""
    return [step for step in steps(case, route) if step.status == "open"]


def shape(case: Any, route: str = "") -> list[tuple[int, str, str]]:
    """Position, short post and state of every step."""
    return [(s.position, (s.post or "").removeprefix("B02."), s.status) for s in steps(case, route)]
