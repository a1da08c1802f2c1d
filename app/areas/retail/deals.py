"""Property deals: what is known of the lead, who may sign, and what a source of commission asks for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from app.areas.customers.operations import SalesLead
from app.areas.retail import leads
from app.areas.retail.handing import TRANSFERRED, WAIVED
from app.areas.retail.sheets import SPECIAL
from app.areas.visits.operations import CustomerEvent
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.hooks import Moved, Step, effect, guard
from app.core.register import registers
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole
from app.engines.tiering import operations as tiering

SOURCE, KEY, APPROVED = "commission_source", "key_account", "approved"


def _lead(get: Any) -> Any:
    return session.get(SalesLead, get("lead_id") or 0)


def participants(event_id: int | None) -> list[int]:
    """Who takes part in an outing."""
    event: Any = session.get(CustomerEvent, event_id or 0)
    return list(event.staff or []) if event is not None else []


def source_of(lead: Any) -> str | None:
    """The source of commission that the facts of a lead lead to."""
    if lead is None or not tiering.has(lead, SOURCE):
        return None
    known = {"participants": len(participants(lead.event_id))}
    whole = moves.whole_of(lead)
    return tiering.classify(lead, SOURCE, lambda name: known[name] if name in known else whole.get(name)).tier


@before_create("sales_order")
def told_by_the_lead(whole: Whole) -> None:
    """A deal takes over what its lead says, and belongs to whoever serves the customer."""
    lead, record = _lead(whole.get), whole.record
    if lead is None:
        return
    filled = {
        "customer_id": lead.customer_id, "source": source_of(lead), "consultant_id": lead.person_id,
        "manager_id": lead.manager_id, "event_id": lead.event_id, "area": lead.area, "rooms": lead.rooms,
    }  # fmt: skip
    whole.update({name: value for name, value in filled.items() if whole.get(name) is None})
    record.unit_id, record.owner_id = lead.unit_id, lead.owner_id


@check("sales_order")
def lead_of_a_deal(draft: Draft) -> Iterable[Problem]:
    """A property deal rests on a lead."""
    if draft.get("kind") == "deal" and draft.get("lead_id") is None:
        yield Problem(_("Name the lead of the deal."), "lead_id", "required")


@guard("key_account_handed_over")
def key_account_handed_over(step: Step) -> Iterable[Problem]:
    """No consultant signs with a key account that was not handed over, unless that was waived."""
    lead, clause = _lead(step.get), step.move.clause
    if lead is None or lead.customer_class != KEY:
        return
    if lead.transfer_status not in (TRANSFERRED, WAIVED):
        text = _("The lead is a key account and was neither handed over nor waived; the deal waits for that.")
        yield Problem(text, "lead_id", "not_transferred", clause)
    elif lead.transfer_status == TRANSFERRED and step.access.employee_id != lead.manager_id:
        yield Problem(_("With a key account signs the manager who serves it."), "lead_id", "owner", clause)


@guard("source_is_proven")
def source_is_proven(step: Step) -> Iterable[Problem]:
    """The source of commission is the one that the lead leads to; a joint outing had two people at least."""
    lead, clause = _lead(step.get), step.move.clause
    known = source_of(lead)
    if known is not None and step.get("source") != known:
        label = tiering.tier_of(lead, SOURCE).classes[known]
        text = _("The lead says “%(source)s”; the first source that was written down counts.", source=label)
        yield Problem(text, "source", "source", clause)
    if step.get("source") == "joint_outing" and len(participants(step.get("event_id"))) < 2:
        yield Problem(_("A joint outing has two people at least."), "event_id", "at_least", clause)


@guard("terms_were_approved")
def terms_were_approved(step: Step) -> Iterable[Problem]:
    """Special payment terms are approved first, for this customer and not run out."""
    if step.get("payment") != SPECIAL:
        return
    plan: Any = session.get(registers()["payment_plan"].model, step.get("payment_plan_id") or 0)
    day = step.get("signed_on")
    over = plan is not None and plan.valid_until is not None and day is not None and plan.valid_until < day
    if plan is None or plan.status != APPROVED or over or plan.customer_id != step.get("customer_id"):
        text = _("The special payment terms of this customer are not approved.")
        yield Problem(text, "payment_plan_id", "not_approved", step.move.clause)


@guard("signed_by_now")
def signed_by_now(step: Step) -> Iterable[Problem]:
    """A deal is signed today at the latest."""
    day = step.get("signed_on")
    if day is not None and day > clock.to_local(step.at).date():
        yield Problem(_("The day of signing lies in the future."), "signed_on", "not_future", step.move.clause)


@effect("lead_is_signed")
def lead_is_signed(moved: Moved) -> None:
    """The lead goes on as signed."""
    leads.tell(moved.record.lead_id, "signed")
