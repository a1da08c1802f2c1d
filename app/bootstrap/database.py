"""The database seen from outside the running portal: where it is, which revision and which facts it holds."""

from __future__ import annotations

from typing import Any

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from app.core import installation, migrations
from config import ROOT, Settings

MIGRATIONS = ROOT / "migrations"


def engine_of(here: Settings) -> Engine:
    """An engine that keeps no connection open."""
    return create_engine(here.url, poolclass=NullPool)


def exists(here: Settings) -> bool:
    """Whether there is anything to look into; asking must not create an empty SQLite file."""
    return here.sqlite_file is None or here.sqlite_file.exists()


def recall(here: Settings, name: str) -> Any | None:
    """A fact that the database holds about this installation."""
    if not exists(here):
        return None
    with engine_of(here).connect() as connection:
        return installation.recall(connection, name)


def revision(here: Settings) -> str | None:
    """The Alembic revision the database is at; ``None`` while it is empty."""
    if not exists(here):
        return None
    with engine_of(here).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """The newest revision this program brings."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def knows(wanted: str) -> bool:
    """Whether a revision is one of this program's, so that it can be upgraded from there."""
    return any(script.revision == wanted for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions())


def alembic_config() -> Config:
    """What Alembic's commands ask for."""
    return migrations.alembic_config(MIGRATIONS)
