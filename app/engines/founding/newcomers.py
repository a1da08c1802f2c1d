"""People taken in from a table: judged before anything is saved, then employees with roles and posts, then accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _

from app.core import access, clock, ripples, saving
from app.core.accounts import AccountState
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.register import registers
from app.core.remembering import within_transaction
from app.engines.founding.models import Newcomer
from app.engines.notifications import inviting
from app.engines.people import calc, catalogue
from app.engines.people import operations as people
from app.engines.people.models import Employee, OrgUnit
from app.engines.policy import desks
from app.engines.policy import operations as policies
from app.engines.policy.models import PackVersion

SPLIT = re.compile(r"[,，、;；\n]+")
NO_ACCOUNT = ("-", "－", "—", "无")
AT_ONCE = 300
"""So many accounts are opened in one go: making a password safe takes its time."""


# -- what is wrong ---------------------------------------------------------------------------------------------------


@saving.check("newcomer")
def _fits(draft: saving.Draft) -> Iterator[Problem]:
    number, username = draft.get("number"), _username(draft.get("username"), draft.get("number"))
    if number and session.scalar(sa.select(Employee.id).where(Employee.number == number)) is not None:
        yield saving.taken(Newcomer.register.fields["number"], number)
    if username:
        yield from _name_problems(username)
    roles, unknown = _wanted(draft.get("role"), draft.get("posts"))
    for post in unknown:
        text = _("There is no post “%(post)s”; write its code, such as B02.qc.", post=post[:60])
        yield Problem(text, "posts", "choice")
    yield from _apart([role for role, _post in roles], draft.get("unit_id"))


def _username(username: str | None, number: str | None) -> str | None:
    """What somebody signs in by: his staff number unless something else is written; a dash is no account."""
    return None if username in NO_ACCOUNT else username or number


def _name_problems(username: str) -> Iterator[Problem]:
    if len(username.split()) != 1 or username != username.strip():
        yield Problem(_("A user name has 1 to 64 characters and no spaces."), "username", "username")
    taken = sa.select(User.id).where(sa.func.lower(User.username) == username.lower())
    if session.scalar(taken) is not None:
        yield Problem(_("The user name “%(name)s” is taken.", name=username), "username", "unique")


def _apart(roles: Sequence[str], unit_id: int | None) -> Iterator[Problem]:
    """Duties that a policy of the unit keeps apart, before anybody is given both."""
    if unit_id is None or len(roles) < 2 or session.get(OrgUnit, unit_id) is None:
        return
    adopted = {found.policy for found in policies.adopted(unit_id, clock.today())}
    for at, role in enumerate(roles):
        for duty in calc.broken_by_person(roles[:at], role, adopted, catalogue.duties()):
            yield people.apart(duty, "posts")


# -- posts by what they are called -------------------------------------------------------------------------------------


@within_transaction(PackVersion)
def known_posts() -> dict[str, str]:
    """The code of every post by how it may be written: the code, or policy and label in either language."""
    found: dict[str, str] = {}
    for pack in desks.packs_in_force():
        for post in pack.posts.values():
            code = f"{pack.code}.{post.key}"
            for text in (code, f"{pack.code} {post.label.zh}", f"{pack.code} {post.label.en}"):
                found[_fold(text)] = code
    return found


def _fold(text: str) -> str:
    return "".join(text.split()).casefold()


def _wanted(role: str | None, posts: str | None) -> tuple[list[tuple[str, str]], list[str]]:
    """What a row gives, as (role, post), and the posts that nobody knows."""
    known, roles = known_posts(), catalogue.role_of_post()
    texts = [text.strip() for text in SPLIT.split(posts or "") if text.strip()]
    codes = dict.fromkeys(known[_fold(text)] for text in texts if _fold(text) in known)
    found = [(roles[code], code) for code in codes]
    if role and role not in {held for held, _post in found}:
        found.insert(0, (role, ""))
    return found, [text for text in texts if _fold(text) not in known]


# -- taking in ---------------------------------------------------------------------------------------------------------


@ripples.after_change("newcomer")
def take_in(row: Any) -> None:
    """The employee behind a new row, with what he holds; raises ``Refusal`` for what does not fit."""
    if row.employee_id is not None:
        return
    made = saving.create(registers()["employee"], {"number": row.number, "name": row.name, "unit_id": row.unit_id})
    person, unit = made.record, session.get_one(OrgUnit, row.unit_id)
    row.employee_id, row.username = person.id, _username(row.username, row.number)
    session.flush()
    for role, post in _wanted(row.role, row.posts)[0]:
        people.give(person, role, unit, post=post)


@within_transaction(Newcomer, Employee)
def waiting() -> Sequence[Newcomer]:
    """Those who shall have an account and have none yet, by staff number."""
    query = sa.select(Newcomer).join(Employee, Employee.id == Newcomer.employee_id)
    query = query.where(Newcomer.username.is_not(None), Employee.account_id.is_(None), Employee.active)
    return list(session.scalars(query.order_by(Newcomer.number)))


def unused() -> list[Newcomer]:
    """Those who have an account and have never chosen its password."""
    query = sa.select(Newcomer).join(Employee, Employee.id == Newcomer.employee_id)
    query = query.join(AccountState, AccountState.user_id == Employee.account_id)
    query = query.where(AccountState.must_change_password, Employee.active)
    return list(session.scalars(query.order_by(Newcomer.number)))


Handed = tuple[Newcomer, inviting.Invitation]


def open_accounts() -> list[Handed]:
    """Open the accounts that wait, each with a link that is shown once, or goes by mail to whom a mail reaches.

    Raises ``Refusal`` when nobody waits.
    """
    rows = waiting()[:AT_ONCE]
    if not rows:
        raise Refusal(Problem(_("Nobody waits for an account."), None, "empty"))
    for row in rows:
        people.open_account(_person(row), row.username or "", row.email or "")
    return _invited(rows)


def _person(row: Newcomer) -> Employee:
    return session.get_one(Employee, row.employee_id)


def _invited(rows: Sequence[Newcomer]) -> list[Handed]:
    return [(row, inviting.invite_as_fits(_person(row))) for row in rows]


def renew_links() -> list[Handed]:
    """New links for those who have not chosen a password yet, when the sheet was lost or the links have run out."""
    rows = unused()[:AT_ONCE]
    if not rows:
        raise Refusal(Problem(_("Everybody has a password of his own already."), None, "empty"))
    return _invited(rows)


def may_hand_out() -> bool:
    """Whether the person opens accounts at all."""
    return access.current().can("holding", "write")
