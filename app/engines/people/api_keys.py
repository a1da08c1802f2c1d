"""API keys: what a program signs in with, never more than its account may do; stored as a hash, shown once."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask import g
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import access, accounts, clock, fields, logins, program_keys
from app.core.access import Access
from app.core.accounts import AccountState
from app.core.db import session
from app.core.errors import Forbidden, NotFound, Problem, Refusal
from app.core.logins import SignedIn
from app.core.program_keys import EVERY, START, ProgramKey, WrongKey
from app.core.register import Record, Register, Section, registers
from app.core.words import forbidden
from app.engines.people import catalogue

SCOPES = ("read", "write", "move", "import", "export")
MOST = 20
SEEN_EVERY = dt.timedelta(minutes=10)
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class AccountKey(Record):
    """A key of an account (接口密钥); only its hash is kept, and what happens to it stands in the audit trail."""

    name: Mapped[str] = fields.text(_l("Name"), 60, computed=True)
    account_id: Mapped[int] = fields.ref(_l("Account"), "account", ondelete="CASCADE", computed=True)
    ident: Mapped[str] = fields.text(_l("Begins with"), 12, unique=True, computed=True)
    digest: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[dict[str, list[str]]] = fields.json(_l("Scopes"))
    expires_on: Mapped[dt.date | None] = fields.date(_l("Last day"), computed=True)
    last_used_at: Mapped[dt.datetime | None] = fields.datetime(_l("Last used"), computed=True)
    last_used_from: Mapped[str | None] = fields.text(_l("Last used from"), 45, computed=True)
    revoked_at: Mapped[dt.datetime | None] = fields.datetime(_l("Revoked"), computed=True)

    register = Register(
        area="platform", label=_l("API key"), title="name", icon="key",
        list=("name", "account_id", "ident", "expires_on", "last_used_at", "last_used_from", "revoked_at"),
        search=("name",), filters=("account_id", "expires_on", "revoked_at"), actions=frozenset(),
        permissions=("write",),
        sections=(
            Section(_l("Key"), ("name", "account_id", "ident", "expires_on", "revoked_at")),
            Section(_l("Use"), ("last_used_at", "last_used_from")),
        ),
        internal=("scopes",),
    )

    @property
    def over(self) -> str:
        """Why the key opens nothing any more: ``revoked``, ``expired`` or empty."""
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_on and self.expires_on < clock.today() else ""


# -- making and ending -------------------------------------------------------------------------------------------------


def issue(name: str, scopes: Mapping[str, Sequence[str]], expires_on: dt.date | None = None) -> tuple[AccountKey, str]:
    """A key of whoever acts, and its text, which is shown once.

    Raises ``Refusal`` for what does not fit and for what the account may not do itself.
    """
    account, person = g.account.user, access.current()
    wanted = {slug: _with_more(given) for slug, given in scopes.items() if given}
    Refusal.when([*_unfit(account.id, name.strip(), expires_on), *_beyond(person, scopes, wanted)])
    ident, secret = "".join(secrets.choice(_ALPHABET) for _i in range(8)), secrets.token_urlsafe(32)
    made = AccountKey(
        name=name.strip(), account_id=account.id, ident=ident, digest=_digest(secret), scopes=wanted,
        expires_on=expires_on,
    )  # fmt: skip
    session.add(made)
    session.flush()
    accounts.note("key_made", account)
    return made, f"{START}{ident}_{secret}"


def _with_more(given: Sequence[str]) -> list[str]:
    """The acts in order; every one of them reads too, and an import writes."""
    wanted = {*given, "read", *(["write"] if "import" in given else [])}
    return [act for act in SCOPES if act in wanted]


def _unfit(account_id: int, name: str, expires_on: dt.date | None) -> Iterator[Problem]:
    if not name or len(name) > 60:
        text = _("A key has a name of 1 to 60 characters, such as the program that uses it.")
        yield Problem(text, "name", "required")
    if expires_on and expires_on < clock.today():
        yield Problem(_("The last day lies in the past."), "expires_on", "period")
    live = [key for key in of_account(account_id) if not key.over]
    if any(key.name == name for key in live):
        yield Problem(_("You have a key of this name already."), "name", "unique")
    if len(live) >= MOST:
        yield Problem(_("An account has at most %(most)s keys; please revoke one first.", most=MOST), "name", "limit")


def _beyond(person: Access, given: Mapping[str, Sequence[str]], wanted: Mapping[str, list[str]]) -> Iterator[Problem]:
    if not wanted:
        yield Problem(_("Please choose what the key may do."), "scope", "required")
    if wanted.get(EVERY, ["read"]) != ["read"]:
        yield Problem(_("For all registers together a key may only read."), "scope", "choice")
    for slug, acts in wanted.items():
        known = slug == EVERY or slug in registers()
        if not known or set(given[slug]) - set(SCOPES):
            pair = f"{slug[:60]} {' '.join(given[slug])[:60]}"
            yield Problem(_("No register offers “%(pair)s”.", pair=pair), "scope", "choice")
        elif slug != EVERY and (lacking := [act for act in acts if not person.can(slug, act)]):
            yield Problem(forbidden(slug, lacking[0]), "scope", "beyond")


def revoke(key: AccountKey) -> None:
    """End a key at once; one's own, or anybody's for whoever may write keys."""
    person = access.current()
    if key.account_id != person.user_id and not person.can("account_key", "write"):
        raise Forbidden(_("You may revoke your own keys."))
    if key.revoked_at is None:
        key.revoked_at = clock.now()
        session.flush()
        accounts.note("key_revoked", session.get(User, key.account_id))


def find(key_id: int) -> AccountKey:
    """One's own key, or any for whoever may write keys; raises ``NotFound``."""
    found, person = session.get(AccountKey, key_id), access.current()
    if found is None or (found.account_id != person.user_id and not person.can("account_key", "write")):
        raise NotFound()
    return found


