"""Fields that A12 adds to a measure: its kind, and who coordinated, supervised and checked it."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section

KINDS = {"preventive": _l("Preventive"), "corrective": _l("Corrective")}


class MeasureDealer(Record):
    """Drafted, approved, supervised and checked by four different people."""

    id: Mapped[int] = detail_key("corrective_action")
    measure_kind: Mapped[str | None] = fields.choice(_l("Kind of measure"), KINDS)
    cr_coordinated: Mapped[bool | None] = fields.boolean(_l("Coordinated with customer relations"), computed=True)
    supervisor_id: Mapped[int | None] = fields.ref(_l("Supervisor"), "employee")
    supervision_note: Mapped[str | None] = fields.longtext(_l("Notes of the supervisor"))
    implemented_on: Mapped[dt.date | None] = fields.date(_l("Implemented on"), computed=True)
    cr_checked_on: Mapped[dt.date | None] = fields.date(_l("Supervised on"), computed=True)
    gm_checked_on: Mapped[dt.date | None] = fields.date(_l("Checked by the general manager on"), computed=True)
    took_effect: Mapped[bool | None] = fields.boolean(_l("Measure was effective"))

    register = Register(
        area="complaints", label=_l("Measure (car dealer)"), title="measure_kind", detail_of="corrective_action",
        menu=False, actions=frozenset(), list=("measure_kind", "supervisor_id", "implemented_on", "gm_checked_on"),
        sections=(
            Section(_l("Kind and supervision"), ("measure_kind", "cr_coordinated", "supervisor_id",
                                                 "supervision_note"), clause="3"),
            Section(_l("Implementation and check"), ("implemented_on", "cr_checked_on", "gm_checked_on",
                                                     "took_effect"), clause="3"),
        ),
    )  # fmt: skip
