"""Monthly and quarterly work on limits: a form for each customer with a limit, with its figures, and the audit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints import operations as complaints
from app.areas.credit import rating_facts as facts
from app.areas.credit.credit_check import KINDS, CreditCheck
from app.areas.credit.credit_deal import USING, CreditDeal
from app.areas.credit.credit_request import ACTIVE, CreditRequest
from app.areas.customers.operations import Customer
from app.core import clock
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Step, guard
from app.core.saving import Draft, check
from app.engines.deadlines.recurring import DueTask, opens_tasks

SLUG = CreditCheck.__tablename__
AUDIT, EXECUTION, BUSINESS = "audit", "execution", "business"
NONE = Decimal(0)


@opens_tasks
def open_checks(task: DueTask) -> bool:
    """Open the forms of a period; customers whose limit counted on its last day have one each, an audit is one."""
    if task.forms != SLUG or task.key not in KINDS:
        return False
    if task.key == AUDIT:
        return _open(task, None)
    return sum(_open(task, line) for line in lines_on(task.adopter_id, task.period.last)) > 0


def lines_on(adopter_id: int, day: dt.date) -> Sequence[CreditRequest]:
    """The limits that counted on a day."""
    row = CreditRequest
    counted = sa.or_(row.status == ACTIVE, row.ended_on > day)
    found = sa.select(row).where(row.adopter_id == adopter_id, row.valid_from <= day, row.valid_to >= day, counted)
    return session.scalars(found.order_by(row.customer_id, row.id)).all()


def _open(task: DueTask, line: CreditRequest | None) -> bool:
    place = {"adopter_id": task.adopter_id, "kind": task.key, "period": task.period.name,
             "customer_id": line.customer_id if line else None}  # fmt: skip
    if session.scalar(sa.select(CreditCheck.id).filter_by(**place)) is not None:
        return False
    values = {name: value for name, value in place.items() if name != "adopter_id"}
    whole = complaints.begin(
        CreditCheck, task.unit_id, task.policy, **values, owner_id=_owner(task.key, line),
        period_last=task.period.last, due_at=task.due_at, **(figures_of(line, task) if line else {}),
    )  # fmt: skip
    whole.save()
    complaints.give_number(whole.record, clock.now())
    complaints.announce(whole, clock.now())
    return True


def _owner(kind: str, line: CreditRequest | None) -> int | None:
    """A report on a customer's business is for whoever keeps the customer."""
    return session.get_one(Customer, line.customer_id).owner_id if line and kind == BUSINESS else None


def figures_of(line: CreditRequest, task: DueTask) -> dict[str, Any]:
    """How a limit was used in a period."""
    first, after = task.period.first, task.period.last + dt.timedelta(days=1)
    customer = [line.customer_id]
    rows = deals_of(line, task.period.last)
    return {
        "credit_request_id": line.id, "approved_limit": line.approved_limit,
        "used_max": highest(rows, first, task.period.last),
        "month_end_outstanding": outstanding_on(rows, task.period.last),
        "overdue": outstanding_on([row for row in rows if _is_overdue(row, task.period.last)], task.period.last),
        "receipts": facts.received(customer, first, after).get(line.customer_id, NONE),
        "deliveries": facts.delivered(customer, first, after).get(line.customer_id, NONE),
    }  # fmt: skip


def deals_of(line: CreditRequest, last: dt.date) -> Sequence[Any]:
    """The deals of a customer that had begun by a day."""
    row = CreditDeal
    found = sa.select(row).where(row.customer_id == line.customer_id, row.adopter_id == line.adopter_id,
                                 row.started_on <= last, row.status.in_((*USING, "settled")))  # fmt: skip
    return session.scalars(found.order_by(row.started_on, row.id)).all()


def outstanding_on(rows: Iterable[Any], day: dt.date) -> Decimal:
    """What was not settled at the end of a day."""
    return sum((_left(row, day) for row in rows if row.started_on <= day), NONE)


def _left(row: Any, day: dt.date) -> Decimal:
    if row.settled_on is not None:
        return NONE if row.settled_on <= day else Decimal(row.amount)
    return Decimal(row.amount - row.settled_amount)


def highest(rows: Sequence[Any], first: dt.date, last: dt.date) -> Decimal:
    """The most that was in use on any day of a period; it only rises on days on which a deal begins."""
    days = {first, *(row.started_on for row in rows if first <= row.started_on <= last)}
    return max(outstanding_on(rows, day) for day in days)


def _is_overdue(row: Any, day: dt.date) -> bool:
    return row.due_at is not None and clock.to_local(row.due_at).date() < day


@guard("declared_true")
def declared_true(step: Step) -> Iterable[Problem]:
    """Whoever reports or gives figures answers for them."""
    if not step.get("declared_true"):
        text = _("Declare first that you answer for the truth of this form.")
        yield Problem(text, "declared_true", "declared_true", step.move.clause)


@check(SLUG)
def problems_have_measures(draft: Draft) -> Iterable[Problem]:
    """A problem that was found has its measures."""
    if draft.get("problem_found") and not draft.get("measures"):
        yield Problem(_("Say what is done about the problem."), "measures", "required", "第38条")
