"""Visit campaign (回访计划): a batch of customers to be visited, or what one person is to visit in a year."""

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
    "annual": _l("Plan of the year"),
    "general": _l("All customers"),
    "service": _l("After a service"),
    "festival": _l("Festival"),
    "anniversary": _l("Anniversary"),
    "promotion": _l("Promotion"),
    "card": _l("Card renewal"),
    "maintenance": _l("Maintenance reminder"),
}


class VisitCampaign(Case, Record):
    """What was planned, and what of it was done; each policy uses the fields that concern it."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "campaign_no"),)

    campaign_no: Mapped[str | None] = fields.text(_l("Plan number"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="general")
    title: Mapped[str | None] = fields.text(_l("Name of the plan"), 120, width=2)
    period: Mapped[str | None] = fields.text(_l("Year or period"), 10, help=_l("Such as 2025 or 2025-H2."))
    person_id: Mapped[int | None] = fields.ref(_l("Person in charge of the visits"), "employee")
    start_on: Mapped[dt.date | None] = fields.date(_l("First day"))
    end_on: Mapped[dt.date | None] = fields.date(_l("Last day"))
    customer_filter: Mapped[str | None] = fields.longtext(_l("Which customers"))
    questions: Mapped[str | None] = fields.longtext(_l("Questions to be asked"))
    planned_visits: Mapped[int | None] = fields.integer(_l("Visits planned"), minimum=1)
    total: Mapped[int | None] = fields.integer(_l("Customers to be visited"), computed=True)
    done: Mapped[int | None] = fields.integer(_l("Visits made"), computed=True)
    reached: Mapped[int | None] = fields.integer(_l("Different customers visited"), computed=True)
    summary: Mapped[str | None] = fields.longtext(_l("Summary and evaluation"))
    summed_up_on: Mapped[dt.date | None] = fields.date(_l("Summed up on"), computed=True)
    evidence = fields.files(_l("Attachments"))

    register = Register(
        area="visits", label=_l("Visit plan"), title="campaign_no", subject="kind", party="person_id",
        icon="calendar-event", from_pack=True, participants=True, actions=frozenset({"add", "edit"}), order="-id",
        list=("campaign_no", "kind", "period", "person_id", "status", "planned_visits", "done", "reached", "end_on"),
        search=("campaign_no", "title", "period"),
        filters=("status", "kind", "period", "person_id", "start_on", "end_on", "owner_id"),
        sections=(
            Section(_l("Visit plan"), ("campaign_no", "status", "kind", "title", "period", "person_id", "start_on",
                                       "end_on", "customer_filter", "questions", "planned_visits", "unit_id",
                                       "owner_id", "holder_unit_id"), clause="2.1(1)"),
            Section(_l("Result"), ("total", "done", "reached", "summary", "summed_up_on", "evidence"),
                    clause="2.1(1)"),
        ),
    )  # fmt: skip
