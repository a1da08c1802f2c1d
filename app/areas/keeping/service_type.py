"""What kind of service a customer would get today: by a service contract in force, in the free time, or charged."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.customers.operations import Contract, Overview, on_customer
from app.areas.keeping.policies import settings_with
from app.core import clock, explaining
from app.core.db import session
from app.core.whole import Whole
from app.engines.tiering import operations as tiering

TIER, SERVICE, IN_FORCE = "service_type", "service", "in_force"


def proposed(customer: Any, day: dt.date) -> tiering.Classified | None:
    """The kind of service with its reason, where the unit's policy knows kinds."""
    settings = settings_with(customer.unit_id, "tiers", TIER, day)
    if settings is None:
        return None
    facts = {"under_contract": _under_contract(customer.id, day),
             "free_of_charge": bool(customer.free_until and day <= customer.free_until)}  # fmt: skip
    return tiering.classify_by(settings, TIER, facts.get)


def _under_contract(customer_id: int, day: dt.date) -> bool:
    row = Contract
    live = sa.select(row.id).where(
        row.customer_id == customer_id, row.contract_type == SERVICE, row.status == IN_FORCE,
        row.valid_from <= day, row.valid_to >= day,
    )  # fmt: skip
    return session.scalar(live.limit(1)) is not None


@explaining.explains("service_type")
def explain(whole: Whole) -> Any:
    """The kind of service that a request of the customer would get today."""
    if whole.register.slug != "customer":
        return None
    found = proposed(whole.record, clock.today())
    return tiering.explained(found) if found is not None else None


def show(built: Overview) -> None:
    """The kind of service beside the name."""
    found = proposed(built.customer, clock.today())
    if found is not None:
        built.figure(_("Service today"), str(found.label), hint=str(found.why.rule or "") if found.why else "")


on_customer(show, order=36)
