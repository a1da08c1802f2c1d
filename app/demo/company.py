"""Units, people and customers of the demo, out of ``company.yaml``."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml
from flask_appbuilder.security.sqla.models import User

from app.areas.customers.customer import Customer
from app.core import accounts as accounts_
from app.core import clock, words
from app.core.db import session
from app.demo import cases, consequences, payroll, returns
from app.demo.agenda import Agenda, nights
from app.demo.beside import Beside
from app.engines.notifications.models import OutboxMessage
from app.engines.people import catalogue, operations
from app.engines.people.models import Employee, OrgUnit
from app.engines.policy import operations as policy

POLICY = "B02"
SINCE, MONTHS = dt.timedelta(days=400), dt.timedelta(days=119)
RECENT = dt.timedelta(days=4)


@cache
def plan() -> dict[str, Any]:
    """The content of ``company.yaml``."""
    return dict(yaml.safe_load((Path(__file__).parent / "company.yaml").read_text(encoding="utf-8")))


def seed(password: str) -> None:
    """Fill an empty database: a company at work, and some months of its cases."""
    people, customers, units = found(password)
    end = clock.to_local(clock.now()).replace(tzinfo=None, second=0, microsecond=0)
    agenda, begun = Agenda(end, people), end - MONTHS
    cases.schedule(agenda, customers, units, plan()["faults"])
    Beside(agenda, units, customers, plan()).schedule(begun)
    agenda.add(begun, nights(begun.date(), end.date()))
    agenda.add(begun, consequences.announcements(agenda, begun.date()))
    agenda.add(begun, payroll.runs(agenda, units, begun.date()))
    sales = {name: person for name, person in people.items() if name in returns.SALES}
    agenda.add(begun, returns.rates(agenda, begun.date(), sales))
    agenda.run()
    _read_notices(clock.now() - RECENT)


def _read_notices(before: dt.datetime) -> None:
    """Everybody has read what is older than a few days."""
    old = sa.update(OutboxMessage).where(OutboxMessage.created_at < before)
    session.execute(old.values(read_at=OutboxMessage.created_at))


def found(password: str) -> tuple[dict[str, Employee], list[Customer], dict[str, OrgUnit]]:
    """The company alone: units, posts, accounts with one shared password, customers; its unit works by the policy."""
    units = _units()
    policy.adopt(units["HX"], POLICY, clock.today() - SINCE)
    hashed = accounts_.hash_password(password)
    people = {entry["account"]: _person(entry, units, hashed) for entry in plan()["people"]}
    customers = _customers(units["HX-SA"], [people["xuwenjing"], people["linjiahao"]])
    session.flush()
    return people, customers, units


def _units() -> dict[str, OrgUnit]:
    found: dict[str, OrgUnit] = {}
    for entry in plan()["units"]:
        above = found.get(entry.get("parent", ""))
        unit = OrgUnit(
            code=entry["code"], name=entry["name"], kind=entry["kind"], parent_id=above.id if above else None
        )
        session.add(unit)
        session.flush()
        found[unit.code] = unit
    return found


def _person(entry: dict[str, Any], units: dict[str, OrgUnit], hashed: str) -> Employee:
    name, unit = entry["name"], units[entry["unit"]]
    account = User(
        username=entry["account"],
        first_name=name,
        last_name="",
        email=f"{entry['account']}@demo.invalid",
        active=True,
        password=hashed,
    )
    session.add(account)
    session.flush()
    person = Employee(number=entry["number"], name=name, unit_id=unit.id, account_id=account.id)
    session.add(person)
    session.flush()
    post = f"{POLICY}.{entry['post']}"
    first = clock.today() - SINCE
    operations.give(
        person, catalogue.role_of_post()[post], unit, post=post, valid_from=first, scope=_scope(entry["post"])
    )
    if catalogue.role_of_post()[post] != catalogue.EVERYBODY:
        operations.give(person, catalogue.EVERYBODY, unit, valid_from=first)
    return person


def _scope(post: str) -> str | None:
    """Posts that see the whole company work from one of its departments."""
    wide = {"case_control", "deputy_gm", "general_manager"}
    return "all" if post in wide else "unit_and_below" if post == "dept_head" else None


def _customers(unit: OrgUnit, keepers: list[Employee]) -> list[Customer]:
    found = []
    for number, entry in enumerate(plan()["customers"]):
        customer = Customer(
            customer_no=entry["number"],
            name=entry["name"],
            city=entry["city"],
            country=entry["country"],
            contact_name=entry["contact"],
            contact_phone=entry["phone"],
            unit_id=unit.id,
            owner_id=keepers[number % len(keepers)].id,
        )
        session.add(customer)
        found.append(customer)
    session.flush()
    return found


def accounts() -> list[tuple[str, str, str, str]]:
    """(account, name, post, unit) of every demo person."""
    rows = session.execute(
        sa.select(User.username, Employee.name, OrgUnit.name)
        .join(Employee, Employee.account_id == User.id)
        .join(OrgUnit, OrgUnit.id == Employee.unit_id)
        .order_by(Employee.number)
    )
    posts = {entry["account"]: f"{POLICY}.{entry['post']}" for entry in plan()["people"]}
    return [(name, person, words.post_label(posts.get(name, "")), unit) for name, person, unit in rows if name in posts]
