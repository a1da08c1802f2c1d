"""Allocation of a receipt (核销明细): how much of it pays which shipment; taken back by a counter-entry only."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from app.core import clock, fields
from app.core.register import Record, Register, Section


class ReceiptAllocation(Record):
    """Written by the program; never changed or deleted."""

    __table_args__: Any = (
        CheckConstraint("amount <> 0", name="some_amount"),
        CheckConstraint("(amount < 0) = (reverses_id IS NOT NULL)", name="counter_entry_names_what_it_reverses"),
    )

    receipt_id: Mapped[int] = fields.ref(_l("Payment receipt"), "receipt", computed=True)
    shipment_id: Mapped[int | None] = fields.ref(_l("Shipment"), "shipment", computed=True)
    amount: Mapped[Decimal] = fields.money(_l("Amount"), minimum=None, computed=True, unit=_l("yuan"))
    allocated_at: Mapped[dt.datetime] = fields.datetime(_l("Allocated at"), default=clock.now, computed=True)
    value_date: Mapped[dt.date | None] = fields.date(_l("Value date"), computed=True)
    reverses_id: Mapped[int | None] = fields.ref(_l("Reverses"), "receipt_allocation", computed=True, unique=True)

    register = Register(
        area="credit", label=_l("Allocation of a receipt"), title="allocated_at", parent="receipt_id", menu=False,
        icon="hierarchy-2", actions=frozenset(), order="id",
        list=("allocated_at", "receipt_id", "shipment_id", "amount", "value_date", "reverses_id"),
        filters=("receipt_id", "shipment_id", "value_date"),
        sections=(
            Section(_l("Allocation"), ("receipt_id", "shipment_id", "amount", "allocated_at", "value_date",
                                       "reverses_id")),
        ),
    )  # fmt: skip
