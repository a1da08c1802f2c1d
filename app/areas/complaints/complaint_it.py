"""Fields that B03 adds to a complaint: who heard it, the talk with the customer, the solution, fault and answer."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section

RECEIVERS = {"service_desk": _l("Service desk"), "project_manager": _l("Project manager"), "other": _l("Somebody else")}
MATTERS = {
    "attitude": _l("Attitude"),
    "skill": _l("Skill"),
    "timeliness": _l("Timeliness"),
    "quality": _l("Quality of the service"),
    "process": _l("Process"),
    "other": _l("Other"),
}
VIEWS = {"accepted": _l("The customer agrees"), "refused": _l("The customer refuses")}
FAULTS = {"ours": _l("Ours"), "not_ours": _l("Not ours"), "mixed": _l("Both sides")}
ANSWERS = {
    "satisfied": _l("Satisfied"),
    "acceptable": _l("Acceptable"),
    "dissatisfied": _l("Dissatisfied"),
    "no_answer": _l("No answer"),
}


class ComplaintIt(Record):
    """What an IT service company writes down beyond the family's fields."""

    id: Mapped[int] = detail_key("complaint")
    receiver_kind: Mapped[str | None] = fields.choice(_l("Receiver is"), RECEIVERS, computed=True)
    service_id: Mapped[int | None] = fields.ref(_l("Service of the catalogue"), "catalogue_item")
    project: Mapped[str | None] = fields.text(_l("Project concerned"), 120)
    matter: Mapped[str | None] = fields.choice(_l("Category of the complaint"), MATTERS)
    understood_note: Mapped[str | None] = fields.longtext(_l("Facts that are understood"))
    phoned_at: Mapped[dt.datetime | None] = fields.datetime(_l("Manager telephoned at"))
    filed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Filed at the marketing centre"), computed=True)
    tracker_id: Mapped[int | None] = fields.ref(_l("Followed by"), "employee")
    rep_informed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Management representative informed"))
    wait_until: Mapped[dt.datetime | None] = fields.datetime(_l("Waiting time told to the customer"))
    wait_word: Mapped[str | None] = fields.longtext(_l("What was told when the time came"))
    handovers: Mapped[int | None] = fields.integer(_l("Hand-overs"), computed=True)
    measures: Mapped[str | None] = fields.longtext(_l("Measures of the solution"))
    time_needed: Mapped[str | None] = fields.text(_l("Time needed"), 60)
    time_reason: Mapped[str | None] = fields.longtext(_l("Why it takes that time"))
    explained_at: Mapped[dt.datetime | None] = fields.datetime(_l("Explained to the customer"))
    customer_view: Mapped[str | None] = fields.choice(_l("The customer's view"), VIEWS, computed=True)
    limits_explained: Mapped[bool | None] = fields.boolean(_l("Limits of the company explained"))
    carried_out: Mapped[str | None] = fields.longtext(_l("What was carried out"))
    done_at: Mapped[dt.datetime | None] = fields.datetime(_l("Handling complete"), computed=True)
    gm_informed_at: Mapped[dt.datetime | None] = fields.datetime(_l("General manager informed"), computed=True)
    told_at: Mapped[dt.datetime | None] = fields.datetime(_l("Result told to the customer"))
    apology_given: Mapped[bool | None] = fields.boolean(_l("Apology given"))
    satisfaction: Mapped[str | None] = fields.choice(_l("Satisfaction of the customer"), ANSWERS)
    analysed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Cause analysed"), computed=True)
    fault: Mapped[str | None] = fields.choice(_l("Whose fault"), FAULTS)
    fault_reason: Mapped[str | None] = fields.longtext(_l("Why it is so judged"))
    reopened_at: Mapped[dt.datetime | None] = fields.datetime(_l("Reopened at"), computed=True)

    register = Register(
        area="complaints", label=_l("Complaint (IT service)"), title="matter", detail_of="complaint", menu=False,
        actions=frozenset(), list=("matter", "project", "satisfaction"),
        sections=(
            Section(_l("Receipt"), ("receiver_kind", "service_id", "project", "matter", "phoned_at", "filed_at",
                                    "tracker_id", "rep_informed_at"), clause="2.1; 3.2"),
            Section(_l("Understanding and waiting time"), ("understood_note", "wait_until", "wait_word", "handovers"),
                    clause="3.4.2; 3.4.3"),
            Section(_l("Solution"), ("measures", "time_needed", "time_reason", "explained_at", "customer_view",
                                     "limits_explained", "carried_out"), clause="3.4.4"),
            Section(_l("Result"), ("done_at", "gm_informed_at", "told_at", "apology_given", "satisfaction"),
                    clause="3.4.5"),
            Section(_l("Cause and fault"), ("analysed_at", "fault", "fault_reason", "reopened_at"), clause="3.5"),
        ),
    )  # fmt: skip
