"""One-time links by which somebody chooses his own password: the first one, or a new one for one forgotten.

Only the SHA-256 of a link is kept. Its sixteen signs out of thirty-one can be typed from paper and not be guessed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import accounts, actor, clock, logins
from app.core.db import Model, session
from app.core.errors import Refusal
from app.core.types import Key, RowId, UtcDateTime

FIRST, FORGOTTEN = "first", "forgotten"
SIGNS, LENGTH, GROUP = "23456789abcdefghjkmnpqrstuvwxyz", 16, 4


class AccountLink(Model):
    """A link that was given to an account; by mail it gets its ``digest`` only when it is sent, at ``next_at``."""

    __tablename__ = "account_link"
    __table_args__ = (CheckConstraint("purpose IN ('first', 'forgotten')", name="purpose"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(Key(10))
    digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    by_mail: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
    next_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, index=True)
    sent_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(500))
    used_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL"))


class UnknownLink(Refusal):
    """A link that was never given, or was mistyped."""

    status = 404


class SpentLink(Refusal):
    """A link that was used, has run out or was taken back."""

    status = 410


_links = AccountLink.__table__
_open = (_links.c.used_at.is_(None), _links.c.ended_at.is_(None))


def make(user: User, life: dt.timedelta, *, by_mail: bool = False) -> tuple[AccountLink, str]:
    """A first link for an account in place of those before, and its text; by mail it has none before it is sent."""
    end(user)
    now = clock.now()
    made = AccountLink(user_id=user.id, purpose=FIRST, by_mail=by_mail, made_at=now, expires_at=now + life,
                       next_at=now if by_mail else None, by_id=actor.user_id())  # fmt: skip
    session.add(made)
    text = "" if by_mail else write(made)
    session.flush()
    accounts.note("link_made", user)
    return made, text


def write(link: AccountLink) -> str:
    """A new text for a link; one that it had before opens nothing any more."""
    text = "".join(secrets.choice(SIGNS) for _i in range(LENGTH))
    link.digest = _digest(text)
    return "-".join(text[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def _digest(text: str) -> str:
    return hashlib.sha256(re.sub(r"[\s-]", "", text).lower().encode()).hexdigest()


def ask(name: str, life: dt.timedelta) -> None:
    """Ask for a mail with a link to whatever account has this name or address; says nothing of whether there is one.

    One statement, so that it takes as long for a name that does not exist. Raises ``LockedOut``.
    """
    for asked in (f"forgotten {name}", f"forgotten from {accounts.caller()}"):
        logins.count_attempt(asked)
    now, user = clock.now(), User.__table__
    named = sa.or_(sa.func.lower(user.c.username) == name.lower(), sa.func.lower(user.c.email) == name.lower())
    found = sa.select(
        user.c.id, sa.literal(FORGOTTEN), sa.true(), sa.literal(now, UtcDateTime), sa.literal(now + life, UtcDateTime),
        sa.literal(now, UtcDateTime), sa.literal(0),
    ).where(named, user.c.active)  # fmt: skip
    names = ["user_id", "purpose", "by_mail", "made_at", "expires_at", "next_at", "attempts"]
    session.execute(sa.insert(_links).from_select(names, found, include_defaults=False))


def end(user: User) -> bool:
    """Take back what an account was given and has not used; whether there was any."""
    gone = sa.update(_links).where(_links.c.user_id == user.id, *_open)
    return bool(session.execute(gone.values(ended_at=clock.now(), next_at=None)).rowcount)


def last(user_id: int) -> AccountLink | None:
    """The newest first link of an account, whatever became of it."""
    query = sa.select(AccountLink).where(AccountLink.user_id == user_id, AccountLink.purpose == FIRST)
    return session.scalar(query.order_by(AccountLink.id.desc()).limit(1))


def is_open(link: AccountLink | None) -> bool:
    """Whether a link still lets somebody in."""
    return link is not None and not link.used_at and not link.ended_at and link.expires_at > clock.now()


def find(text: str, *, lock: bool = False) -> tuple[AccountLink, User]:
    """The open link of a text, and whose it is. Raises ``UnknownLink``, ``SpentLink`` and ``LockedOut``."""
    guesser = f"link from {accounts.caller()}"
    logins.refuse_locked(guesser)
    query = sa.select(AccountLink, User).join(User, User.id == AccountLink.user_id)
    query = query.where(AccountLink.digest == _digest(text))
    found = session.execute(query.with_for_update(of=AccountLink) if lock else query).one_or_none()
    if found is None:
        logins.count_attempt(guesser)
        raise UnknownLink(_("There is no such link. Copy or type the whole address once more."))
    link, user = found
    if why := _spent(link, user):
        raise SpentLink(why)
    return link, user


def _spent(link: AccountLink, user: User) -> str:
    if link.used_at:
        return _("This link has been used already. Sign in with the password that was chosen, or ask for a new link.")
    if link.ended_at or not user.active:
        return _("This link was taken back. Ask your administrator for a new one.")
    if link.expires_at <= clock.now():
        until = clock.to_local(link.expires_at).strftime("%Y-%m-%d %H:%M")
        return _("This link was good until %(until)s. Ask for a new one.", until=until)
    return ""


def redeem(text: str, password: str) -> logins.SignedIn:
    """Give the account the password that its person has chosen, and start a session; commits.

    The link opens nothing afterwards, nor does any other that the account was given. Raises what ``find`` raises,
    and ``Refusal`` for a weak password, after which the link is as good as before.
    """
    link, user = find(text, lock=True)
    accounts.check_password(password, user.username)
    link.used_at, link.next_at = clock.now(), None
    session.flush()
    end(user)
    accounts.set_password(user, password)
    logins.forgive(user.username)
    accounts.note("link_used", user)
    return logins.start(user, logins.BROWSER)


def tidy(before: dt.datetime) -> int:
    """Delete links that ended before a moment; how many."""
    return int(session.execute(sa.delete(_links).where(_links.c.expires_at < before)).rowcount)
