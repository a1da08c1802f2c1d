"""Daily credit (每日授信表): what a customer may owe on one day, and why; written by the sweep alone."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core import fields
from app.core.register import Record, Register, Section
from app.core.scope import Owned

REASONS = {
    "no_file": _l("File incomplete"), "no_contract": _l("No contract in force"),
    "prior_year": _l("An earlier year not cleared"),
}  # fmt: skip
CLASSES = {"credited": _l("Rolling credit"), "over_30": _l("Over thirty days"), "uncredited": _l("Without credit")}


class DailyCredit(Owned, Record):
    """One row for each customer and day; nobody types in it."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "customer_id", "credit_date"),)

    adopter_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id", ondelete="RESTRICT"))
    policy: Mapped[str] = fields.text(_l("Policy"), 12, computed=True)
    customer_id: Mapped[int] = fields.ref(_l("Customer"), "customer", computed=True)
    credit_date: Mapped[dt.date] = fields.date(_l("Day"), computed=True)
    eligible: Mapped[bool] = fields.boolean(_l("Qualifies for credit"), computed=True)
    ineligible_reason: Mapped[list[str] | None] = fields.choices(_l("Why not"), REASONS, computed=True)
    credit_class: Mapped[str] = fields.choice(_l("Credit class"), CLASSES, computed=True)
    window_from: Mapped[dt.date] = fields.date(_l("Counted from"), computed=True)
    window_to: Mapped[dt.date] = fields.date(_l("Counted to"), computed=True)
    base_amount: Mapped[Decimal] = fields.money(_l("Goods of the window"), computed=True, unit=_l("yuan"))
    special_limit: Mapped[Decimal | None] = fields.money(_l("Special limit"), computed=True, unit=_l("yuan"))
    credit_limit: Mapped[Decimal] = fields.money(_l("Credit limit"), computed=True, unit=_l("yuan"))
    outstanding: Mapped[Decimal] = fields.money(_l("Owed"), computed=True, unit=_l("yuan"))
    oldest_unpaid_days: Mapped[int | None] = fields.integer(_l("Oldest unpaid"), computed=True, unit=_l("days"))
    available: Mapped[Decimal] = fields.money(_l("Still free"), computed=True, unit=_l("yuan"))

    register = Register(
        area="credit", label=_l("Daily credit"), title="credit_date", party="customer_id", icon="calendar-check",
        actions=frozenset(), order="-credit_date",
        list=("credit_date", "customer_id", "credit_class", "base_amount", "credit_limit", "outstanding", "available",
              "oldest_unpaid_days"),
        search=("customer_id",),
        filters=("credit_date", "customer_id", "credit_class", "eligible", "oldest_unpaid_days", "owner_id"),
        sections=(
            Section(_l("Day"), ("credit_date", "customer_id", "policy", "eligible", "ineligible_reason",
                                "credit_class")),
            Section(_l("Credit limit"), ("window_from", "window_to", "base_amount", "special_limit", "credit_limit",
                                  "outstanding", "oldest_unpaid_days", "available", "unit_id", "owner_id")),
        ),
    )  # fmt: skip
