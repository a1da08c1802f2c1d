"""Settings that have one row: what the program ships counts until an administrator changes something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from app.core.db import session


def row_of(model: Any) -> Any:
    """The row of changed settings, or nothing while all is as shipped."""
    return session.scalar(_sole(model))


def change(model: Any, shipped: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Keep changed settings, over those that are ``shipped`` if nothing was changed before. The caller commits."""
    row = session.scalar(_sole(model).with_for_update())
    if row is None:
        row = model(**shipped)
        session.add(row)
    for name, value in given.items():
        setattr(row, name, value)
    session.flush()


def _sole(model: Any) -> Any:
    return sa.select(model).order_by(model.id).limit(1)
