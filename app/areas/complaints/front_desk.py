"""Complaints at the desk of a managed building: guards and effects of packs for promises, supervisors and repeats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints.complaint import Complaint
from app.areas.complaints.complaint_front_desk import COMMUNICATIVE, ComplaintFrontDesk
from app.areas.complaints.opening import take_system_step
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step, effect, guard
from app.core.register import registers
from app.core.scope import call_in
from app.core.wording import N_
from app.engines.notifications import operations as notifications
from app.engines.people.seats import holders_many
from app.engines.policy import operations as policy

SUPERVISOR = "dept_supervisor"
WINDOW = "repeat_days"
CALLED = N_("Complaint %(case)s: you are to go to the place: %(title)s")


@guard("supervisor_in_post")
def supervisor_in_post(step: Step) -> Iterable[Problem]:
    """The responsible supervisor holds that post for the responsible department."""
    chosen, unit_id = step.get("responsible_supervisor_id"), step.get("responsible_unit_id")
    seats = holders_many([f"{step.lifecycle.policy}.{SUPERVISOR}"], [step.lifecycle.within],
                         clock.to_local(step.at).date())  # fmt: skip
    if chosen is not None and (chosen, unit_id) not in {(seat.employee_id, seat.unit_id) for seat in seats}:
        text = _("Name the supervisor of the responsible department.")
        yield Problem(text, "responsible_supervisor_id", "supervisor_in_post", step.move.clause)


@guard("supervisor_leads")
def supervisor_leads(step: Step) -> Iterable[Problem]:
    """The supervisor who was taken to the place leads the solution."""
    if step.access.employee_id != step.whole.get("responsible_supervisor_id"):
        text = _("The supervisor of the responsible department leads the solution.")
        yield Problem(text, "responsible_supervisor_id", "supervisor_leads", step.move.clause)


@guard("promise_confirmed")
def promise_confirmed(step: Step) -> Iterable[Problem]:
    """Nothing is promised unless it was put up and the head confirmed it, word by word."""
    confirmed = step.whole.get("promise_confirmed_at") is not None
    same = step.get("promise") == step.whole.get("promise")
    if step.get("promised") and not (confirmed and same):
        text = _("A promise is put up first and confirmed; nothing is promised lightly.")
        yield Problem(text, "promised", "promise_confirmed", step.move.clause)
    elif step.get("promise") and not step.get("promised"):
        text = _("Tick that something is promised, or leave the promise empty.")
        yield Problem(text, "promised", "promise_confirmed", step.move.clause)


# -- the same matter again -------------------------------------------------------------------------------------------


def earlier_of(case: Any, room: str | None, sub_kind: str | None, at: dt.datetime) -> Sequence[Complaint]:
    """Complaints of the same room and sort within the window that the policy names, the latest first."""
    if not room:
        return ()
    pack = policy.pack_for(case.pack_version_id)
    days = policy.settings_for(pack, case.adopter_id, clock.to_local(at).date()).value(WINDOW)
    last = case.received_at or at
    alike = sa.select(Complaint).join(ComplaintFrontDesk, ComplaintFrontDesk.id == Complaint.id).where(
        Complaint.adopter_id == case.adopter_id, Complaint.id != case.id, Complaint.case_no.is_not(None),
        ComplaintFrontDesk.room_no == room, ComplaintFrontDesk.sub_kind == sub_kind,
        Complaint.received_at >= last - dt.timedelta(days=days), Complaint.received_at <= last,
    )  # fmt: skip
    return session.scalars(alike.order_by(Complaint.received_at.desc(), Complaint.id.desc())).all()


@guard("repeat_answered")
def repeat_answered(step: Step) -> Iterable[Problem]:
    """Where the same room complained of the same sort before, it is said whether it is the same matter."""
    linked, other = step.get("repeats_id"), step.get("other_matter")
    known = earlier_of(step.whole.record, step.get("room_no"), step.get("sub_kind"), step.at)
    if linked is not None and linked not in {row.id for row in known}:
        text = _("Only a complaint of the same room and sort within the window is the same matter.")
        yield Problem(text, "repeats_id", "repeat_answered", step.move.clause)
    elif known and linked is None and not other:
        text = _("%(case)s was about the same room and sort: name it, or tick that this is another matter.",
                 case=known[0].number)  # fmt: skip
        yield Problem(text, "repeats_id", "repeat_answered", step.move.clause)


@effect("mark_repeat", early=True)
def mark_repeat(moved: Moved) -> None:
    """A matter that came again is marked before its nature is judged."""
    moved.whole.update({"repeated": moved.whole.get("repeats_id") is not None})
    moved.whole.save()


@effect("wake_earlier")
def wake_earlier(moved: Moved) -> None:
    """What was handled as a talk and comes again is not settled: the earlier case takes the step that this asks for."""
    earlier = session.get(Complaint, moved.whole.get("repeats_id") or 0)
    if earlier is None or earlier.closed_at is not None:
        return
    whole = moves.whole_of(earlier)
    if whole.get("complaint_kind") == COMMUNICATIVE:
        whole.update({"came_back": True})
        whole.save()
        take_system_step(earlier)


# -- the department, and visits --------------------------------------------------------------------------------------


@effect("show_department")
def show_department(moved: Moved) -> None:
    """Let the responsible department and its supervisor see the case; the supervisor is called."""
    case: Any = moved.record
    if case.responsible_unit_id:
        moves.send_to(case, case.responsible_unit_id)
    if (who := moved.whole.get("responsible_supervisor_id")) is None:
        return
    call_in("complaint", case.id, who)
    clause, said = moved.move.clause if moved.move else "", {"case": case.number, "title": case.title}
    event = f"front_desk.called:{case.id}:{moved.at.isoformat()}"
    notifications.notify(event, [who], CALLED, said, f"/complaint/{case.id}", clause)


@effect("drop_visit")
def drop_visit(moved: Moved) -> None:
    """A visit that was planned for a case which is handled anew is no longer owed."""
    model: Any = registers()["visit"].model
    planned = sa.select(model).where(
        model.complaint_id == moved.record.id, model.visited_at.is_(None), model.counted_from.is_not(None)
    )
    for row in session.scalars(planned):
        row.counted_from = None
        session.flush()
        take_system_step(row)


@effect("show_owner_unit")
def show_owner_unit(moved: Moved) -> None:
    """Let the unit that is to put something right see it."""
    if unit_id := moved.whole.get("owner_unit_id"):
        moves.send_to(moved.record, unit_id)
