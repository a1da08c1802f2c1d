from __future__ import annotations

import datetime as dt

import pytest
from flask_appbuilder.security.sqla.models import Role
from flask_babel import Babel

from app.core import clock
from app.core.accounts import AccountState
from app.core.db import Model, db, session
from app.core.links import AccountLink
from app.engines.notifications.sweeps import send_messages
from app.engines.notifications.ways import MessageChannel
from app.engines.people.models import Deputy, Employee, Holding
from config import ROOT
from tests.outside import PASSWORD, USER, certified, mail_server, robots
from tests.small import account, add, app, employee, unit

__all__ = ["app", "employee", "unit"]


@pytest.fixture
def tables(app) -> None:
    """What messages ask about people, beside the tables that every engine has."""
    asked = (Role, AccountState, Holding, Deputy, AccountLink)
    Model.metadata.create_all(db.engine, tables=[one.__table__ for one in asked])
    Babel(app, default_locale="zh", default_translation_directories=str(ROOT / "app" / "translations"))
    app.config["KEZHI_PUBLIC_URL"] = "https://portal.kezhi.cn"


@pytest.fixture
def outside(tmp_path, monkeypatch):
    """The certificate of the servers outside, which this process trusts."""
    known, context = certified(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(known))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return context


@pytest.fixture
def mailbox(outside):
    """A mail server with STARTTLS and a sign-in."""
    with mail_server(outside, "starttls") as box:
        yield box


@pytest.fixture
def double(outside):
    """The double of the services behind robots."""
    with robots(outside) as made:
        yield made


@pytest.fixture
def mail(tables, mailbox) -> MessageChannel:
    """The channel of that mail server, in use."""
    return add(MessageChannel(
        name="邮件", sort="mail", enabled=True, host="localhost", port=mailbox.port, guard="starttls", username=USER,
        secret=PASSWORD, sender="portal@kezhi.cn", sender_name="客制门户",
    ))


def reachable(person: Employee, name: str, locale: str | None = None) -> Employee:
    """Give a person an account with an address, and a language."""
    person.account_id = account(name)
    session.add(AccountState(user_id=person.account_id, locale=locale))
    session.commit()
    return person


def swept(at: dt.datetime) -> dict[str, int]:
    """Run the sweep as its wrapper does, one commit after each batch, the clock standing at ``at``."""
    counts: dict[str, int] = {}
    with clock.freeze(at):
        for batch in send_messages(at):
            session.commit()
            for name, count in batch.items():
                counts[name] = counts.get(name, 0) + count
    session.commit()
    return counts
