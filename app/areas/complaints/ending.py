"""What leads a handled case to its end: verification, return visit, word to the first contact, reports upward."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints.complaint import Complaint
from app.areas.complaints.complaint_step import ComplaintStep
from app.areas.complaints.complaint_verification import ComplaintVerification
from app.areas.complaints.opening import number, open_beside, take_system_step
from app.areas.complaints.written_report import WrittenReport
from app.core import moves, saving
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step, effect, guard
from app.core.register import registers
from app.core.scope import call_in
from app.core.wording import N_
from app.engines.approvals import inbox
from app.engines.notifications import operations as notifications

TOLD = N_("Complaint %(case)s, which you were the first to hear, is settled.")
COUNTED = {"office": "notified_at", "company": "leader_reported_at"}
"""From which field of the case the report of each level counts."""


def _case_of(record: Any) -> Any:
    return session.get_one(Complaint, record.complaint_id) if hasattr(record, "complaint_id") else record


# -- intake ----------------------------------------------------------------------------------------------------------


@effect("mark_reported", early=True)
def mark_reported(moved: Moved) -> None:
    """An emergency counts from the call itself when the first receiver raises it, else from now."""
    first = moved.source == moved.lifecycle.start
    moved.whole.update({"reported_at": (moved.whole.get("received_at") if first else None) or moved.at})
    moved.whole.save()


@effect("show_project")
def show_project(moved: Moved) -> None:
    """Let the management office of the project see the case."""
    if unit_id := moved.whole.get("project_id"):
        moves.send_to(moved.record, unit_id)


# -- verification ----------------------------------------------------------------------------------------------------


@effect("open_verification")
def open_verification(moved: Moved) -> None:
    """Open the verification of a case whose work is done."""
    case: Any = moved.record
    open_beside(
        moved, ComplaintVerification, case.unit_id, complaint_id=case.id,
        kind=moved.whole.get("check_kind") or "centre", counted_from=moved.whole.get("finished_at") or moved.at,
    )  # fmt: skip


@effect("pass_case")
def pass_case(moved: Moved) -> None:
    """Who verified is written down, and the case goes on."""
    _sign(moved)
    _tell(moved, check_result="pass")


@effect("fail_case")
def fail_case(moved: Moved) -> None:
    """The case goes back to be done again, by the time that the verification sets."""
    row: Any = moved.record
    _tell(moved, check_result="rework", finish_by=row.redo_by)


def _sign(moved: Moved) -> None:
    row: Any = moved.record
    if row.kind != "joint":
        row.centre_verifier_id = moved.employee_id
        return
    answers = inbox.course("complaint_verification", row.id)
    signed = {step.post: step.decided_by_id for _request, step in answers if step.decided_by_id}
    row.outside_verifier_id, row.property_verifier_id = (signed.get(post) for post in _signers(moved))


def _signers(moved: Moved) -> list[str]:
    """The posts that sign together, the outside one first, as the pack names them."""
    posts = moved.move.posts if moved.move else ()
    return [f"{moved.lifecycle.policy}.{post}" for post in posts[:2]]


def _tell(moved: Moved, **facts: Any) -> None:
    """Write facts into the case, which takes the step that they ask for."""
    case = _case_of(moved.record)
    whole = moves.whole_of(case)
    whole.update(facts)
    whole.save()
    take_system_step(case)


# -- visits ----------------------------------------------------------------------------------------------------------


@effect("open_visit")
def open_visit(moved: Moved) -> None:
    """Plan the return visit; one that is still planned counts anew."""
    case, joint = _case_of(moved.record), moved.register.slug != "complaint"
    model: Any = registers()["visit"].model
    begun = moved.at if joint else moved.whole.get("finished_at") or moved.at
    planned = sa.select(model).where(
        model.complaint_id == case.id, model.visited_at.is_(None), model.counted_from.is_not(None)
    )
    if (row := session.scalars(planned.order_by(model.id.desc())).first()) is not None:
        row.counted_from = begun
        session.flush()
        saving.told(moves.whole_of(row), {"counted_from": begun})
        return
    kind = "joint_visit" if joint else "return_visit"
    values = {"complaint_id": case.id, "customer_id": case.customer_id, "kind": kind, "counted_from": begun}
    number(open_beside(moved, model, case.unit_id, **values).record, moved.at)


@effect("visit_made")
def visit_made(moved: Moved) -> None:
    """The case knows that its customer was visited, and how content he is."""
    row: Any = moved.record
    _tell(moved, visited=True, satisfied=row.satisfied)


@guard("visited_by_now")
def visited_by_now(step: Step) -> Iterable[Problem]:
    """A visit follows what it counts from and does not lie in the future."""
    at, begun = step.get("visited_at"), step.whole.get("counted_from")
    if at is not None and not (begun or at) <= at <= step.at:
        text = _("The visit lies between the end of the work and now.")
        yield Problem(text, "visited_at", "between", step.move.clause)


# -- the first contact -----------------------------------------------------------------------------------------------


@effect("open_first_feedback")
def open_first_feedback(moved: Moved) -> None:
    """The first contact is owed word of the end of the co-ordination."""
    case: Any = moved.record
    made = open_beside(
        moved, ComplaintStep, case.unit_id, complaint_id=case.id, kind="first_contact_feedback", happened_at=moved.at,
    )  # fmt: skip
    step: Any = made.record
    step.owner_id = case.received_by_id or case.owner_id
    session.flush()


@effect("tell_first_contact")
def tell_first_contact(moved: Moved) -> None:
    """Tell the first contact that the case has come to its end."""
    case = _case_of(moved.record)
    if (who := case.received_by_id) is None:
        return
    call_in("complaint", case.id, who)
    clause = moved.move.clause if moved.move else ""
    event, url = f"complaint.settled:{moved.register.slug}:{moved.record.id}", f"/complaint/{case.id}"
    notifications.notify(event, [who], TOLD, {"case": case.number or f"#{case.id}"}, url, clause)


@guard("first_contact_told")
def first_contact_told(step: Step) -> Iterable[Problem]:
    """The first contact was told before the case is closed."""
    owed = sa.select(ComplaintStep.id).where(
        ComplaintStep.complaint_id == step.whole.record.id, ComplaintStep.kind == "first_contact_feedback",
        ComplaintStep.told_at.is_(None),
    )  # fmt: skip
    if session.scalar(owed.limit(1)) is not None:
        text = _(
            "The first contact has not been told yet that the co-ordination is finished: "
            "tell it on the entry that waits among the complaint steps."
        )
        yield Problem(text, None, "first_contact_told", step.move.clause)


@guard("accepted_or_head")
def accepted_or_head(step: Step) -> Iterable[Problem]:
    """The customer accepts the explanation, or the department head has come forward."""
    if not step.get("explanation_accepted") and not step.get("head_involved"):
        text = _("The customer does not accept the explanation: the department head comes forward first.")
        yield Problem(text, "head_involved", "accepted_or_head", step.move.clause)


# -- reports upward --------------------------------------------------------------------------------------------------


@effect("open_level_report")
def open_level_report(moved: Moved) -> None:
    """Whoever hands an emergency up owes a written report, counted from when the matter reached him."""
    case: Any = moved.record
    kind = moved.whole.get("report_level")
    known = sa.select(WrittenReport.id).where(WrittenReport.complaint_id == case.id, WrittenReport.kind == kind)
    if session.scalar(known.limit(1)) is None:
        open_beside(
            moved, WrittenReport, moved.post.unit_id if moved.post else case.unit_id, kind=kind, complaint_id=case.id,
            counted_from=moved.whole.get(COUNTED[kind]) or moved.at, author_id=moved.employee_id,
            content=moved.whole.get("handed_up") or "",
        )  # fmt: skip
