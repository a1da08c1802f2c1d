"""What a credit request must keep, at every save and again when it is granted, and what its grant brings about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.areas.credit import caps, ratings
from app.areas.credit import rating_calc as calc
from app.areas.credit.credit_request import ACTIVE, CreditRequest
from app.areas.credit.surveys import fresh_survey
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step, effect, guard
from app.core.ripples import after_change
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole
from app.engines.limits import operations as limits
from app.engines.policy import operations as policy
from app.engines.sweeps.registry import Batch, sweep
from app.engines.tiering import operations as tiering

SLUG = CreditRequest.__tablename__
UPDATED, ROUTE, DOWN, REDUCED = "第12条", "第25条", "第42条", "第26条2; 第27条"
ADJUSTMENT, REQUEST = "adjustment", "request"
TYPED = frozenset({"customer_id", "requested_limit", "purpose", "kind", "direction", "upward_exception"})
BATCH = 200


def _rated(record: Any) -> bool:
    """Whether limits are found by classes under the policy of a request."""
    return caps.ROUTES in policy.pack_for(record.pack_version_id).tiers


@check(SLUG)
def limit_is_allowed(draft: Draft) -> Iterable[Problem]:
    """Whoever writes a request hears at once what is not allowed; later steps are judged by their guards."""
    if _is_typed(draft):
        yield from forbidden(draft)
        yield from _reduced(draft)


def _is_typed(draft: Draft) -> bool:
    return _rated(draft.whole.record) and (draft.whole.record.id is None or bool(TYPED & set(draft.values)))


def forbidden(draft: Draft) -> Iterable[Problem]:
    """The survey is up to date, a route of the policy fits, and the limit stays within its bounds."""
    record: Any = draft.whole.record
    customer, amount = draft.get("customer_id"), draft.get("requested_limit")
    if customer is None or amount is None:
        return
    if fresh_survey(customer, clock.today()) is None:
        text = _("New credit waits: the survey of this customer is missing or out of date.")
        yield Problem(text, "customer_id", "survey_current", UPDATED)
    if ratings.leads_to_c(customer, record.adopter_id):
        text = _("The facts lead to class C; nothing new is granted until that rating is decided.")
        yield Problem(text, "customer_id", "leads_to_c", "第28条")
    if draft.get("purpose") == ADJUSTMENT:
        yield from _adjusted(draft, customer, amount)
    else:
        yield from _within_cap(draft, customer, amount, caps.Asked(draft.get("kind"), draft.get("direction")))
    yield from _within_company(draft, customer, amount)


def _within_cap(draft: Draft, customer: int, amount: Decimal, asked: caps.Asked) -> Iterable[Problem]:
    found = caps.cap_of(draft.whole.record, customer, asked, amount)
    if found.standing.credit_class is None:
        text = _("This customer has no credit class in force; rate it first.")
        yield Problem(text, "customer_id", "rated", "第13条")
    elif found.measured is None:
        yield Problem(tiering.reason(found.route), "kind", caps.ROUTES, ROUTE)
    else:
        yield from limits.broken(found.measured, "requested_limit")


def _adjusted(draft: Draft, customer: int, amount: Decimal) -> Iterable[Problem]:
    """An adjustment goes down; upward only by an exception, and within what the class allows."""
    record: Any = draft.whole.record
    line = caps.line_of([customer], record.adopter_id, clock.today(), ever=True, other_than=record.id)
    if line is None:
        yield Problem(_("This customer has no limit to adjust."), "customer_id", "adjustment", DOWN)
        return
    old = line.approved_limit or Decimal(0)
    if amount == old:
        text = _("The limit is %(old)s already; there is no change.", old=f"{old:,.2f}")
        yield Problem(text, "requested_limit", "no_change", DOWN)
    elif amount > old and not draft.get("upward_exception"):
        yield from limits.broken(
            limits.measure(record, caps.DOWN, amount, given={"old_limit": old}), "requested_limit"
        )
    elif amount > old:
        yield from _within_cap(draft, customer, amount, caps.Asked(line.kind, line.direction, raised=True))


def _within_company(draft: Draft, customer: int, amount: Decimal) -> Iterable[Problem]:
    yield from limits.broken(caps.company_total(draft.whole.record, customer, amount), "requested_limit")


def _reduced(draft: Draft) -> Iterable[Problem]:
    """A limit that earlier credit binds says how it is reduced."""
    record, customer = draft.whole.record, draft.get("customer_id")
    if customer is None or draft.get("purpose") != REQUEST or draft.get("reduction_plan"):
        return
    found = caps.standing_of(record, customer)
    if found.existing and found.existing < min(found.comes_in(draft.get("direction")), found.deliveries):
        text = _("Earlier credit is below the standard: say how it is reduced step by step.")
        yield Problem(text, "reduction_plan", "required", REDUCED)


@before_create(SLUG)
def with_its_cap(whole: Whole) -> None:
    """A new request holds the numbers behind its bound."""
    whole.update({"applicant_id": getattr(whole.record, "owner_id", None), "decision": "pending"})
    if _rated(whole.record):
        _measure(whole)


@after_change(SLUG)
def measured_again(record: Any) -> None:
    """The numbers follow every edit."""
    if _rated(record):
        _measure(moves.whole_of(record))


def _measure(whole: Whole) -> None:
    record: Any = whole.record
    line = caps.line_of([record.customer_id], record.adopter_id, clock.today(), ever=True, other_than=record.id)
    adjusts = record.purpose == ADJUSTMENT and line is not None
    if adjusts and line is not None:
        record.kind, record.direction = line.kind, line.direction
    asked = caps.Asked(record.kind, record.direction, raised=bool(adjusts and record.upward_exception))
    found = caps.cap_of(record, record.customer_id, asked, record.requested_limit)
    standing = found.standing
    ratings.put(record, {
        "credit_class": standing.credit_class, "rating_id": standing.rating.id if standing.rating else None,
        "avg_month_receipt": standing.receipts, "avg_month_delivery": standing.deliveries,
        "existing_credit": standing.existing, "collateral_value": standing.collateral, "evidence": found.evidence,
        "cap": found.measured.limit if found.measured else None, "cap_route": found.route.tier,
        "term_number": found.term[0] if found.term else None, "term_unit": found.term[1] if found.term else None,
        "previous_id": line.id if line else None, "old_limit": line.approved_limit if line else None,
    })  # fmt: skip


# -- granted -----------------------------------------------------------------------------------------------------------


@guard("limit_still_allowed")
def limit_still_allowed(step: Step) -> Iterable[Problem]:
    """What was allowed when it was written is judged again; the account is locked, the company's total comes last."""
    yield from forbidden(Draft(step.whole, step.values))


