"""A car dealer's complaint on its way: who handles it, meeting, talk, enquiry, review; guards and effects of packs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints.complaint import Complaint
from app.areas.complaints.complaint_dealer import ComplaintDealer
from app.areas.complaints.customer_opinion import CustomerOpinion
from app.areas.complaints.joint_investigation import JointInvestigation
from app.areas.complaints.opening import number, open_beside, take_system_step
from app.areas.complaints.written_report import WrittenReport
from app.areas.organisation import operations as organisation
from app.core import clock, moves, saving
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.moves import Moved, Step, effect, guard
from app.core.register import registers
from app.core.saving import Draft, before_create, check
from app.core.scope import call_in
from app.core.whole import Whole
from app.core.wording import N_
from app.engines.notifications import operations as notifications
from app.engines.people import operations as people
from app.engines.people.models import Employee
from app.engines.people.seats import holders_many
from app.engines.policy import operations as policy
from app.engines.tiering import operations as tiering

RELATIONS, GENERAL = "cr_manager", "general_manager"
CALLED = N_("Emergency meeting at once: %(case)s. Come to the meeting.")
SUPERVISING = N_("You supervise the measure %(number)s.")
SOURCES = {"phone": "phone", "visit": "desk", "letter": "letter", "mail": "mail"}


def _holders(record: Any, post: str, within: str, at: dt.datetime) -> list[int]:
    """Everybody who holds a post of the policy, on the local day of an instant."""
    seats = holders_many([f"{record.policy}.{post}"], [within], clock.to_local(at).date())
    return [seat.employee_id for seat in seats]


# -- the vehicle -----------------------------------------------------------------------------------------------------


@check("complaint_dealer")
def car_is_named(draft: Draft) -> Iterable[Problem]:
    """The car has its plate; while it has none, its frame number."""
    if not draft.get("plate_no") and not draft.get("vin"):
        text = _("Write the plate number, or the frame number of a car without plates.")
        yield Problem(text, "plate_no", "required", "4N-1")


def _without_plate(record: Any) -> str | None:
    """What stands instead of the plate of a car that has none."""
    said = policy.pack_for(record.pack_version_id).texts.get("unregistered")
    return said.zh if said else None


@before_create("complaint")
def say_unregistered(whole: Whole) -> None:
    """A car without plates says so where its plate would stand."""
    if "plate_no" in whole.fields and not whole.get("plate_no"):
        whole.update({"plate_no": _without_plate(whole.record)})


def after_edit(whole: Whole, changed: Mapping[str, Any]) -> None:
    """A plate that was taken away is no empty plate either."""
    if whole.register.slug == "complaint" and "plate_no" in changed and not whole.get("plate_no"):
        say_unregistered(whole)
        whole.save()


saving.after_update(after_edit)


@effect("count_vehicle", early=True)
def count_vehicle(moved: Moved) -> None:
    """How often this vehicle was complained of within the days that the policy's setting says, this time included."""
    case: Any = moved.record
    plate, vin, car = moved.whole.get("plate_no"), moved.whole.get("vin"), ComplaintDealer
    marks = [car.vin == vin] if vin else []
    marks += [car.plate_no == plate] if plate and plate != _without_plate(case) else []
    since = (moved.whole.get("received_at") or moved.at) - dt.timedelta(days=policy.parameter(case, "repeat_days"))
    same = (
        sa.select(sa.func.count()).select_from(car).join(Complaint, Complaint.id == car.id)
        .where(sa.or_(*marks), Complaint.adopter_id == case.adopter_id, Complaint.received_at >= since)
    )  # fmt: skip
    moved.whole.update({"vehicle_complaints": session.scalar(same)})
    moved.whole.save()


# -- who handles it --------------------------------------------------------------------------------------------------


@effect("route_complaint", early=True)
def route_complaint(moved: Moved) -> None:
    """The department that was named, else that of the kind of complaint: its manager has the case from now on."""
    record: Any = moved.record
    department = moved.whole.get("handling_department") or tiering.classify(record, "routing", moved.whole.get).tier
    found = _holders(record, str(department), moved.lifecycle.within, moved.at)
    if not found:
        text = _("Nobody holds the post that handles this complaint; a post is given first.")
        clause = moved.move.clause if moved.move else None
        raise Refusal(Problem(text, "handling_department", "handler_in_post", clause))
    person = session.get_one(Employee, found[0])
    moves.send_to(record, record.unit_id)
    moves.send_to(record, person.unit_id)
    record.owner_id, record.unit_id, record.holder_unit_id = person.id, person.unit_id, person.unit_id
    moved.whole.update({"handling_department": department, "handler_id": person.id, "assigned_at": moved.at})
    moved.whole.save()


