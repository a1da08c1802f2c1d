"""Complaint step (处理经过): a dated note on the way of a case, or word that somebody is owed."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import clock, fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

KINDS = {
    "progress_check": _l("Follow-up by the first contact"),
    "first_contact_feedback": _l("Word to the first contact"),
    "progress": _l("Progress"),
    "customer_notice": _l("Word to the customer"),
    "escalation": _l("Escalation"),
    "investigation": _l("Investigation"),
    "record": _l("Record the complaint"),
    "judge_kind": _l("Judge its nature"),
    "judge_dept": _l("Judge the responsible department"),
    "take_supervisor": _l("Take its supervisor to the place"),
    "lead_solve": _l("The supervisor leads the solution"),
    "confirm_id": _l("Confirm the identity"),
    "check_fee": _l("Look at the payment status"),
    "notify_or_answer": _l("Notify the department or answer"),
    "return_visit": _l("Return visit"),
}
PROGRESS = {"open": _l("Open"), "done": _l("Done"), "dropped": _l("Dropped")}


class ComplaintStep(Case, Record):
    """Who did or learnt what and when; a step that is owed has its own limit."""

    complaint_id: Mapped[int] = fields.ref(_l("Complaint"), "complaint")
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="progress_check", computed=True)
    happened_at: Mapped[dt.datetime] = fields.datetime(_l("At"), default=clock.now)
    by_id: Mapped[int | None] = fields.ref(_l("Done by"), "employee", computed=True)
    text: Mapped[str | None] = fields.longtext(_l("What"))
    next_at: Mapped[dt.datetime | None] = fields.datetime(_l("Next step at"))
    due_at: Mapped[dt.datetime | None] = fields.datetime(_l("Due"), computed=True)
    told_at: Mapped[dt.datetime | None] = fields.datetime(_l("Told at"), computed=True)
    acknowledged_at: Mapped[dt.datetime | None] = fields.datetime(_l("Acknowledged at"), computed=True)
    procedure: Mapped[str | None] = fields.text(_l("Procedure"), 40, computed=True)
    round: Mapped[int | None] = fields.integer(_l("List"), computed=True)
    step_no: Mapped[int | None] = fields.integer(_l("Step number"), computed=True)
    progress: Mapped[str | None] = fields.choice(_l("Progress"), PROGRESS, computed=True)
    done_at: Mapped[dt.datetime | None] = fields.datetime(_l("Done at"), computed=True)
    evidence = fields.files(_l("Attachments"))

    register = Register(
        area="complaints", label=_l("Complaint step"), title="kind", subject="kind", party="complaint_id",
        icon="history", from_pack=True, participants=True, actions=frozenset({"add", "edit"}),
        list=("kind", "complaint_id", "happened_at", "by_id", "text", "status", "told_at"),
        internal=("procedure", "progress"), search=("text",),
        filters=("status", "complaint_id", "kind", "happened_at", "owner_id"), order="-happened_at",
        sections=(
            Section(_l("Step"), ("status", "complaint_id", "kind", "happened_at", "by_id", "text", "next_at",
                                 "evidence", "unit_id", "owner_id", "holder_unit_id")),
            Section(_l("Place in the procedure"), ("round", "step_no", "done_at")),
            Section(_l("Word given"), ("due_at", "told_at", "acknowledged_at")),
        ),
    )  # fmt: skip
