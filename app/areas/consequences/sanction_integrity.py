"""Fields that D01 adds to a sanction: what a member of staff did to a resident, and what was decided."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section

ACTS = {
    "bribe": _l("Asked for favours"),
    "shirk": _l("Shirked the duty"),
    "hinder": _l("Made it hard for the resident"),
}


class SanctionIntegrity(Record):
    """An entry about bribery, shirking or obstruction."""

    id: Mapped[int] = detail_key("sanction")
    found_on: Mapped[dt.date | None] = fields.date(_l("Found on"), needed=True)
    act: Mapped[str | None] = fields.choice(_l("What was done"), ACTS, needed=True)
    outcome: Mapped[str | None] = fields.longtext(_l("Decision"))
    proof: Mapped[str | None] = fields.longtext(_l("Evidence"))

    register = Register(
        area="consequences", label=_l("Integrity record"), title="act", detail_of="sanction", menu=False,
        actions=frozenset(), list=("found_on", "act"),
        sections=(Section(_l("Act and decision"), ("found_on", "act", "outcome", "proof"), clause="1.5"),),
    )  # fmt: skip
