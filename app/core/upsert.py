"""INSERT … ON CONFLICT, spelt alike on both databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from app.core.db import is_sqlite


def insert(table: Any) -> sqlite.Insert | postgresql.Insert:
    """An INSERT of the running database that knows ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
    target: Table = getattr(table, "__table__", table)
    return sqlite.insert(target) if is_sqlite() else postgresql.insert(target)
