"""Which row is found by which token; an internal table, written by the unit of work and by nobody else."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Model
from app.core.types import Key, RowId

LONGEST = 40


class SearchToken(Model):
    """One token of one row; the empty token says that the row has been looked at."""

    __tablename__ = "search_token"
    __table_args__: Any = (
        Index("ix_search_token_row", "register", "row_id"),
        {"sqlite_with_rowid": False},
    )

    register: Mapped[str] = mapped_column(Key(60), primary_key=True)
    token: Mapped[str] = mapped_column(
        String(LONGEST).with_variant(String(LONGEST, collation="C"), "postgresql"), primary_key=True
    )
    row_id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
