"""Somebody new with exactly the permissions that a test gives, and how a route is called."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.core import access, accounts, attachments, moves
from app.core.access import ALL, UNIT, Access, Reach
from app.core.db import session
from app.core.register import ACTIONS
from app.engines.people import operations as people
from app.engines.people.models import Employee, OrgUnit
from tests.demo import shown
from tests.portal import PASSWORD, enter

PUBLIC = {
    "static", "appbuilder.static", "LoginView.login", "LoginView.logout", "LocaleView.index", "UtilView.back",
    "SecurityApi.login", "SecurityApi.refresh", "HealthzView.alive", "JoinView.join", "ForgottenView.ask",
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


def filled(view, rule, ids, known):
    """The arguments of a route, of rows that exist; an unknown gap is an error of this test."""
    described = getattr(view, "described", None)
    found = {}
    for name in rule.arguments:
        key = f"{rule.endpoint.split('.')[0]}.{name}"
        if described is not None:
            files = files_of(described, ids)
            personal = list(described.personal)
            reveals = "reveal" in str(rule)
            own = {
                "pk": ids.get(described.slug, 1), "key": first_move(described, ids),
                "field": next(iter(personal if reveals else files), "nothing"),
                "attachment_id": own_file(described.slug, ids.get(described.slug), next(iter(files), "")),
            }
            found[name] = own[name]
        else:
            found[name] = known[key] if key in known else known[name]
    return found


def first_move(register, ids):
    row = session.get(register.model, ids.get(register.slug, 0))
    life = moves.lifecycle_of(row) if row is not None else register.lifecycle
    return next(iter(life.moves)) if life else "nothing"


def register_of(endpoint):
    """The register whose generated screen or call an endpoint is."""
    name = endpoint.split(".")[0]
    return next((r for r in shown() if name in (f"{r.model.__name__}View", f"{r.model.__name__}Api")), None)


def files_of(register, ids):
    """The fields of the first row that hold files."""
    record = session.get(register.model, ids.get(register.slug, 0))
    fields = moves.whole_of(record).fields if record is not None else register.fields
    return [name for name, spec in fields.items() if spec.kind.name == "files"]


def own_file(slug, row, field):
    """The attachment that ``_prepare`` laid beside the first row."""
    one = attachments.Attachment
    return session.scalar(sa.select(sa.func.max(one.id)).filter_by(register=slug, record_id=row, field=field)) or 1
