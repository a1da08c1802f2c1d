"""Trying a way out: an administrator asks for a test message, the next sweep sends it and keeps the answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.engines.notifications import letters, postman
from app.engines.notifications.channels import CannotSend
from app.engines.notifications.models import FAILED, MAIL, SENT
from app.engines.notifications.open_ways import Group, Ways, robot_of, server_of
from app.engines.notifications.settings import Settings
from app.engines.notifications.ways import WAITING, MessageChannel
from app.engines.sweeps.registry import on_trial

TRYING = "trying"
PATIENCE = dt.timedelta(minutes=10)


def ask(way: MessageChannel, to: str, language: str) -> None:
    """Ask for a test message; a mail goes to the address ``to``. The caller commits."""
    way.tried_state, way.tried_at, way.tried_to, way.answer = WAITING, clock.now(), to, None
    if way.sort == MAIL:
        way.language = language
    session.flush()


def try_out(setting: Settings) -> Iterator[dict[str, int]]:
    """Send the test messages that were asked for, each once."""
    while (way := _next()) is not None:
        way.tried_state = TRYING
        session.flush()
        key, to, going = way.id, way.tried_to or "", _round(way, setting)
        channel = MAIL if way.sort == MAIL else f"trial-{key}"
        letter = letters.trial(way.language or "zh", way.name)
        yield {"hit": 1}
        if on_trial():
            continue
        failed = _tried(going, channel, to, letter)
        way = session.get_one(MessageChannel, key, with_for_update=True)
        way.tried_state, way.tried_at = FAILED if failed else SENT, clock.now()
        way.answer = failed.kept if failed else ""
        session.flush()
        yield {"failed" if failed else "sent": 1}


def _next() -> MessageChannel | None:
    query = sa.select(MessageChannel).where(MessageChannel.tried_state == WAITING).order_by(MessageChannel.id).limit(1)
    return session.scalar(query.with_for_update(skip_locked=True))


def _round(way: MessageChannel, setting: Settings) -> postman.Round:
    """A round with this way alone, in use or not."""
    if way.sort == MAIL:
        return postman.Round(Ways(server_of(way, setting.timeout_seconds)))
    group = Group(way.id, robot_of(way, setting.timeout_seconds), way.language or "zh", (), frozenset(), frozenset())
    return postman.Round(Ways(None, {f"trial-{way.id}": group}))


def _tried(going: postman.Round, channel: str, to: str, letter: letters.Letter) -> CannotSend | None:
    try:
        going.send(channel, to, letter)
    except CannotSend as error:
        return error
    except Exception as error:  # noqa: BLE001 - the administrator sees whatever it was
        return CannotSend("broken", type(error).__name__)
    finally:
        going.close()
    return None
