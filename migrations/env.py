"""Alembic's environment: our metadata, batch mode for SQLite, bounded waits on PostgreSQL."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app, has_app_context
from sqlalchemy import Connection

from app import create_app
from app.core.db import Model, db


def _render(kind: str, item: object, autogen: object) -> str | bool:
    """Write our column types by their name."""
    module = type(item).__module__
    if kind == "type" and module.startswith("app."):
        autogen.imports.add(f"import {module}")  # type: ignore[attr-defined]
        return f"{module}.{item!r}"
    return False


def run() -> None:
    """Run the migrations in one transaction on the application's engine."""
    # SQLAlchemy cannot read back an index over lower(username); no migration rebuilds its table
    warnings.filterwarnings("ignore", message="Skipped unsupported reflection of expression-based index")
    with db.engine.connect() as connection, _tables_may_be_rebuilt(connection), connection.begin():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL lock_timeout = '10s'")
        context.configure(
            connection=connection, target_metadata=Model.metadata, render_as_batch=True, render_item=_render,
            compare_type=False,
        )
        with context.begin_transaction():
            context.run_migrations()
        if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise RuntimeError("a migration left rows that refer to nothing")


@contextmanager
def _tables_may_be_rebuilt(connection: Connection) -> Iterator[None]:
    """SQLite changes a column by rebuilding its table, which foreign keys forbid; they rest outside of BEGIN only."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.driver_connection
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


if has_app_context() and current_app.extensions.get("sqlalchemy") is db:
    run()
else:
    with create_app().app_context():
        run()
