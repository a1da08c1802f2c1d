"""Somebody new with exactly the permissions that a test gives, and how a route is called."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from app.core import access
from app.core.access import ALL, UNIT, Access, Reach
from app.core.db import session
from app.core.register import ACTIONS
from app.engines.people import operations as people
from app.engines.people.models import Employee, OrgUnit
from tests.portal import enter

PUBLIC = {
    "static", "appbuilder.static", "LoginView.login", "LoginView.logout", "LocaleView.index", "UtilView.back",
    "SecurityApi.login", "SecurityApi.refresh", "HealthzView.alive",
}


@dataclass(frozen=True)
class Door:
    """One method of one route: its address, and what it takes to go in."""

    endpoint: str
    method: str
    address: str
    guard: str
    action: str
    rows: bool

    @property
    def program(self) -> bool:
        return self.address.startswith("/api/")


@pytest.fixture
def person(demo, monkeypatch):
    """A browser of somebody new, who has exactly what the test gives."""
    with demo.app_context():
        unit = session.scalars(sa.select(OrgUnit).order_by(OrgUnit.id)).first()
        made = Employee(number="NEW", name="新人", unit_id=unit.id)
        session.add(made)
        session.flush()
        people.open_account(made, "newcomer")
        from flask_appbuilder.security.sqla.models import User

        from app.core import accounts
        from tests.portal import PASSWORD

        accounts.set_password(session.get_one(User, made.account_id), PASSWORD)
        session.commit()
        user, employee = made.account_id, made.id
    client = enter(demo, "newcomer")
    client.get("/lang/en")

    def may(grants, everything=False):
        held = Access(user, employee, everything=everything, grants=grants)
        monkeypatch.setattr(access, "_load", lambda _user: held)
        return client

    return may


def everywhere(*guards, reach=ALL, without=()):
    """Grants of every action on some registers."""
    given = frozenset({Reach(ALL) if reach == ALL else Reach(UNIT, -1, "nowhere/")})
    return {(slug, action): given for slug in guards for action in ACTIONS if (slug, action) not in without}


TRIALS = {
    "due": {"register": "complaint", "start": "2025-09-26T14:30"},
    "authority": {"table": "decision", "facts": {"claimed_amount": "98000.00"}},
    "classify": {"tier": "sanction_grade", "facts": {"burden": "100001.00"}},
    "calculate": {"calculation": "loss_return", "facts": {"quantity": 500}},
}


def call(client, door):
    """Call with what the route reads: a program's reason, the answer of an approver, a trial."""
    form = {"action": "approve", "reason": "客户来电要求回电"}
    body = {} if "ApprovalActs" in door.endpoint else {"reason": "客户来电要求回电"}
    if door.endpoint.startswith("CalculatorApi."):
        body = TRIALS[door.endpoint.split(".")[1]]
    sent = ({"json": body} if door.program else {"data": form}) if door.method in ("POST", "PUT") else {}
    return client.open(door.address, method=door.method, buffered=True, **sent)


def said(answer):
    return f"{answer.status_code} {answer.get_data(as_text=True)[:200] if answer.is_json else ''}"
