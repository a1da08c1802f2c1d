"""Setting up ways out of the portal: what a mail server and a robot need before they may be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import clock
from app.core.db import session
from app.core.errors import NotFound, Problem, Refusal
from app.core.kinds import LARGEST
from app.core.register import register_of
from app.engines.notifications import mail, trying
from app.engines.notifications.models import MAIL
from app.engines.notifications.ways import DINGTALK, FEISHU, PLAIN, WAITING, WECOM, MessageChannel

MAIL_NEEDS = ("host", "port", "guard", "sender")


def ways() -> list[MessageChannel]:
    """Every way out, the mail server first."""
    by_sort = sa.case((MessageChannel.sort == MAIL, 0), else_=1)
    return list(session.scalars(sa.select(MessageChannel).order_by(by_sort, MessageChannel.id)))


def find(key: int) -> MessageChannel:
    """One way out; raises ``NotFound``."""
    way = session.get(MessageChannel, key, with_for_update=True) if 0 < key < LARGEST else None
    if way is None:
        raise NotFound()
    return way


def keep(way: MessageChannel, given: Mapping[str, Any]) -> None:
    """Keep a new or changed way out; raises ``Refusal``. The caller commits.

    Without a new secret the kept one stays; a robot's new address takes the key that was given with it, or none.
    """
    asked = dict(given)
    secret, hook = (str(asked.pop(name, "") or "").strip() for name in ("secret", "hook"))
    with session.no_autoflush:
        Refusal.when(_unfit(way, asked, secret, hook))
    for name, value in asked.items():
        setattr(way, name, value)
    if hook:
        way.hook, way.secret = hook, secret or None
    elif secret:
        way.secret = secret
    session.add(way)
    session.flush()


def _unfit(way: MessageChannel, asked: Mapping[str, Any], secret: str, hook: str) -> Iterator[Problem]:
    if not asked.get("name"):
        yield _needed("name")
    if way.sort == MAIL:
        yield from _unfit_mail(way, asked, secret)
    elif hook:
        yield from _unfit_hook(way.sort, hook)
    elif not way.hook:
        yield Problem(_("The address of the robot is needed."), "hook", "required")


def _unfit_mail(way: MessageChannel, asked: Mapping[str, Any], secret: str) -> Iterator[Problem]:
    yield from (_needed(name) for name in MAIL_NEEDS if not asked.get(name))
    if (sender := asked.get("sender")) and not mail.reaches(sender):
        yield Problem(_("“%(text)s” is no e-mail address.", text=sender), "sender", "email")
    if asked.get("username") and asked.get("guard") == PLAIN:
        yield Problem(_("A password goes only over an encrypted connection."), "guard", "encrypted")
    if asked.get("username") and not (secret or way.secret):
        yield Problem(_("The password is needed to sign in."), "secret", "required")
    other = sa.select(MessageChannel.id).where(MessageChannel.sort == MAIL, MessageChannel.id != (way.id or 0))
    if session.scalar(other.limit(1)):
        yield Problem(_("There is a mail server already; change that one."), "host", "once")


def _unfit_hook(sort: str, hook: str) -> Iterator[Problem]:
    try:
        parts = urlsplit(hook)
        known, port = parse_qs(parts.query), parts.port
    except ValueError:
        yield Problem(_("The address of the robot cannot be read."), "hook", "address")
        return
    fits = {
        WECOM: bool(known.get("key")), DINGTALK: bool(known.get("access_token")),
        FEISHU: "/hook/" in parts.path and bool(parts.path.rsplit("/", 1)[-1]),
    }
    odd = parts.scheme != "https" or not parts.hostname or parts.username is not None or port == 0 or parts.fragment
    if odd or not fits[sort]:
        said = _("Copy the whole address that the group shows for its robot: https://… with its key.")
        yield Problem(said, "hook", "address")


def _needed(name: str) -> Problem:
    label = register_of(MessageChannel).fields[name].label
    return Problem(_("“%(field)s” is needed.", field=label), name, "required")


def switch(way: MessageChannel, on: bool) -> None:
    """Use a way out, or stop using it; raises ``Refusal`` for a robot that would carry nothing."""
    if on and way.sort != MAIL and not (way.unit_ids or way.roles):
        raise Refusal(Problem(_("Say first whose messages the robot carries."), "unit_ids", "required"))
    way.enabled = on
    session.flush()


def try_out(way: MessageChannel, to: str, language: str) -> None:
    """Ask for a test message; a mail needs the address that it goes to."""
    to = to.strip()
    if way.sort == MAIL and not mail.reaches(to):
        raise Refusal(Problem(_("“%(text)s” is no e-mail address.", text=to[:80]), "to", "email"))
    trying.ask(way, to if way.sort == MAIL else "", language)


def waits(way: MessageChannel) -> bool:
    """Whether a test message was asked for just now and is not answered yet."""
    asked = way.tried_at is not None and clock.now() - way.tried_at < trying.PATIENCE
    return asked and way.tried_state in (WAITING, trying.TRYING)
