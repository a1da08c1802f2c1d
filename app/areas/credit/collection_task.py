"""Collection task (催收记录): who chases which unpaid amount or undelivered goods, how, and what came in."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

METHODS = {
    "phone": _l("Telephone"), "visit": _l("Visit"), "letter": _l("Letter of demand"), "lawyer": _l("Lawyer's letter"),
}  # fmt: skip


class CollectionTask(Case, Record):
    """One chase; the results are tied to the person who is responsible for it."""

    customer_id: Mapped[int] = fields.ref(_l("Customer"), "customer")
    deal_id: Mapped[int | None] = fields.ref(_l("Deal"), "credit_deal")
    fee_notice: Mapped[str | None] = fields.text(_l("Fee notice"), 40)
    responsible_id: Mapped[int | None] = fields.ref(_l("Responsible"), "employee")
    target_amount: Mapped[Decimal | None] = fields.money(_l("To be collected"), unit=_l("yuan"))
    chase_no: Mapped[int | None] = fields.integer(_l("Which chase"), minimum=1)
    chased_at: Mapped[dt.datetime | None] = fields.datetime(_l("Chased"))
    method: Mapped[str | None] = fields.choice(_l("Method"), METHODS)
    action: Mapped[str | None] = fields.longtext(_l("What is done"))
    customer_reply: Mapped[str | None] = fields.longtext(_l("Answer of the customer"))
    promised_on: Mapped[dt.date | None] = fields.date(_l("Promised for"))
    next_chase_on: Mapped[dt.date | None] = fields.date(_l("Next chase on"))
    recovered: Mapped[Decimal | None] = fields.money(_l("Recovered"), unit=_l("yuan"))
    done_on: Mapped[dt.date | None] = fields.date(_l("Done on"))

    register = Register(
        area="credit", label=_l("Collection task"), title="customer_id", subject="method", party="customer_id",
        icon="phone-call", from_pack=True, participants=True, parent="deal_id", own_scope=True,
        actions=frozenset({"add", "edit"}),
        list=("customer_id", "deal_id", "responsible_id", "target_amount", "recovered", "next_chase_on", "done_on",
              "status"),
        filters=("status", "customer_id", "deal_id", "responsible_id", "next_chase_on", "done_on", "owner_id",
                 "unit_id"),
        sections=(
            Section(_l("Task"), ("customer_id", "deal_id", "fee_notice", "responsible_id", "target_amount", "status",
                                 "unit_id", "owner_id", "holder_unit_id"), clause="第36条(second)"),
            Section(_l("Chase"), ("chase_no", "chased_at", "method", "action", "customer_reply", "promised_on",
                                  "next_chase_on", "recovered", "done_on"), clause="第36条(second)"),
        ),
    )  # fmt: skip
