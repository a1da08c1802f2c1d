"""What every save of shipments, receipts, plans, debts and findings must obey."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.credit import allocating, calc
from app.areas.credit.payment_plan import PaymentPlan
from app.areas.credit.receipt import Receipt
from app.areas.credit.shipment import PAID, Shipment
from app.areas.customers.operations import Customer
from app.core import clock
from app.core.attachments import Attachment
from app.core.db import session
from app.core.errors import Problem
from app.core.hooks import Step, guard
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole
from app.engines.credit.operations import credit_of

PREPAID = "2.2.3"
RECEIVED = frozenset({"customer_id", "amount", "prepayment_for"})


@before_create("shipment")
@before_create("receipt")
@before_create("payment_plan")
def belongs_to_the_customers_keeper(whole: Whole) -> None:
    """Papers about a customer belong to the unit and the person that look after it, whoever writes them."""
    record: Any = whole.record
    customer = session.get(Customer, whole.get("customer_id") or 0)
    if customer is not None:
        record.unit_id, record.owner_id = customer.unit_id, customer.owner_id or record.owner_id


@check("receipt")
def money_has_come(draft: Draft) -> Iterable[Problem]:
    """A receipt has a value date that is not in the future."""
    day = draft.get("received_on")
    if day is not None and day > clock.today():
        yield Problem(_("The value date lies in the future."), "received_on", "not_future")


@check("receipt")
def not_above_what_is_owed(draft: Draft) -> Iterable[Problem]:
    """No more is written down than the customer owes, unless it is kept as a prepayment."""
    if draft.whole.record.id is None or RECEIVED & set(draft.values):
        yield from _above_owed(draft.whole.record, draft.get)


def _above_owed(receipt: Any, read: Callable[[str], Any]) -> Iterable[Problem]:
    customer, amount, credit = read("customer_id"), read("amount"), credit_of(receipt)
    if not customer or amount is None or read("prepayment_for") or credit is None:
        return
    if Shipment.__tablename__ not in credit.documents:
        return
    owed = sum((allocating.owed(row) for row in allocating.debts(receipt, customer)), calc.NOTHING)
    if amount > owed:
        text = _(
            "Amount received: this customer owes %(owed)s, %(over)s less than came; "
            "say under “Prepayment for” what the money is kept for.",
            owed=f"{owed:,.2f}", over=f"{amount - owed:,.2f}",
        )  # fmt: skip
        yield Problem(text, "amount", "above_owed", PREPAID)


@check("shipment")
def remittance_is_the_customers(draft: Draft) -> Iterable[Problem]:
    """The remittance and the plan of an order are of its own customer."""
    for name, model in (("remittance_id", Receipt), ("payment_plan_id", PaymentPlan)):
        key = draft.get(name)
        found: Any = session.get(model, key) if key else None
        if found is not None and found.customer_id != draft.get("customer_id"):
            yield Problem(_("This belongs to another customer."), name, "own_customer")


@check("shipment")
def not_more_returned_than_shipped(draft: Draft) -> Iterable[Problem]:
    """No more is returned than was shipped and not yet paid."""
    amount, back = draft.get("amount"), draft.get("returned_amount") or calc.NOTHING
    if amount is not None and back + (draft.get("paid_amount") or calc.NOTHING) > amount:
        yield Problem(_("More is returned than was shipped and not yet paid."), "returned_amount", "at_most")


@check("contract")
def ends_after_it_begins(draft: Draft) -> Iterable[Problem]:
    """A contract ends after it begins."""
    begin, end = draft.get("valid_from"), draft.get("valid_to")
    if begin is not None and end is not None and end <= begin:
        yield Problem(_("The contract ends before it begins."), "valid_to", "after")


@check("payment_plan")
def plan_adds_up(draft: Draft) -> Iterable[Problem]:
    """The instalments of a plan, a day and an amount each, add up to its total."""
    text, total = draft.get("instalments"), draft.get("total")
    if not text:
        return
    try:
        lines = calc.instalments(text)
    except ValueError as wrong:
        said = _("Line %(number)s is not a day and an amount, such as 2025-10-15 30000.00.", number=wrong.args[0])
        yield Problem(said, "instalments", "readable")
        return
    planned = sum((amount for _day, amount in lines), calc.NOTHING)
    if total is not None and planned != total:
        text = _("The instalments add up to %(sum)s, not to %(total)s.", sum=f"{planned:,.2f}", total=f"{total:,.2f}")
        yield Problem(text, "instalments", "adds_up")


@check("bad_debt")
def not_more_than_is_unpaid(draft: Draft) -> Iterable[Problem]:
    """No more is lost than is unpaid."""
    shipment, amount = session.get(Shipment, draft.get("shipment_id") or 0), draft.get("amount")
    if shipment is not None and amount is not None and amount > allocating.owed(shipment):
        left = f"{allocating.owed(shipment):,.2f}"
        yield Problem(_("Only %(left)s of the shipment is unpaid.", left=left), "amount", "at_most")


@check("conduct_rule")
def a_share_is_complete(draft: Draft) -> Iterable[Problem]:
    """A share says of which loss, borne by which post, how much and since when."""
    if draft.get("kind") != "share":
        return
    for name in ("origin", "bearer", "percent", "effective_from"):
        if draft.get(name) is None:
            label = draft.whole.fields[name].label
            yield Problem(_("“%(field)s” is needed for a share.", field=label), name, "required")


# -- guards ----------------------------------------------------------------------------------------------------------


@guard("has_papers")
def has_papers(step: Step) -> Iterable[Problem]:
    """A step that vouches for something needs the papers of the row."""
    for name in PAPERS.get(step.whole.register.slug, ()):
        held = sa.select(Attachment.id).filter_by(
            register=step.whole.register.slug, record_id=step.whole.record.id, field=name
        )
        if session.scalars(held.limit(1)).first() is None:
            label = step.whole.fields[name].label
            yield Problem(_("“%(field)s” is missing.", field=label), name, "required", step.move.clause)


PAPERS = {"credit_violation": ("evidence",), "contract": ("scan",)}


@guard("pays_own_customer")
def pays_own_customer(step: Step) -> Iterable[Problem]:
    """A receipt pays a shipment of its own customer that is not paid yet."""
    receipt: Any = step.whole.record
    wanted = sa.select(Shipment).filter_by(
        shipment_no=step.get("pay_shipment_no"), customer_id=receipt.customer_id, adopter_id=receipt.adopter_id
    )
    shipment = session.scalars(wanted).first()
    if shipment is None or shipment.payment == PAID or shipment.id not in {row.id for row in allocating.debts(receipt)}:
        text = _("This customer owes nothing on a shipment of this number.")
        yield Problem(text, "pay_shipment_no", "reference", step.move.clause)


@guard("nothing_above_owed")
def nothing_above_owed(step: Step) -> Iterable[Problem]:
    """What is confirmed is owed, or kept as a prepayment."""
    yield from _above_owed(step.whole.record, step.get)


@guard("money_is_left", hides=True)
def money_is_left(step: Step) -> Iterable[Problem]:
    """Only what is left of a receipt pays anything."""
    if not step.get("unapplied"):
        yield Problem(_("Nothing is left of this receipt."), "pay_amount", "left", step.move.clause)


@guard("was_let_go")
def was_let_go(step: Step) -> Iterable[Problem]:
    """Only what was let go may leave: the order has its way of release."""
    if not step.get("route"):
        yield Problem(_("The order was not let go."), "route", "required", step.move.clause)
