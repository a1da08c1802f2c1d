"""Hold or freedom of credit (授信冻结与不限额): why a customer gets no more credit, or credit without a limit."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

HOLD, UNLIMITED = "hold", "unlimited"
KINDS = {HOLD: _l("Hold: no more credit"), UNLIMITED: _l("Without a limit")}
HELD, FREE = "held", "free"
IN_FORCE = (HELD, FREE)


class CreditHold(Case, Record):
    """One decision about the account of a customer, or of its group; what counts now stands on the account itself."""

    __table_args__: Any = (Index("ix_credit_hold_of", "customer_id", "status", "adopter_id"),)

    kind: Mapped[str] = fields.choice(_l("What"), KINDS, default=HOLD)
    customer_id: Mapped[int] = fields.ref(_l("Customer"), "customer", help=_l("It counts for its whole group."))
    reason: Mapped[str] = fields.text(_l("Reason"), 300, width=2)
    begun_at: Mapped[dt.datetime | None] = fields.datetime(_l("In force since"), computed=True)
    begun_by_id: Mapped[int | None] = fields.ref(_l("Put in force by"), "employee", computed=True)
    ended_at: Mapped[dt.datetime | None] = fields.datetime(_l("Ended at"), computed=True)
    ended_by_id: Mapped[int | None] = fields.ref(_l("Ended by"), "employee", computed=True)
    end_reason: Mapped[str | None] = fields.text(_l("Why it ended"), 300, computed=True, width=2)
    papers = fields.files(_l("Papers"))

    register = Register(
        area="credit", label=_l("Hold or freedom of credit"), title="reason", subject="kind", party="customer_id",
        icon="lock", from_pack=True, actions=frozenset({"add", "edit"}), facts=("begun_at",),
        list=("reason", "customer_id", "kind", "begun_at", "begun_by_id", "ended_at", "ended_by_id", "status"),
        search=("reason",),
        filters=("status", "kind", "customer_id", "begun_at", "ended_at", "unit_id", "owner_id"),
        sections=(
            Section(_l("What and why"), ("kind", "customer_id", "reason", "status", "begun_at", "begun_by_id", "papers",
                                         "unit_id", "owner_id", "holder_unit_id")),
            Section(_l("End"), ("ended_at", "ended_by_id", "end_reason")),
        ),
    )  # fmt: skip
