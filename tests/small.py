"""A small application for tests of one engine: SQLite or PostgreSQL, with only the tables that the tests need."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_appbuilder.security.sqla.models import User
from flask_babel import Babel

from app.bootstrap.keys import TEST_KEYS
from app.core.attachments import Attachment
from app.core.barring import Barrier
from app.core.db import Model, db, session
from app.engines.audit import listeners
from app.engines.audit.models import AuditEntry, AuditSeal
from app.engines.notifications.models import MessageHours, MessageWish, OutboxMessage
from app.engines.notifications.ways import MessageChannel, MessageSetting
from app.engines.numbering.models import NumberSequence
from app.engines.people.models import Employee, OrgUnit
from app.engines.privacy.models import AccessLog
from app.engines.search.models import SearchToken
from app.engines.sweeps.models import SweepJob, SweepRun
from tests import postgres
from tests.copies import Copied, copied

assert listeners
MODELS = (
    User, OrgUnit, Employee, Attachment, Barrier, AuditEntry, AuditSeal, NumberSequence, AccessLog, OutboxMessage,
    SweepJob, SweepRun, SearchToken, MessageWish, MessageHours, MessageChannel, MessageSetting,
)
DATABASES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))


@contextmanager
def fresh_database(kind: str, folder: Path) -> Iterator[sa.URL]:
    """An empty database of the kind."""
    if kind == "sqlite":
        yield sa.make_url(f"sqlite:///{folder / 'test.db'}")
        return
    with postgres.fresh_database() as url:
        yield url


@pytest.fixture(scope="session")
def empties(tmp_path_factory) -> Iterator[Callable[[str], Copied]]:
    """A database with the tables by kind, each made when it is first wanted."""
    with ExitStack() as kept:
        yield cache(lambda kind: kept.enter_context(copied(kind, tmp_path_factory.mktemp(kind), _make_tables)))


def _make_tables(seed: sa.URL) -> None:
    engine = sa.create_engine(seed, poolclass=sa.NullPool)
    Model.metadata.create_all(engine, tables=[model.__table__ for model in MODELS])


@pytest.fixture(params=DATABASES)
def app(request, empties, tmp_path) -> Iterator[Flask]:
    """An application inside its context, its tables empty."""
    database = empties(request.param)
    database.renew()
    made = Flask("small")
    made.config.update(
        TESTING=True, SECRET_KEY="small", SQLALCHEMY_DATABASE_URI=database.url, KEZHI_FILES=tmp_path / "files",
        KEZHI_DATA_KEYS=dict(TEST_KEYS.data), KEZHI_ACTIVE_KEY=TEST_KEYS.active, KEZHI_INDEX_KEY=TEST_KEYS.index,
    )
    Babel(made, default_locale="zh")
    db.init_app(made)
    with made.app_context():
        yield made
        session.remove()
        db.engine.dispose()


@pytest.fixture
def unit(app) -> OrgUnit:
    """A unit, committed."""
    return add(OrgUnit(code="QC", name="品保部", kind="department"))


@pytest.fixture
def employee(unit) -> Employee:
    """An employee with a mobile number, committed."""
    return add(Employee(number="E1", name="张三丰", unit_id=unit.id, mobile="13812345678"))


def add(row):
    """Save and commit a row."""
    session.add(row)
    session.commit()
    return row


def account(name: str) -> int:
    """A new account's id."""
    made = add(User(username=name, first_name=name, last_name=name, email=f"{name}@example.com", active=True))
    return made.id


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent in the block."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
