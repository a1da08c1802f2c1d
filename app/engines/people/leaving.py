"""Somebody leaves: holdings end with a day and pass on, and after that day the account is locked and its keys end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import access, accounts, clock
from app.core.db import session
from app.core.errors import Forbidden, Problem, Refusal
from app.core.register import OWNED, Register, registers
from app.core.wording import N_
from app.engines.audit import operations as audit
from app.engines.people import api_keys, catalogue
from app.engines.people import operations as people
from app.engines.people.models import Deputy, Employee, Holding, OrgUnit
from app.engines.sweeps.registry import sweep

LEAVES = N_("Leaves on %(day)s: %(reason)s")


def leave(person: Employee, last: dt.date, reason: str, successor: Employee | None = None) -> int:
    """Let a person's holdings end with a day; ``successor`` takes them over the day after. How many passed on.

    Raises ``Forbidden`` for oneself and beyond one's reach, ``Refusal`` for what does not fit, and what giving a
    holding raises (duties kept apart); then nothing is changed.
    """
    people.may_keep(person)
    if person.id == access.current().employee_id:
        raise Forbidden(_("Nobody takes himself out of the company."))
    Refusal.when(_unfit(person, last, reason, successor))
    passed = 0
    for held in _open(person, last):
        if successor is not None and held.role != catalogue.EVERYBODY:
            passed += _pass_on(held, successor, last + dt.timedelta(days=1))
        people.end(held, last)
    for standing in session.scalars(sa.select(Deputy).where(Deputy.deputy_id == person.id, Deputy.valid_to > last)):
        if standing.valid_from > last:
            session.delete(standing)
        else:
            standing.valid_to = last
    person.leaves_on = last
    session.flush()
    audit.note(person, "act", LEAVES, {"day": last.isoformat(), "reason": reason.strip()})
    if last < clock.today():
        close(person)
    return passed


def _open(person: Employee, last: dt.date) -> Sequence[Holding]:
    """What is held beyond the last day."""
    beyond = sa.or_(Holding.valid_to.is_(None), Holding.valid_to > last)
    return session.scalars(sa.select(Holding).where(Holding.owner_id == person.id, beyond).order_by(Holding.id)).all()


def _pass_on(held: Holding, successor: Employee, first: dt.date) -> int:
    same = sa.select(Holding.id).where(
        Holding.owner_id == successor.id, Holding.role == held.role, Holding.unit_id == held.unit_id,
        Holding.post == held.post if held.post else Holding.post.is_(None), Holding.holds_on(first),
    )  # fmt: skip
    if session.scalar(same.limit(1)) is not None:
        return 0
    unit = session.get_one(OrgUnit, held.unit_id)
    people.give(
        successor, held.role, unit, post=held.post, scope=held.scope, unit_ids=held.unit_ids or (),
        valid_from=max(first, held.valid_from), valid_to=held.valid_to,
    )  # fmt: skip
    return 1


def _unfit(person: Employee, last: dt.date, reason: str, successor: Employee | None) -> Iterator[Problem]:
    if not person.active:
        yield Problem(_("This person has left already."), "last", "active")
    if not reason.strip():
        yield Problem(_("Please give the reason."), "reason", "required")
    if last > clock.today() + dt.timedelta(days=366):
        yield Problem(_("The last day lies more than a year ahead."), "last", "period")
    if successor is not None and (successor.id == person.id or not successor.active):
        yield Problem(_("The successor must be somebody else who works here."), "successor", "active")


def close(person: Employee) -> None:
    """The day after: no longer employed, account locked, sessions and API keys ended."""
    person.active = False
    if person.account_id is not None:
        accounts.set_active(session.get_one(User, person.account_id), False)
        for key in api_keys.of_account(person.account_id):
            key.revoked_at = key.revoked_at or clock.now()
    session.flush()


@sweep("people.leavers", title=_l("Lock the accounts of leavers"), schedule="10 0 * * *")
def leavers(at: dt.datetime) -> dict[str, int]:
    """Close everybody whose last day is over."""
    today = clock.to_local(at).date()
    gone = session.scalars(sa.select(Employee).where(Employee.active, Employee.leaves_on < today)).all()
    for person in gone:
        close(person)
    return {"hit": len(gone)}


def in_charge(person: Employee) -> list[tuple[Register, int]]:
    """How many rows of each register the person is in charge of; one statement."""
    owned = [one for one in registers().values() if one.scope == OWNED and "owner_id" in one.filters and one.menu]
    if not owned:
        return []
    counts = [
        sa.select(sa.func.count()).select_from(one.model.__table__)
        .where(one.model.__table__.c.owner_id == person.id, access.rows(one)).scalar_subquery()
        for one in owned
    ]  # fmt: skip
    row = session.execute(sa.select(*counts)).one()
    return [(one, count) for one, count in zip(owned, row, strict=True) if count]
