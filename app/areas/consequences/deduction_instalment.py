"""Deduction instalment (罚扣分期): what one month took of one deduction, and what it left for the next."""

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

REGULAR, COUNTER = "regular", "counter"
KINDS = {REGULAR: _l("Instalment"), COUNTER: _l("Counter-entry")}
PROPOSED, TAKEN, REVERSED = "proposed", "taken", "reversed"
NOTHING = Decimal(0)


class DeductionInstalment(Case, Record):
    """Computed by the month-end run only; one that was taken is never changed, a counter-entry takes it back."""

    __table_args__: Any = (
        UniqueConstraint("deduction_id", "run_id"),
        CheckConstraint("kind <> 'regular' OR (taken >= 0 AND taken <= cap)", name="within_cap"),
        CheckConstraint("kind <> 'counter' OR (taken < 0 AND reason IS NOT NULL)", name="counter_has_reason"),
        CheckConstraint("carried_over = owed - taken AND carried_over >= 0", name="adds_up"),
    )

    reference: Mapped[str] = fields.text(_l("Reference"), 100, computed=True, unique=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default=REGULAR, computed=True)
    deduction_id: Mapped[int] = fields.ref(_l("Deduction"), "payroll_deduction", computed=True)
    notice_id: Mapped[int] = fields.ref(_l("Penalty notice"), "penalty_notice", computed=True)
    employee_id: Mapped[int] = fields.ref(_l("Person"), "employee", computed=True)
    run_id: Mapped[int | None] = fields.ref(_l("Month-end run"), "payroll_run", computed=True)
    month: Mapped[str] = fields.text(_l("Month"), 7, computed=True)
    bonus: Mapped[Decimal] = fields.money(_l("Bonus of the month"), default=NOTHING, computed=True, unit=_l("yuan"))
    fine: Mapped[Decimal] = fields.money(_l("Fines of sanctions"), default=NOTHING, computed=True, unit=_l("yuan"))
    forfeited: Mapped[Decimal] = fields.money(_l("Forfeited"), default=NOTHING, computed=True, unit=_l("yuan"))
    cap: Mapped[Decimal] = fields.money(_l("Cap of the month"), default=NOTHING, computed=True, unit=_l("yuan"))
    owed: Mapped[Decimal] = fields.money(_l("Owed before"), computed=True, unit=_l("yuan"))
    taken: Mapped[Decimal] = fields.money(_l("Deducted"), minimum=None, computed=True, unit=_l("yuan"))
    carried_over: Mapped[Decimal] = fields.money(_l("Carried over"), computed=True, unit=_l("yuan"))
    booked_for: Mapped[dt.datetime | None] = fields.datetime(_l("Booked for"), computed=True)
    reverses_id: Mapped[int | None] = fields.ref(_l("Reverses"), "deduction_instalment", computed=True, unique=True)
    reason: Mapped[str | None] = fields.longtext(_l("Reason"), computed=True)

    register = Register(
        area="consequences", label=_l("Deduction instalment"), title="reference", party="employee_id",
        icon="calculator", from_pack=True, actions=frozenset(),
        list=("reference", "month", "employee_id", "notice_id", "kind", "status", "owed", "cap", "taken",
              "carried_over"),
        search=("reference", "employee_id", "month"),
        filters=("status", "kind", "month", "employee_id", "notice_id", "run_id", "deduction_id", "booked_for"),
        sections=(
            Section(_l("Instalment"), ("reference", "kind", "status", "deduction_id", "notice_id", "employee_id",
                                       "run_id", "month", "booked_for", "reverses_id", "reason", "unit_id", "owner_id",
                                       "holder_unit_id"), clause="经济处罚准则（三）4"),
            Section(_l("Amounts"), ("bonus", "fine", "forfeited", "cap", "owed", "taken", "carried_over"),
                    clause="经济处罚准则（三）4"),
        ),
    )  # fmt: skip
