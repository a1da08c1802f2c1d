"""Accounts: what FAB's user row lacks, passwords, sessions and the log of sign-ins.

A session is a row, so that signing out, a new password or a lock end it on every host at once; a cookie or
token only names the row.
"""

from __future__ import annotations

import datetime as dt
import secrets

import sqlalchemy as sa
from flask import current_app, has_request_context, request
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _
from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.security import generate_password_hash

from app.core import actor, clock
from app.core.db import Model, session
from app.core.errors import Problem, Refusal
from app.core.types import Key, RowId, UtcDateTime

SHORTEST, LONGEST = 10, 128
ONE_TIME_ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
ONE_TIME_LENGTH = 14

Index("ix_ab_user_username_folded", sa.func.lower(User.__table__.c.username), unique=True)


class AccountState(Model):
    """What the portal keeps about an account beside FAB's own row."""

    __tablename__ = "account_state"

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    password_changed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    seen_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    locale: Mapped[str | None] = mapped_column(Key(10))
    toured_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class AccountSession(Model):
    """One sign-in that has not ended: a browser's or a program's."""

    __tablename__ = "account_session"

    sid: Mapped[str] = mapped_column(String(43), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str] = mapped_column(Key(10))
    address: Mapped[str | None] = mapped_column(String(45))
    agent: Mapped[str | None] = mapped_column(String(200))
    seen_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)


class LoginEvent(Model):
    """The log of sign-ins and of what was done to accounts; unknown names are kept shortened."""

    __tablename__ = "login_event"
    __table_args__ = (Index("ix_login_event_user", "user_id", "id"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
    event: Mapped[str] = mapped_column(Key(30))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))
    name: Mapped[str | None] = mapped_column(String(128))
    channel: Mapped[str | None] = mapped_column(Key(10))
    address: Mapped[str | None] = mapped_column(String(45))
    agent: Mapped[str | None] = mapped_column(String(200))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))


# -- passwords -------------------------------------------------------------------------------------------------------


def check_password(password: str, username: str) -> None:
    """Refuse a password that is short, simple or made of the user name."""
    Refusal.when(_weaknesses(password, username))


def _weaknesses(password: str, username: str) -> list[Problem]:
    kinds = sum(any(map(test, password)) for test in (str.islower, str.isupper, str.isdigit, _is_sign))
    found = []
    if not SHORTEST <= len(password) <= LONGEST:
        found.append(_("The password must have %(low)s to %(high)s characters.", low=SHORTEST, high=LONGEST))
    if kinds < 3 or len(set(password)) < 6:
        found.append(_("The password must mix three of: small letters, capitals, digits, signs."))
    if username and username.lower() in password.lower():
        found.append(_("The password must not contain the user name."))
    return [Problem(sentence, "password", "password") for sentence in found]


def password_rules() -> list[str]:
    """The rule for passwords, in sentences."""
    return [
        _("%(low)s to %(high)s characters", low=SHORTEST, high=LONGEST),
        _("three of: small letters, capitals, digits, signs"),
        _("not containing the user name"),
    ]


def _is_sign(character: str) -> bool:
    return not (character.islower() or character.isupper() or character.isdigit())


def hash_password(password: str) -> str:
    """The salted hash that is kept, by the configured method."""
    return generate_password_hash(password, method=current_app.config.get("FAB_PASSWORD_HASH_METHOD", "scrypt"))


def one_time_password(username: str = "") -> str:
    """A password to hand over once; keeps the rule, even for a name of one letter, without letters that look alike."""
    while True:
        made = "".join(secrets.choice(ONE_TIME_ALPHABET) for _i in range(ONE_TIME_LENGTH))
        if not _weaknesses(made, username):
            return made


def set_password(user: User, password: str, *, must_change: bool = False, keep_sid: str = "") -> None:
    """Give an account a password and end its sessions, except ``keep_sid``.

    Raises ``Refusal`` for a weak password.
    """
    check_password(password, user.username)
    user.password = hash_password(password)
    state = state_of(user.id)
    state.must_change_password, state.password_changed_at = must_change, clock.now()
    session.flush()
    end_sessions(user.id, keep_sid)
    note("password_reset" if must_change else "password_changed", user)


# -- accounts --------------------------------------------------------------------------------------------------------


def open_account(username: str, name: str, email: str = "") -> tuple[User, str]:
    """A new account and its one-time password, which must be changed at the first sign-in.

    Raises ``Refusal`` when the name is taken in whatever case.
    """
    username = check_username(username)
    password = one_time_password(username)
    address = email.strip() or f"{username.lower()}@account.invalid"
    user = User(username=username, first_name=name, last_name="", email=address, active=True)
    session.add(user)
    session.flush()
    set_password(user, password, must_change=True)
    note("opened", user)
    return user, password


def name_of(user_id: int | None) -> str:
    """The user name of an account; nobody's name for jobs of the program itself."""
    user = session.get(User, user_id) if user_id is not None else None
    return str(user.username) if user is not None else ""


def check_username(username: str) -> str:
    """A user name as it is kept; raises ``Refusal`` for one that cannot be, or is taken in whatever case."""
    username = username.strip()
    if not username or username != "".join(username.split()) or len(username) > 64:
        raise Refusal(Problem(_("A user name has 1 to 64 characters and no spaces."), "username", "username"))
    taken = sa.select(User.id).where(sa.func.lower(User.username) == username.lower())
    if session.scalar(taken) is not None:
        raise Refusal(Problem(_("The user name “%(name)s” is taken.", name=username), "username", "unique"))
    return username


def set_active(user: User, active: bool) -> None:
    """Lock an account and end its sessions, or open it again."""
    if not active and user.id == actor.user_id():
        raise Refusal(_("You cannot lock your own account."))
    user.active = active
    session.flush()
    if not active:
        end_sessions(user.id)
    note("unlocked" if active else "locked", user)


def sign_out_everywhere(user: User) -> None:
    """End every session and token of an account."""
    end_sessions(user.id)
    note("signed_out_everywhere", user)


def state_of(user_id: int) -> AccountState:
    """The account's state row, made when first needed."""
    found = session.get(AccountState, user_id)
    if found is None:
        found = AccountState(user_id=user_id)
        session.add(found)
    return found


def set_locale(user_id: int, locale: str) -> None:
    """Remember the language a person chose."""
    state_of(user_id).locale = locale
    session.flush()


def end_sessions(user_id: int, keep_sid: str = "") -> None:
    """End the sessions of an account; a cookie or token that names one of them no longer opens anything."""
    table = AccountSession.__table__
    session.execute(sa.delete(table).where(table.c.user_id == user_id, table.c.sid != keep_sid))


def note(event: str, user: User | None = None, name: str = "", channel: str = "") -> None:
    """Write one line of the log of sign-ins."""
    entry = sa.insert(LoginEvent.__table__).values(
        at=clock.now(), event=event, user_id=user.id if user else None, name=user.username if user else name,
        channel=channel or None, address=caller(), agent=agent(), by_id=actor.user_id(),
    )
    session.execute(entry)


def agent() -> str | None:
    """What the caller says it is: browser and system, or a program."""
    return (request.user_agent.string or "")[:200] or None if has_request_context() else None


def caller() -> str | None:
    """The address a request comes from."""
    return (request.remote_addr or "")[:45] or None if has_request_context() else None
