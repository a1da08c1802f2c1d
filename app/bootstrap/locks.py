"""One set-up at a time, on one host or many; one server at a time on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout
from sqlalchemy import func, select

from app.bootstrap.console import SetupError
from app.bootstrap.database import engine_of
from config import Settings

SETUP = 0x6B657A6869  # "kezhi"


@contextmanager
def setting_up(here: Settings) -> Iterator[None]:
    """Wait until no other process sets up this installation, then hold it for the block."""
    if here.sqlite_file is None:
        with _advisory(here):
            yield
        return
    with FileLock(here.instance / "setup.lock"):
        yield


@contextmanager
def alone(here: Settings) -> Iterator[None]:
    """Be the only server on this SQLite database; PostgreSQL takes any number.

    Raises ``SetupError`` if another one runs.
    """
    if here.sqlite_file is None:
        yield
        return
    try:
        with FileLock(here.instance / "serve.lock", timeout=0):
            yield
    except Timeout:
        raise SetupError(
            f"{here.instance} 正由另一个客制进程使用，请先停止它",
            f"another Kezhi runs on {here.instance}: stop it first",
        ) from None


@contextmanager
def _advisory(here: Settings) -> Iterator[None]:
    """A lock of the session of a connection of its own: it ends with the connection, whatever happens."""
    with engine_of(here).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(select(func.pg_advisory_lock(SETUP)))
        yield
