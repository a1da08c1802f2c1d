"""Fields that A01 adds to a complaint: privacy complaints and tip-offs, whom they name, finding and answer."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.areas.complaints.complaint_heat import SIGNING
from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section

PRIVACY, TIP = "privacy_complaint", "tip_off"
KINDS = {PRIVACY: _l("Privacy complaint"), TIP: _l("Tip-off")}


class ComplaintPostal(Record):
    """What a postal enterprise and its regulator write down beyond the family's fields; never who told of it."""

    id: Mapped[int] = detail_key("complaint")
    matter: Mapped[str | None] = fields.choice(_l("Kind"), KINDS)
    signing: Mapped[str | None] = fields.choice(_l("Named or anonymous"), SIGNING)
    waybill_no: Mapped[str | None] = fields.personal(_l("Waybill number"), 40, mask="all")
    accused: Mapped[str | None] = fields.text(_l("Person or unit named, in words"), 120, width=2)
    accused_people: Mapped[list[int] | None] = fields.refs(
        _l("Named people"), "employee", help=_l("They never learn of the case.")
    )
    accused_unit_id: Mapped[int | None] = fields.ref(
        _l("Named unit"), "org_unit", help=_l("Nobody who works in it or below ever learns of the case.")
    )
    accused_outside: Mapped[bool | None] = fields.boolean(_l("Named is nobody of ours"))
    handler_id: Mapped[int | None] = fields.ref(_l("Handling officer"), "employee")
    taken_at: Mapped[dt.datetime | None] = fields.datetime(_l("Investigation begun"), computed=True)
    finding: Mapped[str | None] = fields.longtext(_l("Finding"))
    reply: Mapped[str | None] = fields.longtext(_l("Answer to the complainant"))
    reply_due_at: Mapped[dt.datetime | None] = fields.datetime(_l("Reply due"), computed=True)
    replied_at: Mapped[dt.datetime | None] = fields.datetime(_l("Replied"), computed=True)
    result: Mapped[str | None] = fields.longtext(_l("Result of the tip-off"))
    handle_due_at: Mapped[dt.datetime | None] = fields.datetime(_l("Limit of handling"), computed=True)
    finished_at: Mapped[dt.datetime | None] = fields.datetime(_l("Finished"), computed=True)

    register = Register(
        area="complaints", label=_l("Privacy complaint or tip-off (postal)"), title="matter", detail_of="complaint",
        menu=False, actions=frozenset(), list=("matter", "signing", "handler_id"),
        sections=(
            Section(_l("Receipt"), ("matter", "signing", "waybill_no"), clause="第12条; 第49条"),
            Section(_l("Who and what"), ("accused", "accused_outside", "accused_people", "accused_unit_id"),
                    clause="第49条"),
            Section(_l("Handling"), ("handler_id", "taken_at", "finding"), clause="第12条; 第49条"),
            Section(_l("Reply"), ("reply", "reply_due_at", "replied_at"), clause="第12条"),
            Section(_l("Result"), ("result", "handle_due_at", "finished_at"), clause="第49条"),
        ),
    )  # fmt: skip
