"""The ways out that are in use, as they are needed away from the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.core.db import session
from app.engines.notifications.mail import MailServer
from app.engines.notifications.models import MAIL, ROBOT
from app.engines.notifications.robots import Robot
from app.engines.notifications.ways import STARTTLS, MessageChannel
from app.engines.people.models import OrgUnit


@dataclass(frozen=True)
class Group:
    """A robot with whose messages, and which, it carries."""

    id: int
    robot: Robot
    language: str
    paths: tuple[str, ...]
    roles: frozenset[str]
    kinds: frozenset[str]

    @property
    def channel(self) -> str:
        """The channel of its messages."""
        return f"{ROBOT}:{self.id}"

    def carries(self, kind: str, path: str, roles: Iterable[str]) -> bool:
        """Whether it carries a kind of message to a person of a unit with these roles."""
        if self.kinds and kind not in self.kinds:
            return False
        return any(path.startswith(above) for above in self.paths) or not self.roles.isdisjoint(roles)


@dataclass(frozen=True)
class Ways:
    """The mail server, if there is one, and the groups by channel."""

    mail: MailServer | None = None
    groups: Mapping[str, Group] = field(default_factory=dict)

    @property
    def channels(self) -> list[str]:
        """The channels that are open."""
        return [*([MAIL] if self.mail else []), *self.groups]


def open_ways(timeout: float) -> Ways:
    """What is in use; nobody is asked for longer than ``timeout`` seconds."""
    rows = session.scalars(sa.select(MessageChannel).where(MessageChannel.enabled).order_by(MessageChannel.id)).all()
    server = next((server_of(row, timeout) for row in rows if row.sort == MAIL), None)
    groups = [_group(row, timeout) for row in rows if row.sort != MAIL]
    return Ways(server, {group.channel: group for group in groups})


def server_of(row: MessageChannel, timeout: float) -> MailServer:
    """The mail server of a row."""
    return MailServer(
        row.host or "", row.port or 0, row.guard or STARTTLS, row.username or "", row.secret or "", row.sender or "",
        row.sender_name or "", timeout,
    )


def robot_of(row: MessageChannel, timeout: float) -> Robot:
    """The robot of a row."""
    return Robot(row.sort, row.hook or "", row.secret or "", timeout)


def _group(row: MessageChannel, timeout: float) -> Group:
    paths = session.scalars(sa.select(OrgUnit.path).where(OrgUnit.id.in_(row.unit_ids or []))).all()
    return Group(
        row.id, robot_of(row, timeout), row.language or "zh", tuple(paths), frozenset(row.roles or ()),
        frozenset(row.kinds or ()),
    )
