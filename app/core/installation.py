"""Facts about this installation that belong to its database: key fingerprints, whether it holds the demo."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, String, inspect, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Model, session
from app.core.types import Json

KEYS, DEMO = "keys", "demo"


class Fact(Model):
    """One named fact; set-up writes it, nothing else does."""

    __tablename__ = "installation"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[Any] = mapped_column(Json, nullable=False)


def recall(connection: Connection, name: str) -> Any | None:
    """A fact's value; ``None`` if it was never recorded or the database has no tables yet."""
    if not inspect(connection).has_table(Fact.__tablename__):
        return None
    return connection.scalar(select(Fact.value).where(Fact.name == name))


def remember(name: str, value: Any) -> None:
    """Put a fact into the session in place of what stood there; the caller commits."""
    session.merge(Fact(name=name, value=value))
