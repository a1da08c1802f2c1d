"""Fields that D01 adds to a reward: the civilised household of a year, and what speaks for it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section


class RewardHousehold(Record):
    """A household with praised suggestions in the year comes first."""

    id: Mapped[int] = detail_key("reward")
    year: Mapped[str | None] = fields.text(_l("Year"), 4)
    praised_count: Mapped[int | None] = fields.integer(_l("Praised suggestions"), computed=True)
    priority: Mapped[bool | None] = fields.boolean(_l("Comes first"), computed=True)
    points: Mapped[int | None] = fields.integer(_l("Points"), minimum=0)

    register = Register(
        area="consequences", label=_l("Civilised household"), title="year", detail_of="reward", menu=False,
        actions=frozenset(), list=("year", "priority", "praised_count", "points"),
        sections=(
            Section(_l("Selection"), ("year", "praised_count", "priority", "points"), clause="1.4"),
        ),
    )  # fmt: skip
