"""First links for people, by mail or to hand over; and the mails that carry links, written when they are sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext as _

from app.core import accounts, clock, links
from app.core.accounts import AccountState
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.links import AccountLink
from app.engines.notifications import letters, mail, postman, settings
from app.engines.notifications.calc import next_attempt
from app.engines.notifications.channels import CannotSend
from app.engines.notifications.models import MAIL
from app.engines.notifications.open_ways import Ways
from app.engines.notifications.settings import Settings
from app.engines.notifications.ways import MessageChannel
from app.engines.people import operations as people
from app.engines.people.models import Employee
from app.engines.sweeps.registry import on_trial

LEASE = dt.timedelta(minutes=5)
LANGUAGE = "zh"


class Invitation(NamedTuple):
    """What somebody was given: a way into the portal, or nothing when it goes by mail to ``address``."""

    person: Employee
    username: str
    path: str
    address: str
    until: dt.datetime


def mail_in_use() -> bool:
    """Whether the portal sends mails at all."""
    way = sa.select(MessageChannel.id).where(MessageChannel.sort == MAIL, MessageChannel.enabled)
    return session.scalar(way.limit(1)) is not None


def invite(person: Employee, *, by_mail: bool = False) -> Invitation:
    """A new link for a person with an account, in place of the one before; raises ``Refusal`` and ``Forbidden``."""
    user = _user_of(person)
    if by_mail and not (mail_in_use() and mail.reaches(user.email)):
        raise Refusal(Problem(_("No mail reaches %(name)s: there is no address, or no mail server in use.",
                                name=person.name), "email", "email"))  # fmt: skip
    link, text = links.make(user, settings.current().link_life, by_mail=by_mail)
    return Invitation(person, user.username, f"/join/{text}" if text else "", user.email if by_mail else "",
                      link.expires_at)  # fmt: skip


def invite_as_fits(person: Employee) -> Invitation:
    """By mail whoever a mail reaches, others to hand over."""
    user = _user_of(person)
    return invite(person, by_mail=mail_in_use() and mail.reaches(user.email))


def take_back(person: Employee) -> None:
    """Let what a person was given open nothing any more; raises ``Refusal`` when there is nothing."""
    user = _user_of(person)
    if not links.end(user):
        raise Refusal(_("No link of this person is open."))
    accounts.note("link_revoked", user)


def _user_of(person: Employee) -> User:
    if person.account_id is None:
        raise Refusal(_("This person has no account."))
    people.may_keep(person)
    return session.get_one(User, person.account_id)


# -- sending -----------------------------------------------------------------------------------------------------------


def send_links(at: dt.datetime, setting: Settings, ways: Ways) -> Iterator[dict[str, int]]:
    """Write and send the links that wait for a mail; each is leased and committed before it leaves."""
    if ways.mail is None:
        return
    while (link := _next(at)) is not None:
        user = session.get_one(User, link.user_id)
        if not mail.reaches(user.email) or _overtaken(link):
            link.ended_at, link.next_at = clock.now(), None
            yield {"skipped": 1}
            continue
        link.next_at, link.attempts = max(at, clock.now()) + LEASE, link.attempts + 1
        letter, to, key = _letter(link, user), user.email, link.id
        session.flush()
        yield {"hit": 1}  # committed here: nothing of the database is held while the server is waited for
        if not on_trial():
            yield {_settle(key, postman.sent_alone(ways, MAIL, to, letter), setting): 1}


def _next(at: dt.datetime) -> AccountLink | None:
    waits = (AccountLink.next_at <= at, AccountLink.sent_at.is_(None), AccountLink.ended_at.is_(None))
    query = sa.select(AccountLink).where(*waits, AccountLink.expires_at > at).order_by(AccountLink.id).limit(1)
    return session.scalar(query.with_for_update(skip_locked=True))


def _overtaken(link: AccountLink) -> bool:
    """Of several that were asked for at once the last goes."""
    later = sa.select(AccountLink.id).where(
        AccountLink.user_id == link.user_id, AccountLink.id > link.id, AccountLink.purpose == link.purpose,
        AccountLink.ended_at.is_(None),
    )
    return session.scalar(later.limit(1)) is not None


def _letter(link: AccountLink, user: User) -> letters.Letter:
    name = people.names_of_accounts([user.id]).get(user.id, user.username)
    chosen = session.scalar(sa.select(AccountState.locale).where(AccountState.user_id == user.id))
    first = link.purpose == links.FIRST
    return letters.link(chosen or LANGUAGE, name, user.username, f"/join/{links.write(link)}", link.expires_at, first)


def _settle(key: int, failed: CannotSend | None, setting: Settings) -> str:
    link = session.get_one(AccountLink, key, with_for_update=True)
    if failed is None:
        link.sent_at, link.next_at, link.error = clock.now(), None, None
        return "sent"
    again = None if failed.for_good else next_attempt(link.attempts, clock.now(), setting.attempts, setting.wait)
    link.next_at, link.error = again, failed.kept[:500]
    return "failed" if again else "given_up"
