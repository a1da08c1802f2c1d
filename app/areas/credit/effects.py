"""What follows a step of a shipment or receipt: terms of payment, episodes above the limit, money used or returned."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from app.areas.consequences.operations import open_case
from app.areas.credit import allocating, calc
from app.areas.credit.allocating import take_system_step
from app.areas.credit.liabilities import refunds_of
from app.areas.credit.over_limit_case import ENDED, FIRST, LAST, OverLimitCase
from app.areas.credit.receipt import Receipt
from app.areas.credit.shipment import Shipment
from app.core import clock
from app.core.db import session
from app.core.hooks import Moved, effect
from app.engines.approvals.models import Approval, ApprovalRequest
from app.engines.calculating.operations import settings_of

TERM = "term_days"
LAST_ROUTE = "last_over"


@effect("set_term")
def set_term(moved: Moved) -> None:
    """By when the goods are to be paid: the term of the policy; the last order above the limit by the month's end."""
    shipment: Any = moved.record
    day = clock.to_local(shipment.shipped_at).date() if shipment.shipped_at else shipment.invoice_date or clock.today()
    if shipment.route == LAST_ROUTE:
        shipment.due_on = calc.month_end(day)
        _tell_episode(shipment)
    else:
        term = int(settings_of(shipment).value(TERM))
        shipment.due_on = (shipment.invoice_date or day) + dt.timedelta(days=term)
    session.flush()


def _tell_episode(shipment: Any) -> None:
    for episode in session.scalars(sa.select(OverLimitCase).filter_by(last_shipment_id=shipment.id)):
        episode.last_due_on = shipment.due_on


@effect("keep_invoice_day", early=True)
def keep_invoice_day(moved: Moved) -> None:
    """The day of invoice and shipment is the day on which the credit was looked at."""
    moved.whole.update({"invoice_date": clock.today()})


# -- above the limit -------------------------------------------------------------------------------------------------


@effect("begin_episode")
def begin_episode(moved: Moved) -> None:
    """The first order above the limit begins an episode."""
    shipment: Any = moved.record
    values = {
        "customer_id": shipment.customer_id, "owner_id": shipment.owner_id, "opened_on": clock.today(),
        "limit_at_open": shipment.limit_at_check, "first_shipment_id": shipment.id, "stage": FIRST,
        "excess": shipment.excess, "reason": shipment.over_reason, "approved_by": _signers(moved),
        "approved_on": clock.today(),
    }  # fmt: skip
    open_case(OverLimitCase, shipment, shipment.unit_id, **values)


@effect("use_last_order")
def use_last_order(moved: Moved) -> None:
    """The last order above the limit uses up the episode."""
    shipment: Any = moved.record
    found = sa.select(OverLimitCase).filter_by(
        customer_id=shipment.customer_id, adopter_id=shipment.adopter_id, stage=FIRST
    )
    episode = session.scalars(found.order_by(OverLimitCase.id.desc())).first()
    if episode is None:
        return
    episode.last_shipment_id, episode.stage = shipment.id, LAST
    episode.last_due_on = calc.month_end(clock.today())
    session.flush()
    take_system_step(episode)


@effect("note_signers")
def note_signers(moved: Moved) -> None:
    """Who signed first and who approved above him, each by name."""
    signers = _signers(moved)
    if signers:
        moved.whole.update({"signer_id": signers[0], "approver_id": signers[1] if len(signers) > 1 else None})
        moved.whole.save()


def _signers(moved: Moved) -> list[int]:
    """Who approved the order that is about to be let go, in their order."""
    latest = sa.select(sa.func.max(ApprovalRequest.id)).filter_by(
        of_register=moved.register.slug, record_id=moved.record.id
    )
    steps = sa.select(Approval.decided_by_id).where(
        Approval.request_id == latest.scalar_subquery(), Approval.status == "approved",
        Approval.decided_by_id.is_not(None),
    )  # fmt: skip
    return [key for key in session.scalars(steps.order_by(Approval.position, Approval.id)) if key is not None]


@effect("give_slot_back")
def give_slot_back(moved: Moved) -> None:
    """An order above the limit that never left gives its place in the episode back."""
    shipment: Any = moved.record
    for episode in session.scalars(sa.select(OverLimitCase).filter_by(first_shipment_id=shipment.id)).all():
        if episode.last_shipment_id is None and episode.stage == FIRST:
            episode.stage, episode.closed_on = ENDED, clock.today()
            session.flush()
            take_system_step(episode)


# -- money -----------------------------------------------------------------------------------------------------------


@effect("use_remittance")
def use_remittance(moved: Moved) -> None:
    """What was paid before pays the order that is let go against it."""
    shipment: Any = moved.record
    receipt = session.get_one(Receipt, shipment.remittance_id, with_for_update=True)
    allocating.pay(receipt, shipment, allocating.owed(shipment))


@effect("give_money_back")
def give_money_back(moved: Moved) -> None:
    """What paid an order that is void is free again."""
    allocating.take_back(allocating.entries_of(shipment_id=moved.record.id))


@effect("use_receipt")
def use_receipt(moved: Moved) -> None:
    """A confirmed receipt pays the oldest debts, or the order that it is kept for."""
    receipt: Any = moved.record
    receipt.unapplied = receipt.amount
    if receipt.amount_due is not None:
        receipt.arrived = receipt.amount >= receipt.amount_due
    session.flush()
    allocating.pay_oldest(receipt)
    _look_at_refunds(receipt)


@effect("pay_chosen")
def pay_chosen(moved: Moved) -> None:
    """A part of a receipt pays the shipment that finance names."""
    receipt: Any = moved.record
    wanted = sa.select(Shipment).filter_by(
        shipment_no=receipt.pay_shipment_no, customer_id=receipt.customer_id, adopter_id=receipt.adopter_id
    )
    allocating.pay(receipt, session.scalars(wanted).one(), receipt.pay_amount)
    receipt.pay_shipment_no = receipt.pay_amount = None
    _look_at_refunds(receipt)


def _look_at_refunds(receipt: Any) -> None:
    """What the month's end took of a signer is given back as far as the customer pays later."""
    session.flush()
    for key in {entry.shipment_id for entry in allocating.entries_of(receipt_id=receipt.id)}:
        shipment = session.get_one(Shipment, key)
        if shipment.route == LAST_ROUTE:
            refunds_of(shipment)


@effect("reverse_receipt")
def reverse_receipt(moved: Moved) -> None:
    """Take back all that a receipt paid: what is owed rises again, even above the limit."""
    receipt: Any = moved.record
    allocating.take_back(allocating.entries_of(receipt_id=receipt.id))
    receipt.unapplied = calc.NOTHING
    _look_at_refunds(receipt)