def of_account(account_id: int) -> Sequence[AccountKey]:
    """The keys of an account, the latest first."""
    mine = sa.select(AccountKey).where(AccountKey.account_id == account_id)
    return session.scalars(mine.order_by(AccountKey.id.desc())).all()


def choices(person: Access) -> dict[str, list[str]]:
    """What a person may give a key: by register the acts that he himself may do."""
    found = {}
    for slug in registers():
        offered = catalogue.offered(slug, registers()) if not registers()[slug].detail_of else ()
        if acts := [act for act in SCOPES if act in offered and person.can(slug, act)]:
            found[slug] = acts
    return found


# -- signing in --------------------------------------------------------------------------------------------------------


def read(text: str) -> ProgramKey:
    """The key that a request brings; raises ``WrongKey`` and, after too many tries, ``LockedOut``.

    A wrong secret counts as an attempt against the key, an unknown key against the address it comes from.
    """
    ident, _line, secret = text[len(START) :].partition("_")
    row = _row(ident)
    right = hmac.compare_digest(_digest(secret), row.digest if row else "0" * 64)
    session.rollback()  # what follows may have to write, also in a request that only reads
    guard = f"api key {ident}" if row else f"api key from {accounts.caller()}"
    if row is not None and right:
        logins.refuse_locked(guard)
        return _let_in(row)
    logins.count_attempt(guard)
    accounts.note("key_refused", name=f"{START}{ident[:8]}…", channel=logins.PROGRAM)
    session.commit()
    raise WrongKey(_("This API key is not known."))


def _row(ident: str) -> Any:
    key = AccountKey.__table__.c
    query = sa.select(
        key.id, key.name, key.digest, key.scopes, key.expires_on, key.revoked_at, key.last_used_at, key.account_id,
        User.active, AccountState.must_change_password, AccountState.locale, AccountState.seen_at,
    ).join(User, User.id == key.account_id).outerjoin(AccountState, AccountState.user_id == User.id)  # fmt: skip
    return session.execute(query.where(key.ident == ident[:12])).one_or_none()


def _let_in(row: Any) -> ProgramKey:
    if row.revoked_at is not None:
        raise WrongKey(_("This API key has been revoked."))
    if row.expires_on is not None and row.expires_on < clock.today():
        raise WrongKey(_("This API key ended on %(day)s.", day=row.expires_on.isoformat()))
    if not row.active:
        raise WrongKey(_("The account of this API key is locked."))
    if row.last_used_at is None or row.last_used_at < clock.now() - SEEN_EVERY:
        _note_use(row.id)
    user = session.get_one(User, row.account_id)
    g.account = SignedIn(user, "", bool(row.must_change_password), row.locale, row.seen_at)
    scopes = {slug: frozenset(acts) for slug, acts in row.scopes.items()}
    return ProgramKey(row.id, row.name, row.account_id, scopes)


def _note_use(key_id: int) -> None:
    """When and from where a key was used, noted once in a while; no change of the key, so not in its history."""
    table = AccountKey.__table__
    now = {"last_used_at": clock.now(), "last_used_from": accounts.caller(), "changed_at": table.c.changed_at,
           "changed_by_id": table.c.changed_by_id}  # fmt: skip
    session.connection().execute(sa.update(table).where(table.c.id == key_id).values(now))
    session.commit()


def _digest(secret: str) -> str:
    """The secret has 256 random bits, so a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


program_keys.set_reader(read)
