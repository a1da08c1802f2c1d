"""Fields that D02 adds to a visit: which time the customer is asked, and the next chance to work together."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section


class VisitTechnique(Record):
    """The customer is asked once or twice what he thinks of the solution."""

    id: Mapped[int] = detail_key("visit")
    sequence: Mapped[int | None] = fields.integer(_l("Which time"), computed=True)
    next_chance: Mapped[str | None] = fields.longtext(_l("Next chance to work together"))

    register = Register(
        area="visits", label=_l("Opinion asked for"), title="sequence", detail_of="visit", menu=False,
        actions=frozenset(), list=("sequence", "next_chance"),
        sections=(Section(_l("Opinion asked for"), ("sequence", "next_chance"), clause="2"),),
    )  # fmt: skip
