"""Visit task (回访关怀任务): one customer to be visited, reminded or cared for, with its aim and limit."""

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
    "visit": _l("Visit"), "maintenance": _l("Reminder of maintenance"), "complaint": _l("Concern of the customer"),
    "wish": _l("Wish"), "birthday": _l("Birthday"), "anniversary": _l("Anniversary"),
    "at_risk": _l("In danger of being lost"), "other": _l("Other"),
}  # fmt: skip
VISITS = {"routine": _l("Routine visit"), "key": _l("Visit to a key customer")}
METHODS = {"home": _l("At the customer's"), "office": _l("By appointment"), "phone": _l("By telephone")}


class VisitTask(Case, Record):
    """Every policy names which of the fields it uses; the states come from its pack."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "task_no"),)

    task_no: Mapped[str | None] = fields.text(_l("Task number"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="visit")
    customer_id: Mapped[int | None] = fields.ref(_l("Customer"), "customer")
    campaign_id: Mapped[int | None] = fields.ref(_l("Plan of visits"), "visit_campaign")
    asset_id: Mapped[int | None] = fields.ref(_l("Equipment or vehicle"), "customer_asset")
    person_id: Mapped[int | None] = fields.ref(_l("Person in charge"), "employee")
    period: Mapped[str | None] = fields.text(_l("Year or period"), 10)
    content: Mapped[str | None] = fields.longtext(_l("What it is about"))
    analysis: Mapped[str | None] = fields.longtext(_l("What the file shows"))
    aim: Mapped[str | None] = fields.longtext(_l("Aim"))
    visit_kind: Mapped[str | None] = fields.choice(_l("Kind of visit"), VISITS)
    method: Mapped[str | None] = fields.choice(_l("How it is visited"), METHODS)
    selected_by_id: Mapped[int | None] = fields.ref(_l("Chosen by"), "employee")
    selected_on: Mapped[dt.date | None] = fields.date(_l("Chosen on"))
    planned_from: Mapped[dt.date | None] = fields.date(_l("Planned from"))
    planned_to: Mapped[dt.date | None] = fields.date(_l("Planned to"))
    triggered_at: Mapped[dt.datetime | None] = fields.datetime(_l("Called for at"), computed=True)
    due_on: Mapped[dt.date | None] = fields.date(_l("To be done by"))
    due_at: Mapped[dt.datetime | None] = fields.datetime(_l("Due"), computed=True)
    booked_at: Mapped[dt.datetime | None] = fields.datetime(_l("Appointment made at"))
    appointment_at: Mapped[dt.datetime | None] = fields.datetime(_l("Appointment"))
    place: Mapped[str | None] = fields.text(_l("Place"), 200)
    customer_agreed: Mapped[bool | None] = fields.boolean(_l("The customer agrees"))
    changed_reason: Mapped[str | None] = fields.longtext(_l("Why it was changed"))
    attempts: Mapped[int | None] = fields.integer(_l("Attempts"), minimum=0, computed=True)
    reminded_on: Mapped[dt.date | None] = fields.date(_l("Reminded on"))
    customer_answer: Mapped[str | None] = fields.longtext(_l("What the customer answered"))
    done_on: Mapped[dt.date | None] = fields.date(_l("Done on"), computed=True)
    result: Mapped[str | None] = fields.longtext(_l("Result"))

    register = Register(
        area="visits", label=_l("Visit task"), title="task_no", subject="kind", party="customer_id",
        icon="heart-handshake", facts=("due_on",), from_pack=True, participants=True, order="-id",
        actions=frozenset({"add", "edit"}),
        list=("task_no", "kind", "customer_id", "person_id", "status", "due_on", "done_on"),
        search=("task_no", "customer_id"),
        filters=("status", "kind", "customer_id", "campaign_id", "person_id", "due_on", "owner_id"),
        sections=(
            Section(_l("Task"), ("task_no", "status", "kind", "customer_id", "campaign_id", "asset_id", "person_id",
                                 "period", "content", "analysis", "aim", "visit_kind", "method", "selected_by_id",
                                 "selected_on", "unit_id", "owner_id", "holder_unit_id")),
            Section(_l("When"), ("triggered_at", "planned_from", "planned_to", "due_on", "due_at", "booked_at",
                                 "appointment_at", "place", "customer_agreed", "changed_reason", "attempts")),
            Section(_l("Result"), ("reminded_on", "customer_answer", "done_on", "result")),
        ),
    )  # fmt: skip
