"""Shipment (发货运输单): an order for goods on credit with the verdict on it, the delivery note and the carriage."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.openlists import OpenChoices
from app.core.register import Record, Register, Section

ROUTES = {
    "within": _l("Within the limit"), "special": _l("Under special credit"), "first_over": _l("First over-limit"),
    "last_over": _l("Last over-limit"), "prepaid": _l("Paid before"), "cash": _l("Against cash"),
}  # fmt: skip
OPEN, PAID, LATE, LOST = "open", "paid", "late", "lost"
PAYMENTS = {OPEN: _l("To be paid"), PAID: _l("Paid"), LATE: _l("Overdue"), LOST: _l("Lost")}
PAPERS = {"waybill": _l("Waybill"), "parcel": _l("Parcel ticket")}
NOTHING = Decimal(0)


class Shipment(Case, Record):
    """What is owed on it is its amount less returns and what was paid; the route says what let it go."""

    __table_args__: Any = (
        UniqueConstraint("adopter_id", "shipment_no"),
        CheckConstraint("paid_amount >= 0", name="not_paid_below_nothing"),
        CheckConstraint("returned_amount >= 0", name="not_returned_below_nothing"),
        Index("ix_shipment_owed", "customer_id", "status", "adopter_id", "invoice_date", "route", "amount",
              "returned_amount", "paid_amount"),
    )  # fmt: skip

    shipment_no: Mapped[str | None] = fields.text(_l("Shipment number"), 40, computed=True)
    order_no: Mapped[str | None] = fields.text(_l("Order number"), 40)
    customer_id: Mapped[int] = fields.ref(_l("Customer"), "customer")
    invoice_date: Mapped[dt.date | None] = fields.date(_l("Day of invoice and shipment"))
    goods: Mapped[str | None] = fields.longtext(_l("Goods"), help=_l("In words, where there are no lines."))
    lines_total: Mapped[Decimal | None] = fields.money(_l("Lines in all"), computed=True, unit=_l("yuan"))
    product_model: Mapped[str | None] = fields.text(_l("Product model"), 60)
    quantity: Mapped[int | None] = fields.integer(_l("Quantity"), minimum=1)
    amount: Mapped[Decimal | None] = fields.money(
        _l("Value of the goods"), minimum=Decimal("0.01"), unit=_l("yuan"),
        help=_l("Follows the lines until another value is typed."),
    )
    returned_amount: Mapped[Decimal] = fields.money(_l("Returned"), default=NOTHING, unit=_l("yuan"))
    paid_amount: Mapped[Decimal] = fields.money(_l("Paid"), default=NOTHING, computed=True, unit=_l("yuan"))
    payment: Mapped[str] = fields.choice(_l("Payment"), PAYMENTS, default=OPEN, computed=True)
    due_on: Mapped[dt.date | None] = fields.date(_l("To be paid by"), computed=True)
    settled_on: Mapped[dt.date | None] = fields.date(_l("Settled on"), computed=True)
    route: Mapped[str | None] = fields.choice(_l("Way of release"), ROUTES, computed=True)
    limit_at_check: Mapped[Decimal | None] = fields.money(_l("Limit at the check"), computed=True, unit=_l("yuan"))
    outstanding_at_check: Mapped[Decimal | None] = fields.money(
        _l("Owed before this order"), computed=True, unit=_l("yuan")
    )
    excess: Mapped[Decimal | None] = fields.money(_l("Above the limit by"), computed=True, unit=_l("yuan"))
    granted_amount: Mapped[Decimal | None] = fields.money(_l("Granted up to"), computed=True, unit=_l("yuan"))
    checked_at: Mapped[dt.datetime | None] = fields.datetime(_l("Checked at"), computed=True)
    verdict: Mapped[Any | None] = fields.json(_l("Verdict in full"))
    slip_no: Mapped[str | None] = fields.text(_l("Release slip number"), 40, computed=True)
    over_reason: Mapped[str | None] = fields.longtext(_l("Why above the limit"))
    one_third: Mapped[Decimal | None] = fields.money(
        _l("Third of the limit"), computed=True, unit=_l("yuan"), help=_l("For reading; three times the order counts.")
    )
    signer_id: Mapped[int | None] = fields.ref(_l("Signed by"), "employee", computed=True)
    approver_id: Mapped[int | None] = fields.ref(_l("Approved by"), "employee", computed=True)
    decided_at: Mapped[dt.datetime | None] = fields.datetime(_l("Decided at"), computed=True)
    remittance_id: Mapped[int | None] = fields.ref(_l("Remittance"), "receipt")
    payment_plan_id: Mapped[int | None] = fields.ref(_l("Payment plan"), "payment_plan")
    released_by_id: Mapped[int | None] = fields.ref(_l("Released by"), "employee", computed=True)
    released_at: Mapped[dt.datetime | None] = fields.datetime(_l("Released at"), computed=True)
    delivery_address: Mapped[str | None] = fields.text(_l("Delivered to"), 200, width=2)
    receiver: Mapped[str | None] = fields.personal(_l("Receiver"), 60, mask="name")
    receiver_phone: Mapped[str | None] = fields.personal(_l("Telephone of the receiver"), 30, mask="phone")
    requested_on: Mapped[dt.date | None] = fields.date(_l("Requested on"))
    issued_form_on: Mapped[dt.date | None] = fields.date(_l("Form taken on"))
    ordered_at: Mapped[dt.datetime | None] = fields.datetime(_l("Ordered at"))
    note_no: Mapped[str | None] = fields.text(_l("Delivery note number"), 20)
    issued_by_id: Mapped[int | None] = fields.ref(_l("Note issued by"), "employee")
    issued_on: Mapped[dt.date | None] = fields.date(_l("Note issued on"))
    copies_issued: Mapped[int | None] = fields.integer(_l("Copies issued"), minimum=0)
    copies_to_after_sales: Mapped[int | None] = fields.integer(_l("Copies to after-sales"), minimum=0)
    forwarded_logistics: Mapped[int | None] = fields.integer(_l("Copies to logistics"), minimum=0)
    forwarded_warehouse: Mapped[int | None] = fields.integer(_l("Copies to the warehouse"), minimum=0)
    logistics_returned_on: Mapped[dt.date | None] = fields.date(_l("Returned by logistics"))
    waybill_no: Mapped[str | None] = fields.text(_l("Waybill number"), 40)
    waybill_kind: Mapped[str | None] = fields.choice(
        _l("Kind of waybill"), OpenChoices("shipment.waybill_kind", PAPERS),
    )
    carrier: Mapped[str | None] = fields.text(_l("Carrier"), 60)
    shipped_at: Mapped[dt.datetime | None] = fields.datetime(_l("Shipped at"))
    shipped_by_id: Mapped[int | None] = fields.ref(_l("Goods out by"), "employee", computed=True)
    expected_on: Mapped[dt.date | None] = fields.date(_l("Expected on"))
    last_checked_on: Mapped[dt.date | None] = fields.date(_l("Last asked after"))
    check_result: Mapped[str | None] = fields.text(_l("What was found"), 100)
    arrived_on: Mapped[dt.date | None] = fields.date(_l("Arrived on"))
    delivered_at: Mapped[dt.datetime | None] = fields.datetime(_l("Delivered at"))
    customer_confirmed_on: Mapped[dt.date | None] = fields.date(_l("Confirmed by the customer"))
    confirmed_by_id: Mapped[int | None] = fields.ref(_l("Confirmed with"), "employee")

    register = Register(
        area="credit", label=_l("Shipment"), title="shipment_no", subject="route", party="customer_id",
        facts=("amount", "route", "due_on"), icon="truck", from_pack=True, participants=True,
        actions=frozenset({"add", "edit"}), internal=("verdict", "granted_amount"),
        list=("shipment_no", "customer_id", "invoice_date", "amount", "paid_amount", "route", "status", "due_on",
              "owner_id"),
        search=("shipment_no", "order_no", "waybill_no", "customer_id"),
        filters=("status", "route", "customer_id", "invoice_date", "due_on", "owner_id", "shipped_at"),
        inline=("shipment_line",),
        lines=("shipment_line", "receipt_allocation.shipment_id", "over_limit_case.first_shipment_id",
               "over_limit_case.last_shipment_id", "bad_debt.shipment_id", "credit_violation.shipment_id"),
        sections=(
            Section(_l("Order"), ("shipment_no", "order_no", "status", "customer_id", "invoice_date", "amount", "goods",
                                  "lines_total", "product_model", "quantity", "ordered_at", "requested_on",
                                  "issued_form_on", "remittance_id", "payment_plan_id")),
            Section(_l("Credit"), ("route", "limit_at_check", "outstanding_at_check", "excess", "checked_at")),
            Section(_l("Signature above the limit"), ("slip_no", "over_reason", "one_third", "signer_id",
                                                      "approver_id", "decided_at")),
            Section(_l("Payment"), ("payment", "paid_amount", "returned_amount", "due_on",
                                    "settled_on")),
            Section(_l("Delivery"), ("released_by_id", "released_at", "shipped_at", "shipped_by_id",
                                     "delivery_address", "receiver", "receiver_phone", "arrived_on", "delivered_at",
                                     "customer_confirmed_on", "confirmed_by_id", "unit_id", "owner_id",
                                     "holder_unit_id")),
            Section(_l("Delivery note"), ("note_no", "issued_by_id", "issued_on", "copies_issued",
                                          "copies_to_after_sales", "forwarded_logistics", "forwarded_warehouse",
                                          "logistics_returned_on")),
            Section(_l("Carriage"), ("waybill_no", "waybill_kind", "carrier", "expected_on", "last_checked_on",
                                     "check_result")),
        ),
    )  # fmt: skip
