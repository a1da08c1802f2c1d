"""Receipts and what they pay: oldest first or by choice; taken back by counter-entries, never by a change."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.credit import calc
from app.areas.credit.receipt import Receipt
from app.areas.credit.receipt_allocation import ReceiptAllocation
from app.areas.credit.shipment import LATE, LOST, OPEN, PAID, Shipment
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.engines.credit.operations import credit_of, document_of

NOTHING = Decimal(0)


def owed(shipment: Any) -> Decimal:
    """What is not yet paid of a shipment, in yuan."""
    return (shipment.amount or NOTHING) - shipment.returned_amount - shipment.paid_amount


def debts(receipt: Any, customer_id: int | None = None) -> Sequence[Shipment]:
    """The unpaid shipments of the customer of a receipt, or of the one about to be named, the oldest first."""
    credit = credit_of(receipt)
    document = credit.documents.get(Shipment.__tablename__) if credit else None
    if document is None:
        return []
    states = [state for part in document.parts.values() for state in part.states]
    query = sa.select(Shipment).where(
        Shipment.customer_id == (customer_id or receipt.customer_id), Shipment.adopter_id == receipt.adopter_id,
        Shipment.status.in_(states), Shipment.payment != PAID,
    )  # fmt: skip
    return session.scalars(query.order_by(Shipment.invoice_date, Shipment.id)).all()


def pay_oldest(receipt: Any) -> None:
    """Use a receipt for the oldest debts; one that is kept for an order pays that order only."""
    rows = debts(receipt)
    if receipt.prepayment_for:
        rows = [row for row in rows if receipt.prepayment_for in (row.order_no, row.shipment_no)]
    by_key = {row.id: row for row in rows}
    for key, amount in calc.spread(receipt.unapplied, [(row.id, owed(row)) for row in rows]):
        pay(receipt, by_key[key], amount)


def pay(receipt: Any, shipment: Any, amount: Decimal) -> None:
    """Use a part of a receipt for a shipment; refuses more than is left of the one or owed on the other."""
    if amount > receipt.unapplied or amount > owed(shipment):
        text = _(
            "Only %(left)s is left of the receipt and %(owed)s is owed on “%(number)s”.",
            left=f"{receipt.unapplied:,.2f}", owed=f"{owed(shipment):,.2f}", number=shipment.shipment_no,
        )  # fmt: skip
        raise Refusal(Problem(text, "pay_amount", "above_owed"))
    session.add(ReceiptAllocation(
        receipt_id=receipt.id, shipment_id=shipment.id, amount=amount, value_date=receipt.received_on
    ))  # fmt: skip
    _enter(receipt, shipment, amount)


def take_back(entries: Sequence[ReceiptAllocation]) -> None:
    """A counter-entry for each allocation that has none."""
    reversed_ids = set(session.scalars(
        sa.select(ReceiptAllocation.reverses_id).where(ReceiptAllocation.reverses_id.in_([row.id for row in entries]))
    ))  # fmt: skip
    for entry in entries:
        if entry.amount > NOTHING and entry.id not in reversed_ids:
            session.add(ReceiptAllocation(
                receipt_id=entry.receipt_id, shipment_id=entry.shipment_id, amount=-entry.amount,
                value_date=clock.today(), reverses_id=entry.id,
            ))  # fmt: skip
            receipt = session.get_one(Receipt, entry.receipt_id)
            _enter(receipt, session.get_one(Shipment, entry.shipment_id), -entry.amount)


def entries_of(**place: int) -> Sequence[ReceiptAllocation]:
    """The allocations of a receipt or of a shipment, in their order."""
    return session.scalars(sa.select(ReceiptAllocation).filter_by(**place).order_by(ReceiptAllocation.id)).all()


def _enter(receipt: Any, shipment: Any, amount: Decimal) -> None:
    receipt.allocated += amount
    receipt.unapplied -= amount
    shipment.paid_amount += amount
    settle(shipment, receipt.received_on)


def settle(shipment: Any, day: Any = None) -> None:
    """Bring the payment of a shipment, and then its state, in line with what was paid."""
    if shipment.payment == LOST:
        return
    paid, today = owed(shipment) <= NOTHING, clock.today()
    late = shipment.due_on is not None and shipment.due_on < today
    shipment.payment = PAID if paid else LATE if late else OPEN
    shipment.settled_on = (day or today) if paid else None
    session.flush()
    if document_of(shipment) is not None:
        take_system_step(shipment)


def take_system_step(record: Any) -> None:
    """Let a case take the step that the system makes out of its state, when its facts have come to ask for it."""
    life = moves.lifecycle_of(record)
    whole = moves.whole_of(record)
    for step in life.leaving(record.status) if life else ():
        if step.system and moves.applies(step, whole.get):
            moves.move(record, step.key, as_system=True)
            return