@effect("open_suggestion")
def open_suggestion(moved: Moved) -> None:
    """A proposal or criticism without damage goes on as a customer opinion, and is answered there."""
    case: Any = moved.record
    values = {
        "source": SOURCES.get(case.channel, "other"), "kind": "suggestion", "complaint_id": case.id,
        "customer_id": case.customer_id, "customer_name": case.complainant, "content": case.content,
        "received_at": case.received_at or moved.at,
    }  # fmt: skip
    number(open_beside(moved, CustomerOpinion, case.unit_id, **values).record, moved.at)


# -- the major route -------------------------------------------------------------------------------------------------


@effect("call_emergency")
def call_emergency(moved: Moved) -> None:
    """Open the emergency meeting, and call the department manager and the general manager to it at once."""
    case: Any = moved.record
    born = open_beside(
        moved, organisation.Meeting, moved.post.unit_id if moved.post else case.unit_id, complaint_id=case.id,
        kind="emergency", subject=case.title, notified_at=moved.at, submitted_by_id=moved.employee_id,
        submitted_on=clock.to_local(moved.at).date(), content=case.content,
    )  # fmt: skip
    number(born.record, moved.at)
    called = [case.owner_id, *_holders(case, GENERAL, moved.lifecycle.within, moved.at)]
    for who in called:
        call_in("meeting", born.record.id, who)
    clause = moved.move.clause if moved.move else ""
    said, url = {"case": case.number or f"#{case.id}"}, f"/meeting/{born.record.id}"
    notifications.notify(f"meeting.emergency:{born.record.id}", called, CALLED, said, url, clause)
    session.flush()


@guard("emergency_attended")
def emergency_attended(step: Step) -> Iterable[Problem]:
    """Customer relations, the handling department and the general manager were all there; it was held by now."""
    meeting: Any = step.whole.record
    present = set(step.get("participants") or ())
    case = session.get(Complaint, meeting.complaint_id or 0)
    wanted = [_holders(meeting, post, step.lifecycle.within, step.at) for post in (RELATIONS, GENERAL)]
    wanted += [[case.owner_id]] if case is not None and case.owner_id is not None else []
    if not all(present & set(people_) for people_ in wanted):
        text = _("The customer-relations manager, the department manager and the general manager all take part.")
        yield Problem(text, "participants", "emergency_attended", step.move.clause)
    held, called = step.get("held_at"), step.whole.get("notified_at")
    if held is not None and not (called or held).replace(second=0, microsecond=0) <= held <= step.at:
        yield Problem(_("The meeting lies between its call and now."), "held_at", "between", step.move.clause)


@guard("emergency_held")
def emergency_held(step: Step) -> Iterable[Problem]:
    """The emergency meeting of the case was held and drew up a solution."""
    met = [one for one in organisation.meetings_about(step.whole.record.id) if one.kind == "emergency"]
    if not met or max(met, key=lambda one: one.id).decided_at is None:
        text = _("Record the emergency meeting first: who took part, and the solution.")
        yield Problem(text, None, "emergency_held", step.move.clause)


@guard("both_negotiate")
def both_negotiate(step: Step) -> Iterable[Problem]:
    """The manager of the handling department and the customer-relations manager talk with the customer together."""
    talk: Any = step.whole.record
    case = session.get(Complaint, talk.complaint_id)
    there = {step.get("leader_id"), *(step.get("members") or ())}
    relations = set(_holders(talk, RELATIONS, step.lifecycle.within, step.at))
    if case is None or case.owner_id not in there or not there & relations:
        text = _("A major complaint is never negotiated alone: both managers take part.")
        yield Problem(text, "members", "both_negotiate", step.move.clause)
    if (at := step.get("met_at")) is not None and at > step.at:
        yield Problem(_("The talk lies in the future."), "met_at", "not_future", step.move.clause)


