"""A database as one file and back: SQLite by its online backup, PostgreSQL by its own tools."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.engine import URL

from app.bootstrap.console import SetupError
from app.bootstrap.database import engine_of, revision
from config import Settings

SQLITE, POSTGRES = "database.sqlite", "database.pgdump"


def part_name(here: Settings) -> str:
    """What the database is called inside a backup; it also says which kind it is."""
    return SQLITE if here.sqlite_file else POSTGRES


def dump(here: Settings, target: Path) -> str:
    """Write a consistent copy while the portal may go on working; the revision it is at.

    Raises ``SetupError`` if there is no database yet.
    """
    head = _dump_sqlite(here, here.sqlite_file, target) if here.sqlite_file else _dump_postgres(here, target)
    if head is None:
        raise SetupError("还没有可备份的数据库", "there is no database to back up yet")
    return head


def load(here: Settings, source: Path) -> None:
    """Bring a copy back into an empty place."""
    if here.sqlite_file is None:
        options = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", "--dbname=")
        _run("pg_restore", here.url, *options, str(source))
        return
    here.sqlite_file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, here.sqlite_file)


def has_tables(here: Settings) -> bool:
    """Whether a PostgreSQL database holds anything that a restore would meet."""
    return bool(inspect(engine_of(here)).get_table_names())


def rename_schema(here: Settings, name: str) -> None:
    """Put the tables of a PostgreSQL database aside by renaming their schema."""
    with engine_of(here).begin() as connection:
        connection.execute(text(f'ALTER SCHEMA public RENAME TO "{name}"'))
        connection.execute(text("CREATE SCHEMA public"))


def _dump_sqlite(here: Settings, file: Path, target: Path) -> str | None:
    """The copy is asked for its revision, so that no writer of the original has to be waited for."""
    if not file.exists():
        return None
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    return revision(replace(here, database_url=f"sqlite:///{target.as_posix()}"))


def _dump_postgres(here: Settings, target: Path) -> str | None:
    _run("pg_dump", here.url, "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
    return revision(here)


def _run(tool: str, url: URL, *options: str) -> None:
    if not shutil.which(tool):
        raise SetupError(
            f"需要 {tool}（postgresql-client），且不得旧于服务器",
            f"{tool} is needed (postgresql-client), not older than the server",
        )
    done = subprocess.run([tool, *options], env=os.environ | _libpq(url), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SetupError(f"{tool} 失败：{done.stderr.strip()}", f"{tool} failed: {done.stderr.strip()}")


def _libpq(url: URL) -> dict[str, str]:
    """The address in the variables that PostgreSQL's tools read; a password is not for a command line."""
    named = {
        "HOST": url.host,
        "PORT": url.port,
        "USER": url.username,
        "PASSWORD": url.password,
        "DATABASE": url.database,
    }
    given = named | {name.upper(): value for name, value in url.query.items()}
    return {f"PG{name}": str(value) for name, value in given.items() if value is not None}
