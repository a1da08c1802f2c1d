"""Units, people and customers of one demo company, out of its ``company.yaml``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml
from flask_appbuilder.security.sqla.models import User

from app.areas.customers.customer import Customer
from app.areas.customers.household import Household
from app.core import access, clock
from app.core.db import session
from app.engines.people import catalogue, operations
from app.engines.people.models import Employee, OrgUnit
from app.engines.policy import operations as policy

SINCE = dt.timedelta(days=400)
OUTSIDE = "external"
Entry = Mapping[str, Any]


@cache
def plan_of(package: ModuleType) -> dict[str, Any]:
    """What ``company.yaml`` beside a package says: policy, units, people, keepers, customers, and its own stories."""
    return dict(yaml.safe_load((Path(str(package.__file__)).parent / "company.yaml").read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Company:
    """A founded company: its people by account, its units by code, its customers in the order of the plan."""

    plan: dict[str, Any]
    units: dict[str, OrgUnit]
    people: dict[str, Employee]
    customers: list[Customer]

    @classmethod
    def founded(cls, plan: dict[str, Any], hashed: str) -> Company:
        """Found the company of a plan; its first unit adopts the policy, and one password serves all."""
        units = _units(plan["units"])
        policy.adopt(next(iter(units.values())), plan["policy"], clock.today() - SINCE)
        people = {entry["account"]: _person(plan["policy"], entry, units, hashed) for entry in plan["people"]}
        for entry in plan["people"]:
            people[entry["account"]].relatives = [people[kin].id for kin in entry.get("relatives", ())] or None
        with clock.freeze(clock.now() - SINCE):
            customers = [
                _customer(entry, plan["keepers"], number, units, people)
                for number, entry in enumerate(plan["customers"])
            ]
            session.flush()
        session.add_all(_home(entry, customer) for entry, customer in zip(plan["customers"], customers, strict=True)
                        if "home" in entry)  # fmt: skip
        session.flush()
        return cls(plan, units, people, customers)


def _units(plan: list[Entry]) -> dict[str, OrgUnit]:
    found: dict[str, OrgUnit] = {}
    for entry in plan:
        above = found.get(entry.get("parent", ""))
        unit = OrgUnit(
            code=entry["code"], name=entry["name"], kind=entry["kind"], parent_id=above.id if above else None,
            area=entry.get("area"),
        )
        session.add(unit)
        session.flush()
        found[unit.code] = unit
    return found


def _person(policy_code: str, entry: Entry, units: Mapping[str, OrgUnit], hashed: str) -> Employee:
    """Holds one post in the own unit, or in the unit ``at``; every further one of ``also`` likewise."""
    unit = units[entry["unit"]]
    account = User(
        username=entry["account"], first_name=entry["name"], last_name="", email=f"{entry['account']}@demo.invalid",
        active=True, password=hashed,
    )  # fmt: skip
    session.add(account)
    session.flush()
    person = Employee(number=entry["number"], name=entry["name"], unit_id=unit.id, account_id=account.id)
    session.add(person)
    session.flush()
    roles = [
        _hold(person, f"{policy_code}.{held['post']}", held, units[held.get("at", unit.code)], units)
        for held in (entry, *entry.get("also", ()))
    ]
    outside = all(catalogue.roles()[role].level == OUTSIDE for role in roles)
    if catalogue.EVERYBODY not in roles and not outside:
        operations.give(person, catalogue.EVERYBODY, unit, valid_from=clock.today() - SINCE)
    return person


def _hold(person: Employee, post: str, held: Entry, unit: OrgUnit, units: Mapping[str, OrgUnit]) -> str:
    """``scope`` is a reach from the unit of the post; ``sees`` names a unit that is seen with all below it."""
    role, first = catalogue.role_of_post()[post], clock.today() - SINCE
    top, scope = units.get(held.get("sees", "")), held.get("scope")
    reach: dict[str, Any] = {"scope": access.UNITS, "unit_ids": [top.id]} if top else {"scope": scope}
    operations.give(person, role, unit, post=post, valid_from=first, **reach)
    return role


def _customer(
    entry: Entry, keepers: Entry, number: int, units: Mapping[str, OrgUnit], people: Mapping[str, Employee]
) -> Customer:
    """The keepers of the plan take its customers in turn, unless one says its own ``unit`` and ``owner``."""
    accounts = keepers["people"]
    owner = entry.get("owner", accounts[number % len(accounts)])
    customer = Customer(
        customer_no=entry["number"], name=entry["name"], city=entry.get("city"), country=entry.get("country", "CN"),
        contact_name=entry.get("contact"), contact_phone=entry.get("phone"),
        side=entry.get("side", "buyer"), opened_on=entry.get("opened_on"),
        unit_id=units[entry.get("unit", keepers["unit"])].id, owner_id=people[owner].id,
    )  # fmt: skip
    session.add(customer)
    return customer


def _home(entry: Entry, customer: Customer) -> Household:
    """The household of a customer whose ``home`` the plan names: occupied since the customer's file was opened."""
    return Household(
        household_no=entry["number"].partition("-")[2], building_room=entry["home"], customer_id=customer.id,
        head=entry.get("contact"), phone=entry.get("phone"), resident_kind=entry.get("resident", "owner"),
        people_count=entry.get("people_count"), moved_in_on=entry["opened_on"], updated_on=clock.today(),
        unit_id=customer.unit_id, owner_id=customer.owner_id, officer_id=customer.owner_id,
    )  # fmt: skip
