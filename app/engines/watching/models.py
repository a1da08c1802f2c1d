"""Who watches which case."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Model
from app.core.types import Key, RowId, UtcDateTime


class Watch(Model):
    """One person who watches one row."""

    __tablename__ = "watch"
    __table_args__ = (
        UniqueConstraint("of_register", "record_id", "employee_id"),
        Index("ix_watch_person", "employee_id", "id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    of_register: Mapped[str] = mapped_column(Key(60))
    record_id: Mapped[int] = mapped_column(RowId)
    employee_id: Mapped[int] = mapped_column(ForeignKey("employee.id", ondelete="CASCADE"))
    since: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
