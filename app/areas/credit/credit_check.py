"""Credit check (授信执行检查): how the limits of a period were used, checked by marketing and audited by finance."""

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

KINDS = {
    "business": _l("Monthly business report"),
    "execution": _l("Execution of a limit"),
    "monthly": _l("Monthly check"),
    "quarterly": _l("Quarterly check"),
    "audit": _l("Monthly audit"),
}


class CreditCheck(Case, Record):
    """One form of one period; forms about a customer name it, an audit says its scope."""

    __table_args__: Any = (
        UniqueConstraint("adopter_id", "check_no"),
        UniqueConstraint("adopter_id", "kind", "period", "customer_id"),
    )

    check_no: Mapped[str | None] = fields.text(_l("Number"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS)
    period: Mapped[str] = fields.text(_l("Period"), 10)
    period_last: Mapped[dt.date | None] = fields.date(_l("Last day of the period"), computed=True)
    due_at: Mapped[dt.datetime | None] = fields.datetime(_l("Due"), computed=True)
    customer_id: Mapped[int | None] = fields.ref(_l("Customer"), "customer")
    credit_request_id: Mapped[int | None] = fields.ref(_l("Limit"), "credit_request", computed=True)
    operating_state: Mapped[str | None] = fields.longtext(_l("State of the customer's business"))
    approved_limit: Mapped[Decimal | None] = fields.money(_l("Approved limit"), computed=True, unit=_l("yuan"))
    used_max: Mapped[Decimal | None] = fields.money(_l("Highest use"), computed=True, unit=_l("yuan"))
    month_end_outstanding: Mapped[Decimal | None] = fields.money(_l("In use at the end"), computed=True,
                                                                 unit=_l("yuan"))
    overdue: Mapped[Decimal | None] = fields.money(_l("Overdue"), computed=True, unit=_l("yuan"))
    receipts: Mapped[Decimal | None] = fields.money(_l("Receipts of the month"), computed=True, unit=_l("yuan"))
    deliveries: Mapped[Decimal | None] = fields.money(_l("Deliveries of the month"), computed=True, unit=_l("yuan"))
    scope: Mapped[str | None] = fields.longtext(_l("What was audited"))
    findings: Mapped[str | None] = fields.longtext(_l("Findings"))
    result: Mapped[str | None] = fields.longtext(_l("Result"))
    problem_found: Mapped[bool | None] = fields.boolean(_l("Problem found"))
    measures: Mapped[str | None] = fields.longtext(_l("Measures"))
    adjust: Mapped[bool | None] = fields.boolean(_l("The limit is to be adjusted"))
    declared_true: Mapped[bool | None] = fields.boolean(_l("I answer for the truth of this form"))
    author_id: Mapped[int | None] = fields.ref(_l("Made by"), "employee", computed=True)
    finished_on: Mapped[dt.date | None] = fields.date(_l("Finished on"), computed=True)
    manager_opinion: Mapped[str | None] = fields.longtext(_l("Opinion of the department manager"))
    checked_by_id: Mapped[int | None] = fields.ref(_l("Checked by"), "employee", computed=True)
    checked_on: Mapped[dt.date | None] = fields.date(_l("Checked on"), computed=True)
    papers = fields.files(_l("Papers"))

    register = Register(
        area="credit", label=_l("Credit check"), title="check_no", subject="kind", party="customer_id",
        icon="clipboard-data", from_pack=True, participants=True, actions=frozenset({"add", "edit"}),
        facts=("kind", "period"),
        list=("check_no", "kind", "period", "customer_id", "approved_limit", "month_end_outstanding", "overdue",
              "due_at",
              "status"),
        search=("check_no", "period"),
        filters=("status", "kind", "period", "customer_id", "period_last", "due_at", "owner_id", "unit_id"),
        sections=(
            Section(_l("Form"), ("check_no", "kind", "period", "period_last", "customer_id", "due_at", "status",
                                 "author_id", "finished_on", "unit_id", "owner_id", "holder_unit_id"),
                    clause="第37条; 第38条; 第39条; 第40条"),
            Section(_l("Figures"), ("credit_request_id", "approved_limit", "used_max", "month_end_outstanding",
                                    "overdue",
                                    "receipts", "deliveries"), clause="第40条"),
            Section(_l("What was found"), ("operating_state", "scope", "findings", "result", "problem_found",
                                           "measures",
                                           "adjust", "declared_true", "papers"), clause="第37条; 第38条; 第39条"),
            Section(_l("Opinion"), ("manager_opinion", "checked_by_id", "checked_on"), clause="第40条; 第41条"),
        ),
    )  # fmt: skip
