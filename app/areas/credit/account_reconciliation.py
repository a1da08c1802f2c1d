"""Account reconciliation (对账清账交接): balances compared, a year cleared, or takings handed over."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

KINDS = {
    "balance": _l("Balance with a customer"), "prior_year": _l("Clearing of a year"),
    "takings": _l("Takings of a day handed over"),
}  # fmt: skip


class AccountReconciliation(Case, Record):
    """Every policy names which of the fields it uses; the differences are computed."""

    __table_args__: Any = (
        UniqueConstraint("adopter_id", "reconciliation_no"),
        UniqueConstraint("adopter_id", "customer_id", "year"),
        UniqueConstraint("adopter_id", "sale_date"),
        CheckConstraint("service_clerk_id IS NULL OR service_clerk_id <> finance_clerk_id", name="two_persons"),
    )

    reconciliation_no: Mapped[str | None] = fields.text(_l("Number"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS)
    customer_id: Mapped[int | None] = fields.ref(_l("Customer"), "customer")
    year: Mapped[int | None] = fields.integer(_l("Year that is cleared"), minimum=1990, maximum=2200)
    unpaid_balance: Mapped[Decimal | None] = fields.money(_l("Unpaid"), computed=True, unit=_l("yuan"))
    cleared: Mapped[bool | None] = fields.boolean(_l("Cleared"), computed=True)
    cleared_on: Mapped[dt.date | None] = fields.date(_l("Cleared on"))
    as_of: Mapped[dt.date | None] = fields.date(_l("As of"))
    our_balance: Mapped[Decimal | None] = fields.money(_l("Our balance"), minimum=None, unit=_l("yuan"))
    partner_balance: Mapped[Decimal | None] = fields.money(_l("Their balance"), minimum=None, unit=_l("yuan"))
    difference: Mapped[Decimal | None] = fields.money(_l("Difference"), minimum=None, computed=True, unit=_l("yuan"))
    confirmed_by_id: Mapped[int | None] = fields.ref(_l("Confirmed by finance"), "employee", computed=True)
    sale_date: Mapped[dt.date | None] = fields.date(_l("Day of sale"))
    system_total: Mapped[Decimal | None] = fields.money(_l("Amount in the system"), unit=_l("yuan"))
    handed_total: Mapped[Decimal | None] = fields.money(_l("Amount handed over"), unit=_l("yuan"))
    variance: Mapped[Decimal | None] = fields.money(
        _l("Handed over less system"), minimum=None, computed=True, unit=_l("yuan")
    )
    variance_reason: Mapped[str | None] = fields.longtext(_l("Reason of the difference"))
    due_on: Mapped[dt.date | None] = fields.date(_l("To be done by"), computed=True)
    handed_on: Mapped[dt.date | None] = fields.date(_l("Handed over on"))
    service_clerk_id: Mapped[int | None] = fields.ref(_l("Handed over by"), "employee")
    finance_clerk_id: Mapped[int | None] = fields.ref(_l("Taken over by"), "employee")
    finance_receipt_no: Mapped[str | None] = fields.text(_l("Receipt of finance"), 40)
    confirmation = fields.files(_l("Confirmation or receipt"))

    register = Register(
        area="credit", label=_l("Account reconciliation"), title="reconciliation_no", subject="kind",
        party="customer_id", icon="scale", from_pack=True, actions=frozenset({"add", "edit"}),
        list=("reconciliation_no", "kind", "customer_id", "year", "unpaid_balance", "as_of", "difference", "status"),
        search=("reconciliation_no", "customer_id"),
        filters=("status", "kind", "customer_id", "year", "as_of", "sale_date"),
        sections=(
            Section(_l("Matter"), ("reconciliation_no", "status", "kind", "customer_id", "confirmation", "unit_id",
                                   "owner_id", "holder_unit_id")),
            Section(_l("Year"), ("year", "unpaid_balance", "cleared", "cleared_on", "confirmed_by_id")),
            Section(_l("Balance"), ("as_of", "our_balance", "partner_balance", "difference", "variance_reason",
                                    "due_on")),
            Section(_l("Takings"), ("sale_date", "system_total", "handed_total", "variance", "handed_on",
                                    "service_clerk_id", "finance_clerk_id", "finance_receipt_no")),
        ),
    )  # fmt: skip
