"""Which rows a person may reach: owner, unit and participants of a case."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, fields
from app.core.db import Model, session
from app.core.types import Key, RowId, UtcDateTime


class Owned:
    """Mixin of rows that belong to a unit and to a person."""

    unit_id: Mapped[int] = fields.ref(_l("Unit"), "org_unit", computed=True, sort_order=-90)
    owner_id: Mapped[int | None] = fields.ref(_l("In charge"), "employee", computed=True, sort_order=-89)


class Participation(Model):
    """A unit or person that a case was sent to, and so may see it from then on."""

    __tablename__ = "participation"
    __table_args__ = (
        Index("ix_participation_row", "register", "record_id"),
        Index("ix_participation_unit", "register", "unit_id", "record_id"),
        Index("ix_participation_employee", "register", "employee_id", "record_id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    register: Mapped[str] = mapped_column(Key(60))
    record_id: Mapped[int] = mapped_column(RowId)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id", ondelete="RESTRICT"))
    employee_id: Mapped[int | None] = mapped_column(ForeignKey("employee.id", ondelete="RESTRICT"))
    post: Mapped[str | None] = mapped_column(String(60))
    since: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now)


def call_in(slug: str, record_id: int, employee_id: int) -> bool:
    """Let a person see a case from now on; whether that is new."""
    place = {"register": slug, "record_id": record_id, "employee_id": employee_id}
    if session.query(Participation.id).filter_by(**place).first() is not None:
        return False
    session.add(Participation(**place))
    return True
