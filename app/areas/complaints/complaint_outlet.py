"""Fields that A04 adds to a complaint: the outlet, who answered when, the head's confirmation and signature."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section

SUBJECTS = {
    "service_attitude": _l("Attitude of staff"),
    "efficiency": _l("Speed of service"),
    "business_rule": _l("Rules of business"),
    "fee": _l("Fees"),
    "equipment": _l("Equipment"),
    "security": _l("Security"),
    "other": _l("Other"),
}
BANK, NO_FAULT, UNDECIDED = "bank", "no_fault", "undecided"
FAULTS = {BANK: _l("The bank"), NO_FAULT: _l("Not the bank"), UNDECIDED: _l("Not yet decided")}


class ComplaintOutlet(Record):
    """What a bank outlet writes down beyond the family's fields."""

    id: Mapped[int] = detail_key("complaint")
    outlet_id: Mapped[int | None] = fields.ref(_l("Outlet"), "org_unit")
    complaint_about: Mapped[str | None] = fields.choice(_l("About"), SUBJECTS)
    restated: Mapped[bool | None] = fields.boolean(_l("Repeated to the customer"))
    answered_on_spot: Mapped[bool | None] = fields.boolean(_l("Answered on the spot"), computed=True)
    handed_to_manager_at: Mapped[dt.datetime | None] = fields.datetime(_l("Handed to the complaint manager"),
                                                                       computed=True)  # fmt: skip
    moved_to_quiet_place: Mapped[bool | None] = fields.boolean(_l("Led to a quiet place"))
    reported_to_head_at: Mapped[dt.datetime | None] = fields.datetime(_l("Reported to the head"), computed=True)
    agreed_reply_at: Mapped[dt.datetime | None] = fields.datetime(_l("Time agreed for the reply"))
    facts_checked: Mapped[str | None] = fields.longtext(_l("Facts found"))
    fault: Mapped[str | None] = fields.choice(_l("At fault"), FAULTS)
    responsible: Mapped[str | None] = fields.text(_l("Person or department at fault"), 120)
    apology_made: Mapped[bool | None] = fields.boolean(_l("Apology made"))
    corrective_measure: Mapped[str | None] = fields.longtext(_l("Measure against repetition"))
    rectify_by: Mapped[dt.date | None] = fields.date(_l("To be put right by"))
    explanation: Mapped[str | None] = fields.longtext(_l("Explanation to the customer"))
    result: Mapped[str | None] = fields.longtext(_l("Result told to the customer"))
    replied_at: Mapped[dt.datetime | None] = fields.datetime(_l("Replied"), computed=True)
    beyond_reason: Mapped[str | None] = fields.longtext(_l("Why it goes beyond the outlet"))
    head_confirmed_by_id: Mapped[int | None] = fields.ref(_l("Confirmed by the head"), "employee", computed=True)
    head_confirmed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Confirmed at"), computed=True)
    head_office_result: Mapped[str | None] = fields.longtext(_l("Result of head office"), computed=True)
    head_signed_by_id: Mapped[int | None] = fields.ref(_l("Signed by the head"), "employee", computed=True)
    head_signed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Signed at"), computed=True)

    register = Register(
        area="complaints", label=_l("Complaint (bank outlet)"), title="complaint_about", detail_of="complaint",
        menu=False, actions=frozenset(), list=("outlet_id", "complaint_about", "fault"),
        sections=(
            Section(_l("Outlet and subject"), ("outlet_id", "complaint_about", "restated", "answered_on_spot",
                                               "handed_to_manager_at", "moved_to_quiet_place", "reported_to_head_at",
                                               "agreed_reply_at"), clause="第6条; 第8条(一)"),
            Section(_l("Investigation and reply"), ("facts_checked", "fault", "responsible", "apology_made",
                                                    "corrective_measure", "rectify_by", "explanation", "result",
                                                    "replied_at"), clause="第7条(四); 第7条(五)"),
            Section(_l("Beyond the outlet"), ("beyond_reason", "head_confirmed_by_id", "head_confirmed_at",
                                              "head_office_result"), clause="第8条(四)"),
            Section(_l("Signature"), ("head_signed_by_id", "head_signed_at"), clause="第8条(三)"),
        ),
    )  # fmt: skip