@effect("grant_limit", early=True)
def grant_limit(moved: Moved) -> None:
    """The limit counts from its first day, in place of the one before."""
    record: Any = moved.record
    day = clock.to_local(moved.at).date()
    record.approved_limit = record.requested_limit
    record.valid_from = record.valid_from or day
    old = session.get(CreditRequest, record.previous_id) if record.previous_id else None
    keeps = record.purpose == ADJUSTMENT and old is not None and old.status == ACTIVE
    record.valid_to = record.valid_to or (old.valid_to if keeps and old else _last_day(record))
    record.decision, record.decided_at, record.decided_by_id = "approved", moved.at, moved.employee_id
    for key in caps.active_lines(record.customer_id, record.adopter_id):
        if key != record.id:
            caps.give_way(session.get_one(CreditRequest, key), record.valid_from, day)


def _last_day(record: Any) -> dt.date:
    """A limit counts for the months of the policy's setting for its kind."""
    months = int(policy.parameter(record, f"{record.kind}_line_months"))
    begun: dt.date = record.valid_from
    first = calc.month_back(begun, -months)
    last = calc.month_back(begun, -months - 1) - dt.timedelta(days=1)
    return first.replace(day=min(begun.day, last.day)) - dt.timedelta(days=1)


@effect("refuse_limit")
def refuse_limit(moved: Moved) -> None:
    """The decision is kept on the request."""
    record: Any = moved.record
    record.decision, record.decided_at, record.decided_by_id = "refused", moved.at, moved.employee_id


@sweep("credit.lines", title=_l("Credit limits: end those whose last day has passed"), schedule="10 0 * * *")
def end_lines(at: dt.datetime) -> Iterator[Batch]:
    """End every active limit after its last day."""
    day, row = clock.to_local(at).date(), CreditRequest
    over = sa.select(row).where(row.status == ACTIVE, row.valid_to < day)
    due = over.order_by(row.id).limit(BATCH).with_for_update(skip_locked=True)
    while rows := session.scalars(due).all():
        for line in rows:
            caps.end_line(line, line.valid_to or day)
        yield Batch({"checked": len(rows), "hit": len(rows)}, [_finding(line) for line in rows[:5]])


def _finding(line: CreditRequest) -> dict[str, object]:
    return {"case": line.request_no or "", "url": f"/{SLUG}/{line.id}", "unit": line.unit_id,
            "due": str(line.valid_to)}  # fmt: skip
