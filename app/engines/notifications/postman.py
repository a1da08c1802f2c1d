"""The round of the postman: sends what was claimed, with no word to the database."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from smtplib import SMTP
from typing import Any

from app.engines.notifications import mail, robots
from app.engines.notifications.channels import CannotSend
from app.engines.notifications.letters import Letter
from app.engines.notifications.mail import MailServer
from app.engines.notifications.open_ways import Ways


class Round:
    """Sends by mail over one connection, opened when first needed and anew after a failure.

    A server that cannot be reached is not tried again in the same round, nor is a robot that did not answer.
    """

    def __init__(self, ways: Ways) -> None:
        self.ways, self.down = ways, dict[str, CannotSend]()
        self.line: SMTP | None = None
        self.open = ExitStack()

    def send(self, channel: str, to: str, letter: Letter) -> None:
        """Send one letter; raises ``CannotSend``."""
        if channel in self.down:
            raise self.down[channel]
        try:
            if channel in self.ways.groups:
                robots.send(self.ways.groups[channel].robot, letter)
            elif self.ways.mail is not None:
                self._mail(self.ways.mail, to, letter)
        except CannotSend as error:
            if error.reason in ("connect", "sign_in", "setting"):
                self.down[channel] = error
            raise

    def _mail(self, server: MailServer, to: str, letter: Letter) -> None:
        if self.line is None:
            self.line = self.open.enter_context(mail.connected(server))
        try:
            mail.send(self.line, server, to, letter)
        except CannotSend:
            self.close()
            raise

    def close(self) -> None:
        """End the connection."""
        self.open.close()
        self.line = None


def carry(posts: Iterable[Any], ways: Ways) -> None:
    """Send each post that has a letter and note on it why it could not leave."""
    going = Round(ways)
    try:
        for post in posts:
            if post.letter is not None and post.failed is None:
                post.failed = _sent(going, post)
    finally:
        going.close()


def _sent(going: Round, post: Any) -> CannotSend | None:
    try:
        going.send(post.channel, post.to, post.letter)
    except CannotSend as error:
        return error
    except Exception as error:  # noqa: BLE001 - whatever a way out raises, the other messages leave
        return CannotSend("broken", type(error).__name__)
    return None


def sent_alone(ways: Ways, channel: str, to: str, letter: Letter) -> CannotSend | None:
    """Send one letter over a connection of its own; why it could not leave."""
    going = Round(ways)
    try:
        going.send(channel, to, letter)
    except CannotSend as error:
        return error
    except Exception as error:  # noqa: BLE001 - whoever asked is told whatever it was
        return CannotSend("broken", type(error).__name__)
    finally:
        going.close()
    return None
