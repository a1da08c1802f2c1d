"""Expense record (费用报销登记): money spent or claimed, for a purpose and within a limit."""

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

PURPOSES = {"retention": _l("Keeping customers"), "acquisition": _l("Winning customers")}


class ExpenseRecord(Case, Record):
    """Every policy names which of the fields it uses; the states come from its pack."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "expense_no"),)

    expense_no: Mapped[str | None] = fields.text(_l("Expense number"), 40, computed=True)
    month: Mapped[str | None] = fields.text(_l("Month"), 7, help=_l("Such as 2026-03."))
    purpose: Mapped[str | None] = fields.choice(_l("Spent for"), PURPOSES)
    item: Mapped[str | None] = fields.text(_l("Item"), 200)
    amount: Mapped[Decimal | None] = fields.money(_l("Amount"), unit=_l("yuan"))
    headcount: Mapped[int | None] = fields.integer(_l("Customers concerned"), minimum=1)
    spent_on: Mapped[dt.date | None] = fields.date(_l("Spent on"))
    visit_id: Mapped[int | None] = fields.ref(_l("Visit"), "visit")
    scheme_no: Mapped[str | None] = fields.text(_l("Scheme"), 40)
    paid_to: Mapped[str | None] = fields.text(_l("Paid to"), 100)
    wasteful: Mapped[bool | None] = fields.boolean(_l("Wasteful"))
    vouchers: Mapped[int | None] = fields.integer(_l("Vouchers"), minimum=1)
    limit_amount: Mapped[Decimal | None] = fields.money(_l("Limit of the company"), computed=True, unit=_l("yuan"))
    payable: Mapped[Decimal | None] = fields.money(_l("To be paid"), computed=True, unit=_l("yuan"))
    self_borne: Mapped[Decimal | None] = fields.money(_l("Borne by the person"), computed=True, unit=_l("yuan"))
    claimed_by_id: Mapped[int | None] = fields.ref(_l("Claimed by"), "employee")
    submitted_on: Mapped[dt.date | None] = fields.date(_l("Handed in on"), computed=True)
    approved_by_id: Mapped[int | None] = fields.ref(_l("Approved by"), "employee", computed=True)
    signed_on: Mapped[dt.date | None] = fields.date(_l("Signed on"), computed=True)
    paid_on: Mapped[dt.date | None] = fields.date(_l("Paid on"), computed=True)
    note: Mapped[str | None] = fields.longtext(_l("Note"))

    register = Register(
        area="organisation", label=_l("Expense record"), title="expense_no", subject="purpose", facts=("amount",),
        icon="coin", from_pack=True, actions=frozenset({"add", "edit"}), order="-id",
        list=("expense_no", "month", "purpose", "item", "amount", "headcount", "spent_on", "status"),
        search=("expense_no", "item"),
        filters=("status", "month", "purpose", "spent_on", "claimed_by_id", "owner_id"),
        sections=(
            Section(_l("Expense"), ("expense_no", "status", "month", "purpose", "item", "amount", "headcount",
                                    "spent_on", "visit_id", "scheme_no", "paid_to", "wasteful", "note")),
            Section(_l("Claim"), ("vouchers", "limit_amount", "payable", "self_borne", "claimed_by_id",
                                  "submitted_on", "approved_by_id", "signed_on", "paid_on", "unit_id", "owner_id",
                                  "holder_unit_id")),
        ),
    )  # fmt: skip
