"""Guards and effects that packs name for joint handling, reports before a decision, and customer opinions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints.customer_opinion import GRIEVANCE
from app.areas.complaints.urgent_visit import UrgentVisit
from app.areas.complaints.written_report import WrittenReport
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step, effect, guard
from app.core.wording import N_
from app.engines.notifications import operations as notifications
from app.engines.people import operations as people

ALERTED = N_("Case %(case)s is handled together with you until %(day)s; please go along.")


@guard("joint_limit_ahead")
def joint_limit_ahead(step: Step) -> Iterable[Problem]:
    """The limit of joint handling does not lie in the past."""
    if (day := step.get("joint_limit")) and day < clock.to_local(step.at).date():
        yield Problem(_("The limit lies in the past."), "joint_limit", "not_past", step.move.clause)


@guard("joint_recorded")
def joint_recorded(step: Step) -> Iterable[Problem]:
    """R&D was alerted, and what was done together is written down."""
    if step.whole.get("rd_alerted_at") is None:
        yield Problem(_("R&D was not alerted yet."), "rd_alerted_at", "joint_recorded", step.move.clause)
    done = sa.select(UrgentVisit.id).filter_by(complaint_id=_id(step)).where(UrgentVisit.visited_at.is_not(None))
    if session.scalar(done) is None:
        text = _("Write down first how it was handled on site.")
        yield Problem(text, None, "joint_recorded", step.move.clause)


@guard("report_handed_in")
def report_handed_in(step: Step) -> Iterable[Problem]:
    """The report after the investigation was handed in."""
    found = sa.select(WrittenReport.id).filter_by(complaint_id=_id(step))
    if session.scalar(found.where(WrittenReport.submitted_at.is_not(None))) is None:
        text = _("Hand in the report after the investigation first.")
        yield Problem(text, None, "report_handed_in", step.move.clause)


@guard("visit_dated")
def visit_dated(step: Step) -> Iterable[Problem]:
    """A visit follows the opinion and is not in the future."""
    received, visited = step.whole.get("received_at"), step.get("visited_at")
    if visited is not None and not (received or visited) <= visited <= clock.now():
        text = _("The visit lies between the opinion and now.")
        yield Problem(text, "visited_at", "between", step.move.clause)


@guard("visitor_fits")
def visitor_fits(step: Step) -> Iterable[Problem]:
    """Who goes in person is the one who says so; whom he sends is somebody else."""
    mine = step.get("visitor_id") == step.access.employee_id
    if step.get("visitor_id") is not None and step.get("in_person") is not None and mine != step.get("in_person"):
        text = _("In person means that you went yourself; otherwise name whom you sent.")
        yield Problem(text, "visitor_id", "visitor_fits", step.move.clause)


@guard("grievance_visited")
def grievance_visited(step: Step) -> Iterable[Problem]:
    """A customer with a grievance was visited, whatever its size and whoever is at fault."""
    if step.get("kind") == GRIEVANCE and step.whole.get("visited_at") is None:
        text = _("A complaining customer is visited before the grievance is settled, whoever is at fault.")
        yield Problem(text, "visited_at", "grievance_visited", step.move.clause)


@guard("serious_by_letter")
def serious_by_letter(step: Step) -> Iterable[Problem]:
    """A serious opinion is answered by letter; an ordinary one in writing or by telephone."""
    if step.get("serious") and step.get("told_by") not in (None, "letter"):
        text = _("The handling of an especially serious opinion is told by letter.")
        yield Problem(text, "told_by", "serious_by_letter", step.move.clause)


@guard("told_dated")
def told_dated(step: Step) -> Iterable[Problem]:
    """The customer is told after the opinion came in, and not in the future."""
    received, told = step.whole.get("received_at"), step.get("told_at")
    if told is not None and not (received or told) <= told <= clock.now():
        yield Problem(_("The answer lies between the opinion and now."), "told_at", "between", step.move.clause)


@effect("name_sender", early=True)
def name_sender(moved: Moved) -> None:
    """Who sent somebody else to the customer is kept."""
    opinion: Any = moved.record
    opinion.appointed_by_id = None if opinion.in_person else moved.employee_id
    session.flush()


@effect("alert_units")
def alert_units(moved: Moved) -> None:
    """Tell everybody with a post of the policy in the units that handle a case together."""
    case: Any = moved.record
    units = moved.whole.get("joint_units") or []
    for unit_id in units:
        moves.send_to(case, unit_id)
    codes = [f"{case.policy}.{post}" for move in moved.lifecycle.moves.values() for post in move.posts]
    seats = people.holders_many(list(dict.fromkeys(codes)), [moved.lifecycle.within], clock.today())
    called = list(dict.fromkeys(seat.employee_id for seat in seats if seat.unit_id in units))
    said = {"case": case.number, "day": moved.whole.get("joint_limit")}
    clause, event = moved.move.clause if moved.move else "", f"joint.alerted:{case.id}:{moved.at.isoformat()}"
    notifications.notify(event, called, ALERTED, said, f"/complaint/{case.id}", clause)


def _id(step: Step) -> int:
    record: Any = step.whole.record
    return int(record.id)
