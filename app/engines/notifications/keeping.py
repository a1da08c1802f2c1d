"""What was told and who signed in is kept for so many days; the audit trail and receipts of announcements for ever."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from app.core import links
from app.core.accounts import LoginEvent
from app.core.db import session
from app.engines.notifications.models import QUEUED, OutboxMessage
from app.engines.notifications.settings import Settings

BATCH = 5000
LINKS = dt.timedelta(days=30)
RECEIPTS = "announcement:%"


def forget(at: dt.datetime, setting: Settings) -> Iterator[dict[str, int]]:
    """Delete what has been kept long enough, some thousands at a time; run again it finds nothing more."""
    box, log = OutboxMessage.__table__, LoginEvent.__table__
    told = (box.c.created_at < at - setting.keep, box.c.state != QUEUED, box.c.event.not_like(RECEIPTS))
    for table, old in ((box, told), (log, (log.c.at < at - setting.keep_log,))):
        while number := _deleted(table, *old):
            yield {"hit": number}
    if number := links.tidy(at - LINKS):
        yield {"hit": number}


def _deleted(table: sa.Table, *old: Any) -> int:
    """Delete the oldest of these rows, by one statement."""
    oldest = sa.select(table.c.id).where(*old).order_by(table.c.id).limit(BATCH)
    gone = sa.delete(table).where(table.c.id.in_(oldest)).execution_options(synchronize_session=False)
    return int(session.execute(gone).rowcount)
