"""Service complaints: what their records must hold, who is told, and the entry of an overdue case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints.complaint import Complaint
from app.areas.complaints.complaint_it import RECEIVERS
from app.areas.complaints.complaint_step import ComplaintStep
from app.areas.complaints.opening import announce, begin, open_beside
from app.core import access, clock, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step, effect, guard
from app.core.saving import Draft, before_create, check
from app.core.scope import call_in
from app.core.whole import Whole
from app.core.wording import N_
from app.engines.deadlines import late
from app.engines.deadlines.watch import Due
from app.engines.notifications import operations as notifications
from app.engines.people import operations as people
from app.engines.people.seats import holders_many

FACTS = ("complainant", "complainant_phone", "content", "received_at")
MANAGER = "general_manager"
COMPLETE = N_("Complaint %(case)s was handled to the end.")
ENTRY = "escalation"


@check("complaint_it")
def four_facts(draft: Draft) -> Iterable[Problem]:
    """A record holds name, telephone, summary and time from the beginning."""
    for name in FACTS:
        if draft.get(name) is None and not (name == "received_at" and draft.whole.record.id is None):
            label = draft.whole.fields[name].label
            yield Problem(_("“%(field)s” is needed.", field=label), name, "required", "3.2.2")


@before_create("complaint")
def kind_of_receiver(whole: Whole) -> None:
    """Where a policy asks what the receiver is, his posts say it."""
    if "receiver_kind" not in whole.fields:
        return
    record: Any = whole.record
    held = {post.code.removeprefix(f"{record.policy}.") for post in access.current().posts}
    whole.update({"receiver_kind": next((kind for kind in RECEIVERS if kind in held), "other")})


@guard("dated_in_order")
def dated_in_order(step: Step) -> Iterable[Problem]:
    """Every instant that the step asks for lies between the receipt and now."""
    received = step.get("received_at")
    for name in step.move.requires:
        spec, at = step.whole.fields[name], step.get(name)
        if spec.kind.name == "datetime" and at is not None and not (received or at) <= at <= step.at:
            text = _("“%(field)s” lies between the receipt and now.", field=spec.label)
            yield Problem(text, name, "between", step.move.clause)


@guard("wait_lies_ahead")
def wait_lies_ahead(step: Step) -> Iterable[Problem]:
    """The time that the customer is told to wait lies ahead."""
    until = step.get("wait_until")
    if until is not None and until <= step.at:
        text = _("“%(field)s” lies ahead.", field=step.whole.fields["wait_until"].label)
        yield Problem(text, "wait_until", "ahead", step.move.clause)


@guard("limits_told")
def limits_told(step: Step) -> Iterable[Problem]:
    """Who refuses a solution was told the limits of the company."""
    if not step.get("limits_explained"):
        text = _("Explain the company's limits to the customer first.")
        yield Problem(text, "limits_explained", "limits_told", step.move.clause)


@effect("tell_general_manager")
def tell_general_manager(moved: Moved) -> None:
    """The general manager hears that a case was handled to the end; he approves nothing."""
    case: Any = moved.record
    code = f"{case.policy}.{MANAGER}"
    told = [seat.employee_id for seat in holders_many([code], [moved.lifecycle.within])]
    said, clause = {"case": case.number or f"#{case.id}"}, moved.move.clause if moved.move else ""
    event = f"complaint.complete:{case.id}:{moved.at.isoformat()}"
    notifications.notify(event, told, COMPLETE, said, f"/complaint/{case.id}", clause)


@effect("note_word")
def note_word(moved: Moved) -> None:
    """What the customer was told is kept in the course of the case."""
    case: Any = moved.record
    text = moved.whole.get("wait_word") if "wait_word" in moved.values else moved.whole.get("carried_out")
    made = open_beside(
        moved, ComplaintStep, case.unit_id, complaint_id=case.id, kind="customer_notice", happened_at=moved.at,
        by_id=moved.employee_id, text=text,
    )  # fmt: skip
    session.flush()
    moves.send_to(made.record, case.holder_unit_id or case.unit_id)


@effect("send_to_business")
def send_to_business(moved: Moved) -> None:
    """The business department concerned sees the case."""
    if (unit_id := moved.whole.get("responsible_unit_id")) is not None:
        moves.send_to(moved.record, unit_id)


@effect("show_to_tracker")
def show_to_tracker(moved: Moved) -> None:
    """Whoever is to follow the case sees it."""
    if (who := moved.whole.get("tracker_id")) is not None:
        call_in("complaint", moved.record.id, who)


@effect("show_to_marketing")
def show_to_marketing(moved: Moved) -> None:
    """A filed record is seen where the next steps are taken, whoever received it."""
    life = moved.lifecycle
    for post in {post for step in life.leaving(moved.target) for post in step.posts}:
        if (unit_id := people.unit_of_post(f"{life.policy}.{post}", life.within)) is not None:
            moves.send_to(moved.record, unit_id)


# -- overdue -----------------------------------------------------------------------------------------------------------


def enter_escalations(found: Sequence[Due]) -> None:
    """A complaint that a sweep finds late gets an entry in its course, where the policy's life of entries has one."""
    for due in found:
        told = due.setting.rules.pack.cases.get(ComplaintStep.__tablename__)
        wanted = told is not None and any(ENTRY in move.when.get("kind", ()) for move in told.moves.values())
        if wanted and due.row.of_register == Complaint.__tablename__ and due.setting.rule.rungs:
            _enter(due)


def _enter(due: Due) -> None:
    case = session.get_one(Complaint, due.row.record_id)
    label = due.setting.rules.pack.clocks[due.row.key.removeprefix(f"{case.policy}.")].label
    text = _("%(limit)s: overdue since %(due)s.", limit=label, due=f"{clock.to_local(due.row.due_at):%Y-%m-%d %H:%M}")
    known = sa.select(ComplaintStep.id).filter_by(complaint_id=case.id, kind=ENTRY, due_at=due.row.due_at, text=text)
    if session.scalar(known) is None:
        whole = begin(
            ComplaintStep, case.unit_id, case.policy, complaint_id=case.id, kind=ENTRY, happened_at=clock.now(),
            due_at=due.row.due_at, text=text,
        )  # fmt: skip
        announce(whole, clock.now())


late.on_late(enter_escalations)
