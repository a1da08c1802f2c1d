"""Over-limit case (超额审批周期): one episode, or one deal, beyond the limit, and who signed for it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

FIRST, LAST, ENDED, DEFAULTED = "first", "last", "ended", "defaulted"
STAGES = {
    FIRST: _l("First order used"), LAST: _l("Last order used"), ENDED: _l("Back within the limit"),
    DEFAULTED: _l("Not paid by the end of the month"),
}  # fmt: skip


class OverLimitCase(Case, Record):
    """Begun by the first release above the limit; the program counts what was used of it."""

    __table_args__: Any = (
        UniqueConstraint("adopter_id", "case_no"),
        Index("ix_over_limit_case_customer_status", "customer_id", "status"),
    )

    case_no: Mapped[str | None] = fields.text(_l("Number"), 40, computed=True)
    customer_id: Mapped[int] = fields.ref(_l("Customer"), "customer", computed=True)
    stage: Mapped[str | None] = fields.choice(_l("Course"), STAGES, computed=True)
    opened_on: Mapped[dt.date | None] = fields.date(_l("Begun on"), computed=True)
    limit_at_open: Mapped[Decimal | None] = fields.money(_l("Limit when it began"), computed=True, unit=_l("yuan"))
    first_shipment_id: Mapped[int | None] = fields.ref(_l("First shipment"), "shipment", computed=True)
    last_shipment_id: Mapped[int | None] = fields.ref(_l("Last shipment"), "shipment", computed=True)
    last_due_on: Mapped[dt.date | None] = fields.date(_l("Last shipment due"), computed=True)
    unpaid_at_due: Mapped[Decimal | None] = fields.money(_l("Unpaid when due"), computed=True, unit=_l("yuan"))
    closed_on: Mapped[dt.date | None] = fields.date(_l("Ended on"), computed=True)
    excess: Mapped[Decimal | None] = fields.money(_l("Above the limit by"), unit=_l("yuan"))
    reason: Mapped[str | None] = fields.longtext(_l("Reason"))
    approved_by: Mapped[list[int] | None] = fields.refs(_l("Approved by"), "employee", computed=True)
    approved_on: Mapped[dt.date | None] = fields.date(_l("Approved on"), computed=True)

    register = Register(
        area="credit", label=_l("Over-limit case"), title="case_no", party="customer_id", icon="alert-triangle",
        from_pack=True, actions=frozenset(), internal=("stage",),
        list=("case_no", "customer_id", "opened_on", "limit_at_open", "first_shipment_id", "last_shipment_id",
              "last_due_on", "status"),
        search=("case_no", "customer_id"), filters=("status", "customer_id", "opened_on", "last_due_on"),
        sections=(
            Section(_l("Episode"), ("case_no", "status", "customer_id", "opened_on", "limit_at_open",
                                    "first_shipment_id", "last_shipment_id", "last_due_on", "unpaid_at_due",
                                    "closed_on")),
            Section(_l("Approval"), ("excess", "reason", "approved_by", "approved_on", "unit_id", "owner_id",
                                     "holder_unit_id")),
        ),
    )  # fmt: skip
