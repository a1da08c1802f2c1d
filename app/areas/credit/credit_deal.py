"""Credit deal (预付赊销台账): a prepayment or credit sale that uses the company's money until it is settled."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.areas.credit.credit_rating import CLASSES
from app.areas.credit.credit_request import KINDS
from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

DIRECTIONS = {"credit_sale": _l("Credit sale"), "prepayment": _l("Prepayment")}
ROUTES = {"within": _l("Within the limit"), "above": _l("Approved above the limit")}
OPEN, OVERDUE, SETTLED = "open", "overdue", "settled"
USING = (OPEN, OVERDUE)


class CreditDeal(Case, Record):
    """One deal; it uses credit while it is open or overdue, by what of its amount is not settled."""

    __table_args__: Any = (
        UniqueConstraint("adopter_id", "deal_no"),
        CheckConstraint("amount > 0", name="deal_has_an_amount"),
        CheckConstraint("settled_amount >= 0 AND settled_amount <= amount", name="settled_within_the_deal"),
        Index("ix_credit_deal_using", "customer_id", "status"),
        Index("ix_credit_deal_owed", "customer_id", "status", "adopter_id", "kind", "amount", "settled_amount"),
        Index("ix_credit_deal_due", "status", "due_at"),
    )

    deal_no: Mapped[str | None] = fields.text(_l("Deal number"), 40, computed=True)
    customer_id: Mapped[int] = fields.ref(_l("Customer"), "customer")
    contract_id: Mapped[int | None] = fields.ref(_l("Contract"), "contract")
    kind: Mapped[str] = fields.choice(_l("Direction"), DIRECTIONS, default="credit_sale")
    amount: Mapped[Decimal] = fields.money(_l("Amount"), unit=_l("yuan"))
    started_on: Mapped[dt.date] = fields.date(
        _l("Term begins on"), help=_l("Day of the shipment or of the prepayment.")
    )
    credit_request_id: Mapped[int | None] = fields.ref(_l("Credit limit"), "credit_request", computed=True)
    line_kind: Mapped[str | None] = fields.choice(_l("Kind of credit"), KINDS, computed=True)
    credit_class: Mapped[str | None] = fields.choice(_l("Credit class"), CLASSES, computed=True)
    due_at: Mapped[dt.datetime | None] = fields.datetime(_l("Due"), computed=True)
    accepted_on: Mapped[dt.date | None] = fields.date(_l("Goods accepted on"))
    settled_amount: Mapped[Decimal] = fields.money(_l("Amount settled"), default=Decimal(0), server_default="0",
                                                   unit=_l("yuan"))
    settled_on: Mapped[dt.date | None] = fields.date(_l("Settled on"))
    outstanding: Mapped[Decimal | None] = fields.money(_l("Amount outstanding"), computed=True, unit=_l("yuan"))
    overdue_days: Mapped[int | None] = fields.integer(_l("Days overdue"), computed=True, minimum=0)
    limit_then: Mapped[Decimal | None] = fields.money(_l("Limit when it was granted"), computed=True, unit=_l("yuan"))
    used_then: Mapped[Decimal | None] = fields.money(_l("In use when it was granted"), computed=True, unit=_l("yuan"))
    route: Mapped[str | None] = fields.choice(_l("Way of release"), ROUTES, computed=True)
    granted_amount: Mapped[Decimal | None] = fields.money(_l("Granted up to"), computed=True, unit=_l("yuan"))
    verdict: Mapped[Any | None] = fields.json(_l("Verdict in full"))
    checked_at: Mapped[dt.datetime | None] = fields.datetime(_l("Checked"), computed=True)
    excess: Mapped[Decimal | None] = fields.money(_l("Above the limit by"), computed=True, unit=_l("yuan"))
    over_reason: Mapped[str | None] = fields.longtext(_l("Why above the limit or beside an open deal"))
    over_limit_case_id: Mapped[int | None] = fields.ref(
        _l("Approval above the limit"), "over_limit_case", computed=True
    )
    note: Mapped[str | None] = fields.longtext(_l("Note"))
    past_due: Mapped[bool | None] = fields.boolean(_l("Past its last day"), computed=True)
    papers = fields.files(_l("Papers"))

    register = Register(
        area="credit", label=_l("Credit deal"), title="deal_no", subject="kind", party="customer_id",
        icon="wallet", from_pack=True, participants=True, actions=frozenset({"add", "edit"}),
        internal=("past_due", "verdict", "granted_amount"), facts=("amount", "outstanding", "due_at"),
        lines=("collection_task",),
        list=("deal_no", "customer_id", "kind", "amount", "outstanding", "started_on", "due_at", "overdue_days",
              "status"),
        search=("deal_no",),
        filters=("status", "customer_id", "kind", "started_on", "due_at", "settled_on", "owner_id", "unit_id"),
        sections=(
            Section(_l("Deal"), ("deal_no", "customer_id", "contract_id", "kind", "amount", "started_on", "status",
                                 "note", "papers", "unit_id", "owner_id", "holder_unit_id"), clause="第23条; 第25条"),
            Section(_l("Term"), ("credit_request_id", "line_kind", "credit_class", "due_at", "overdue_days"),
                    clause="第26条; 第27条"),
            Section(_l("How it is settled"), ("settled_amount", "settled_on", "accepted_on", "outstanding"),
                    clause="第23条"),
            Section(_l("Check"), ("route", "limit_then", "used_then", "excess", "over_reason",
                                  "over_limit_case_id", "checked_at"),
                    clause="第32条; 第35条"),
        ),
    )  # fmt: skip
