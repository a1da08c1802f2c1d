"""Delivery: what is queued and due leaves after its transaction has been committed."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import sqlalchemy as sa
import structlog

from app.core import barring
from app.core.db import session
from app.engines.notifications.calc import next_attempt
from app.engines.notifications.channels import senders
from app.engines.notifications.models import FAILED, QUEUED, SENT, OutboxMessage

BATCH = 200
log = structlog.get_logger(__name__)


def deliver(at: dt.datetime) -> dict[str, int]:
    """Send up to a batch of due messages; counts of sent, failed and given up.

    A message is marked in the transaction that sends it: a crash in between sends it a second time, never not at all.
    """
    due = sa.select(OutboxMessage).where(
        OutboxMessage.state == QUEUED, OutboxMessage.next_at <= at, OutboxMessage.channel.in_(list(senders()))
    )
    batch = session.scalars(due.order_by(OutboxMessage.next_at).limit(BATCH).with_for_update(skip_locked=True)).all()
    counts = Counter(_send(message, at) for message in batch)
    session.flush()
    return dict(counts)


def _kept(message: OutboxMessage) -> bool:
    """Whether the row that a message is about was kept from its reader since."""
    if message.of_register is None or message.record_id is None:
        return False
    return message.person_id in barring.people_kept_from(message.of_register, message.record_id)


def _send(message: OutboxMessage, at: dt.datetime) -> str:
    message.attempts += 1
    if _kept(message):
        message.state, message.next_at, message.error = FAILED, None, "kept"
        return "given_up"
    try:
        senders()[message.channel](message)
    except Exception as error:  # noqa: BLE001 - whatever a channel raises, the other messages go out
        log.warning("notification.failed", message=message.id, channel=message.channel, error=type(error).__name__)
        message.error, message.next_at = str(error)[:500], next_attempt(message.attempts, at)
        message.state = QUEUED if message.next_at else FAILED
        return "failed" if message.next_at else "given_up"
    message.state, message.next_at, message.error = SENT, None, ""
    return "sent"
