"""The database handle, the declarative base and how transactions begin."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, g, has_request_context, request
from flask_appbuilder.models.sqla import Model
from flask_appbuilder.models.sqla.base import SQLA
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session
from sqlalchemy_utils.aggregates import manager as aggregates

from app.core import copying

__all__ = ["Model", "db", "is_sqlite", "session", "writes"]

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
F = TypeVar("F", bound=Callable[..., Any])
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

Model.metadata.naming_convention = NAMING
db = SQLA()
session = db.session

# FAB brings this library: it would walk through every row in memory at each flush for columns that nobody declares
event.remove(Session, "after_flush", aggregates.construct_aggregate_queries)
event.listen(Engine, "do_executemany", copying.copy_many)


def is_sqlite() -> bool:
    """Whether the running database is SQLite."""
    return db.engine.dialect.name == "sqlite"


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    """Take SQLite's write lock first, so that read-then-write never loses an update."""
    if connection.dialect.name != "sqlite":
        return
    connection.exec_driver_sql("BEGIN" if _only_reads() else "BEGIN IMMEDIATE")


def writes(view: F) -> F:
    """Mark a view that writes although it answers GET (a print that leaves a log)."""
    view._writes = True  # type: ignore[attr-defined]
    return view


def only_read() -> None:
    """From here on the request writes nothing: what it streams to a reader must not hold back who writes."""
    g.only_reads = True


def _only_reads() -> bool:
    if has_request_context() and g.get("only_reads"):
        return True
    if not has_request_context() or request.method not in SAFE_METHODS:
        return False
    return not getattr(current_app.view_functions.get(request.endpoint or ""), "_writes", False)
