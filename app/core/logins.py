"""Signing in: attempts are counted in the database before the password is looked at, on every host alike."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask import current_app, g
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.security import check_password_hash

from app.core import accounts, clock, reading, upsert
from app.core.accounts import AccountSession, AccountState
from app.core.db import Model, session
from app.core.errors import Problem, Refusal
from app.core.types import UtcDateTime

BROWSER, PROGRAM = "browser", "program"
LONGEST_NAME = 128
SEEN_EVERY = dt.timedelta(minutes=10)


class LoginGuard(Model):
    """How often a name was tried in vain, whether such an account exists or not."""

    __tablename__ = "login_guard"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failed: Mapped[int]
    locked_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    last_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)


class WrongLogin(Refusal):
    """Unknown name, wrong password or closed account: nobody is told which."""

    status = 401


class LockedOut(Refusal):
    """Too many attempts with this name."""

    status = 429


@dataclass(frozen=True)
class SignedIn:
    """The account behind a request, as one statement found it."""

    user: User
    sid: str
    must_change_password: bool
    locale: str | None
    seen_at: dt.datetime | None
    toured: bool = False


_guard = LoginGuard.__table__


def sign_in(username: str, password: str, channel: str) -> SignedIn:
    """Check a name and password and start a session; commits, so that a refusal is counted too.

    Raises ``WrongLogin`` and ``LockedOut``; both read the same for a name that does not exist.
    """
    name = reading.plain(username, LONGEST_NAME)
    count_attempt(name)
    user_id = _matching(name, password)
    if user_id is None:
        accounts.note("failed", name=f"{name[:2]}…", channel=channel)
        session.commit()
        raise WrongLogin(_("The user name or the password is not right."))
    forgive(name)
    return start(session.get_one(User, user_id), channel)


def refuse_locked(name: str) -> None:
    """Raise ``LockedOut`` while a name is locked after too many attempts; counts nothing."""
    until = session.scalar(sa.select(_guard.c.locked_until).where(_guard.c.key == _key(name)))
    if until and until > clock.now():
        raise LockedOut(_locked_text(until))


def _locked_text(until: dt.datetime) -> str:
    minutes = -int(-(until - clock.now()).total_seconds() // 60)
    return _("Too many attempts. Please try again in %(minutes)s minutes.", minutes=minutes)


def _key(name: str) -> str:
    return hashlib.sha256(name.lower().encode()).hexdigest()


def count_attempt(name: str) -> None:
    """Count first and check later: attempts made at the same moment cannot outrun the limit. Commits."""
    key, now = _key(name), clock.now()
    limit, pause = current_app.config["KEZHI_LOGIN_ATTEMPTS"], current_app.config["KEZHI_LOGIN_PAUSE"]
    session.execute(upsert.insert(LoginGuard).values(key=key, failed=0, last_at=now).on_conflict_do_nothing())
    row = session.execute(sa.select(_guard).where(_guard.c.key == key).with_for_update()).one()
    if row.locked_until and row.locked_until > now:
        session.rollback()
        raise LockedOut(_locked_text(row.locked_until))
    failed = 1 if row.locked_until or row.last_at < now - pause else row.failed + 1
    locked = now + pause if failed >= limit else None
    change = sa.update(_guard).where(_guard.c.key == key).values(failed=failed, locked_until=locked, last_at=now)
    session.execute(change)
    session.commit()


def _matching(name: str, password: str) -> int | None:
    """The account that name and password belong to; takes as long for a name that does not exist."""
    wanted = sa.select(User.id, User.password, User.active).where(sa.func.lower(User.username) == name.lower())
    row = session.execute(wanted).one_or_none()
    session.rollback()  # hashing takes a tenth of a second; no lock is held meanwhile
    known = row is not None and bool(row.active and row.password)
    stored = row.password if row is not None and known else _decoy(accounts.hash_password)
    right = check_password_hash(stored, password[: accounts.LONGEST])
    return row.id if row is not None and known and right else None


@cache
def _decoy(hasher: Any) -> str:
    return str(hasher(secrets.token_urlsafe(16)))


def forgive(username: str) -> None:
    """Let a name that was tried in vain start from zero."""
    session.execute(sa.delete(_guard).where(_guard.c.key == _key(username)))


def tidy(now: dt.datetime) -> int:
    """Delete ended sessions and counts of attempts that no longer matter; how many."""
    ended = sa.delete(AccountSession).where(AccountSession.expires_at < now)
    stale = sa.delete(_guard).where(_guard.c.last_at < now - 2 * current_app.config["KEZHI_LOGIN_PAUSE"])
    return sum(session.execute(statement).rowcount for statement in (ended, stale))


def locked_names(usernames: list[str]) -> set[str]:
    """Which of these names are locked after too many attempts."""
    keys = {_key(name): name for name in usernames}
    locked = sa.select(_guard.c.key).where(_guard.c.key.in_(keys), _guard.c.locked_until > clock.now())
    return {keys[key] for key in session.scalars(locked)}


def change_password(account: SignedIn, old: str, new: str) -> None:
    """Give oneself a password, knowing the present one; other sessions end. A wrong guess counts as an attempt."""
    user = account.user
    accounts.check_password(new, user.username)
    if old == new:
        raise Refusal(Problem(_("The new password must differ from the old one."), "password", "password"))
    count_attempt(user.username)
    if not check_password_hash(user.password or "", old[: accounts.LONGEST]):
        raise Refusal(Problem(_("The present password is not right."), "old", "password"))
    forgive(user.username)
    accounts.set_password(user, new, keep_sid=account.sid)


# -- sessions --------------------------------------------------------------------------------------------------------


def start(user: User, channel: str) -> SignedIn:
    """A session for an account that has proved itself; commits."""
    state, now = accounts.state_of(user.id), clock.now()
    state.seen_at = now
    setting = "PERMANENT_SESSION_LIFETIME" if channel == BROWSER else "JWT_REFRESH_TOKEN_EXPIRES"
    started = AccountSession(
        sid=secrets.token_urlsafe(32),
        user_id=user.id,
        channel=channel,
        address=accounts.caller(),
        agent=accounts.agent(),
        seen_at=now,
        expires_at=now + current_app.config[setting],
    )
    session.add(started)
    accounts.note("signed_in", user, channel=channel)
    found = SignedIn(user, started.sid, state.must_change_password, state.locale, now)
    session.commit()
    return found


def load(sid: str | None) -> SignedIn | None:
    """Whoever a cookie or token speaks for, in one statement; ``None`` once the session or the account has ended."""
    if not sid:
        return None
    if (known := g.get("account")) is not None and known.sid == sid:
        return known
    row = session.execute(_account_query(), {"sid": sid, "now": clock.now()}).one_or_none()
    g.account = SignedIn(row[0], sid, bool(row[1]), row[2], row[3], bool(row[4])) if row else None
    return g.account


@cache
def _account_query() -> Any:
    """Built once: it is asked on every request."""
    live = AccountSession.expires_at > sa.bindparam("now", type_=UtcDateTime())
    return (
        sa.select(
            User, AccountState.must_change_password, AccountState.locale, AccountSession.seen_at,
            AccountState.toured_at.is_not(None),
        )
        .join(AccountSession, AccountSession.user_id == User.id)
        .outerjoin(AccountState, AccountState.user_id == User.id)
        .where(AccountSession.sid == sa.bindparam("sid"), live, User.active.is_(True))
    )


def end(sid: str) -> None:
    """Sign out of one session."""
    session.execute(sa.delete(AccountSession).where(AccountSession.sid == sid))


def seen() -> None:
    """Note once in a while that the account is in use, and let its session last; for requests that write anyway."""
    account, now = g.get("account"), clock.now()
    if account is None or (account.seen_at and account.seen_at > now - SEEN_EVERY):
        return
    accounts.state_of(account.user.id).seen_at = now
    table, life = AccountSession.__table__, current_app.config["PERMANENT_SESSION_LIFETIME"]
    here = sa.update(table).where(table.c.sid == account.sid)
    session.execute(here.values(seen_at=now))
    session.execute(here.where(table.c.channel == BROWSER).values(expires_at=now + life))
