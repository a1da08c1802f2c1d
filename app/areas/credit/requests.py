"""Special credit of customers over the term, clearing of earlier years, and what ends with its day."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.credit import allocating
from app.areas.credit.shipment import PAID, Shipment
from app.core import clock
from app.core.db import session
from app.core.errors import Problem
from app.core.hooks import Moved, Step, effect, guard
from app.engines.calculating.operations import amount_of
from app.engines.credit.operations import credit_of, knowledge_of

NOTHING = Decimal(0)


@effect("keep_third", early=True)
def keep_third(moved: Moved) -> None:
    """The third of the limit, for reading beside an order above it."""
    limit = moved.whole.get("limit_at_check")
    third = amount_of(moved.record, "one_third", {"limit_at_check": limit}).amount if limit is not None else None
    moved.whole.update({"one_third": third})


@guard("is_over_term")
def is_over_term(step: Step) -> Iterable[Problem]:
    """Special credit is for customers of whom something is unpaid for longer than the term."""
    if not knowledge_of(step.whole.record, step.get, step.get("customer_id")).fact("days_over_term"):
        text = _("Nothing of this customer is unpaid for longer than the term.")
        yield Problem(text, "customer_id", "over_term", step.move.clause)


@effect("fill_age")
def fill_age(moved: Moved) -> None:
    """How old the oldest unpaid invoice is, and how much is overdue."""
    row: Any = moved.record
    known = knowledge_of(row, moved.whole.get, row.customer_id)
    row.oldest_days = known.fact("oldest_unpaid")
    overdue = [one for one in _unpaid(row) if one.due_on is not None and one.due_on < clock.today()]
    row.overdue_amount = sum((allocating.owed(one) for one in overdue), NOTHING)
    session.flush()


def _unpaid(row: Any) -> Iterable[Shipment]:
    credit = credit_of(row)
    document = credit.documents["shipment"] if credit else None
    states = [state for part in document.parts.values() for state in part.states] if document else []
    return session.scalars(sa.select(Shipment).where(
        Shipment.customer_id == row.customer_id, Shipment.adopter_id == row.adopter_id, Shipment.status.in_(states),
        Shipment.payment != PAID,
    )).all()  # fmt: skip


@guard("time_is_over", hides=True)
def time_is_over(step: Step) -> Iterable[Problem]:
    """A contract or a limit ends by itself only after its last day."""
    last = step.get("valid_to")
    if last is None or last >= clock.today():
        yield Problem(_("The last day has not passed yet."), "valid_to", "not_over", step.move.clause)


# -- clearing of a year ----------------------------------------------------------------------------------------------


def unpaid_of_year(row: Any, year: int) -> Decimal:
    """What is unpaid of a customer's invoices of a year, in yuan."""
    open_ = [one for one in _unpaid(row) if one.invoice_date is not None and one.invoice_date.year == year]
    return sum((allocating.owed(one) for one in open_), NOTHING)


@guard("year_is_cleared")
def year_is_cleared(step: Step) -> Iterable[Problem]:
    """A year is confirmed as cleared once it has ended and nothing of it is unpaid."""
    row: Any = step.whole.record
    year = step.get("year")
    if year >= clock.today().year:
        yield Problem(_("This year has not ended yet."), "year", "ended", step.move.clause)
    left = unpaid_of_year(row, year)
    row.unpaid_balance, row.cleared = left, left == NOTHING
    if left > NOTHING:
        text = _("%(left)s yuan of this year is unpaid.", left=f"{left:,.2f}")
        yield Problem(text, "unpaid_balance", "cleared", step.move.clause)
