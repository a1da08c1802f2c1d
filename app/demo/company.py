"""The companies of the demo, one package each: found them all, and let some months go by."""

from __future__ import annotations

import datetime as dt
import pkgutil
from importlib import import_module
from types import ModuleType

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app import demo
from app.core import accounts as accounts_
from app.core import clock, words
from app.core.db import session
from app.demo.agenda import Agenda, nights
from app.demo.people import Company, plan_of
from app.engines.notifications.models import OutboxMessage
from app.engines.people.models import Employee, OrgUnit

MONTHS, RECENT = dt.timedelta(days=119), dt.timedelta(days=4)


def packages() -> list[ModuleType]:
    """The package of each company: ``company.yaml`` and ``schedule(agenda, company, begun)``; B02's comes first."""
    names = [found.name for found in pkgutil.iter_modules(demo.__path__) if found.ispkg]
    found = [import_module(f"{demo.__name__}.{name}") for name in names]
    return sorted(found, key=lambda package: (plan_of(package)["policy"] != "B02", package.__name__))


def seed(password: str) -> None:
    """Fill an empty database: companies at work, and some months of their cases."""
    companies = found(password)
    end = clock.to_local(clock.now()).replace(tzinfo=None, second=0, microsecond=0)
    people = {name: person for company in companies for name, person in company.people.items()}
    agenda, begun = Agenda(end, people), end - MONTHS
    for package, company in zip(packages(), companies, strict=True):
        package.schedule(agenda, company, begun)
    agenda.add(begun, nights(begun.date(), end.date()))
    agenda.run()
    _read_notices(clock.now() - RECENT)


def _read_notices(before: dt.datetime) -> None:
    """Everybody has read what is older than a few days."""
    old = sa.update(OutboxMessage).where(OutboxMessage.created_at < before)
    session.execute(old.values(read_at=OutboxMessage.created_at))


def found(password: str, only: str | None = None) -> list[Company]:
    """The companies alone: units, posts, accounts with one shared password, customers; each works by its policy."""
    hashed = accounts_.hash_password(password)
    plans = map(plan_of, packages())
    return [Company.founded(plan, hashed) for plan in plans if only in (None, plan["policy"])]


def accounts() -> list[tuple[str, str, str, str]]:
    """(account, name, post, unit) of every demo person."""
    rows = session.execute(
        sa.select(User.username, Employee.name, OrgUnit.name)
        .join(Employee, Employee.account_id == User.id)
        .join(OrgUnit, OrgUnit.id == Employee.unit_id)
        .order_by(Employee.id)
    )
    posts = {
        entry["account"]: f"{plan['policy']}.{entry['post']}" for plan in map(plan_of, packages())
        for entry in plan["people"]
    }  # fmt: skip
    return [(name, person, words.post_label(posts.get(name, "")), unit) for name, person, unit in rows if name in posts]
