"""What is done with people: giving and ending what they hold, deputies, accounts, and moving units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _
from sqlalchemy.sql import ColumnElement

from app.core import access, accounts, clock, logins, moves
from app.core.db import session
from app.core.errors import Forbidden, Problem, Refusal
from app.core.lifecycle import Words
from app.engines.audit.models import AuditEntry
from app.engines.people import calc, catalogue
from app.engines.people.deputies import appoint_deputy, deputable, end_deputy
from app.engines.people.models import Employee, Holding, OrgUnit
from app.engines.people.seats import Seat, holders, holders_many, load_access, path_of, person_of, unit_of_post
from app.engines.people.shipped import sync_roles

__all__ = [
    "Seat", "apart", "appoint_deputy", "conflicts", "deputable", "end", "end_deputy", "give", "holders", "holders_many",
    "load_access", "lock", "may_keep", "move_unit", "name_of_account", "names_of_accounts", "open_account", "path_of",
    "person_of",
    "reset_password", "set_adopted", "sign_out", "sync_roles", "unit_of_post", "unlock",
]

Adopted = Callable[[int, dt.date], Iterable[tuple[str, int, str]]]

_adopted: Adopted | None = None


def set_adopted(adopted: Adopted) -> None:
    """Tell this engine who knows the policies a unit works by: ``(unit id, day) -> (policy, adopter, path)``."""
    global _adopted
    _adopted = adopted


def names_of_accounts(keys: Iterable[int | None]) -> Mapping[int, str]:
    """Whose accounts these are; one that belongs to no employee goes by its own name."""
    name = sa.func.coalesce(Employee.name, User.username)
    query = sa.select(User.id, name).outerjoin(Employee, Employee.account_id == User.id)
    wanted = {key for key in keys if key is not None}
    return {key: str(who) for key, who in session.execute(query.where(User.id.in_(wanted)))} if wanted else {}


def name_of_account(key: ColumnElement[int | None]) -> sa.ScalarSelect[str]:
    """The same of one account as part of a query."""
    name = sa.select(sa.func.coalesce(Employee.name, User.username)).select_from(User)
    return name.outerjoin(Employee, Employee.account_id == User.id).where(User.id == key).scalar_subquery()


# -- holdings ----------------------------------------------------------------------------------------------------------


def give(
    person: Employee, role: str, unit: OrgUnit, *, post: str | None = None, scope: str | None = None,
    unit_ids: Iterable[int] = (), valid_from: dt.date | None = None, valid_to: dt.date | None = None,
) -> Holding:
    """Let a person hold a role, and perhaps a post of a policy, in a unit from one day to another, both included.

    Raises ``Forbidden`` when the unit is beyond the giver's reach, ``Refusal`` for what does not fit, for the same
    holding twice, and for duties that a policy of the unit keeps apart.
    """
    made = Holding(
        owner_id=person.id, role=role, unit_id=unit.id, post=post or None, unit_ids=list(unit_ids) or None,
        scope=scope or _default_scope(role), valid_from=valid_from or clock.today(), valid_to=valid_to,
    )
    _may_appoint(person.id, unit, role)
    Refusal.when(_unfit(made))
    session.refresh(person, with_for_update=True)
    Refusal.when([*_held_already(made), *_kept_apart(made)])
    session.add(made)
    session.flush()
    return made


def end(holding: Holding, last: dt.date | None = None) -> None:
    """Let a holding end with a day, yesterday when none is given; one that has not begun is taken back."""
    _may_appoint(holding.owner_id, session.get_one(OrgUnit, holding.unit_id), holding.role)
    last = last or clock.today() - dt.timedelta(days=1)
    if last < holding.valid_from:
        session.delete(holding)
    else:
        holding.valid_to = last
    session.flush()


def _default_scope(role: str) -> str:
    known = catalogue.all_roles().get(role)
    return known.default_scope if known else access.ALL


def _may_appoint(employee_id: int, unit: OrgUnit, role: str) -> None:
    """Nobody appoints himself, nor beyond his reach; an administrator is made by an administrator (A01 第34条)."""
    giver = access.current()
    if giver.everything:
        return
    if employee_id == giver.employee_id:
        raise Forbidden(Problem(_("Nobody gives a role to himself."), rule="separation_of_duties", clause="A01 第34条"))
    if role == catalogue.ADMIN:
        raise Forbidden(_("Only an administrator makes an administrator."))
    if not any(access.covers(reach, unit) for reach in giver.reaches("holding", "write")):
        raise Forbidden(_("You may not give roles in “%(unit)s”.", unit=unit.name))


def _unfit(made: Holding) -> Iterator[Problem]:
    if made.role not in catalogue.role_labels():
        yield Problem(_("There is no role “%(name)s”.", name=made.role), "role", "choice")
    if made.post and catalogue.role_of_post().get(made.post) not in (made.role, catalogue.base_of(made.role)):
        yield Problem(_("The post “%(post)s” belongs to another role.", post=made.post), "post", "choice")
    if (made.scope == access.UNITS) != bool(made.unit_ids):
        yield Problem(_("Chosen units go with the reach “chosen units”, and only with it."), "unit_ids", "scope")
    if made.valid_to and made.valid_to < made.valid_from:
        yield Problem(_("The last day lies before the first."), "valid_to", "period")


def _at_the_same_time(made: Holding) -> Iterator[Holding]:
    """The person's other holdings whose period meets the new one's."""
    others = sa.select(Holding).where(Holding.owner_id == made.owner_id)
    for other in session.scalars(others):
        begun = made.valid_to is None or other.valid_from <= made.valid_to
        if begun and (other.valid_to is None or other.valid_to >= made.valid_from):
            yield other


def _held_already(made: Holding) -> Iterator[Problem]:
    same = (made.role, made.post, made.unit_id)
    if any((other.role, other.post, other.unit_id) == same for other in _at_the_same_time(made)):
        yield Problem(_("The person holds this in that unit at that time already."), "role", "unique")


def _kept_apart(made: Holding) -> Iterator[Problem]:
    others = list(_at_the_same_time(made))
    units = {made.unit_id, *(other.unit_id for other in others)}
    known = [_adopted(unit, made.valid_from) for unit in units] if _adopted else []
    adopted = {policy for found in known for policy, _by, _path in found}
    held = {catalogue.base_of(other.role) for other in others}
    for duty in calc.broken_by_person(held, catalogue.base_of(made.role), adopted, catalogue.duties()):
        yield apart(duty, "role")


def apart(duty: catalogue.Duty, field: str | None = None) -> Problem:
    """Why two roles are not united in one person, or on one case."""
    labels, why = catalogue.role_labels(), Words(duty.why.zh, duty.why.en)
    first, second = (str(labels[role]) for role in duty.roles)
    text = _("“%(first)s” and “%(second)s” are kept apart: %(why)s.", first=first, second=second, why=str(why))
    return Problem(text, field, "separation_of_duties", duty.clause)


def conflicts(policy: str, acted: Iterable[tuple[str, int]], post: str, employee_id: int) -> list[Problem]:
    """Why a person may not take a step of a case in a post, after ``acted``: (post, employee) of the steps before.

    Posts are full codes such as ``B02.qc``; a pair counts when the case's policy names it.
    """
    roles = catalogue.role_of_post()
    if post not in roles:
        return []
    before = [calc.Act(roles[code], person) for code, person in acted if code in roles]
    act = calc.Act(roles[post], employee_id)
    return [apart(duty) for duty in calc.broken_by_case(before, act, policy, catalogue.duties())]


def _kept_apart_on_case(step: moves.Step, post: access.Post) -> list[Problem]:
    """What the audit trail of a case says against a step of the acting person."""
    record, trail = step.whole.record, AuditEntry.__table__
    if post.code not in catalogue.role_of_post() or step.access.employee_id is None:
        return []
    here = (trail.c.register == record.__tablename__) & (trail.c.record_id == record.id) & (trail.c.kind == "move")
    taken = sa.select(trail.c.params, Employee.id).join(Employee, Employee.account_id == trail.c.account_id).where(here)
    acted = [(params.get("post", ""), person) for params, person in session.execute(taken)]
    return conflicts(step.lifecycle.policy, acted, post.code, step.access.employee_id)


# -- units -------------------------------------------------------------------------------------------------------------


def move_unit(unit: OrgUnit, parent: OrgUnit | None) -> None:
    """Put a unit, and all below it, under another; two moves at once wait for each other.

    Raises ``Refusal`` when the new parent lies below the unit.
    """
    roots = sa.select(OrgUnit.id).where(OrgUnit.parent_id.is_(None)).order_by(OrgUnit.id)
    session.execute(roots.with_for_update())
    session.refresh(unit)
    unit.parent_id = parent.id if parent else None
    session.flush()
    for other in session.identity_map.values():
        if isinstance(other, OrgUnit):
            session.expire(other, ["path"])


# -- accounts ----------------------------------------------------------------------------------------------------------


def open_account(person: Employee, username: str, email: str = "") -> str:
    """Give a person an account and the base role; the one-time password, which is shown once.

    Raises ``Refusal`` when there is one already or the name is taken.
    """
    unit = session.get_one(OrgUnit, person.unit_id)
    _may_appoint(person.id, unit, catalogue.EVERYBODY)
    if person.account_id is not None:
        raise Refusal(Problem(_("This person has an account already."), "username", "unique"))
    user, password = accounts.open_account(username, person.name, email)
    person.account_id = user.id
    session.flush()
    base = sa.select(Holding.id).where(Holding.owner_id == person.id, Holding.role == catalogue.EVERYBODY)
    if session.scalar(base.where(Holding.holds_on(clock.today()))) is None:
        give(person, catalogue.EVERYBODY, unit)
    return password


def reset_password(person: Employee) -> str:
    """A new one-time password; every session of the account ends."""
    user = _account_of(person)
    password = accounts.one_time_password(user.username)
    accounts.set_password(user, password, must_change=True)
    logins.forgive(user.username)
    return password


def lock(person: Employee) -> None:
    """Close a person's account until it is opened again."""
    accounts.set_active(_account_of(person), False)


def unlock(person: Employee) -> None:
    """Open a person's account again, also after too many attempts."""
    user = _account_of(person)
    accounts.set_active(user, True)
    logins.forgive(user.username)


def sign_out(person: Employee) -> None:
    """End every session and token of a person."""
    accounts.sign_out_everywhere(_account_of(person))


def _account_of(person: Employee) -> User:
    """The account that an administrator acts on."""
    if person.account_id is None:
        raise Refusal(_("This person has no account."))
    may_keep(person)
    return session.get_one(User, person.account_id)


def may_keep(person: Employee) -> None:
    """Refuse whoever may not act on a person's account; an administrator's own is left to administrators."""
    if person.account_id is not None and load_access(person.account_id).everything and not access.current().everything:
        raise Forbidden(_("Only an administrator changes an administrator's account."))
    _may_appoint(person.id, session.get_one(OrgUnit, person.unit_id), catalogue.EVERYBODY)


moves.set_duties(_kept_apart_on_case)
