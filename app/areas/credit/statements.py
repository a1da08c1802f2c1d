"""Statements of account: every month one for each customer with a balance or movements, compared and countersigned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.areas.complaints import operations as complaints
from app.areas.credit.account_reconciliation import AccountReconciliation
from app.areas.credit.credit_deal import USING, CreditDeal
from app.areas.credit.receipt_allocation import ReceiptAllocation
from app.areas.credit.shipment import Shipment
from app.areas.customers.operations import Customer
from app.core import clock
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Step, guard
from app.engines.deadlines.recurring import DueTask, opens_tasks
from app.engines.policy import operations as policy

SLUG, BALANCE, DEAL = AccountReconciliation.__tablename__, "balance", CreditDeal.__tablename__
OWED = ("released", "shipped", "settled", "overdue", "bad_debt")
NONE = Decimal(0)
KINDS = {
    "credit_sale": _l("Credit sale"), "prepayment": _l("Prepayment"), "shipment": _l("Shipment"),
    "settled": _l("Paid off"), "receipt": _l("Receipt"), "taken_back": _l("Receipt taken back"),
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """What raised (above nothing) or lowered the balance of a customer on a day."""

    customer_id: int
    day: dt.date
    kind: str
    number: str
    amount: Decimal


@dataclass(frozen=True)
class Statement:
    """The balance before a period, what moved it, and the balance at its end."""

    before: Decimal
    lines: Sequence[Line]

    @property
    def after(self) -> Decimal:
        """The balance at the end."""
        return self.before + sum((line.amount for line in self.lines), NONE)


def statement_of(row: Any) -> Statement:
    """The statement behind a comparison: the month up to its day."""
    lines = list(lines_of(row.adopter_id, row.as_of, _by_deals(row.pack_version_id), row.customer_id))
    first = row.as_of.replace(day=1)
    return _statement(lines, first)


def _statement(lines: Sequence[Line], first: dt.date) -> Statement:
    before = sum((line.amount for line in lines if line.day < first), NONE)
    return Statement(before, [line for line in lines if line.day >= first])


def _by_deals(version_id: int) -> bool:
    return DEAL in policy.pack_for(version_id).cases


def lines_of(adopter_id: int, last: dt.date, by_deals: bool, customer_id: int | None = None) -> Iterator[Line]:
    """All that moved the balances of customers up to a day, in its order: two statements at most."""
    found = _of_deals if by_deals else _of_shipments
    yield from sorted(found(adopter_id, last, customer_id), key=lambda line: (line.day, -line.amount, line.number))


def _of_deals(adopter_id: int, last: dt.date, customer_id: int | None) -> Iterator[Line]:
    row = CreditDeal
    query = sa.select(row.customer_id, row.deal_no, row.kind, row.amount, row.settled_amount, row.started_on,
                      row.settled_on).where(row.adopter_id == adopter_id, row.started_on <= last,
                                            row.status.in_((*USING, "settled")))  # fmt: skip
    for deal in session.execute(query if customer_id is None else query.where(row.customer_id == customer_id)):
        yield Line(deal.customer_id, deal.started_on, deal.kind, deal.deal_no or "", deal.amount)
        paid_on = deal.settled_on or deal.started_on
        if deal.settled_amount and paid_on <= last:
            yield Line(deal.customer_id, paid_on, "settled", deal.deal_no or "", -deal.settled_amount)


def _of_shipments(adopter_id: int, last: dt.date, customer_id: int | None) -> Iterator[Line]:
    row, paid = Shipment, ReceiptAllocation
    mine = [row.adopter_id == adopter_id, row.status.in_(OWED), row.invoice_date <= last]
    mine += [] if customer_id is None else [row.customer_id == customer_id]
    net = (row.amount - row.returned_amount).label("net")
    for one in session.execute(sa.select(row.customer_id, row.invoice_date, row.shipment_no, net).where(*mine)):
        yield Line(one.customer_id, one.invoice_date, "shipment", one.shipment_no or "", one.net)
    used = sa.select(row.customer_id, paid.value_date, row.shipment_no, paid.amount)
    used = used.join(row, row.id == paid.shipment_id)
    for one in session.execute(used.where(*mine, paid.value_date <= last)):
        kind = "receipt" if one.amount > NONE else "taken_back"
        yield Line(one.customer_id, one.value_date, kind, one.shipment_no or "", -one.amount)


# -- every month -------------------------------------------------------------------------------------------------------


@opens_tasks
def open_statements(task: DueTask) -> bool:
    """One statement for each customer that owed something in the period; a second run opens nothing."""
    if task.forms != SLUG:
        return False
    last, by_customer = task.period.last, dict[int, list[Line]]()
    for line in lines_of(task.adopter_id, last, _by_deals(task.pack_version_id)):
        by_customer.setdefault(line.customer_id, []).append(line)
    known = set(session.scalars(sa.select(AccountReconciliation.customer_id).filter_by(
        adopter_id=task.adopter_id, kind=BALANCE, as_of=last
    )))  # fmt: skip
    opened = 0
    for customer_id, lines in sorted(by_customer.items()):
        found = _statement(lines, task.period.first)
        if customer_id not in known and (found.before or found.lines):
            _open(task, customer_id, found.after)
            opened += 1
    return opened > 0


def _open(task: DueTask, customer_id: int, balance: Decimal) -> None:
    customer = session.get_one(Customer, customer_id)
    whole = complaints.begin(
        AccountReconciliation, task.unit_id, task.policy, kind=BALANCE, customer_id=customer_id,
        as_of=task.period.last, our_balance=balance, due_on=clock.to_local(task.due_at).date(),
        owner_id=customer.owner_id,
    )  # fmt: skip
    whole.save()
    complaints.give_number(whole.record, clock.now())
    complaints.announce(whole, clock.now())


# -- compared ----------------------------------------------------------------------------------------------------------


@guard("difference_explained")
def difference_explained(step: Step) -> Iterable[Problem]:
    """Balances that differ are agreed only with the reason of the difference."""
    ours, theirs = step.get("our_balance"), step.get("partner_balance")
    if ours is not None and theirs is not None and ours != theirs and not step.get("variance_reason"):
        text = _("The balances differ by %(amount)s: say why.", amount=f"{ours - theirs:,.2f}")
        yield Problem(text, "variance_reason", "difference_explained", step.move.clause)


@guard("balance_is_nothing")
def balance_is_nothing(step: Step) -> Iterable[Problem]:
    """An account is cleared when nothing is left on it today."""
    record: Any = step.whole.record
    lines = list(lines_of(record.adopter_id, clock.today(), _by_deals(record.pack_version_id), record.customer_id))
    left = sum((line.amount for line in lines), NONE)
    if left:
        text = _("%(owed)s are still outstanding.", owed=f"{left:,.2f}")
        yield Problem(text, "cleared_on", "nothing_outstanding", step.move.clause)
