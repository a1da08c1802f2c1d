"""Whom messages are for: address, language, hours and wishes of many people at once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.core import clock
from app.core.accounts import AccountState
from app.core.db import session
from app.engines.notifications import mail
from app.engines.notifications.calc import Habit
from app.engines.notifications.models import MessageHours, MessageWish, OutboxMessage
from app.engines.notifications.settings import Settings, habit
from app.engines.people.models import Employee, Holding, OrgUnit

LANGUAGE = "zh"


@dataclass(frozen=True)
class Reader:
    """A person as messages see him; ``address`` is empty without one, or while the account is closed."""

    id: int
    name: str
    path: str
    address: str
    language: str
    habit: Habit
    wishes: Mapping[tuple[str, str], str]

    def mode(self, setting: Settings, kind: str, channel: str) -> str:
        """How a kind of message goes to the person by a channel."""
        return self.wishes.get((kind, channel)) or setting.mode(kind, channel)


def readers(people: Collection[int], setting: Settings) -> dict[int, Reader]:
    """The people of these ids who still work here."""
    wishes = _wishes(people)
    query = (
        sa.select(
            Employee.id, Employee.name, OrgUnit.path, User.email, User.active, AccountState.locale,
            MessageHours.digest_at, MessageHours.quiet_from, MessageHours.quiet_to,
        )
        .join(OrgUnit, OrgUnit.id == Employee.unit_id)
        .outerjoin(User, User.id == Employee.account_id)
        .outerjoin(AccountState, AccountState.user_id == User.id)
        .outerjoin(MessageHours, MessageHours.employee_id == Employee.id)
        .where(Employee.id.in_(people), Employee.active)
    )
    return {row.id: _reader(row, setting, wishes[row.id]) for row in session.execute(query)}


def _reader(row: Any, setting: Settings, wishes: Mapping[tuple[str, str], str]) -> Reader:
    address = str(row.email) if row.active and mail.reaches(row.email) else ""
    own = row.quiet_from is not None
    hours = habit(
        row.digest_at or setting.digest_at, row.quiet_from if own else setting.quiet_from,
        row.quiet_to if own else setting.quiet_to,
    )
    return Reader(row.id, row.name, row.path, address, row.locale or LANGUAGE, hours, wishes)


def _wishes(people: Collection[int]) -> dict[int, dict[tuple[str, str], str]]:
    found: dict[int, dict[tuple[str, str], str]] = defaultdict(dict)
    for wish in session.scalars(sa.select(MessageWish).where(MessageWish.employee_id.in_(people))):
        found[wish.employee_id][wish.kind, wish.channel] = wish.mode
    return found


def roles_of(people: Collection[int]) -> dict[int, set[str]]:
    """The roles that people hold today."""
    held: dict[int, set[str]] = defaultdict(set)
    query = sa.select(Holding.owner_id, Holding.role).where(
        Holding.owner_id.in_(people), Holding.holds_on(clock.today())
    )
    for person, role in session.execute(query):
        held[person].add(role)
    return held


def last_left(
    channels: Iterable[str], people: Collection[int], since: dt.datetime
) -> dict[tuple[str, int], dt.datetime]:
    """When something last left by each channel for each of the people, as far as that was later than ``since``."""
    left = OutboxMessage
    query = sa.select(left.channel, left.person_id, sa.func.max(left.sent_at)).where(
        left.channel.in_(list(channels)), left.person_id.in_(people), left.sent_at > since
    )
    rows = session.execute(query.group_by(left.channel, left.person_id))
    return {(channel, person): at for channel, person, at in rows}


def last_posted(channels: Iterable[str], since: dt.datetime) -> dict[str, dt.datetime]:
    """When something last left by each robot, as far as that was later than ``since``."""
    left = OutboxMessage
    query = sa.select(left.channel, sa.func.max(left.sent_at)).where(
        left.channel.in_(list(channels)), left.sent_at > since
    )
    return {row[0]: row[1] for row in session.execute(query.group_by(left.channel))}
