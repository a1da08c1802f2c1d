"""Receipt (收款登记): money that came in, and what it was used for."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

METHODS = {"transfer": _l("Bank transfer"), "cash": _l("Cash"), "draft": _l("Banker's acceptance")}
WAYS = {"on_spot": _l("On the spot"), "invoice_first": _l("Invoice first")}
NOTHING = Decimal(0)


class Receipt(Case, Record):
    """Counts once finance confirmed it; is never above what it is allocated to, and taken back by counter-entries."""

    __table_args__: Any = (
        UniqueConstraint("adopter_id", "receipt_no"),
        CheckConstraint("allocated >= 0", name="not_allocated_below_nothing"),
        CheckConstraint("amount IS NULL OR unapplied = amount - allocated OR unapplied = 0", name="adds_up"),
        CheckConstraint("unapplied >= 0", name="not_above_what_came"),
        Index("ix_receipt_counted", "customer_id", "status", "adopter_id", "received_on", "amount", "unapplied"),
    )

    receipt_no: Mapped[str | None] = fields.text(_l("Receipt number"), 40, computed=True)
    customer_id: Mapped[int | None] = fields.ref(_l("Customer"), "customer", needed=True)
    received_on: Mapped[dt.date | None] = fields.date(_l("Value date"))
    amount: Mapped[Decimal | None] = fields.money(_l("Amount received"), minimum=Decimal("0.01"), unit=_l("yuan"))
    method: Mapped[str | None] = fields.choice(_l("Paid by"), METHODS)
    prepayment_for: Mapped[str | None] = fields.text(
        _l("Prepayment for"), 60, help=_l("An order number keeps the money for that order; empty pays the oldest.")
    )
    allocated: Mapped[Decimal] = fields.money(_l("Allocated"), default=NOTHING, computed=True, unit=_l("yuan"))
    unapplied: Mapped[Decimal] = fields.money(_l("Not yet used"), default=NOTHING, computed=True, unit=_l("yuan"))
    pay_shipment_no: Mapped[str | None] = fields.text(_l("To pay the shipment"), 40, help=_l("Its number."))
    pay_amount: Mapped[Decimal | None] = fields.money(_l("With the amount"), minimum=Decimal("0.01"), unit=_l("yuan"))
    confirmed_by_id: Mapped[int | None] = fields.ref(_l("Confirmed by finance"), "employee", computed=True)
    confirmed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Confirmed at"), computed=True)
    reversed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Reversed at"), computed=True)
    order_no: Mapped[str | None] = fields.text(_l("Order number"), 40)
    amount_due: Mapped[Decimal | None] = fields.money(_l("Amount due"), unit=_l("yuan"))
    arrived: Mapped[bool | None] = fields.boolean(_l("Arrived in full"), computed=True)
    voucher_no: Mapped[str | None] = fields.text(_l("Service voucher"), 40)
    way: Mapped[str | None] = fields.choice(_l("Way of collection"), WAYS)
    collected_by_id: Mapped[int | None] = fields.ref(_l("Collected by"), "employee")
    collected_at: Mapped[dt.datetime | None] = fields.datetime(_l("Collected at"))
    handed_to_finance_at: Mapped[dt.datetime | None] = fields.datetime(_l("Handed to finance"))
    invoice_no: Mapped[str | None] = fields.text(_l("Invoice number"), 40)
    invoiced_at: Mapped[dt.datetime | None] = fields.datetime(_l("Invoiced at"))
    invoice_sent_at: Mapped[dt.datetime | None] = fields.datetime(_l("Invoice sent"))
    paid_at: Mapped[dt.datetime | None] = fields.datetime(_l("Paid at"))
    note: Mapped[str | None] = fields.longtext(_l("Note"))

    register = Register(
        area="credit", label=_l("Payment receipt"), title="receipt_no", party="customer_id", icon="cash",
        from_pack=True,
        facts=("amount", "unapplied", "received_on"), actions=frozenset({"add", "edit"}), order="-received_on",
        list=("receipt_no", "customer_id", "received_on", "amount", "method", "allocated", "unapplied", "status"),
        search=("receipt_no", "customer_id", "order_no"),
        filters=("status", "customer_id", "received_on", "method", "owner_id"),
        lines=("receipt_allocation.receipt_id",),
        sections=(
            Section(_l("Payment receipt"), ("receipt_no", "status", "customer_id", "received_on", "amount", "method",
                                    "prepayment_for", "note")),
            Section(_l("What it is used for"), ("allocated", "unapplied", "pay_shipment_no", "pay_amount",
                                                "confirmed_by_id", "confirmed_at", "reversed_at", "unit_id",
                                                "owner_id", "holder_unit_id")),
            Section(_l("Order"), ("order_no", "amount_due", "arrived")),
            Section(_l("Service fee"), ("voucher_no", "way", "collected_by_id", "collected_at", "handed_to_finance_at",
                                        "invoice_no", "invoiced_at", "invoice_sent_at", "paid_at")),
        ),
    )  # fmt: skip
