"""The outbox as administrators see it: what waits, what left, what could not and why; never what it says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.core import clock, masking
from app.core.db import session
from app.core.errors import NotFound
from app.core.kinds import LARGEST
from app.engines.notifications.channels import sentence
from app.engines.notifications.kinds import kind_of
from app.engines.notifications.models import FAILED, IN_APP, MAIL, QUEUED, SENT, OutboxMessage
from app.engines.notifications.ways import MessageChannel
from app.engines.people.models import Employee, OrgUnit

STATES = (QUEUED, FAILED, SENT)
MANY = 1000


@dataclass(frozen=True)
class Leaving:
    """One message on its way: to whom (masked) or by which robot, in which state and why."""

    id: int
    created_at: dt.datetime
    kind: str
    place: tuple[str, int] | None
    to: str
    unit: str
    way: str
    state: str
    attempts: int
    next_at: dt.datetime | None
    sent_at: dt.datetime | None
    error: str


def leaving(
    state: str = "", channel: str = "", kind: str = "", before: int | None = None, limit: int = 50
) -> Sequence[Leaving]:
    """Messages that leave the portal, newest first; ``before`` is the id of the last one of the page before."""
    query = (
        sa.select(OutboxMessage, Employee.name, OrgUnit.name.label("unit"), MessageChannel.name.label("way"))
        .join(Employee, Employee.id == OutboxMessage.person_id)
        .join(OrgUnit, OrgUnit.id == Employee.unit_id)
        .outerjoin(MessageChannel, MessageChannel.id == OutboxMessage.robot_id)
        .where(OutboxMessage.channel != IN_APP)
    )
    asked = ((OutboxMessage.state, state), (OutboxMessage.channel, channel), (OutboxMessage.kind, kind))
    query = query.where(*(column == value for column, value in asked if value))
    if before is not None:
        query = query.where(OutboxMessage.id < before)
    return [_leaving(row) for row in session.execute(query.order_by(OutboxMessage.id.desc()).limit(limit))]


def _leaving(row: Any) -> Leaving:
    one: OutboxMessage = row[0]
    place = (one.of_register, one.record_id) if one.of_register and one.record_id is not None else None
    mail = one.channel == MAIL
    return Leaving(
        one.id, one.created_at, one.kind or kind_of(one.event), place, masking.mask("name", row.name) if mail else "",
        row.unit if mail else "", row.way or "", one.state, one.attempts, one.next_at, one.sent_at,
        sentence(one.error) if one.error else "",
    )


def counts() -> dict[str, int]:
    """How many wait and how many were given up, no further than ``MANY``."""
    return {state: _count(state) for state in (QUEUED, FAILED)}


def _count(state: str) -> int:
    some = sa.select(OutboxMessage.id).where(OutboxMessage.state == state, OutboxMessage.channel != IN_APP).limit(MANY)
    return int(session.scalar(sa.select(sa.func.count()).select_from(some.subquery())) or 0)


def retry(key: int | None = None) -> int:
    """Let one message that was given up, or all of them, leave with the next sweep; how many. Raises ``NotFound``."""
    if key is not None and not 0 < key < LARGEST:
        raise NotFound()
    given_up = [OutboxMessage.state == FAILED, OutboxMessage.channel != IN_APP]
    if key is not None:
        given_up.append(OutboxMessage.id == key)
    now = clock.now()
    again = sa.update(OutboxMessage).where(*given_up).execution_options(synchronize_session=False)
    found = session.execute(again.values(state=QUEUED, attempts=0, next_at=now, read_at=now, error=""))
    if key is not None and not found.rowcount:
        raise NotFound()
    return int(found.rowcount)
