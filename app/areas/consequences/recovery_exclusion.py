"""Receivable left out of the recovery rate (应收账款回收率扣除): that of the part which a complaint concerns."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section
from app.core.scope import Owned


class RecoveryExclusion(Owned, Record):
    """Belongs to the salesperson of the complaint; released, it counts no more."""

    __table_args__: Any = (UniqueConstraint("complaint_id", "month"),)

    complaint_id: Mapped[int] = fields.ref(_l("Complaint"), "complaint")
    employee_id: Mapped[int | None] = fields.ref(_l("Salesperson"), "employee", computed=True)
    part_no: Mapped[str | None] = fields.text(_l("Part number"), 60, computed=True)
    month: Mapped[str] = fields.text(_l("Month"), 7, help=_l("Written like 2025-09."))
    excluded_amount: Mapped[Decimal] = fields.money(
        _l("Receivable left out"), unit=_l("yuan"), minimum=Decimal("0.01"),
        help=_l("At most the receivable of the part on the complaint form."),
    )
    released_on: Mapped[dt.date | None] = fields.date(_l("Released on"), help=_l("From this day it counts no more."))
    remark: Mapped[str | None] = fields.longtext(_l("Remark"))

    register = Register(
        area="consequences", label=_l("Receivable left out"), title="month", icon="receipt-refund", participants=True,
        party="complaint_id", actions=frozenset({"add", "edit"}),
        list=("month", "complaint_id", "employee_id", "part_no", "excluded_amount", "released_on"),
        filters=("month", "complaint_id", "employee_id", "released_on"), order="-month",
        sections=(
            Section(_l("Receivable left out"), ("complaint_id", "employee_id", "part_no", "month", "excluded_amount",
                                                "released_on", "remark", "unit_id", "owner_id"), clause="（十三）2(3)"),
        ),
    )  # fmt: skip
