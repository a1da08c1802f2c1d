"""Fields that B04 adds to a complaint: particulars, class, contacts, verdict, the way through the group."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section

SOURCES = {
    "phone": _l("Telephone"), "counter": _l("Counter"), "media": _l("Media or internet"),
    "government": _l("Government body"), "consumer_body": _l("Consumer committee or like body"),
    "group_hq": _l("Group headquarters"), "other": _l("Other"),
}
SEXES = {"male": _l("Male"), "female": _l("Female"), "unknown": _l("Not known")}
RELATIONS = {
    "self": _l("Himself"), "spouse": _l("Spouse"), "relative": _l("Relative"), "driver": _l("Driver"),
    "agent": _l("Agent"), "other": _l("Other"),
}
BUSINESSES = {
    "motor": _l("Motor insurance"), "property": _l("Property insurance"), "accident_health": _l("Accident and health"),
    "repair": _l("Repair"), "sales": _l("Sales"), "other": _l("Other"),
}
NATURES = {
    "attitude": _l("Attitude"), "skill": _l("Skill"), "timeliness": _l("Timeliness"), "quality": _l("Quality"),
    "amount": _l("Amount"), "other": _l("Other"),
}
LEVELS = {"general": _l("Ordinary complaint"), "major": _l("Major complaint")}
TESTS = {
    "t1": _l("Three or more together"), "t2": _l("Media or internet"),
    "t2_source": _l("Complained through the media"), "t3": _l("Petition to a public body"),
    "t4": _l("Threat to staff"), "t5_motor": _l("Amount, motor"),
    "t5_property": _l("Amount, property, accident and health"), "t5_repair": _l("Amount, repair"),
    "t6": _l("Important customer"), "t7": _l("Group headquarters"),
}
TRUTHS = {"is_true": _l("True"), "untrue": _l("Not true"), "unverifiable": _l("Cannot be verified")}
FRAUDS = {
    "fraud": _l("Fraud"), "abuse_of_position": _l("Abuse of position"), "private_gain": _l("Private gain"),
}
HEIGHTS = {
    "service_dept": _l("Group service department"), "superior_dept": _l("Next higher department"),
    "general_manager": _l("General manager"),
}


class ComplaintMotor(Record):
    """What an insurance and motor-service group writes down beyond the family's fields."""

    __table_args__: Any = (CheckConstraint("group_size >= 1", name="somebody_complains"),)

    id: Mapped[int] = detail_key("complaint")
    source: Mapped[str | None] = fields.choice(_l("Source"), SOURCES)
    sex: Mapped[str | None] = fields.choice(_l("Sex"), SEXES)
    relation: Mapped[str | None] = fields.choice(_l("Relation to the insured or owner"), RELATIONS)
    identity: Mapped[str | None] = fields.text(_l("Capacity of the complainant"), 60)
    contact_name: Mapped[str | None] = fields.personal(_l("Contact person"), 60, mask="name")
    mobile: Mapped[str | None] = fields.personal(_l("Mobile"), 30, mask="phone")
    insurance_event: Mapped[bool | None] = fields.boolean(_l("An insured event was reported"))
    report_no: Mapped[str | None] = fields.text(_l("Report number"), 40)
    branch_id: Mapped[int | None] = fields.ref(_l("Company complained of"), "org_unit")
    concerns_staff: Mapped[bool | None] = fields.boolean(_l("Concerns a member of staff"))
    person_complained: Mapped[str | None] = fields.text(_l("Person complained of"), 60)
    facts_missing: Mapped[bool | None] = fields.boolean(_l("Key facts are missing"))
    details_asked: Mapped[str | None] = fields.longtext(_l("Details asked for"))
    business: Mapped[list[str] | None] = fields.choices(_l("Line of business"), BUSINESSES)
    nature: Mapped[str | None] = fields.choice(_l("Nature"), NATURES)
    group_size: Mapped[int] = fields.integer(_l("Number of complainants"), default=1, minimum=1)
    media_involved: Mapped[bool] = fields.boolean(_l("Media or internet involved"), default=False)
    petition_body: Mapped[str | None] = fields.text(_l("Body petitioned or involved"), 120)
    threat: Mapped[bool] = fields.boolean(_l("Threat to the safety of staff"), default=False)
    important_customer: Mapped[bool] = fields.boolean(_l("Important customer"), default=False, computed=True)
    level: Mapped[str | None] = fields.choice(_l("Class of the complaint"), LEVELS, computed=True)
    level_tests: Mapped[list[str] | None] = fields.choices(_l("Tests that hold"), TESTS, computed=True)
    level_since: Mapped[dt.datetime | None] = fields.datetime(_l("In this class since"), computed=True)
    handler_id: Mapped[int | None] = fields.ref(_l("Handler"), "employee")
    superior_post: Mapped[str | None] = fields.post(_l("Approved by the post"))
    superior_unit_id: Mapped[int | None] = fields.ref(_l("Unit of the handler"), "org_unit", computed=True)
    handovers: Mapped[int] = fields.integer(_l("Hand-overs"), default=0, computed=True)
    tried_at: Mapped[dt.datetime | None] = fields.datetime(_l("Latest attempt"), computed=True)
    reached: Mapped[bool] = fields.boolean(_l("Customer reached"), default=False, computed=True)
    missed_reason: Mapped[str | None] = fields.longtext(_l("Why days are without an attempt"))
    attempts_text: Mapped[str | None] = fields.longtext(_l("Attempts to reach the customer"), computed=True)
    outcome_told_at: Mapped[dt.datetime | None] = fields.datetime(_l("Customer answered at"))
    talk_result: Mapped[str | None] = fields.longtext(_l("Result of the talk"))
    cause: Mapped[str | None] = fields.longtext(_l("Main cause"))
    truth: Mapped[str | None] = fields.choice(_l("Is it true"), TRUTHS)
    founded_reason: Mapped[str | None] = fields.longtext(_l("Why the verdict differs"))
    handling_opinion: Mapped[str | None] = fields.longtext(_l("Handling opinion"))
    handling_result: Mapped[str | None] = fields.longtext(_l("Handling result"))
    escalated_to: Mapped[str | None] = fields.choice(_l("Reported up to"), HEIGHTS, computed=True)
    unsolved_reason: Mapped[str | None] = fields.longtext(_l("Why it could not be settled"))
    coordination: Mapped[str | None] = fields.longtext(_l("Co-ordination"))
    checked_investigation: Mapped[bool | None] = fields.boolean(_l("Investigated by the rules"))
    checked_record: Mapped[bool | None] = fields.boolean(_l("Recorded by the rules"))
    checked_verdict: Mapped[bool | None] = fields.boolean(_l("Judged by the rules"))
    looked_again: Mapped[bool] = fields.boolean(_l("Looked at again"), default=False, computed=True)
    feedback: Mapped[str | None] = fields.longtext(_l("Feedback to the service department"))
    fed_back_at: Mapped[dt.datetime | None] = fields.datetime(_l("Fed back"), computed=True)
    fraud_kind: Mapped[str | None] = fields.choice(_l("Suspicion"), FRAUDS)
    home_unit_id: Mapped[int | None] = fields.ref(_l("Received in"), "org_unit", computed=True)

    register = Register(
        area="complaints", label=_l("Complaint (insurance and motor service)"), title="report_no",
        detail_of="complaint", menu=False, actions=frozenset(), search=("report_no",),
        list=("business", "nature", "level"),
        sections=(
            Section(_l("Who complains"), ("source", "sex", "relation", "identity", "contact_name", "mobile",
                                          "group_size", "petition_body"), clause="第七条"),
            Section(_l("Matter"), ("branch_id", "business", "nature", "insurance_event", "report_no", "concerns_staff",
                                   "person_complained", "facts_missing", "details_asked", "home_unit_id"),
                    clause="第七条; 第八条"),
            Section(
                _l("Class of the complaint"),
                ("level", "level_since", "level_tests", "media_involved", "threat", "important_customer"),
                clause="第六条",
            ),
            Section(
                _l("Handling and verdict"),
                ("handler_id", "handovers", "superior_post", "superior_unit_id", "cause", "truth", "founded_reason",
                 "handling_opinion", "handling_result"),
                clause="第十条; 第十四条",
            ),
            Section(
                _l("Contact with the customer"),
                ("tried_at", "reached", "outcome_told_at", "talk_result", "attempts_text", "missed_reason"),
                clause="第十三条",
            ),
            Section(_l("Reported up"), ("escalated_to", "unsolved_reason", "coordination"), clause="第十二条"),
            Section(_l("Review"), ("checked_investigation", "checked_record", "checked_verdict", "looked_again"),
                    clause="第十五条"),
            Section(_l("Feedback"), ("fed_back_at", "feedback"), clause="第四条5"),
            Section(_l("Suspected fraud"), ("fraud_kind",), clause="第五条"),
        ),
    )  # fmt: skip
