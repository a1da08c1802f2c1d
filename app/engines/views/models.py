"""One table for the arranged lists of all registers."""

from __future__ import annotations

import datetime as dt
import secrets

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import actor, clock
from app.core.db import Model
from app.core.types import Json, Key, RowId, UtcDateTime

OWN, ROLE, UNIT = "own", "role", "unit"
SHARES = {OWN: _l("Only me"), ROLE: _l("A role"), UNIT: _l("A unit and those below it")}
LONGEST = 60


def _word() -> str:
    return secrets.token_urlsafe(18)


class SavedView(Model):
    """A list as somebody arranged it (视图): filters, order, columns and page size, under a name.

    The row without a name is how a person has the columns of a register and with which view its list begins.
    """

    __tablename__ = "saved_view"
    __table_args__ = (
        UniqueConstraint("register", "account_id", "name"),
        CheckConstraint("role IS NULL OR unit_id IS NULL", name="shared_once"),
        Index("ix_saved_view_shared", "register", "role", "unit_id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    register: Mapped[str] = mapped_column(Key(60))
    account_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), default=actor.user_id)
    name: Mapped[str] = mapped_column(String(LONGEST), default="")
    asked: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    columns: Mapped[list[str]] = mapped_column(Json, default=list)
    size: Mapped[int | None] = mapped_column(BigInteger)
    role: Mapped[str | None] = mapped_column(Key(64))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id", ondelete="CASCADE"))
    word: Mapped[str] = mapped_column(String(40), default=_word, unique=True)
    first_id: Mapped[int | None] = mapped_column(ForeignKey("saved_view.id", ondelete="SET NULL"))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now, onupdate=clock.now)

    @property
    def share(self) -> str:
        """With whom it is shared."""
        return ROLE if self.role else UNIT if self.unit_id else OWN
