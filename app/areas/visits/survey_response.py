"""Survey response (调查答卷): one returned form, or a customer's word on the result of a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import clock, fields
from app.core.cases import Case
from app.core.db import session
from app.core.errors import Problem
from app.core.register import Record, Register, Section
from app.core.saving import Draft, check

FEEDBACK = "feedback"
KINDS = {
    "satisfaction": _l("Satisfaction survey"),
    FEEDBACK: _l("Feedback on the result of a case"),
    "after_service": _l("After a service"),
    "regular": _l("Regular"),
    "irregular": _l("As the occasion arises"),
}
MARKS = {"very_good": _l("Very good"), "good": _l("Good"), "fair": _l("Fair"), "poor": _l("Poor")}
FIVE: dict[str, Any] = {"minimum": 1, "maximum": 5}


class SurveyResponse(Case, Record):
    """Scores and comments; each policy uses the fields that concern it."""

    __table_args__: Any = (
        UniqueConstraint("adopter_id", "response_no"),
        UniqueConstraint("survey_id", "customer_id"),
    )

    response_no: Mapped[str | None] = fields.text(_l("Response number"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="satisfaction")
    survey_id: Mapped[int | None] = fields.ref(_l("Survey round"), "survey")
    customer_id: Mapped[int | None] = fields.ref(_l("Customer"), "customer")
    respondent: Mapped[str | None] = fields.personal(_l("Who answered"), 60, mask="name")
    complaint_id: Mapped[int | None] = fields.ref(_l("Complaint"), "complaint")
    round: Mapped[int | None] = fields.integer(_l("Round"), computed=True)
    request: Mapped[str | None] = fields.text(_l("About which service"), 120)
    sent_at: Mapped[dt.datetime | None] = fields.datetime(_l("Sent at"))
    returned_at: Mapped[dt.datetime | None] = fields.datetime(_l("Returned at"))
    surveyed_on: Mapped[dt.date | None] = fields.date(_l("Answered on"))
    satisfied: Mapped[bool | None] = fields.boolean(_l("Satisfied"))
    score: Mapped[Decimal | None] = fields.percent(_l("Score"), unit=_l("points"))
    below_floor: Mapped[bool | None] = fields.boolean(_l("Below the lowest score"), computed=True)
    score_overall: Mapped[int | None] = fields.integer(_l("Overall (1–5)"), **FIVE)
    score_repair: Mapped[int | None] = fields.integer(_l("Repairs (1–5)"), **FIVE)
    score_cleaning: Mapped[int | None] = fields.integer(_l("Cleaning (1–5)"), **FIVE)
    score_staff: Mapped[int | None] = fields.integer(_l("Staff (1–5)"), **FIVE)
    rated_staff_id: Mapped[int | None] = fields.ref(_l("Person rated"), "employee")
    attitude: Mapped[str | None] = fields.choice(_l("Attitude"), MARKS)
    skill: Mapped[str | None] = fields.choice(_l("Technical skill"), MARKS)
    arrival: Mapped[str | None] = fields.choice(_l("Time of arrival"), MARKS)
    promise_kept: Mapped[str | None] = fields.choice(_l("Promises kept"), MARKS)
    comments: Mapped[str | None] = fields.longtext(_l("Comments"))
    suggestion: Mapped[str | None] = fields.longtext(_l("Suggestion"))
    grievance: Mapped[str | None] = fields.longtext(_l("Grievance"))
    became_id: Mapped[int | None] = fields.ref(_l("Went on as complaint"), "complaint", computed=True)
    signed_form = fields.files(_l("Form signed by the customer"))

    register = Register(
        area="visits", label=_l("Survey response"), title="response_no", subject="kind", party="customer_id",
        icon="thumb-up", from_pack=True, participants=True, actions=frozenset({"add", "edit"}),
        order="-surveyed_on",
        list=("response_no", "kind", "customer_id", "complaint_id", "round", "surveyed_on", "satisfied", "score",
              "status"),
        search=("response_no",),
        filters=("status", "kind", "survey_id", "customer_id", "complaint_id", "surveyed_on", "satisfied",
                 "owner_id"),
        sections=(
            Section(_l("Survey response"), ("response_no", "status", "kind", "survey_id", "customer_id", "respondent",
                                            "complaint_id", "round", "request", "sent_at", "returned_at",
                                            "surveyed_on", "unit_id", "owner_id", "holder_unit_id")),
            Section(_l("What was answered"), ("satisfied", "score", "below_floor", "score_overall", "score_repair",
                                    "score_cleaning", "score_staff", "rated_staff_id", "attitude", "skill", "arrival",
                                    "promise_kept", "comments", "suggestion", "grievance", "signed_form")),
            Section(_l("What follows"), ("became_id",)),
        ),
    )  # fmt: skip


@check("survey_response")
def answered_once(draft: Draft) -> Iterable[Problem]:
    """A customer answers a survey once, and not in the future."""
    if (day := draft.get("surveyed_on")) is not None and day > clock.today():
        yield Problem(_("This day lies in the future."), "surveyed_on", "not_future")
    survey, customer = draft.get("survey_id"), draft.get("customer_id")
    same = sa.select(SurveyResponse).where(
        SurveyResponse.survey_id == survey, SurveyResponse.customer_id == customer
    )
    other = session.scalars(same).first() if survey and customer else None
    if other is not None and other.id != draft.whole.record.id:
        yield Problem(_("This customer has answered the survey already."), "customer_id", "unique")
