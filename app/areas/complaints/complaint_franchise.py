"""Fields that A14 adds to a complaint: who complains of which shop, what its level rests on, how it was answered."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section

COMPLAINANTS = {"consumer": _l("Consumer"), "franchisee": _l("Franchisee")}
CAUSES = {
    "product": _l("Quality of goods"),
    "freight": _l("Trouble with freight"),
    "service": _l("Quality of service"),
    "policy": _l("Company policy"),
    "other": _l("Other"),
}
LEVELS = {"l1": _l("Level 1, ordinary"), "l2": _l("Level 2, more serious"), "l3": _l("Level 3, very serious")}
ANSWERS = {
    "1": _l("1 Very satisfied"),
    "2": _l("2 Satisfied"),
    "3": _l("3 Understands and accepts"),
    "4": _l("4 Not satisfied"),
    "5": _l("5 Very dissatisfied"),
}


class ComplaintFranchise(Record):
    """What the handling form of a franchise holds beyond the family's fields, as it stands in the present round."""

    __table_args__: Any = (
        CheckConstraint("satisfaction IS NULL OR answer_proof IS NOT NULL", name="answer_has_its_proof"),
    )

    id: Mapped[int] = detail_key("complaint")
    complainant_type: Mapped[str | None] = fields.choice(_l("Complaint by"), COMPLAINANTS)
    agent: Mapped[str | None] = fields.personal(_l("Represented by"), 60, mask="name")
    other_contact: Mapped[str | None] = fields.personal(_l("Other way to reach the complainant"), 120)
    cause: Mapped[str | None] = fields.choice(_l("Kind of matter"), CAUSES)
    repeat_of_id: Mapped[int | None] = fields.ref(
        _l("Earlier complaint of the same matter"), "complaint", help=_l("A second complaint is at least of level 2.")
    )
    repeated: Mapped[bool | None] = fields.boolean(_l("Second complaint of the same matter"), computed=True)
    contacted_at: Mapped[dt.datetime | None] = fields.datetime(_l("First contact"))
    stated_reason: Mapped[str | None] = fields.longtext(_l("Reason of the complaint"))
    course: Mapped[str | None] = fields.longtext(_l("Course of events"))
    happened_at: Mapped[dt.datetime | None] = fields.datetime(_l("Happened"))
    place: Mapped[str | None] = fields.text(_l("Place"), 120)
    staff_involved: Mapped[str | None] = fields.text(_l("People involved"), 120)
    goods: Mapped[str | None] = fields.text(_l("Goods involved"), 120)
    goods_code: Mapped[str | None] = fields.text(_l("Code of the goods"), 60)
    explained_flow: Mapped[bool | None] = fields.boolean(
        _l("Told how it goes on"), help=_l("The steps, how long each takes, and how to reach you.")
    )
    emotional: Mapped[bool | None] = fields.boolean(_l("The customer is upset"))
    beyond_authority: Mapped[bool | None] = fields.boolean(_l("Beyond the receiver's authority"))
    went_public: Mapped[bool | None] = fields.boolean(_l("Went to 12315 or another authority"))
    batch_quality: Mapped[bool | None] = fields.boolean(_l("A batch of new goods"))
    batch_items: Mapped[int | None] = fields.integer(_l("Items concerned"), minimum=1)
    inaction: Mapped[bool | None] = fields.boolean(_l("A department did not act"))
    harms_company: Mapped[bool | None] = fields.boolean(_l("May harm reputation, interests or the franchisee"))
    harm_reason: Mapped[str | None] = fields.longtext(_l("What may be harmed"))
    level: Mapped[str | None] = fields.choice(_l("Complaint level"), LEVELS, computed=True)
    handler_id: Mapped[int | None] = fields.ref(_l("Handler of the round"), "employee", computed=True)
    handed_over_at: Mapped[dt.datetime | None] = fields.datetime(_l("Handed over"), computed=True)
    last_contact_at: Mapped[dt.datetime | None] = fields.datetime(_l("Last contact with the customer"), computed=True)
    result: Mapped[str | None] = fields.longtext(_l("Result of the handling"))
    satisfaction: Mapped[str | None] = fields.choice(_l("The customer's answer"), ANSWERS)
    answer_proof: Mapped[str | None] = fields.text(
        _l("Proof of the answer"), 120, help=_l("Number of the recording or of the message.")
    )
    asked_at: Mapped[dt.datetime | None] = fields.datetime(_l("Asked for the answer"), computed=True)
    reviewed_by_id: Mapped[int | None] = fields.ref(_l("Reviewed by"), "employee", computed=True)
    reviewed_on: Mapped[dt.date | None] = fields.date(_l("Reviewed on"), computed=True)
    unreachable: Mapped[bool | None] = fields.boolean(_l("Customer could not be reached"), computed=True)
    meeting_on: Mapped[dt.date | None] = fields.date(_l("Day of the meeting"))

    register = Register(
        area="complaints",
        label=_l("Complaint (franchise)"),
        title="cause",
        detail_of="complaint",
        menu=False,
        actions=frozenset(),
        list=("complainant_type", "cause", "level", "satisfaction", "answer_proof"),
        sections=(
            Section(
                _l("Complaint"),
                (
                    "complainant_type",
                    "cause",
                    "agent",
                    "other_contact",
                    "repeat_of_id",
                ),
                clause="4.1",
            ),
            Section(
                _l("What happened"),
                (
                    "contacted_at",
                    "happened_at",
                    "place",
                    "staff_involved",
                    "goods",
                    "goods_code",
                    "stated_reason",
                    "course",
                    "explained_flow",
                ),
                clause="5.3.1.2",
            ),
            Section(
                _l("Complaint level"),
                (
                    "level",
                    "repeated",
                    "emotional",
                    "beyond_authority",
                    "went_public",
                    "batch_quality",
                    "batch_items",
                    "inaction",
                    "harms_company",
                    "harm_reason",
                ),
                clause="4.3",
            ),
            Section(
                _l("Course of the handling"),
                ("handler_id", "handed_over_at", "last_contact_at", "result", "unreachable", "meeting_on"),
                clause="5.1.1",
            ),
            Section(
                _l("Answer of the customer"),
                ("satisfaction", "answer_proof", "asked_at", "reviewed_by_id", "reviewed_on"),
                clause="5.3.1.6",
            ),
        ),
    )
