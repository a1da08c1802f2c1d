"""What administrators look at: accounts with their state, a person's holdings, and how many hold a role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.core import access, clock, logins, query
from app.core.accounts import AccountSession, AccountState
from app.core.db import session
from app.core.errors import NotFound
from app.core.register import registers
from app.engines.people import catalogue
from app.engines.people.models import Deputy, Employee, Holding, OrgUnit
from app.engines.people.shipped import defaults, granted

PAGE = 50


@dataclass(frozen=True)
class Line:
    """One person of the list, with the account if there is one."""

    person: Employee
    unit: str
    user: User | None
    state: AccountState | None
    holdings: int
    sessions: int
    locked: bool


def lines(text: str = "", page: int = 1) -> tuple[list[Line], bool]:
    """People in reach, by staff number, and whether there are more."""
    held = sa.select(sa.func.count(Holding.id)).where(Holding.owner_id == Employee.id, Holding.holds_on(clock.today()))
    asked = _people(held.scalar_subquery()).where(in_reach("read"))
    if text:
        asked = asked.where(sa.or_(query.quick(registers()["employee"], text), User.username.startswith(text)))
    rows = session.execute(asked.order_by(Employee.number).offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    locked = logins.locked_names([row[2].username for row in rows if row[2]])
    return [_line(row, 0, locked) for row in rows[:PAGE]], len(rows) > PAGE


def line(employee_id: int) -> Line:
    """One person in reach; raises ``NotFound``."""
    open_ = sa.select(sa.func.count()).select_from(AccountSession)
    open_ = open_.where(AccountSession.user_id == User.id, AccountSession.expires_at > clock.now())
    asked = _people(sa.literal(0)).add_columns(open_.scalar_subquery())
    row = session.execute(asked.where(Employee.id == employee_id, in_reach("read"))).one_or_none()
    if row is None:
        raise NotFound()
    return _line(row, row[5], logins.locked_names([row[2].username] if row[2] else []))


def _line(row: Any, sessions: int, locked: set[str]) -> Line:
    person, unit, user, state, held = row[:5]
    return Line(person, unit, user, state, held, sessions, bool(user and user.username in locked))


def _people(held: Any) -> Any:
    return (
        sa.select(Employee, OrgUnit.name, User, AccountState, held)
        .join(OrgUnit, OrgUnit.id == Employee.unit_id)
        .outerjoin(User, User.id == Employee.account_id)
        .outerjoin(AccountState, AccountState.user_id == User.id)
    )


def in_reach(action: str) -> Any:
    """People of the units in which the person may ``action`` holdings."""
    reaches = access.current().reaches("holding", action)
    if any(reach.scope == access.ALL for reach in reaches):
        return sa.true()
    units = (access.units(reach) for reach in reaches if reach.scope != access.OWN)
    return sa.or_(sa.false(), *(Employee.unit_id.in_(found) for found in units))


def holdings(person: Employee) -> Sequence[Holding]:
    """All that a person holds, held or will hold, the latest first."""
    return session.scalars(
        sa.select(Holding).where(Holding.owner_id == person.id).order_by(Holding.valid_from.desc(), Holding.id.desc())
    ).all()


def deputies(person: Employee) -> Sequence[Deputy]:
    """Who stands in for a person, stood in or will, the latest first."""
    return session.scalars(
        sa.select(Deputy).where(Deputy.owner_id == person.id).order_by(Deputy.valid_from.desc(), Deputy.id.desc())
    ).all()


def role_counts() -> dict[str, tuple[int, int, int]]:
    """By role: people who hold it today, permissions granted, and how many differ from what was shipped."""
    counted = sa.select(Holding.role, sa.func.count(sa.distinct(Holding.owner_id)))
    people = {row[0]: row[1] for row in session.execute(
        counted.where(Holding.holds_on(clock.today())).group_by(Holding.role)
    )}
    held, shipped = granted(), defaults()
    found = {}
    for role in catalogue.all_roles():
        now = {grant[1:] for grant in held if grant[0] == role}
        then = {grant[1:] for grant in shipped if grant[0] == catalogue.base_of(role)}
        found[role] = (people.get(role, 0), len(now), len(now ^ then))
    return found
