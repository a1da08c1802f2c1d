"""Customers of a guide who left, and how they come to another one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints import operations as complaints
from app.areas.customers.operations import Customer, CustomerAssignment, CustomerGrade, CustomerProfile
from app.areas.loyalty import grades
from app.areas.visits.operations import VisitTask
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step, effect, guard
from app.engines.deadlines.models import DeadlineClock
from app.engines.people import operations as people
from app.engines.people.models import Employee, OrgUnit
from app.engines.people.seats import holders_many
from app.engines.policy import operations as policy

GUIDE, LEAVING, ONE_TO_ONE = "guide", "leaving", "one_to_one"
CLOCK = "transfer_after_leaving"


def ownerless(adopter_id: int, limit: int) -> list[Any]:
    """Customers of a unit and those below it whose guide works here no more and who are not listed yet."""
    row, listed = Customer, CustomerAssignment
    below = sa.select(OrgUnit.id).where(OrgUnit.path.startswith(people.path_of(adopter_id), autoescape=True))
    waiting = sa.exists().where(
        listed.customer_id == row.id, listed.reason == LEAVING, listed.from_id == row.owner_id,
        listed.accepted_at.is_(None),
    )  # fmt: skip
    found = (
        sa.select(row.id, row.unit_id, row.owner_id)
        .join(Employee, Employee.id == row.owner_id)
        .where(Employee.active.is_(False), row.unit_id.in_(below), row.merged_into_id.is_(None),
               row.left_on.is_(None), ~waiting)
    )  # fmt: skip
    return list(session.execute(found.order_by(row.id).limit(limit)))


def list_one(customer: Any, code: str, at: dt.datetime) -> None:
    """Put a customer without a guide on the list."""
    kind = _kind_of(code, clock.to_local(at).date())
    told = {"kind": kind, "customer_id": customer.id, "reason": LEAVING}
    told |= {"mode": ONE_TO_ONE} if kind == GUIDE else {}
    complaints.announce(complaints.begin(CustomerAssignment, customer.unit_id, code, **told), at)


def _kind_of(code: str, day: dt.date) -> str:
    """The kind of assignment that a policy knows, the first where there are several."""
    version = policy.current_version(code, day)
    case = policy.pack_for(version.id).cases[CustomerAssignment.__tablename__] if version else None
    return str(case.offers["kind"][0]) if case and "kind" in case.offers else GUIDE


@effect("note_keeper")
def note_keeper(moved: Moved) -> None:
    """Who looks after the customer until then."""
    customer = session.get_one(Customer, moved.whole.get("customer_id"))
    moved.whole.update({"from_id": customer.owner_id})
    moved.whole.save()


@guard("keeper_can_take_over")
def keeper_can_take_over(step: Step) -> Iterable[Problem]:
    """The new guide works here as one, is another than before, and leaves a VIP with two guides."""
    person, customer = step.get("person_id"), session.get(Customer, step.get("customer_id") or 0)
    if person is None or customer is None:
        return
    if person == customer.owner_id:
        yield Problem(_("This guide looks after the customer already."), "person_id", "other", step.move.clause)
    if person not in _guides(step):
        yield Problem(_("This person does not serve customers here."), "person_id", "post", step.move.clause)
    grade = grades.in_force(customer.id)
    if grade is not None and person == customer.backup_id and grades.is_key(grade, grade.decided_class):
        text = _("This guide is the backup of the VIP; name another backup first.")
        yield Problem(text, "person_id", "backup", step.move.clause)


def _guides(step: Step) -> set[int]:
    """Who holds the post that enters assignments, inside the unit that adopted the policy, and works there."""
    case: Any = step.whole.record
    holder = step.lifecycle.states[step.lifecycle.start].holder
    code = f"{case.policy}.{holder.post}" if holder else ""
    seats = holders_many([code], [people.path_of(case.adopter_id)], clock.today())
    ids = {seat.employee_id for seat in seats}
    return set(session.scalars(sa.select(Employee.id).where(Employee.id.in_(ids), Employee.active.is_(True))))


@effect("give_customer")
def give_customer(moved: Moved) -> None:
    """The customer, its class, profile and open care belong to the new guide; the assignment before ends."""
    row: Any = moved.record
    customer: Any = session.get_one(Customer, row.customer_id)
    former = sa.select(CustomerAssignment).where(
        CustomerAssignment.customer_id == row.customer_id, CustomerAssignment.kind == row.kind,
        CustomerAssignment.accepted_at.is_not(None), CustomerAssignment.to_date.is_(None),
        CustomerAssignment.id != row.id,
    )  # fmt: skip
    for old in session.scalars(former).all():
        _write(old, to_date=row.from_date, ended=True)
        complaints.take_system_step(old)
    _write(customer, owner_id=row.person_id)
    _write(row, owner_id=row.person_id)
    for model in (CustomerGrade, CustomerProfile, VisitTask):
        for held in session.scalars(_open_rows(model, row.customer_id)).all():
            _give(held, row.person_id)


def _open_rows(model: Any, customer_id: int) -> Any:
    """The rows about a customer that have not ended."""
    found = sa.select(model).where(model.customer_id == customer_id)
    if model is VisitTask:
        return found.where(VisitTask.done_on.is_(None))
    return found.where(CustomerGrade.replaced.is_(None)) if model is CustomerGrade else found


def _give(held: Any, person_id: int) -> None:
    _write(held, owner_id=person_id, **({"person_id": person_id} if isinstance(held, VisitTask) else {}))
    running = sa.select(DeadlineClock).where(
        DeadlineClock.of_register == held.__tablename__, DeadlineClock.record_id == held.id,
        DeadlineClock.stopped_at.is_(None), DeadlineClock.owner_id.is_not(None),
    )  # fmt: skip
    for clock_row in session.scalars(running).all():
        clock_row.owner_id = person_id


def _write(row: Any, **values: Any) -> None:
    whole = moves.whole_of(row)
    whole.update(values)
    whole.save()
