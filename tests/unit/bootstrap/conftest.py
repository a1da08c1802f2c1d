"""A small installation in a temporary folder, with two migrations and a program that stands in for the portal."""

from __future__ import annotations

import sys
import types
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel
from sqlalchemy import text

import config
from app.bootstrap import database, keys, setup, steps
from app.core.db import db
from tests.postgres import fresh_database, tools

ENV = """
from alembic import context
from app.core.db import db
from tests.postgres import fresh_database, tools
with db.engine.begin() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
FIRST = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0001", None
def upgrade():
    op.create_table("installation", sa.Column("name", sa.String(40), primary_key=True), sa.Column("value", sa.JSON()))
    op.create_table("note", sa.Column("text", sa.String(80)))
"""
SECOND = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0002", "0001"
def upgrade():
    op.create_table("later", sa.Column("text", sa.String(80)))
"""


@pytest.fixture
def migrations(tmp_path, monkeypatch) -> Path:
    """The migration folder; `0002.py` is only added by the tests that upgrade."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(ENV)
    (folder / "versions" / "0001.py").write_text(FIRST)
    monkeypatch.setattr(database, "MIGRATIONS", folder)
    return folder


@pytest.fixture
def here(tmp_path, migrations, monkeypatch) -> config.Settings:
    for name in ("DATABASE_URL", *keys.FILES):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KEZHI_INSTANCE", str(tmp_path / "instance"))
    settings = config.settings()
    settings.instance.mkdir()
    return settings


@pytest.fixture
def elsewhere(here, tmp_path) -> config.Settings:
    """A second, empty installation."""
    folder = tmp_path / "elsewhere"
    return replace(here, instance=folder, database_url=f"sqlite:///{folder / 'kezhi.db'}")


@pytest.fixture
def portal(here):
    """A program that has the portal's database and nothing else."""
    started = []

    def start(settings=here):
        app = Flask("portal")
        app.config.update(SQLALCHEMY_DATABASE_URI=settings.database_url, TESTING=True)
        Babel(app)
        db.init_app(app)
        started.append(app)
        return app

    yield start
    for app in started:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def calls(monkeypatch) -> list[str]:
    """What set-up called, in order, with functions of this fixture in place of the engines'."""
    called: list[str] = []
    module = types.ModuleType("kezhi_fake")
    module.first = lambda: called.append("first")
    module.second = lambda: called.append("second")
    module.seed = lambda password: called.append(f"seed {password}")
    module.accounts = lambda: [("li.na", "李娜", "客服专员", "上海分公司")]
    monkeypatch.setitem(sys.modules, "kezhi_fake", module)
    fakes = (steps.Step("一", "one", "kezhi_fake.first"), steps.Step("二", "two", "kezhi_fake.second"))
    monkeypatch.setattr(steps, "STEPS", fakes)
    monkeypatch.setattr("app.bootstrap.demo.DEMO_SEED", "kezhi_fake.seed")
    monkeypatch.setattr("app.bootstrap.demo.DEMO_ACCOUNTS", "kezhi_fake.accounts")
    monkeypatch.setattr(setup, "make_administrator", lambda: called.append("administrator"))
    return called


@pytest.fixture
def filled(here, portal, calls):
    """An installation at revision 0001 with keys, an attachment and one note."""
    setup.ensure_keys(here)
    setup.set_up(portal(), here, demo_wanted=True)
    with database.engine_of(here).begin() as connection:
        connection.execute(text("INSERT INTO note VALUES ('收到')"))
    here.files.mkdir()
    (here.files / "图.png").write_bytes(b"picture")
    return here


@pytest.fixture
def newer(migrations):
    """Call it and the program brings one more migration."""
    return lambda: (migrations / "versions" / "0002.py").write_text(SECOND)


@pytest.fixture
def postgres(here, monkeypatch):
    """An installation on an empty PostgreSQL database of its own, with that server's tools on PATH."""
    monkeypatch.setenv("PATH", tools())
    with fresh_database() as url:
        yield replace(here, database_url=url.render_as_string(hide_password=False))
