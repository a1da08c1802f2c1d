"""Complaints handled by technique: what is heard and confirmed, promises, solutions in their order, opinions asked."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints.complaint import Complaint
from app.areas.complaints.complaint_handling import ComplaintHandling
from app.areas.complaints.complaint_step import ComplaintStep
from app.areas.complaints.opening import open_beside, take_system_step
from app.core import moves
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step, effect, guard
from app.core.register import registers
from app.core.ripples import after_change
from app.core.whole import Whole
from app.engines.deadlines import following as deadlines
from app.engines.limits import operations as limits

OPTIONS = ("option_1", "option_2", "option_3", "option_4")
LAST_MESSAGE = "last_message_at"
OBJECTED = "objected"


# -- listening and promises --------------------------------------------------------------------------------------------


@guard("heard_out")
def heard_out(step: Step) -> Iterable[Problem]:
    """The customer confirmed the main points, and whoever is at fault apologised."""
    if step.get("customer_confirmed") is False:
        text = _("Repeat the main points to the customer until he confirms them.")
        yield Problem(text, "customer_confirmed", "heard_out", step.move.clause)
    if step.get("own_fault") and step.get("apologised") is False:
        text = _("It is our own mistake: apologise for the company first.")
        yield Problem(text, "apologised", "heard_out", step.move.clause)


@guard("promise_ahead")
def promise_ahead(step: Step) -> Iterable[Problem]:
    """The time that is promised lies ahead."""
    if (at := step.get("promised_at")) is not None and at <= step.at:
        yield Problem(_("The promised time lies ahead."), "promised_at", "times_ahead", step.move.clause)


@guard("answer_confirmed")
def answer_confirmed(step: Step) -> Iterable[Problem]:
    """An answer settles the matter once the customer accepts it."""
    at_once = "resolved" not in step.move.requires
    if (at_once or step.get("resolved")) and not step.get("customer_accepts"):
        text = _("The matter is settled when the customer accepts the answer; else promise another time.")
        yield Problem(text, "customer_accepts", "answer_confirmed", step.move.clause)


@effect("note_answer")
def note_answer(moved: Moved) -> None:
    """Every answer stays in the course of the case, also when the next one is given."""
    case: Any = moved.record
    open_beside(
        moved, ComplaintStep, case.unit_id, complaint_id=case.id, kind="customer_notice", happened_at=moved.at,
        by_id=moved.employee_id, text=moved.whole.get("answer_text"),
    )  # fmt: skip


@after_change("contact_log")
def count_message(row: Any) -> None:
    """A word from us lets the time to the next one begin anew; a call from the customer does not."""
    case: Any = session.get(Complaint, row.complaint_id) if row.complaint_id and row.direction == "out" else None
    if case is None or case.closed_at is not None or LAST_MESSAGE not in (whole := moves.whole_of(case)).fields:
        return
    if (known := whole.get(LAST_MESSAGE)) is None or known < row.contacted_at:
        whole.update({LAST_MESSAGE: row.contacted_at})
        whole.save()
        deadlines.after_edit(whole, {LAST_MESSAGE: row.contacted_at})


# -- solutions ---------------------------------------------------------------------------------------------------------


def _options(case_id: int) -> list[Any]:
    of_case = sa.select(ComplaintHandling).where(ComplaintHandling.complaint_id == case_id)
    return list(session.scalars(of_case.order_by(ComplaintHandling.round)))


@guard("options_enough")
def options_enough(step: Step) -> Iterable[Problem]:
    """As many solutions as the policy expects are written, or the reason why there are fewer."""
    case: Any = step.whole.record
    written = len([name for name in OPTIONS if step.get(name)]) + len(_options(case.id))
    if not step.get("few_reason"):
        yield from limits.broken(limits.measure(case, "solutions_count", Decimal(written)), "few_reason")


@effect("rank_options")
def rank_options(moved: Moved) -> None:
    """Each solution becomes a form of its own, in the order in which it will be offered."""
    case: Any = moved.record
    rank = len(_options(case.id))
    for text in filter(None, map(moved.whole.get, OPTIONS)):
        rank += 1
        made = open_beside(
            moved, ComplaintHandling, case.unit_id, complaint_id=case.id, round=rank, handler_id=case.owner_id,
            form_no=f"{case.number}-{rank}",
        )  # fmt: skip
        made.whole.update({"option": text})
        made.whole.save()
    moved.whole.update(dict.fromkeys(OPTIONS))
    moved.whole.save()


@guard("offered_in_order")
def offered_in_order(step: Step) -> Iterable[Problem]:
    """The best solution is offered first, the next one when the customer objected to those before."""
    form: Any = step.whole.record
    before = [row for row in _options(form.complaint_id) if row.round < form.round and row.status != OBJECTED]
    if before:
        text = _("Offer %(number)s first; the next one follows when the customer objects.", number=before[0].form_no)
        yield Problem(text, None, "offered_in_order", step.move.clause)


@guard("promise_pending")
def promise_pending(step: Step) -> Iterable[Problem]:
    """Whoever answered without settling the matter promises another time before going on."""
    form: Any = step.whole.record
    if not moves.whole_of(session.get_one(Complaint, form.complaint_id)).get("promise_open"):
        text = _("The last promise was answered and the matter is not settled: promise another time first.")
        yield Problem(text, None, "promise_pending", step.move.clause)


@effect("tell_option")
def tell_option(moved: Moved) -> None:
    """The case knows how far the solution is, and goes on."""
    form: Any = moved.record
    case = session.get_one(Complaint, form.complaint_id)
    whole = moves.whole_of(case)
    whole.update({"option_stage": moved.target})
    whole.save()
    take_system_step(case)


@effect("drop_others")
def drop_others(moved: Moved) -> None:
    """Once a solution is carried out the others are not needed."""
    form: Any = moved.record
    case = session.get_one(Complaint, form.complaint_id)
    for other in _options(case.id):
        other.case_state = case.status
        session.flush()
        take_system_step(other)


# -- opinions ----------------------------------------------------------------------------------------------------------


def _questions(case_id: int, *, made: bool) -> list[Any]:
    visit: Any = registers()["visit"].model
    asked = visit.visited_at.is_not(None) if made else visit.visited_at.is_(None)
    found = sa.select(visit).where(visit.complaint_id == case_id, asked)
    return [row for row in session.scalars(found) if made or not _ended(row)]


def _ended(row: Any) -> bool:
    life = moves.lifecycle_of(row)
    return life is not None and life.states[row.status].final


def _measured(case: Any) -> limits.Measured:
    asked = Decimal(len(_questions(case.id, made=True)))
    return limits.measure(case, "one_to_two", Decimal(1), used=asked)


@guard("questions_left")
def questions_left(step: Step) -> Iterable[Problem]:
    """The customer was not yet asked as often as the policy allows."""
    yield from limits.broken(_measured(step.whole.record))


@guard("questions_used")
def questions_used(step: Step) -> Iterable[Problem]:
    """Only a question beyond the usual number needs the decision of the supervisor."""
    if _measured(step.whole.record).holds:
        yield Problem(_("The customer may still be asked without a decision."), None, "questions_used", "2")


@guard("question_answered")
def question_answered(step: Step) -> Iterable[Problem]:
    """The customer was asked at least once, and no question is under way."""
    case: Any = step.whole.record
    if not _questions(case.id, made=True):
        yield Problem(_("Ask the customer at least once what he thinks of the solution."), None, "question_answered",
                      step.move.clause)  # fmt: skip
    if _questions(case.id, made=False):
        yield Problem(_("The customer is still to be asked: record his opinion, or drop the question."), None,
                      "question_answered", step.move.clause)  # fmt: skip


@guard("asked_before")
def asked_before(step: Step) -> Iterable[Problem]:
    """A further question may be dropped, the first one not."""
    visit: Any = step.whole.record
    if not _questions(visit.complaint_id, made=True):
        text = _("The customer is asked at least once; the first question is not dropped.")
        yield Problem(text, None, "asked_before", step.move.clause)


def count_question(moved: Moved) -> None:
    """A question knows which one of its case it is."""
    whole: Whole = moved.whole
    if moved.move is not None or moved.register.slug != "visit" or "sequence" not in whole.fields:
        return
    row: Any = moved.record
    visit: Any = registers()["visit"].model
    known = sa.select(sa.func.count()).where(visit.complaint_id == row.complaint_id)
    whole.update({"sequence": session.scalar(known)})
    whole.save()


moves.on_moved(count_question, order=40)
