"""Fields that C07 adds to a complaint: room, kind, identity and fees, the supervisor on the spot, promises."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section

VALID, COMMUNICATIVE = "valid", "communicative"
KINDS = {VALID: _l("Valid complaint"), COMMUNICATIVE: _l("Communicative complaint")}
SUB_KINDS = {
    "cleaning": _l("Cleaning"),
    "vehicle": _l("Vehicles"),
    "charge": _l("Wrong charges"),
    "maintenance": _l("Equipment and maintenance"),
    "violation": _l("Breach of rules by the company"),
    "help": _l("Asks for help"),
    "consult": _l("Asks a question"),
    "vent": _l("Lets off steam"),
}


class ComplaintFrontDesk(Record):
    """What the front desk of a managed building writes down beyond the family's fields."""

    id: Mapped[int] = detail_key("complaint")
    room_no: Mapped[str | None] = fields.text(_l("Room"), 30)
    sub_kind: Mapped[str | None] = fields.choice(_l("Sort of complaint"), SUB_KINDS)
    complaint_kind: Mapped[str | None] = fields.choice(_l("Nature of the complaint"), KINDS, computed=True)
    repeats_id: Mapped[int | None] = fields.ref(_l("Same matter as"), "complaint")
    other_matter: Mapped[bool | None] = fields.boolean(_l("Another matter than before"))
    repeated: Mapped[bool | None] = fields.boolean(_l("Came again"), computed=True)
    identity_confirmed: Mapped[bool | None] = fields.boolean(_l("Identity confirmed"))
    fees_checked: Mapped[bool | None] = fields.boolean(_l("Payment status looked at"), computed=True)
    in_arrears: Mapped[bool | None] = fields.boolean(_l("In arrears"))
    responsible_supervisor_id: Mapped[int | None] = fields.ref(_l("Responsible supervisor"), "employee")
    on_site_at: Mapped[dt.datetime | None] = fields.datetime(_l("At the place"), computed=True)
    answer: Mapped[str | None] = fields.longtext(_l("Handling or answer"))
    promised: Mapped[bool] = fields.boolean(_l("Something is promised"), default=False)
    promise: Mapped[str | None] = fields.longtext(_l("What is promised"))
    promise_confirmed_by_id: Mapped[int | None] = fields.ref(_l("Promise confirmed by"), "employee", computed=True)
    promise_confirmed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Promise confirmed at"), computed=True)
    finished_at: Mapped[dt.datetime | None] = fields.datetime(_l("Handled at"), computed=True)
    visited: Mapped[bool | None] = fields.boolean(_l("Return visit made"), computed=True)
    satisfied: Mapped[bool | None] = fields.boolean(_l("Satisfied"), computed=True)
    came_back: Mapped[bool | None] = fields.boolean(_l("The matter came back"), computed=True)
    escalated_from: Mapped[bool] = fields.boolean(_l("Was communicative first"), default=False, computed=True)
    escalated_at: Mapped[dt.datetime | None] = fields.datetime(_l("Became valid at"), computed=True)

    register = Register(
        area="complaints", label=_l("Complaint (front desk)"), title="sub_kind", detail_of="complaint", menu=False,
        actions=frozenset(), list=("room_no", "complaint_kind", "sub_kind"), internal=("came_back",),
        sections=(
            Section(_l("Room and nature"), ("room_no", "sub_kind", "complaint_kind", "repeats_id", "other_matter",
                                            "repeated", "escalated_from", "escalated_at"), clause="一"),
            Section(_l("Communicative complaint"), ("identity_confirmed", "fees_checked", "in_arrears"),
                    clause="一(2)"),
            Section(_l("Valid complaint"), ("responsible_supervisor_id", "on_site_at"), clause="一(1)"),
            Section(_l("Handling or answer"), ("answer", "finished_at", "promised", "promise",
                                               "promise_confirmed_by_id", "promise_confirmed_at"), clause="一"),
            Section(_l("Return visit"), ("visited", "satisfied"), clause="一(1)⑥; 一(2)⑤"),
        ),
    )  # fmt: skip
