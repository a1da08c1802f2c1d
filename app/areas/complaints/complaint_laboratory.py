"""Fields that A06 adds to a complaint: the appeal against a test report, the review, the result and the feedback."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section

AFFAIRS, TEST_DATA = "general_affairs", "test_data"
MATTERS = {AFFAIRS: _l("General affairs"), TEST_DATA: _l("Test data (appeal)")}
SOURCES = {
    "customer": _l("Customer"),
    "satisfaction_survey": _l("Satisfaction survey"),
    "other_department": _l("Another department"),
    "appeal": _l("Appeal"),
}

WRITTEN = {"letter": _l("Letter"), "mail": _l("E-mail"), "hand_over": _l("Handed over")}


class ComplaintLaboratory(Record):
    """What a testing station writes down beyond the family's fields."""

    id: Mapped[int] = detail_key("complaint")
    matter: Mapped[str | None] = fields.choice(_l("Appeal or complaint"), MATTERS, needed=True)
    source: Mapped[str | None] = fields.choice(_l("Source"), SOURCES)
    report_id: Mapped[int | None] = fields.ref(_l("Test report"), "test_report")
    grounds: Mapped[str | None] = fields.longtext(_l("Grounds relied on"))
    urgent: Mapped[bool] = fields.boolean(_l("Urgent appeal"), default=False)
    appeal_until: Mapped[dt.datetime | None] = fields.datetime(_l("Last day of the appeal"), computed=True)
    in_time: Mapped[bool | None] = fields.boolean(_l("Appealed in time"), computed=True)
    acceptance_no: Mapped[str | None] = fields.text(_l("Acceptance number"), 40, computed=True)
    chair_id: Mapped[int | None] = fields.ref(_l("Chair (quality manager)"), "employee")
    reported_to_quality_at: Mapped[dt.datetime | None] = fields.datetime(_l("Quality manager informed"), computed=True)
    urgent_due_at: Mapped[dt.datetime | None] = fields.datetime(_l("Limit of an urgent reply"), computed=True)
    difficult: Mapped[bool | None] = fields.boolean(_l("The department cannot settle it"))
    handed_to_office_at: Mapped[dt.datetime | None] = fields.datetime(_l("Handed to the general office"), computed=True)
    team_needed: Mapped[bool | None] = fields.boolean(_l("An investigation team is needed"))
    cause: Mapped[str | None] = fields.longtext(_l("Cause"))
    measures: Mapped[str | None] = fields.longtext(_l("Measures"))
    handling_result: Mapped[str | None] = fields.longtext(_l("Handling result"))
    to_tech_office_on: Mapped[dt.date | None] = fields.date(_l("Forms handed to the technical office"), computed=True)
    retest_needed: Mapped[bool | None] = fields.boolean(_l("A second test is needed"))
    original_confirmed: Mapped[bool | None] = fields.boolean(_l("Original result is right"), computed=True)
    report_state: Mapped[str | None] = fields.text(_l("State of the report"), 40, computed=True)
    notice_means: Mapped[str | None] = fields.choice(_l("Notice sent by"), WRITTEN)
    notice_text: Mapped[str | None] = fields.longtext(_l("Text of the notice"))
    feedback: Mapped[str | None] = fields.longtext(_l("Comments of the customer"))
    feedback_at: Mapped[dt.datetime | None] = fields.datetime(_l("Feedback received"), computed=True)
    nonconforming: Mapped[bool | None] = fields.boolean(_l("Work did not conform"))
    economic_loss: Mapped[bool | None] = fields.boolean(_l("The customer had an economic loss"))
    letter = fields.files(_l("Written appeal"))
    notice = fields.files(_l("Written notice"))
    feedback_form = fields.files(_l("Feedback form"))

    register = Register(
        area="complaints", label=_l("Complaint (testing station)"), title="acceptance_no", detail_of="complaint",
        menu=False, actions=frozenset(), search=("acceptance_no",), list=("matter", "acceptance_no", "urgent"),
        internal=("report_state",),
        sections=(
            Section(_l("Appeal"), ("matter", "source", "report_id", "grounds", "urgent", "letter", "appeal_until",
                                   "in_time"), clause="1.1"),
            Section(_l("Acceptance of the appeal"), ("acceptance_no", "reported_to_quality_at", "chair_id",
                                                     "urgent_due_at"), clause="1.2"),
            Section(_l("Investigation"), ("difficult", "handed_to_office_at", "team_needed", "cause", "measures",
                                          "to_tech_office_on"), clause="2.1.1"),
            Section(_l("Review of the data"), ("retest_needed", "original_confirmed"), clause="2.2.1"),
            Section(_l("Result"), ("handling_result", "nonconforming", "economic_loss"), clause="2.2.5"),
            Section(_l("Written notice"), ("notice_means", "notice_text", "notice"), clause="3.2"),
            Section(_l("Feedback of the customer"), ("feedback_at", "feedback", "feedback_form"), clause="3.3"),
        ),
    )  # fmt: skip
