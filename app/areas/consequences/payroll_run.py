"""Month-end run (月末罚扣): what is taken from the bonuses of one month, proposed, reviewed, approved, taken."""

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

ENTERING, READY, APPROVED, TAKEN = "entering", "ready", "approved", "taken"


class PayrollRun(Case, Record):
    """One for each accounting unit and month; once taken it stays as it is."""

    __table_args__: Any = (UniqueConstraint("unit_id", "month"),)

    run_no: Mapped[str | None] = fields.text(_l("Run number"), 40, computed=True, unique=True)
    month: Mapped[str] = fields.text(_l("Month"), 7, help=_l("Such as 2025-09."))
    people: Mapped[int | None] = fields.integer(_l("People"), computed=True)
    bonus_total: Mapped[Decimal | None] = fields.money(_l("Bonuses"), computed=True, unit=_l("yuan"))
    fine_total: Mapped[Decimal | None] = fields.money(_l("Fines of sanctions"), computed=True, unit=_l("yuan"))
    forfeited_total: Mapped[Decimal | None] = fields.money(_l("Forfeited"), computed=True, unit=_l("yuan"))
    taken_total: Mapped[Decimal | None] = fields.money(_l("Deducted"), computed=True, unit=_l("yuan"))
    carried_total: Mapped[Decimal | None] = fields.money(_l("Carried over"), computed=True, unit=_l("yuan"))
    waiting: Mapped[int | None] = fields.integer(
        _l("Notices without points"), computed=True, help=_l("Nobody who bears their loss has points in this month.")
    )
    reviewed_by_id: Mapped[int | None] = fields.ref(_l("Reviewed by"), "employee", computed=True)
    approved_at: Mapped[dt.datetime | None] = fields.datetime(_l("Approved at"), computed=True)
    taken_at: Mapped[dt.datetime | None] = fields.datetime(_l("Taken at"), computed=True)

    register = Register(
        area="consequences", label=_l("Month-end run"), title="run_no", subject="month", icon="cash",
        from_pack=True, participants=True, actions=frozenset({"add", "edit"}),
        list=("run_no", "month", "status", "people", "bonus_total", "fine_total", "forfeited_total", "taken_total",
              "carried_total", "taken_at"),
        search=("run_no", "month"), filters=("status", "month", "taken_at"), order="-month",
        lines=("deduction_instalment.run_id", "pay_item.run_id"),
        sections=(
            Section(_l("Month-end run"), ("run_no", "month", "status", "people", "bonus_total", "fine_total",
                                "forfeited_total", "taken_total", "carried_total", "waiting", "unit_id", "owner_id",
                                "holder_unit_id"), clause="经济处罚准则（三）4"),
            Section(_l("Approval"), ("reviewed_by_id", "approved_at", "taken_at"), clause="经济处罚准则（三）"),
        ),
    )  # fmt: skip
