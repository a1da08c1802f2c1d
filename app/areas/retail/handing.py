"""A key account goes from the consultant who received it to the manager who serves it from then on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints.operations import take_system_step
from app.areas.consequences.operations import open_case, show_to
from app.areas.customers.operations import Customer, CustomerAssignment, CustomerProfile, SalesLead
from app.core import access, clock
from app.core.db import session
from app.core.errors import Problem
from app.core.hooks import Moved, Step, effect, guard
from app.core.saving import Draft, check
from app.engines.deadlines import operations as deadlines
from app.engines.people import operations as people

PENDING, TRANSFERRED, WAIVED = "pending", "transferred", "waived"
LIVE = ("requested", "waiver_asked")
KEEPER = "file_custodian"


@check("customer_assignment")
def lead_is_known(draft: Draft) -> Iterable[Problem]:
    """A hand-over names the lead that is handed over."""
    if draft.get("kind") == "transfer" and draft.get("lead_id") is None:
        yield Problem(_("Name the lead that is handed over."), "lead_id", "required")


@guard("lead_awaits_transfer")
def lead_awaits_transfer(step: Step) -> Iterable[Problem]:
    """Only a lead that reached the line and is not yet handed over; one request at a time, by whoever received it."""
    lead, clause = session.get(SalesLead, step.get("lead_id") or 0), step.move.clause
    if lead is None or lead.transfer_status != PENDING:
        yield Problem(_("This lead is not to be handed over."), "lead_id", "state", clause)
        return
    if step.access.employee_id not in (lead.owner_id, lead.person_id):
        yield Problem(_("A lead is handed over by the consultant who received it."), "lead_id", "owner", clause)
    live = sa.select(CustomerAssignment.id).where(
        CustomerAssignment.lead_id == lead.id, CustomerAssignment.status.in_(LIVE),
        CustomerAssignment.id != step.whole.record.id,
    )  # fmt: skip
    if session.scalar(live.limit(1)) is not None:
        yield Problem(_("This lead is being handed over already."), "lead_id", "unique", clause)


@effect("note_transfer", early=True)
def note_transfer(moved: Moved) -> None:
    """What was known of the lead when it was handed over."""
    lead = session.get_one(SalesLead, moved.whole.get("lead_id"))
    moved.whole.update({"area": lead.area, "customer_id": lead.customer_id})
    moved.whole.save()


@effect("take_over_lead")
def take_over_lead(moved: Moved) -> None:
    """The manager serves the customer from now on and a file is begun; the consultant still sees the lead."""
    paper: Any = moved.record
    lead: Any = session.get_one(SalesLead, paper.lead_id, with_for_update=True)
    manager = access.current().employee_id or paper.person_id
    if lead.owner_id is not None:
        show_to(lead, lead.owner_id)
    late = _late(lead)
    lead.owner_id = lead.manager_id = manager
    lead.unit_id, lead.transfer_status = moved.post.unit_id if moved.post else lead.unit_id, TRANSFERRED
    paper.late = late
    if lead.customer_id is not None:
        customer: Any = session.get_one(Customer, lead.customer_id)
        customer.owner_id, customer.unit_id = manager, lead.unit_id
    session.flush()
    take_system_step(lead)
    _begin_file(lead, manager)


def _late(lead: Any) -> bool:
    """Whether a clock of the lead that still runs is past its end."""
    return any(one.due_at < clock.now() for one in deadlines.open_clocks("sales_lead", lead.id))


def _begin_file(lead: Any, manager: int | None) -> None:
    known = sa.select(CustomerProfile.id).filter_by(lead_id=lead.id)
    if session.scalar(known) is not None:
        return
    keepers = people.holders(f"{lead.policy}.{KEEPER}", people.path_of(lead.adopter_id))
    open_case(
        CustomerProfile, lead, lead.unit_id, lead_id=lead.id, customer_id=lead.customer_id,
        customer_name=lead.customer_name, phone=lead.phone, owner_id=manager, confidentiality="strict",
        keeper_id=keepers[0].id if keepers else None,
    )  # fmt: skip


@effect("serve_own_lead")
def serve_own_lead(moved: Moved) -> None:
    """Whoever won a key account on his own serves it; a file is begun at once."""
    lead: Any = moved.record
    lead.manager_id = lead.owner_id
    session.flush()
    _begin_file(lead, lead.owner_id)


@effect("waive_transfer")
def waive_transfer(moved: Moved) -> None:
    """The consultant keeps the customer by way of exception."""
    lead: Any = session.get_one(SalesLead, moved.record.lead_id)
    lead.transfer_status = WAIVED
    session.flush()
    take_system_step(lead)
