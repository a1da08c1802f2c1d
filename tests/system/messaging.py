"""What tests of messages share: the company without messages, and how something is told."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.core import clock
from app.core.db import session
from app.engines.notifications.announcement import Announcement
from app.engines.notifications.models import MessageHours, MessageWish, OutboxMessage
from app.engines.notifications.operations import notify
from app.engines.notifications.ways import MessageChannel
from app.engines.people.models import Employee
from app.engines.sweeps import operations as sweeps
from tests.portal import enter, row_id

LATE = {"zh": "%(case)s 已逾期", "en": "%(case)s is late"}


@pytest.fixture(scope="module")
def portal(company):
    with company.app_context():
        for name in ("amy", "bob"):
            session.scalars(sa.select(User).filter_by(username=name)).one().email = f"{name}@kezhi.cn"
        session.commit()
        sweeps.sync()
        session.remove()
    return company


@pytest.fixture
def clean(portal):
    """No message and no way out of an earlier test."""
    with portal.app_context():
        for model in (OutboxMessage, MessageWish, MessageHours, MessageChannel, Announcement):
            session.connection().execute(sa.delete(model.__table__))
        session.commit()
    return portal


def text(answer):
    return answer.get_data(as_text=True)


def shown(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return text(answer)


def sweep(portal):
    with portal.app_context():
        outcome = sweeps.run("messages.send", clock.now())
        session.remove()
    assert outcome.error is None
    return outcome.counts


def tell(portal, *numbers, event="deadline.late:1"):
    with portal.app_context():
        told = [row_id(Employee, number=number) for number in numbers]
        notify(event, told, LATE, {"case": "251031"}, url="/profile/")
        session.commit()


def english(portal, name):
    client = enter(portal, name)
    client.get("/lang/en")
    return client


def only_way(portal):
    with portal.app_context():
        return row_id(MessageChannel)
