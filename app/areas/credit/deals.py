"""Whether a deal may use credit: a limit in force, nothing that blocks it, and room enough."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.credit import caps, ratings
from app.areas.credit.credit_deal import OVERDUE, USING, CreditDeal
from app.areas.credit.credit_request import CreditRequest
from app.areas.credit.locking import PARTY, group_of
from app.areas.credit.surveys import fresh_survey
from app.core import clock
from app.core.db import session
from app.core.errors import Problem
from app.engines.credit import accounts
from app.engines.limits import operations as limits
from app.engines.limits.calc import Measured
from app.engines.policy import operations as policy

LIMIT, POLICY = "new_deal", "one_open_item_policy"
STRICT, BY_KIND = "strict", "by_kind"
OLD_DEBT, NO_CREDIT, CLEARED, FRESH = "第34条", "第28条", "第35条", "第12条"


@dataclass(frozen=True)
class Verdict:
    """What stands against a deal: refusals that nothing lifts, and those that a formal approval lifts."""

    line: CreditRequest | None
    credit_class: str | None
    measured: Measured | None
    refused: tuple[Problem, ...]
    liftable: tuple[Problem, ...]

    @property
    def excess(self) -> Decimal:
        """By how much the deal is above the limit."""
        return self.measured.excess if self.measured else Decimal(0)


def judge(deal: Any, amount: Decimal) -> Verdict:
    """Everything that stands against a deal of so much today."""
    return judge_for(deal, deal.customer_id, amount)


def judge_for(deal: Any, customer_id: int, amount: Decimal) -> Verdict:
    """As ``judge``, for a customer that a form names."""
    day, group = clock.today(), group_of(customer_id)
    rating = ratings.in_force(customer_id, deal.adopter_id)
    found = rating.final_class if rating else None
    line = caps.line_of(group, deal.adopter_id, day)
    used = caps.in_use(group, deal.adopter_id, other_than=deal.id)
    refused = tuple(_refused(deal, customer_id, found, line, used, day))
    if line is None:
        return Verdict(None, found, None, refused, ())
    measured = limits.measure(deal, LIMIT, amount, used=used, given={"limit_then": line.approved_limit})
    liftable = (*limits.broken(measured, "amount"), *_open_items(deal, line, group))
    return Verdict(line, found, measured, refused, liftable)


def _refused(
    deal: Any, customer_id: int, credit_class: str | None, line: CreditRequest | None, used: Decimal, day: dt.date
) -> Iterator[Problem]:
    if credit_class == ratings.C:
        text = _("The customer is rated C: there is no prepayment and no credit sale.")
        yield Problem(text, "customer_id", "class_c", NO_CREDIT)
    elif ratings.leads_to_c(customer_id, deal.adopter_id):
        text = _("The facts lead to class C; nothing new is granted until that rating is decided.")
        yield Problem(text, "customer_id", "leads_to_c", NO_CREDIT)
    elif line is None and used:
        text = _("Without a limit %(used)s are in use already; that may only fall.", used=f"{used:,.2f}")
        yield Problem(text, "customer_id", "no_limit_exposure", OLD_DEBT)
    elif line is None:
        text = _("This customer has no limit in force: goods against cash only.")
        yield Problem(text, "customer_id", "limit_in_force", "第24条1")
    hold = accounts.hold_of(accounts.account_of(PARTY, customer_id, deal.adopter_id))
    if hold is not None:
        text = _("All credit of this customer is held: %(reason)s", reason=hold.reason)
        yield Problem(text, "customer_id", "held", hold.clause or "第38条")
    if fresh_survey(customer_id, day) is None:
        text = _("New credit waits: the survey of this customer is missing or out of date.")
        yield Problem(text, "customer_id", "survey_current", FRESH)


def _open_items(deal: Any, line: CreditRequest, group: Sequence[int]) -> Iterable[Problem]:
    """What was not settled before blocks a new deal: everything, or only what is overdue."""
    way = policy.parameter(deal, POLICY)
    strict = way == STRICT or (way == BY_KIND and line.kind == "temporary")
    row = CreditDeal
    found = sa.select(row.deal_no).where(row.customer_id.in_(group), row.adopter_id == deal.adopter_id,
                                         row.status.in_(USING), row.id != (deal.id or 0))  # fmt: skip
    if not strict:
        found = found.where(sa.or_(row.status == OVERDUE, row.due_at < clock.now()))
    numbers = list(session.scalars(found.order_by(row.id).limit(5)))
    if numbers:
        listed = "、".join(filter(None, numbers))
        text = (
            _("Earlier deals are not settled: %(deals)s.", deals=listed) if strict
            else _("Earlier deals are overdue: %(deals)s.", deals=listed)
        )  # fmt: skip
        yield Problem(text, "customer_id", "no_new_before_cleared", CLEARED)
