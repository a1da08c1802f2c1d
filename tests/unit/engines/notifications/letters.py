"""Letters to a reader, and what the mail server got."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.engines.notifications.models import OutboxMessage
from app.engines.notifications.operations import notify
from app.engines.people.models import Employee
from tests.unit.engines.notifications.conftest import reachable

NOON = dt.datetime(2025, 10, 31, 4, tzinfo=dt.UTC)  # 12:00 in Shanghai
NIGHT = dt.datetime(2025, 10, 31, 15, tzinfo=dt.UTC)  # 23:00
MINUTE = dt.timedelta(minutes=1)
LATE = {"zh": "“首次联系”已逾期：%(case)s", "en": "“First contact” is late: %(case)s"}


@pytest.fixture
def reader(mail, employee) -> Employee:
    return reachable(employee, "zhang")


def tell(person: Employee, event: str = "deadline.late:17", at: dt.datetime = NOON, case: str = "251031") -> None:
    with clock.freeze(at):
        notify(event, [person.id], LATE, {"case": case}, url="/complaint/1", clause="（八）8")
        session.commit()


def mails() -> list[tuple]:
    shown = sa.select(OutboxMessage.state, OutboxMessage.attempts, OutboxMessage.next_at, OutboxMessage.error)
    rows = session.execute(shown.where(OutboxMessage.channel == "mail").order_by(OutboxMessage.id)).all()
    session.rollback()
    return [tuple(row) for row in rows]
