"""INSERT … ON CONFLICT, spelt alike on both databases."""

from __future__ import annotations

from typing import cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from app.core.db import Model, is_sqlite


def insert(model: type[Model]) -> postgresql.Insert:
    """An INSERT of the running database that knows ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
    table: Table = model.__table__
    return cast(postgresql.Insert, sqlite.insert(table)) if is_sqlite() else postgresql.insert(table)
