"""Fields that D01 adds to a complaint: what residents come for, the facts, the result, and both answers."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section

KINDS = {"visit": _l("Resident came by"), "complaint": _l("Complaint"), "enquiry": _l("Enquiry")}


class ComplaintResidential(Record):
    """What the register of visits and complaints of an estate holds beyond the family's fields."""

    id: Mapped[int] = detail_key("complaint")
    visit_kind: Mapped[str | None] = fields.choice(_l("Came for"), KINDS, needed=True)
    about_person_id: Mapped[int | None] = fields.ref(_l("Member of staff complained of"), "employee")
    promised_reply_at: Mapped[dt.datetime | None] = fields.datetime(_l("Answer promised by"))
    investigated_at: Mapped[dt.datetime | None] = fields.datetime(_l("Investigated"), computed=True)
    facts: Mapped[str | None] = fields.longtext(_l("Facts found"))
    solvable: Mapped[bool | None] = fields.boolean(_l("Can be solved by the department"))
    reported_at: Mapped[dt.datetime | None] = fields.datetime(_l("Reported"), computed=True)
    result: Mapped[str | None] = fields.longtext(_l("Result of the handling"))
    handled_at: Mapped[dt.datetime | None] = fields.datetime(_l("Handled"), computed=True)
    replied_resident_at: Mapped[dt.datetime | None] = fields.datetime(_l("Resident answered"))
    replied_director_at: Mapped[dt.datetime | None] = fields.datetime(_l("Director answered"))

    register = Register(
        area="complaints", label=_l("Visit or complaint (estate)"), title="visit_kind", detail_of="complaint",
        menu=False, actions=frozenset(), list=("visit_kind", "solvable", "promised_reply_at"),
        sections=(
            Section(_l("Reason of the visit"), ("visit_kind", "about_person_id", "promised_reply_at"), clause="1.3"),
            Section(_l("Investigation"), ("investigated_at", "facts", "solvable", "reported_at"), clause="1.3"),
            Section(_l("Result and answers"), ("result", "handled_at", "replied_resident_at", "replied_director_at"),
                    clause="1.5"),
        ),
    )  # fmt: skip
