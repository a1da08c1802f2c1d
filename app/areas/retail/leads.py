"""Leads that may become key accounts: the area of all units wanted, the class it leads to, and who is told."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints.operations import take_system_step
from app.areas.customers.operations import SalesLead, SalesLeadUnit
from app.areas.organisation.operations import Vendor
from app.areas.visits.operations import CustomerEvent
from app.core import access, moves, saving
from app.core.crypto import blind_index
from app.core.db import session
from app.core.errors import Problem
from app.core.ripples import after_change, before_delete
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole
from app.engines.tiering import operations as tiering

INTENT = "intent"
CLASS, WALK_IN, CONTRADICTS = "customer_class", "walk_in", "adds_up"


def _wanted(lead_id: int) -> Decimal | None:
    """The areas of all units that a lead wants; ``None`` when none is named."""
    total = session.scalar(sa.select(sa.func.sum(SalesLeadUnit.area)).where(SalesLeadUnit.lead_id == lead_id))
    return None if total is None else Decimal(total)


@before_create("sales_lead")
def received_by_whom(whole: Whole) -> None:
    """A buyer who walked in is received by whoever writes it down, unless somebody else is named."""
    if whole.get("origin") == WALK_IN and whole.get("person_id") is None:
        whole.update({"person_id": access.current().employee_id})


@check("sales_lead")
def area_is_the_sum(draft: Draft) -> Iterable[Problem]:
    """Where units are named, the area wanted is theirs together."""
    area, lead_id = draft.values.get("area"), draft.whole.record.id
    total = _wanted(lead_id) if area is not None and lead_id else None
    if total is not None and total != area:
        text = _("The units wanted have %(sum)s m² together; change the units instead.", sum=f"{total:,.2f}")
        yield Problem(text, "area", CONTRADICTS)


@check("sales_lead")
def buyer_is_new(draft: Draft) -> Iterable[Problem]:
    """A telephone number stands in one running intent of a company only."""
    record: Any = draft.whole.record
    phone = draft.values.get("phone")
    if not phone or not tiering.has(record, CLASS):
        return
    table = SalesLead.__table__.c
    same = sa.select(table.lead_no).where(
        table.phone_index == blind_index(phone), table.adopter_id == record.adopter_id, table.ended_at.is_(None),
        table.kind == INTENT, table.id != (record.id or 0),
    )  # fmt: skip
    if (number := session.scalar(same.limit(1))) is not None:
        text = _("This telephone number already stands in the running intent %(number)s.", number=number)
        yield Problem(text, "phone", "unique")


@check("sales_lead_unit")
def lead_may_be_changed(draft: Draft) -> Iterable[Problem]:
    """Units are named by whoever may write in the lead in its present state."""
    lead = session.get(SalesLead, draft.get("lead_id") or 0)
    if lead is not None and not _open_to_me(lead):
        yield Problem(_("The lead cannot be changed by you in its present state."), "lead_id", "state")


@before_delete("sales_lead_unit")
def lead_lets_go(unit: Any) -> Iterable[Problem]:
    """The same for taking a unit off."""
    if not _open_to_me(session.get_one(SalesLead, unit.lead_id)):
        yield Problem(_("The lead cannot be changed by you in its present state."), "lead_id", "state")


def _open_to_me(lead: Any) -> bool:
    return access.current().everything or saving.may_edit(lead, moves.lifecycle_of(lead))


@after_change("sales_lead_unit")
def count_area(unit: Any) -> None:
    """The area of the lead follows its units at once, and with it its class and the time to hand it over."""
    lead: Any = session.get_one(SalesLead, unit.lead_id, with_for_update=True)
    whole, total = moves.whole_of(lead), _wanted(lead.id) or Decimal(0)
    if "area" in whole.fields and whole.get("area") != total:
        whole.update({"area": total})
        whole.save()
        saving.told(whole, {"area": total})
    follow_class(lead)


@after_change("sales_lead")
def follow_class(lead: Any) -> None:
    """The step that a risen class asks for; a lead that fell below its class is marked for a look, never sent back."""
    whole = moves.whole_of(lead)
    if "area" in whole.fields and lead.customer_class is not None and tiering.has(lead, CLASS):
        now = tiering.classify(lead, CLASS, whole.get).tier
        fell = tiering.rank(lead, CLASS, now) < tiering.rank(lead, CLASS, lead.customer_class)
        lead.to_review = fell or None
        session.flush()
    take_system_step(lead)
    count_leads(lead)


def count_leads(lead: Any) -> None:
    """How many leads an outing and a channel have brought."""
    if lead.event_id is not None:
        event: Any = session.get_one(CustomerEvent, lead.event_id)
        event.leads_count = _number(event_id=lead.event_id)
    if lead.vendor_id is not None:
        vendor: Any = session.get_one(Vendor, lead.vendor_id)
        vendor.leads_count = _number(vendor_id=lead.vendor_id)
    session.flush()


def _number(**place: int) -> int:
    return int(session.scalar(sa.select(sa.func.count()).select_from(SalesLead).filter_by(**place)) or 0)


def tell(lead_id: int | None, outcome: str) -> None:
    """Let a lead know what became of it, and take the step that follows."""
    lead: Any = session.get(SalesLead, lead_id) if lead_id else None
    if lead is not None:
        lead.outcome = outcome
        session.flush()
        take_system_step(lead)