@guard("negotiated_jointly")
def negotiated_jointly(step: Step) -> Iterable[Problem]:
    """After the decision both managers came to an agreement with the customer."""
    talk = JointInvestigation
    agreed = sa.select(talk.id).where(
        talk.complaint_id == step.whole.record.id, talk.kind == "negotiation", talk.result == "agreed",
        talk.concluded_at >= (step.whole.get("decided_at") or step.at),
    )  # fmt: skip
    if session.scalar(agreed.limit(1)) is None:
        text = _("Record first the talk in which both managers came to an agreement with the customer.")
        yield Problem(text, None, "negotiated_jointly", step.move.clause)


# -- informed, asked, reviewed ---------------------------------------------------------------------------------------


@guard("informed_after_decision")
def informed_after_decision(step: Step) -> Iterable[Problem]:
    """The customer hears of a solution after the general manager agreed, not before."""
    told, decided = step.get("informed_at"), step.whole.get("decided_at")
    if told is not None and (decided is None or told < decided.replace(second=0, microsecond=0) or told > step.at):
        text = _("The customer is told between the consent of the general manager and now, not before.")
        yield Problem(text, "informed_at", "after_decision", step.move.clause)


@effect("open_enquiry")
def open_enquiry(moved: Moved) -> None:
    """The customer is to be asked how satisfied he is."""
    case: Any = moved.record
    values = {"complaint_id": case.id, "customer_id": case.customer_id, "kind": "complaint",
              "counted_from": moved.whole.get("informed_at") or moved.at}  # fmt: skip
    number(open_beside(moved, registers()["visit"].model, case.unit_id, **values).record, moved.at)


@effect("tell_satisfaction")
def tell_satisfaction(moved: Moved) -> None:
    """The case knows the customer's answer, and goes on by it."""
    row: Any = moved.record
    case = session.get_one(Complaint, row.complaint_id)
    whole = moves.whole_of(case)
    whole.update({"satisfaction": row.rating, "asked_at": row.visited_at})
    whole.save()
    take_system_step(case)


def _review_of(case: Any) -> Any:
    about = sa.select(WrittenReport).filter_by(complaint_id=case.id, kind="review")
    return session.scalars(about.order_by(WrittenReport.id.desc())).first()


@effect("open_review")
def open_review(moved: Moved) -> None:
    """The summary and evaluation of the case is begun for customer relations; one for each case."""
    case: Any = moved.record
    if _review_of(case) is None:
        unit = people.unit_of_post(f"{case.policy}.{RELATIONS}", moved.lifecycle.within) or case.unit_id
        made = open_beside(moved, WrittenReport, unit, kind="review", complaint_id=case.id, content="")
        report: Any = made.record
        report.owner_id = None
        session.flush()


@guard("review_written")
def review_written(step: Step) -> Iterable[Problem]:
    """Summary, evaluation and improvement are written, with who carries it out by when."""
    report = _review_of(step.whole.record)
    if report is None or report.submitted_at is None:
        text = _("Write the summary and evaluation first: improvement, who carries it out, by when.")
        yield Problem(text, None, "review_written", step.move.clause)


# -- measures --------------------------------------------------------------------------------------------------------


@guard("supervisor_independent")
def supervisor_independent(step: Step) -> Iterable[Problem]:
    """Whoever supervises a measure did not draft it."""
    measure: Any = step.whole.record
    if step.get("supervisor_id") is not None and step.get("supervisor_id") == measure.owner_id:
        text = _("Whoever drafted the measure does not supervise it; name somebody else.")
        yield Problem(text, "supervisor_id", "supervisor_independent", step.move.clause)


@effect("call_supervisor")
def call_supervisor(moved: Moved) -> None:
    """The supervisor sees the measure from now on, and is told."""
    measure: Any = moved.record
    who = moved.whole.get("supervisor_id")
    if call_in("corrective_action", measure.id, who):
        said, url = {"number": measure.action_no or f"#{measure.id}"}, f"/corrective_action/{measure.id}"
        clause = moved.move.clause if moved.move else ""
        notifications.notify(f"measure.supervisor:{measure.id}", [who], SUPERVISING, said, url, clause)
    session.flush()


@guard("appointed_supervisor")
def appointed_supervisor(step: Step) -> Iterable[Problem]:
    """Only the supervisor whom the general manager appointed writes the notes."""
    if step.whole.get("supervisor_id") != step.access.employee_id:
        text = _("Another supervisor was appointed for this measure.")
        yield Problem(text, "supervisor_id", "appointed_supervisor", step.move.clause)
