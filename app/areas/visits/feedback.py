"""What customers say of the result of a case, and complaints that a survey finds."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.areas.complaints import operations as complaints
from app.areas.visits.survey_response import FEEDBACK, SurveyResponse
from app.core import clock
from app.core.db import session
from app.core.moves import Moved, effect
from app.core.register import registers


@effect("keep_feedback")
def keep_feedback(moved: Moved) -> None:
    """Keep the customer's word on the present round of a case as a form of its own."""
    case: Any = moved.record
    made = complaints.open_beside(
        moved, SurveyResponse, case.unit_id, kind=FEEDBACK, complaint_id=case.id, customer_id=case.customer_id,
        round=_round_of(case), surveyed_on=clock.to_local(moved.at).date(),
        satisfied=moved.whole.get("customer_accepts"), comments=moved.whole.get("feedback"),
    )  # fmt: skip
    complaints.give_number(made.record, moved.at)


def _round_of(case: Any) -> int:
    """The round that a case is in; the first while it has no forms."""
    form: Any = registers()["complaint_handling"].model
    last = session.scalar(sa.select(sa.func.max(form.round)).where(form.complaint_id == case.id))
    return int(last or 1)


@effect("open_surveyed_complaint")
def open_surveyed_complaint(moved: Moved) -> None:
    """What a survey found goes on as a complaint of the same customer, to be completed by whoever opened it."""
    answer: Any = moved.record
    title = (answer.comments or "").splitlines()[0][:60]
    made = complaints.open_beside(
        moved, registers()["complaint"].model, answer.unit_id, customer_id=answer.customer_id, title=title,
        content=answer.comments, complainant=answer.respondent, received_at=moved.at,
    )  # fmt: skip
    made.whole.update({"matter": "general_affairs", "source": "satisfaction_survey"})
    made.whole.save()
    answer.became_id = made.record.id
    session.flush()
