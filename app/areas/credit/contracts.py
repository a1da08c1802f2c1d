"""Contracts that state a limit: as it was granted, cleared to zero, and handed to finance; plans that bring it down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.archives.operations import ArchiveItem
from app.areas.complaints import operations as complaints
from app.areas.credit import caps
from app.areas.credit.locking import group_of
from app.areas.customers.operations import Contract
from app.core import clock
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step, effect, guard
from app.engines.policy import operations as policy

STATED, CLEARED, REDUCED = "第24条2", "第36条", "第33条"
YEARS, MONTHS = "retention_years", "clearance_months"
DAYS_OF_A_MONTH = 31


@guard("limit_as_granted")
def limit_as_granted(step: Step) -> Iterable[Problem]:
    """A contract states the limit that was granted, no other."""
    record: Any = step.whole.record
    line = caps.line_of(group_of(step.get("customer_id")), record.adopter_id, clock.today())
    granted = (line.approved_limit or Decimal(0)) if line else Decimal(0)
    if step.get("stated_limit") != granted:
        text = _("The limit granted is %(granted)s; the contract states that.", granted=f"{granted:,.2f}")
        yield Problem(text, "stated_limit", "limit_as_granted", STATED)


@guard("nothing_outstanding")
def nothing_outstanding(step: Step) -> Iterable[Problem]:
    """An account is clear when nothing is owed on it."""
    record: Any = step.whole.record
    owed = caps.in_use(group_of(record.customer_id), record.adopter_id)
    if owed:
        text = _("%(owed)s are still outstanding.", owed=f"{owed:,.2f}")
        yield Problem(text, "cleared_on", "nothing_outstanding", CLEARED)


@guard("earlier_contract_cleared")
def earlier_contract_cleared(step: Step) -> Iterable[Problem]:
    """No contract is renewed while an earlier one of the customer, ended or in its last month, was never cleared."""
    record: Any = step.whole.record
    ends = clock.today() + dt.timedelta(days=DAYS_OF_A_MONTH * int(policy.parameter(record, MONTHS)))
    row = Contract
    open_ = sa.select(row.contract_no, row.own_no).where(
        row.customer_id == step.get("customer_id"), row.adopter_id == record.adopter_id, row.id != record.id,
        row.status.in_(("in_force", "ended")), row.valid_to <= ends, row.cleared_on.is_(None),
    )  # fmt: skip
    found = session.execute(open_.order_by(row.valid_to.desc()).limit(1)).first()
    if found is not None:
        number = found.contract_no or found.own_no or ""
        text = _("Contract %(number)s was not cleared to zero; it is not renewed before that.", number=number)
        yield Problem(text, "customer_id", "earlier_contract_cleared", CLEARED)


@guard("exposure_reduced")
def exposure_reduced(step: Step) -> Iterable[Problem]:
    """A plan is reached when no more is in use than its aim."""
    record: Any = step.whole.record
    owed = caps.in_use(group_of(record.customer_id), record.adopter_id)
    if owed > (record.target or 0):
        text = _("%(owed)s are in use; the aim is %(aim)s.", owed=f"{owed:,.2f}", aim=f"{record.target or 0:,.2f}")
        yield Problem(text, "target", "exposure_reduced", REDUCED)


@effect("open_custody")
def open_custody(moved: Moved) -> None:
    """The original is to be handed to finance."""
    record: Any = moved.record
    register, day = moved.register, clock.to_local(moved.at).date()
    pack = policy.pack_for(record.pack_version_id)
    years = int(policy.parameter(record, YEARS))
    complaints.open_beside(
        moved, ArchiveItem, record.unit_id, title=str(getattr(record, register.title)),
        category=str(pack.cases[register.slug].label.zh), reference=str(getattr(record, register.title)),
        retention_until=_years_on(record.valid_to or day, years),
    )  # fmt: skip


def _years_on(day: Any, years: int) -> Any:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
