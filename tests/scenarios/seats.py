"""More people than the demo has: somebody else in a post, or a post that the demo leaves empty."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.core import accounts, actor, clock, saving
from app.core.db import session
from app.core.register import registers
from app.engines.people import catalogue
from app.engines.people import operations as people
from app.engines.people.models import Employee, OrgUnit
from tests.scenarios.conftest import PASSWORD

SINCE = dt.date(2025, 1, 1)


def unit_id(portal, code: str) -> int:
    """A unit by its code."""
    with portal.app_context():
        return int(session.scalars(sa.select(OrgUnit.id).filter_by(code=code)).one())


def employee_id(portal, account: str) -> int:
    """The person behind an account."""
    with portal.app_context():
        query = sa.select(Employee.id).join(User, User.id == Employee.account_id).where(User.username == account)
        return int(session.scalars(query).one())


def hire(portal, account: str, unit: str, *posts: str, scope: str | None = None, policy: str = "B02") -> int:
    """A new person with an account who holds posts of a policy in a unit; the employee's id."""
    with portal.app_context():
        home = session.scalars(sa.select(OrgUnit).filter_by(code=unit)).one()
        person = Employee(number=f"9{account}"[:12], name=f"新{account}", unit_id=home.id)
        session.add(person)
        session.flush()
        people.open_account(person, account)
        user = session.get_one(User, person.account_id)
        accounts.set_password(user, PASSWORD)
        for post in posts:
            _give(person, f"{policy}.{post}", home, scope)
        session.commit()
        found = person.id
        session.remove()
        return found


def give(portal, account: str, post: str, unit: str, scope: str | None = None) -> None:
    """One more post for somebody who is there already."""
    with portal.app_context():
        query = sa.select(Employee).join(User, User.id == Employee.account_id).where(User.username == account)
        home = session.scalars(sa.select(OrgUnit).filter_by(code=unit)).one()
        _give(session.scalars(query).one(), f"B02.{post}", home, scope)
        session.commit()
        session.remove()


def _give(person: Employee, code: str, home: OrgUnit, scope: str | None) -> None:
    people.give(person, catalogue.role_of_post()[code], home, post=code, valid_from=SINCE, scope=scope)


def stand_in(portal, absent: str, deputy: str, first: str, last: str) -> None:
    """Somebody stands in for a person from a day to a day."""
    with portal.app_context():
        pair = []
        for account in (absent, deputy):
            query = sa.select(Employee).join(User, User.id == Employee.account_id).where(User.username == account)
            pair.append(session.scalars(query).one())
        with clock.freeze(dt.datetime.fromisoformat(f"{first}T08:00")):
            people.appoint_deputy(*pair, dt.date.fromisoformat(first), dt.date.fromisoformat(last), "出差")
        session.commit()
        session.remove()


def customers(portal, account: str, count: int) -> list[int]:
    """So many customers of somebody, by the operation a form calls: N000 许多客户0 and so on."""
    with portal.app_context():
        user = session.scalars(sa.select(User.id).filter_by(username=account)).one()
        with actor.acting_as(user):
            typed = ({"customer_no": f"N{n:03}", "name": f"许多客户{n}"} for n in range(count))
            made = [saving.create(registers()["customer"], one).record.id for one in typed]
        session.commit()
        return made
