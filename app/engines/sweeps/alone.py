"""One host at a time for each sweep: a lock in PostgreSQL, a locked file beside an SQLite database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

import sqlalchemy as sa
from filelock import FileLock, Timeout

from app.core.db import db, is_sqlite, session


@contextmanager
def whole_run(name: str) -> Iterator[bool]:
    """Whether no other process of this machine runs the sweep; on SQLite nobody else begins it within the block.

    SQLite's write lock ends with each batch, so that two runs would take turns and each do all the work. PostgreSQL
    has a lock by name (``wait_for``), which spans machines. A lock of a process that is killed ends with it.
    """
    if not (is_sqlite() and (file := db.engine.url.database)):
        yield True
        return
    folder = Path(file).parent / "locks"
    folder.mkdir(exist_ok=True)
    lock = FileLock(folder / f"{Path(file).name}-{name}")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def wait_for(name: str) -> None:
    """Hold the sweep's lock until the transaction ends; on SQLite its write lock, taken at the beginning, is enough."""
    if not is_sqlite():
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(_key(name))))


def try_lock(name: str) -> bool:
    """Hold the sweep's lock until the transaction ends, unless another host holds it."""
    return is_sqlite() or bool(session.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(_key(name)))))


def _key(name: str) -> int:
    return int.from_bytes(blake2b(f"sweep:{name}".encode(), digest_size=8).digest(), signed=True)
