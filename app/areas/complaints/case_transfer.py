"""Case transfer (投诉流转上报单): a case handed to a unit, or up the line, with its acceptance and its reply."""

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
    "dispatch": _l("Dispatch"),
    "urgent": _l("Emergency notice"),
    "hand_over": _l("Hand-over"),
    "escalation": _l("Escalation"),
    "return": _l("Sent back to where it came from"),
    "handling_notice": _l("Handling notice"),
    "other_jurisdiction": _l("Other jurisdiction"),
    "lower_level": _l("To the unit below"),
    "higher_filing": _l("Filed with the unit above"),
}
STAGES = {
    "sent": _l("Sent"),
    "working": _l("Being worked on"),
    "delayed": _l("Delayed"),
    "done": _l("Done"),
    "returned": _l("Returned"),
}
DELAYS = {"special": _l("Special circumstances"), "objective": _l("Objective reasons")}


class CaseTransfer(Case, Record):
    """From one unit to another; ``stage`` says in the words of every policy how far the other has come."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "transfer_no"),)

    transfer_no: Mapped[str | None] = fields.text(_l("Transfer number"), 40, computed=True)
    complaint_id: Mapped[int] = fields.ref(_l("Complaint"), "complaint", computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, computed=True)
    stage: Mapped[str] = fields.choice(_l("Stage"), STAGES, default="sent", computed=True)
    from_unit_id: Mapped[int | None] = fields.ref(_l("From"), "org_unit", computed=True)
    to_unit_id: Mapped[int] = fields.ref(_l("To"), "org_unit", computed=True)
    reason: Mapped[str | None] = fields.longtext(_l("What for"))
    sent_at: Mapped[dt.datetime] = fields.datetime(_l("Sent at"), computed=True)
    sent_by_id: Mapped[int | None] = fields.ref(_l("Sent by"), "employee", computed=True)
    finish_by: Mapped[dt.datetime | None] = fields.datetime(_l("To be finished by"))
    reply_by: Mapped[dt.datetime | None] = fields.datetime(_l("To be answered by"))
    accepted_at: Mapped[dt.datetime | None] = fields.datetime(_l("Accepted at"), computed=True)
    accepted_by_id: Mapped[int | None] = fields.ref(_l("Accepted by"), "employee", computed=True)
    checked_facts: Mapped[str | None] = fields.longtext(_l("Facts found"))
    delay_by: Mapped[dt.datetime | None] = fields.datetime(_l("A delay is told by"), computed=True)
    delay_reason: Mapped[str | None] = fields.choice(_l("Cause of the delay"), DELAYS)
    delay_explanation: Mapped[str | None] = fields.longtext(_l("Why it cannot be finished in time"))
    new_finish_by: Mapped[dt.datetime | None] = fields.datetime(_l("New time to finish"))
    delayed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Delay told at"), computed=True)
    delay_in_time: Mapped[bool | None] = fields.boolean(_l("Delay told in time"), computed=True)
    delayed: Mapped[bool] = fields.boolean(_l("New time counts"), default=False, computed=True)
    customer_told_at: Mapped[dt.datetime | None] = fields.datetime(_l("Customer told at"), computed=True)
    finished_at: Mapped[dt.datetime | None] = fields.datetime(_l("Finished at"))
    fed_back_at: Mapped[dt.datetime | None] = fields.datetime(_l("Fed back at"), computed=True)
    feedback_by: Mapped[dt.datetime | None] = fields.datetime(_l("Feedback due"), computed=True)
    feedback_in_time: Mapped[bool | None] = fields.boolean(_l("Fed back in time"), computed=True)
    work_done: Mapped[str | None] = fields.longtext(_l("What was done"))
    rework: Mapped[bool] = fields.boolean(_l("To be done again"), default=False, computed=True)
    settled: Mapped[bool] = fields.boolean(_l("Verified"), default=False, computed=True)
    photos = fields.files(_l("Photographs"))

    register = Register(
        area="complaints", label=_l("Case transfer"), title="transfer_no", icon="send", subject="kind",
        party="complaint_id", facts=("finish_by", "reply_by"), from_pack=True, participants=True,
        actions=frozenset({"edit"}), internal=("delayed", "rework", "settled"),
        list=("transfer_no", "complaint_id", "kind", "to_unit_id", "status", "sent_at", "finish_by", "finished_at",
              "fed_back_at"),
        search=("transfer_no",), filters=("status", "complaint_id", "kind", "to_unit_id", "sent_at", "owner_id"),
        sections=(
            Section(_l("Transfer"), ("transfer_no", "status", "complaint_id", "kind", "stage", "from_unit_id",
                                     "to_unit_id", "sent_at", "sent_by_id", "reason", "finish_by", "reply_by",
                                     "unit_id", "owner_id", "holder_unit_id")),
            Section(_l("Acceptance"), ("accepted_at", "accepted_by_id", "checked_facts")),
            Section(_l("Delay"), ("delay_by", "delay_reason", "new_finish_by", "delay_explanation", "delayed_at",
                                  "delay_in_time", "customer_told_at")),
            Section(_l("Completion"), ("finished_at", "feedback_by", "fed_back_at", "feedback_in_time", "work_done",
                                       "photos")),
        ),
    )  # fmt: skip
