"""Who signed in, from where and with what, and the sessions that have not ended."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _
from sqlalchemy.orm import aliased
from sqlalchemy.sql import ColumnElement

from app.core import access, accounts, clock
from app.core.accounts import AccountSession, LoginEvent
from app.core.db import session
from app.core.errors import Forbidden, NotFound
from app.engines.people import operations as people
from app.engines.people import roster
from app.engines.people.models import Employee

PAGE = 50


@dataclass(frozen=True)
class Asked:
    """How the log of sign-ins is narrowed; empty values narrow nothing. Days are local, both included."""

    name: str = ""
    event: str = ""
    address: str = ""
    first: dt.date | None = None
    last: dt.date | None = None


def log(asked: Asked, before: int | None = None, size: int = PAGE) -> tuple[Sequence[Any], int | None]:
    """Pairs of a line and the name of who did it, the latest first, and the id to go on with."""
    by = aliased(User)
    query = sa.select(LoginEvent, by.username).outerjoin(by, by.id == LoginEvent.by_id).where(*_where(asked))
    if before:
        query = query.where(LoginEvent.id < before)
    rows = session.execute(query.order_by(LoginEvent.id.desc()).limit(size + 1)).all()
    return rows[:size], (rows[size - 1][0].id if len(rows) > size else None)


def _where(asked: Asked) -> Iterator[ColumnElement[bool]]:
    if asked.name:
        person = sa.select(Employee.account_id).where(Employee.name == asked.name)
        named = sa.select(User.id).where(sa.func.lower(User.username) == asked.name.lower())
        yield sa.or_(LoginEvent.user_id.in_(named), LoginEvent.user_id.in_(person))
    if asked.event:
        yield LoginEvent.event == asked.event
    if asked.address:
        yield LoginEvent.address.startswith(asked.address, autoescape=True)
    if asked.first:
        yield LoginEvent.at >= clock.from_local(dt.datetime.combine(asked.first, dt.time.min))
    if asked.last:
        yield LoginEvent.at < clock.from_local(dt.datetime.combine(asked.last + dt.timedelta(days=1), dt.time.min))


# -- sessions ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Session:
    """A sign-in that has not ended; ``handle`` names it without opening anything."""

    handle: str
    user_id: int
    username: str
    employee_id: int | None
    name: str
    channel: str
    address: str
    agent: str
    started_at: dt.datetime
    seen_at: dt.datetime | None
    expires_at: dt.datetime


def handle_of(sid: str) -> str:
    """A name for a session that does not give its secret away."""
    return hashlib.sha256(sid.encode()).hexdigest()[:20]


def sessions(user_id: int | None = None, text: str = "", page: int = 1) -> tuple[list[Session], bool]:
    """Open sessions of one account, or of everybody in reach, the latest first, and whether there are more."""
    table = AccountSession
    query = (
        sa.select(table, User.username, Employee.id, Employee.name).join(User, User.id == table.user_id)
        .outerjoin(Employee, Employee.account_id == User.id).where(table.expires_at > clock.now())
    )  # fmt: skip
    query = query.where(table.user_id == user_id) if user_id else query.where(_in_reach())
    if text:
        query = query.where(sa.or_(User.username.startswith(text, autoescape=True), Employee.name.contains(text),
                                   table.address.startswith(text, autoescape=True)))  # fmt: skip
    query = query.order_by(table.started_at.desc(), table.sid).offset((page - 1) * PAGE).limit(PAGE + 1)
    rows = session.execute(query).all()
    return [_session(*row) for row in rows[:PAGE]], len(rows) > PAGE


def _in_reach() -> Any:
    return sa.true() if access.current().everything else roster.in_reach("read")


def _session(row: AccountSession, username: str, employee_id: int | None, name: str | None) -> Session:
    return Session(
        handle_of(row.sid), row.user_id, username, employee_id, name or username, row.channel, row.address or "",
        row.agent or "", row.started_at, row.seen_at, row.expires_at,
    )


def end(user_id: int, handle: str) -> bool:
    """End one session of an account, one's own or one in reach; false when it had ended already."""
    _may_end(user_id)
    open_ = sa.select(AccountSession.sid).where(AccountSession.user_id == user_id)
    sid = next((sid for sid in session.scalars(open_) if handle_of(sid) == handle), None)
    if sid is None:
        return False
    session.execute(sa.delete(AccountSession).where(AccountSession.sid == sid))
    accounts.note("session_ended", session.get_one(User, user_id))
    return True


def end_others(user_id: int, keep_sid: str) -> None:
    """End every session of one's own account but this one."""
    accounts.end_sessions(user_id, keep_sid)
    accounts.note("signed_out_everywhere", session.get_one(User, user_id))


def end_all(user_id: int) -> None:
    """End every session and token of an account in reach."""
    _may_end(user_id)
    accounts.sign_out_everywhere(session.get_one(User, user_id))


def _may_end(user_id: int) -> None:
    """One's own, those of people whose accounts one keeps; accounts of nobody are left to administrators."""
    actor = access.current()
    if user_id == actor.user_id or actor.everything:
        return
    person = people.person_of(user_id)
    near = sa.select(Employee.id).where(Employee.id == (person.id if person else 0), roster.in_reach("read"))
    if person is None or session.scalar(near) is None:
        raise NotFound()
    if not actor.can("holding", "write"):
        raise Forbidden(_("Sessions of others are ended by whoever keeps their accounts."))
    people.may_keep(person)
