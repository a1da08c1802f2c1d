"""Fields that A11 adds to a complaint: what is told of, whom it was passed to, the answer, and the return visit."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.areas.complaints.complaint_tip import KINDS
from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section

SIGNING = {"signed": _l("Signed with a name"), "anonymous": _l("Anonymous")}
BLAMED = {
    "company": _l("The heating company"), "user": _l("The user"), "third": _l("Somebody else"), "none": _l("Nobody"),
}  # fmt: skip


class ComplaintHeat(Record):
    """What a heating company writes down beyond the family's fields; never who told of it."""

    id: Mapped[int] = detail_key("complaint")
    matter: Mapped[str | None] = fields.choice(_l("Kind"), KINDS)
    signing: Mapped[str | None] = fields.choice(_l("Named or anonymous"), SIGNING)
    thanked: Mapped[bool | None] = fields.boolean(_l("Thanked"))
    accused: Mapped[str | None] = fields.text(_l("Person or unit named, in words"), 120, width=2)
    accused_people: Mapped[list[int] | None] = fields.refs(
        _l("Named people"), "employee", help=_l("They never learn of the case.")
    )
    accused_unit_id: Mapped[int | None] = fields.ref(
        _l("Named unit"), "org_unit", help=_l("Nobody who works in it or below ever learns of the case.")
    )
    accused_outside: Mapped[bool | None] = fields.boolean(_l("Named is nobody of ours"))
    handling_unit_id: Mapped[int | None] = fields.ref(_l("Handling unit"), "org_unit")
    leader_id: Mapped[int | None] = fields.ref(_l("Passed to the leader"), "employee")
    handler_id: Mapped[int | None] = fields.ref(_l("Handling officer"), "employee")
    transferred_at: Mapped[dt.datetime | None] = fields.datetime(_l("Passed on"), computed=True)
    facts_found: Mapped[str | None] = fields.longtext(_l("Facts found"))
    legal_basis: Mapped[str | None] = fields.longtext(_l("Law or rule it rests on"))
    blame: Mapped[str | None] = fields.choice(_l("At fault"), BLAMED)
    reply: Mapped[str | None] = fields.longtext(_l("Answer to the complainant"))
    reply_due_at: Mapped[dt.datetime | None] = fields.datetime(_l("Reply due"), computed=True)
    replied_at: Mapped[dt.datetime | None] = fields.datetime(_l("Replied"), computed=True)
    visited: Mapped[bool | None] = fields.boolean(_l("Return visit made"), computed=True)
    satisfied: Mapped[bool | None] = fields.boolean(_l("Satisfied"), computed=True)

    register = Register(
        area="complaints", label=_l("Complaint or tip-off (heating)"), title="matter", detail_of="complaint",
        menu=False, actions=frozenset(), list=("matter", "signing", "handling_unit_id"),
        sections=(
            Section(_l("Receipt"), ("matter", "signing", "thanked"), clause="11(1); 11(5)"),
            Section(_l("Who and what"), ("accused", "accused_outside", "accused_people", "accused_unit_id"),
                    clause="11(10)"),
            Section(_l("Handling"), ("handling_unit_id", "leader_id", "handler_id", "transferred_at"),
                    clause="11(6)"),
            Section(_l("Investigation and reply"), ("facts_found", "legal_basis", "blame", "reply", "reply_due_at",
                                                    "replied_at"), clause="11(6); 11(7)"),
            Section(_l("Return visit"), ("visited", "satisfied"), clause="11(9)"),
        ),
    )  # fmt: skip
