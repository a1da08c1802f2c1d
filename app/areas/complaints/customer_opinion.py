"""Customer opinion (客户意见建议): a suggestion or a grievance, its handling, and what the customer was told."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

SOURCES = {
    "survey": _l("Survey"),
    "phone": _l("Telephone"),
    "visit": _l("Visit to the customer"),
    "return_visit": _l("Return visit"),
    "letter": _l("Letter"),
    "mail": _l("E-mail"),
    "desk": _l("Front desk"),
    "forum": _l("Customer forum"),
    "meter": _l("Measuring visit"),
    "other": _l("Other"),
}
GRIEVANCE = "grievance"
KINDS = {
    "opinion": _l("Opinion"),
    "suggestion": _l("Suggestion"),
    "praise": _l("Praise"),
    GRIEVANCE: _l("Grievance"),
}
SUBJECTS = {
    "company": _l("Company"),
    "product": _l("Product"),
    "service": _l("Service"),
    "market": _l("Market news"),
    "repair": _l("Repair"),
    "cleaning": _l("Cleaning"),
    "greening": _l("Greenery"),
    "security": _l("Security"),
    "fee": _l("Fees"),
    "staff": _l("Attitude of staff"),
    "sign": _l("Signs"),
    "other": _l("Other"),
}
VERDICTS = {"pending": _l("Not yet decided"), "yes": _l("Yes"), "no": _l("No"), "plan": _l("By a plan of improvement")}
MEANS = {"letter": _l("Letter"), "phone": _l("Telephone"), "in_person": _l("In person")}


class CustomerOpinion(Case, Record):
    """Every policy names which of the fields it uses; the states come from its pack."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "opinion_no"),)

    opinion_no: Mapped[str | None] = fields.text(_l("Opinion number"), 40, computed=True)
    source: Mapped[str] = fields.choice(_l("Source"), SOURCES)
    customer_id: Mapped[int | None] = fields.ref(_l("Customer"), "customer")
    customer_name: Mapped[str | None] = fields.text(_l("Name of the customer"), 120)
    place: Mapped[str | None] = fields.text(_l("Place"), 120)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS)
    subject: Mapped[str | None] = fields.choice(_l("About"), SUBJECTS)
    content: Mapped[str] = fields.longtext(_l("Opinion"))
    received_at: Mapped[dt.datetime] = fields.datetime(_l("Received"))
    complaint_id: Mapped[int | None] = fields.ref(_l("Complaint"), "complaint")
    serious: Mapped[bool | None] = fields.boolean(_l("Especially serious"))
    serious_reason: Mapped[str | None] = fields.longtext(_l("Why it is serious"))
    passed_up_at: Mapped[dt.datetime | None] = fields.datetime(_l("Put up at"), computed=True)
    instruction: Mapped[str | None] = fields.longtext(_l("Instruction"))
    reasonable: Mapped[str | None] = fields.choice(_l("Reasonable"), VERDICTS)
    adopted: Mapped[str | None] = fields.choice(_l("Adopted"), VERDICTS)
    handling_unit_id: Mapped[int | None] = fields.ref(_l("Handled by the unit"), "org_unit")
    handled_by_id: Mapped[int | None] = fields.ref(_l("Handler"), "employee")
    result: Mapped[str | None] = fields.longtext(_l("How it was handled"))
    plan: Mapped[str | None] = fields.longtext(_l("Plan of improvement"))
    published_on: Mapped[dt.date | None] = fields.date(_l("Published on"))
    praised: Mapped[bool | None] = fields.boolean(_l("Customer was praised"))
    visited_at: Mapped[dt.datetime | None] = fields.datetime(_l("Visited at"))
    visitor_id: Mapped[int | None] = fields.ref(_l("Visited by"), "employee")
    in_person: Mapped[bool | None] = fields.boolean(_l("The manager in person"))
    appointed_by_id: Mapped[int | None] = fields.ref(_l("Sent by"), "employee", computed=True)
    visit_course: Mapped[str | None] = fields.longtext(_l("Course of the visit"))
    visit_outcome: Mapped[str | None] = fields.longtext(_l("Outcome of the visit"))
    told_by: Mapped[str | None] = fields.choice(_l("Told by"), MEANS)
    told_at: Mapped[dt.datetime | None] = fields.datetime(_l("Customer told"))
    told_text: Mapped[str | None] = fields.longtext(_l("What the customer was told"))
    closed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Closed"), computed=True)
    evidence = fields.files(_l("Attachments"))

    register = Register(
        area="complaints", label=_l("Customer opinion"), title="opinion_no", subject="kind", party="customer_id",
        icon="bulb", from_pack=True, participants=True, actions=frozenset({"add", "edit"}),
        list=("opinion_no", "kind", "customer_id", "serious", "received_at", "status", "handled_by_id", "told_at"),
        search=("opinion_no", "customer_id"),
        filters=("status", "kind", "serious", "customer_id", "complaint_id", "received_at", "closed_at", "owner_id"),
        lines=("opinion_urge",),
        sections=(
            Section(_l("Opinion"), ("opinion_no", "status", "kind", "source", "customer_id", "customer_name", "place",
                                    "subject", "received_at", "content", "complaint_id", "evidence")),
            Section(_l("Gravity"), ("serious", "serious_reason", "passed_up_at", "instruction")),
            Section(_l("Handling"), ("reasonable", "adopted", "handling_unit_id", "handled_by_id", "result", "plan",
                                     "published_on", "praised")),
            Section(_l("Visit to the customer"), ("visited_at", "visitor_id", "in_person", "appointed_by_id",
                                                  "visit_course", "visit_outcome")),
            Section(_l("Answer"), ("told_by", "told_at", "told_text", "closed_at", "unit_id", "owner_id",
                                   "holder_unit_id")),
        ),
    )  # fmt: skip
