"""Surveys of customers: declared true, reviewed for contradictions, filed, and renewed every quarter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.areas.credit import rating_calc as calc
from app.areas.credit.contradictions import found_for
from app.areas.credit.credit_survey import FILED, CreditSurvey
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step, effect, guard
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole
from app.core.wording import N_
from app.engines.audit import operations as audit
from app.engines.sweeps.registry import Batch, sweep

TRUTH, REVIEW, QUARTERLY = "第10条", "第11条", "第12条"
OUT_OF_DATE = N_("Out of date since %(day)s: it was not renewed in its quarter.")
BATCH = 200


def latest_survey(customer_id: int) -> CreditSurvey | None:
    """The survey of a customer that is on file."""
    filed = sa.select(CreditSurvey).filter_by(customer_id=customer_id, status=FILED)
    return session.scalar(filed.order_by(CreditSurvey.updated_on.desc(), CreditSurvey.id.desc()).limit(1))


def fresh_survey(customer_id: int, day: dt.date) -> CreditSurvey | None:
    """The survey on file, unless it should have been renewed before that day."""
    found = latest_survey(customer_id)
    return found if found and found.refresh_by and found.refresh_by >= day else None


@check("credit_survey")
def lies_in_the_past(draft: Draft) -> Iterable[Problem]:
    """A survey was made before it is written down."""
    for name in ("updated_on", "surveyed_on"):
        if (day := draft.get(name)) and day > clock.today():
            yield Problem(_("The day lies in the future."), name, "not_future", QUARTERLY)


@before_create("credit_survey")
def begun_today(whole: Whole) -> None:
    """A new survey is of today unless it says another day, and belongs to whoever fills it."""
    record: Any = whole.record
    whole.update({"filled_by_id": record.owner_id, "updated_on": whole.get("updated_on") or clock.today()})
    whole.update({"quarter": calc.quarter_of(whole.get("updated_on"))})


@guard("truth_declared")
def truth_declared(step: Step) -> Iterable[Problem]:
    """Whoever fills the form answers for it."""
    if not step.get("truth_declared"):
        text = _("Declare first that you answer for the truth of this form.")
        yield Problem(text, "truth_declared", "truth_declared", TRUTH)


@guard("reviewed_by_another")
def reviewed_by_another(step: Step) -> Iterable[Problem]:
    """Nobody reviews what he filled in himself."""
    if step.whole.get("filled_by_id") == step.access.employee_id:
        yield Problem(_("Somebody else reviews this survey."), None, "reviewed_by_another", REVIEW)


@guard("contradictions_answered")
def contradictions_answered(step: Step) -> Iterable[Problem]:
    """Papers that contradict each other are named and explained before the survey is passed on."""
    record: Any = step.whole.record
    if step.get("contradiction_result") == "contradiction":
        text = _("The papers contradict each other; send the survey back.")
        yield Problem(text, "contradiction_result", "contradictions", REVIEW)
    elif found_for(record.customer_id, step.whole) and not step.get("contradictions"):
        text = _("The papers contradict each other in some points; say how each is explained.")
        yield Problem(text, "contradictions", "required", REVIEW)


@effect("date_survey", early=True)
def date_survey(moved: Moved) -> None:
    """The quarter follows the day of the update; the survey is good until the end of the next one."""
    day = moved.whole.get("updated_on") or clock.to_local(moved.at).date()
    moved.whole.update({"updated_on": day, "quarter": calc.quarter_of(day), "stale": False,
                        "refresh_by": calc.end_of_next_quarter(day)})  # fmt: skip


@effect("replace_survey")
def replace_survey(moved: Moved) -> None:
    """One survey of a customer is on file."""
    record: Any = moved.record
    row = CreditSurvey
    earlier = sa.select(row).filter_by(customer_id=record.customer_id, status=FILED).where(row.id != record.id)
    for old in session.scalars(earlier).all():
        old.replaced = True
        session.flush()
        moves.move(old, "supersede", as_system=True)


@sweep("credit.surveys", title=_l("Credit surveys: flag those that were not renewed"), schedule="5 0 * * *")
def flag_stale(at: dt.datetime) -> Iterator[Batch]:
    """Flag every survey on file whose last day has passed; new credit of its customer is refused from that day on."""
    day, row = clock.to_local(at).date(), CreditSurvey
    late = sa.select(row).where(row.status == FILED, row.refresh_by < day, row.stale.is_(False))
    due = late.order_by(row.id).limit(BATCH).with_for_update(skip_locked=True)
    while rows := session.scalars(due).all():
        for survey in rows:
            survey.stale = True
            audit.note(survey, "act", OUT_OF_DATE, {"day": str(survey.refresh_by)}, QUARTERLY)
        session.flush()
        yield Batch({"checked": len(rows), "hit": len(rows)}, [_finding(row) for row in rows[:5]])


def _finding(survey: CreditSurvey) -> dict[str, object]:
    return {"case": survey.survey_no or "", "url": f"/credit_survey/{survey.id}", "unit": survey.unit_id,
            "due": str(survey.refresh_by)}  # fmt: skip
