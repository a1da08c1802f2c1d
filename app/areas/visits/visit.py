"""Visit (回访拜访记录): one visit or call-back, with the customer's opinion."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

KINDS = {
    "return_visit": _l("Return visit"),
    "joint_visit": _l("Return visit with the developer"),
    "complaint": _l("Visit about a complaint"),
    "pre_sale": _l("Before the sale"),
    "after_sale": _l("After the sale"),
    "customer": _l("Visit to a customer"),
}
METHODS = {
    "phone": _l("Telephone"),
    "visit": _l("At the customer's"),
    "online": _l("Online"),
    "mail": _l("E-mail"),
    "sms": _l("Text message"),
    "symposium": _l("Meeting of customers"),
    "event": _l("Event"),
}
RATINGS = {"very": _l("Very satisfied"), "yes": _l("Satisfied"), "fair": _l("Neutral"), "no": _l("Dissatisfied")}


class Visit(Case, Record):
    """Planned by a case or by hand; counts from the instant that the policy names."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "visit_no"),)

    visit_no: Mapped[str | None] = fields.text(_l("Visit number"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="return_visit", computed=True)
    complaint_id: Mapped[int | None] = fields.ref(_l("Complaint"), "complaint", computed=True)
    customer_id: Mapped[int | None] = fields.ref(_l("Customer"), "customer", needed=True)
    counted_from: Mapped[dt.datetime | None] = fields.datetime(_l("Counted from"), computed=True)
    due_at: Mapped[dt.datetime | None] = fields.datetime(_l("Due"), computed=True)
    visited_at: Mapped[dt.datetime | None] = fields.datetime(_l("Visited at"))
    ended_at: Mapped[dt.datetime | None] = fields.datetime(_l("Ended at"))
    visitor_id: Mapped[int | None] = fields.ref(_l("Visitor"), "employee", computed=True)
    method: Mapped[str | None] = fields.choice(_l("Means"), METHODS)
    met_with: Mapped[str | None] = fields.text(_l("Spoke with"), 80)
    place: Mapped[str | None] = fields.text(_l("Place"), 120)
    topics: Mapped[str | None] = fields.longtext(_l("Topics"))
    satisfied: Mapped[bool | None] = fields.boolean(_l("Satisfied"))
    rating: Mapped[str | None] = fields.choice(_l("Satisfaction"), RATINGS)
    opinion: Mapped[str | None] = fields.longtext(_l("Customer's opinion"))
    measure: Mapped[str | None] = fields.longtext(_l("Measure taken"))
    outcome: Mapped[str | None] = fields.longtext(_l("Outcome"))
    follow_up: Mapped[str | None] = fields.longtext(_l("What follows"))
    next_at: Mapped[dt.datetime | None] = fields.datetime(_l("Next call promised for"))
    evidence = fields.files(_l("Attachments"))

    register = Register(
        area="visits", label=_l("Visit record"), title="visit_no", subject="kind", party="complaint_id",
        facts=("due_at",), icon="phone", from_pack=True, participants=True, actions=frozenset({"add", "edit"}),
        list=("visit_no", "customer_id", "complaint_id", "kind", "status", "due_at", "visited_at",
              "visitor_id", "satisfied"),
        search=("visit_no",),
        filters=("status", "complaint_id", "customer_id", "kind", "visited_at", "owner_id"),
        sections=(
            Section(_l("Visit record"), ("visit_no", "status", "kind", "complaint_id", "customer_id", "counted_from",
                                  "due_at", "unit_id", "owner_id", "holder_unit_id")),
            Section(_l("Result"), ("visited_at", "ended_at", "visitor_id", "method", "met_with", "place", "topics",
                                   "satisfied", "rating", "opinion", "measure", "outcome", "follow_up", "next_at",
                                   "evidence")),
        ),
    )  # fmt: skip
