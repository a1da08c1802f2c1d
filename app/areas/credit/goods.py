"""The goods of an order: its lines, what they come to, and that an order names what it sends."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.credit.calc import line_amount
from app.areas.credit.shipment import Shipment
from app.areas.credit.shipment_line import ShipmentLine
from app.core import moves
from app.core.db import session
from app.core.errors import Problem
from app.core.hooks import Step, guard
from app.core.ripples import after_change, before_delete
from app.core.saving import Draft, check


def _total(shipment_id: int) -> Decimal | None:
    """What the lines of an order come to; nothing without a line."""
    found = sa.select(sa.func.sum(ShipmentLine.amount)).where(ShipmentLine.shipment_id == shipment_id)
    return session.scalar(found)


def _closed(shipment: Shipment | None) -> Iterable[Problem]:
    """Why lines may not change: the order was sent to the check."""
    life = moves.lifecycle_of(shipment) if shipment is not None else None
    if shipment is not None and life is not None and "amount" not in life.states[shipment.status].editable:
        text = _("The order was sent to the check; its goods stay as they are.")
        yield Problem(text, "shipment_id", "locked", life.states[shipment.status].clause)


@check("shipment_line")
def order_is_open(draft: Draft) -> Iterable[Problem]:
    """Lines change as long as the value of the goods may; a line does not go over to another order."""
    for key in {draft.whole.get("shipment_id"), draft.get("shipment_id")} - {None}:
        yield from _closed(session.get(Shipment, key))


@before_delete("shipment_line")
def order_is_still_open(line: Any) -> Iterable[Problem]:
    """Lines go only while the order may be edited."""
    yield from _closed(session.get(Shipment, line.shipment_id))


@after_change("shipment_line")
def reckon_line(line: Any) -> None:
    """A line is worked out on every save; the value of the goods follows until somebody types another."""
    if not sa.inspect(line).deleted:
        line.amount = line_amount(line.quantity, line.unit_price)
        session.flush()
    shipment = session.get_one(Shipment, line.shipment_id)
    total = _total(shipment.id)
    if shipment.amount in (None, shipment.lines_total):
        shipment.amount = total
    shipment.lines_total = total
    session.flush()


@guard("goods_named")
def goods_named(step: Step) -> Iterable[Problem]:
    """An order says what it sends, in lines that add up to its value, or in words."""
    total, amount = step.whole.get("lines_total"), step.whole.get("amount")
    if total is None and not step.whole.get("goods"):
        yield Problem(_("Say which goods: a line for each, or in words."), "goods", "required", step.move.clause)
    if total is not None and amount is not None and total != amount:
        text = _(
            "The lines of the goods come to %(total)s yuan, the value of the goods says %(amount)s.",
            total=f"{total:,.2f}", amount=f"{amount:,.2f}",
        )  # fmt: skip
        yield Problem(text, "amount", "adds_up", step.move.clause)
