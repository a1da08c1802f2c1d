"""Receivable recovery (应收账款回收率): what a salesperson collected in a month of what was due."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section


class RecoveryRate(Case, Record):
    """One for each person and month; the person sees his own."""

    __table_args__: Any = (UniqueConstraint("employee_id", "month"),)

    rate_no: Mapped[str | None] = fields.text(_l("Number"), 40, computed=True, unique=True)
    employee_id: Mapped[int] = fields.ref(_l("Salesperson"), "employee")
    month: Mapped[str] = fields.text(_l("Month"), 7, help=_l("Written like 2025-09."))
    month_end: Mapped[dt.datetime | None] = fields.datetime(_l("End of the month"), computed=True)
    receivable_due: Mapped[Decimal] = fields.money(_l("Receivable due"), unit=_l("yuan"))
    collected: Mapped[Decimal] = fields.money(_l("Collected"), unit=_l("yuan"))
    excluded_amount: Mapped[Decimal] = fields.money(
        _l("Left out"), default=Decimal(0), computed=True, unit=_l("yuan")
    )
    rate_percent: Mapped[Decimal | None] = fields.percent(_l("Recovery rate"), computed=True, unit="%")
    basis: Mapped[dict[str, Any] | None] = fields.json(_l("Calculation"))
    confirmed_at: Mapped[dt.datetime | None] = fields.datetime(_l("Confirmed"), computed=True)

    register = Register(
        area="consequences", label=_l("Recovery rate"), title="rate_no", icon="chart-bar", from_pack=True,
        participants=True, subject="month", actions=frozenset({"add", "edit"}), internal=("basis", "month_end"),
        list=("rate_no", "month", "employee_id", "receivable_due", "excluded_amount", "collected", "rate_percent",
              "status"),
        search=("rate_no", "month"), filters=("status", "month", "employee_id", "month_end"), order="-month",
        sections=(
            Section(_l("Recovery"), ("rate_no", "status", "employee_id", "month", "receivable_due", "excluded_amount",
                                     "collected", "rate_percent", "confirmed_at", "unit_id", "owner_id",
                                     "holder_unit_id"), clause="（十三）2(3)"),
        ),
    )  # fmt: skip
