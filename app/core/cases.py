"""What every case carries, whatever its policy: state, policy version, adopter and present holder."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, fields
from app.core.scope import Owned
from app.core.types import Key, RowId, UtcDateTime


class Case(Owned):
    """Mixin of rows that move through the states of a policy; each remembers the pack version it runs under."""

    status: Mapped[str] = fields.state(_l("State"), sort_order=-80)
    policy: Mapped[str] = mapped_column(Key(12), sort_order=-79)
    pack_version_id: Mapped[int] = mapped_column(ForeignKey("pack_version.id", ondelete="RESTRICT"), sort_order=-78)
    adopter_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id", ondelete="RESTRICT"), sort_order=-77)
    holder_unit_id: Mapped[int | None] = fields.ref(_l("Held by"), "org_unit", computed=True, sort_order=-76)
    holder_post: Mapped[str | None] = mapped_column(Key(60), sort_order=-75)
    state_since: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=clock.now, sort_order=-74)


def detail_key(main: str) -> Mapped[int]:
    """The key of a detail register: the id of its main row."""
    return mapped_column(RowId, ForeignKey(f"{main}.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
