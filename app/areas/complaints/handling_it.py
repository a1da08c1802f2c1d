"""Fields that B03 adds to a handling form: one proposal as it was made, and what the customer said to it."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.areas.complaints.complaint_it import VIEWS
from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section


class HandlingIt(Record):
    """One version of the solution; the case forgets it when the next begins."""

    id: Mapped[int] = detail_key("complaint_handling")
    time_needed: Mapped[str | None] = fields.text(_l("Time needed"), 60, computed=True)
    time_reason: Mapped[str | None] = fields.longtext(_l("Why it takes that time"), computed=True)
    explained_at: Mapped[dt.datetime | None] = fields.datetime(_l("Explained to the customer"), computed=True)
    customer_view: Mapped[str | None] = fields.choice(_l("The customer's view"), VIEWS, computed=True)
    limits_explained: Mapped[bool | None] = fields.boolean(_l("Limits of the company explained"), computed=True)

    register = Register(
        area="complaints", label=_l("Solution (IT service)"), title="time_needed", detail_of="complaint_handling",
        menu=False, actions=frozenset(), list=("time_needed", "customer_view"),
        sections=(
            Section(_l("Proposal"), ("time_needed", "time_reason", "explained_at", "customer_view",
                                     "limits_explained"), clause="3.4.4"),
        ),
    )  # fmt: skip
