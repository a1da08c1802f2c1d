"""Service centres, online shops and malls: what a record holds, and the return visit that a caller was promised."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints.complaint import Complaint
from app.areas.complaints.opening import number, open_beside, take_system_step
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step, effect, guard
from app.core.register import registers
from app.core.saving import Draft, check
from app.engines.policy import operations as policy

FACTS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "complaint_online": (("content",), "(一)1④"),
    "complaint_centre": (("complainant_phone", "content"), "4.1B"),
    "complaint_mall": (("complainant", "complainant_phone", "content"), "开篇"),
}
DISSATISFIED = "no"
COMBINED, USUAL = "allow_combined_role", "promise_hours"
LAST_SECOND = 59


def _whole_record(slug: str) -> None:
    names, clause = FACTS[slug]

    @check(slug)
    def record_is_whole(draft: Draft) -> Iterable[Problem]:
        """A record says from the beginning who complained of what."""
        for name in names:
            if draft.get(name) is None:
                label = draft.whole.fields[name].label
                yield Problem(_("“%(field)s” is needed.", field=label), name, "required", clause)


for _slug in FACTS:
    _whole_record(_slug)


@check("complaint_centre")
def promise_lies_ahead(draft: Draft) -> Iterable[Problem]:
    """A return visit is promised for a time that lies ahead."""
    at = draft.values.get("promised_visit_at")
    if at is not None and at != draft.whole.get("promised_visit_at") and at <= clock.now():
        yield Problem(_("The promised time lies ahead."), "promised_visit_at", "ahead", "4.1B")


# -- the return visit --------------------------------------------------------------------------------------------------


@effect("open_promised_visit")
def open_promised_visit(moved: Moved) -> None:
    """Plan the return visit for the promised time; the promise holds until that minute is over."""
    _plan(moved, moved.record, moved.whole.get("promised_visit_at"))


def _plan(moved: Moved, case: Any, promised: dt.datetime) -> None:
    values = {
        "complaint_id": case.id, "customer_id": case.customer_id, "kind": "complaint", "counted_from": moved.at,
        "due_at": promised.replace(second=LAST_SECOND, microsecond=0),
    }  # fmt: skip
    made = open_beside(moved, registers()["visit"].model, case.unit_id, **values)
    number(made.record, moved.at)


@guard("visitor_apart")
def visitor_apart(step: Step) -> Iterable[Problem]:
    """Whoever took the complaint down does not call back, unless the policy allows one person to do both."""
    row: Any = step.whole.record
    taken = sa.select(Complaint.received_by_id).where(Complaint.id == row.complaint_id)
    if policy.parameter(row, COMBINED) != "yes" and session.scalar(taken) == step.access.employee_id:
        text = _("You took this complaint down yourself; somebody else makes the return visit.")
        yield Problem(text, None, "visitor_apart", step.move.clause)


@guard("case_handled")
def case_handled(step: Step) -> Iterable[Problem]:
    """The customer is answered when the responsible department has handled the case."""
    row: Any = step.whole.record
    if moves.whole_of(session.get_one(Complaint, row.complaint_id)).get("handled_at") is None:
        text = _("The responsible department has not finished: tell the customer so, and promise another call.")
        yield Problem(text, None, "case_handled", step.move.clause)


@effect("answer_by_visit")
def answer_by_visit(moved: Moved) -> None:
    """The case knows that its customer was answered, and whether he is satisfied."""
    row: Any = moved.record
    case = session.get_one(Complaint, row.complaint_id)
    whole = moves.whole_of(case)
    whole.update({"visited": True, "satisfied": row.rating != DISSATISFIED})
    whole.save()
    take_system_step(case)


@effect("promise_again")
def promise_again(moved: Moved) -> None:
    """Another visit for the time that was promised now, or after the usual time where none was named."""
    row: Any = moved.record
    row.next_at = row.next_at or moved.at + dt.timedelta(hours=int(policy.parameter(row, USUAL)))
    case = session.get_one(Complaint, row.complaint_id)
    whole = moves.whole_of(case)
    whole.update({"promised_visit_at": row.next_at})
    whole.save()
    _plan(moved, case, row.next_at)


@guard("promised_anew")
def promised_anew(step: Step) -> Iterable[Problem]:
    """What is passed on again has a new promise, which lies ahead."""
    if (at := step.get("promised_visit_at")) is not None and at <= step.at:
        yield Problem(_("The promised time lies ahead."), "promised_visit_at", "ahead", step.move.clause)


@check("visit")
def next_call_lies_ahead(draft: Draft) -> Iterable[Problem]:
    """Another call is promised for a time that lies ahead."""
    at = draft.values.get("next_at")
    if at is not None and at <= clock.now():
        yield Problem(_("The promised time lies ahead."), "next_at", "ahead", "4.1B")


@guard("return_visit_made")
def return_visit_made(step: Step) -> Iterable[Problem]:
    """The return visit has answered the customer before the case is closed."""
    if step.whole.get("answered_at") is None:
        text = _("The state “answered” is missing: the return visit answers the customer before the case is closed.")
        yield Problem(text, "answered_at", "return_visit_made", step.move.clause)
