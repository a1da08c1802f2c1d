"""Feedback intake (来信来访意见簿登记): a letter, a visitor or an entry in a book before it becomes a case."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

KINDS = {"letter": _l("Letter"), "visit": _l("Visit"), "book": _l("Entry in the opinion book")}
MATTERS = {"complaint": _l("Complaint"), "suggestion": _l("Suggestion"), "praise": _l("Praise")}
COURSES = {
    "explained": _l("Settled on the spot by explaining"),
    "referred_to_own_unit": _l("Shown the way to the own unit"),
    "opinion_needed": _l("An opinion is needed"),
    "serious_proposal": _l("Grave: proposal to the supervisor"),
    "unreasonable": _l("Unreasonable: calmed and persuaded"),
}
ORIGINALS = {"outlet": _l("Outlet"), "head_office": _l("Head office")}


class FeedbackIntake(Case, Record):
    """What came in, how it was kept, and what was done at once; who sent it stands where the policy says."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "intake_no"),)

    intake_no: Mapped[str | None] = fields.text(_l("Number"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS)
    complaint_id: Mapped[int | None] = fields.ref(_l("Complaint"), "complaint")
    received_at: Mapped[dt.datetime] = fields.datetime(_l("Received"))
    received_by_id: Mapped[int | None] = fields.ref(_l("Received by"), "employee", computed=True)
    place_unit_id: Mapped[int | None] = fields.ref(_l("Outlet"), "org_unit")
    matter: Mapped[str | None] = fields.choice(_l("Nature"), MATTERS)
    sender: Mapped[str | None] = fields.personal(_l("Sender"), 80, mask="name")
    contact: Mapped[str | None] = fields.personal(_l("Contact"), 80, mask="phone")
    sender_shown: Mapped[bool | None] = fields.boolean(_l("Signed with a name"))
    content: Mapped[str] = fields.longtext(_l("Content"))
    envelope_intact: Mapped[bool | None] = fields.boolean(_l("Envelope kept whole"))
    envelope_note: Mapped[str | None] = fields.text(_l("What happened to the envelope"), 200, width=2)
    envelope_bound: Mapped[bool | None] = fields.boolean(_l("Envelope bound behind the letter"))
    letter_date: Mapped[dt.date | None] = fields.date(_l("Date of the letter"))
    original_at: Mapped[str | None] = fields.choice(_l("Original kept at"), ORIGINALS)
    copy_kept: Mapped[bool | None] = fields.boolean(_l("Copy kept"))
    papers_read: Mapped[bool | None] = fields.boolean(_l("Registration form and papers read before the talk"))
    visit_course: Mapped[str | None] = fields.choice(_l("Way of handling"), COURSES)
    original_unit_contacted_at: Mapped[dt.datetime | None] = fields.datetime(_l("Original unit contacted"))
    proposal: Mapped[str | None] = fields.longtext(_l("Proposal"))
    supervisor_agreed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Supervisor agreed"), computed=True)
    supervisor_id: Mapped[int | None] = fields.ref(_l("Supervisor"), "employee", computed=True)
    disturbance: Mapped[bool | None] = fields.boolean(_l("Order was disturbed"))
    unit_notified: Mapped[str | None] = fields.text(_l("Unit told to fetch the visitor"), 120, width=2)
    book_no: Mapped[str | None] = fields.text(_l("Book number"), 40)
    entry_no: Mapped[int | None] = fields.integer(_l("Page or entry"), minimum=1)
    placed_on: Mapped[dt.date | None] = fields.date(_l("Book placed on"))
    within_authority: Mapped[bool | None] = fields.boolean(_l("Within the outlet's authority"))
    assigned_to_id: Mapped[int | None] = fields.ref(_l("Handed to"), "employee")
    head_confirmed: Mapped[bool | None] = fields.boolean(_l("Head confirmed that it goes beyond"))
    reply_text: Mapped[str | None] = fields.longtext(_l("Reply"))
    reply_signed_by_id: Mapped[int | None] = fields.ref(_l("Reply signed by"), "employee")
    replied_at: Mapped[dt.datetime | None] = fields.datetime(_l("Replied"))
    scan = fields.files(_l("Scan of the original"))

    register = Register(
        area="complaints", label=_l("Letter, visit or book entry"), title="intake_no", icon="mail", from_pack=True,
        participants=True, subject="content", actions=frozenset({"add", "edit"}),
        list=("intake_no", "kind", "received_at", "place_unit_id", "visit_course", "complaint_id", "status"),
        search=("intake_no",), filters=("status", "kind", "complaint_id", "place_unit_id", "received_at", "owner_id"),
        sections=(
            Section(_l("Receipt"), ("intake_no", "status", "kind", "received_at", "received_by_id", "place_unit_id",
                                    "matter", "sender", "contact", "sender_shown", "content", "complaint_id", "scan",
                                    "unit_id", "owner_id", "holder_unit_id")),
            Section(_l("Letter"), ("letter_date", "envelope_intact", "envelope_bound", "envelope_note", "original_at",
                                   "copy_kept"), clause="第六条（二）"),
            Section(_l("Visit"), ("papers_read", "visit_course", "original_unit_contacted_at", "proposal",
                                  "supervisor_agreed_at", "supervisor_id", "disturbance", "unit_notified"),
                    clause="第六条（三）"),
            Section(_l("Book"), ("book_no", "entry_no", "placed_on", "within_authority", "head_confirmed",
                                 "assigned_to_id", "reply_text", "reply_signed_by_id", "replied_at")),
        ),
    )  # fmt: skip
