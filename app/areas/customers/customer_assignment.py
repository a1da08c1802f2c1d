"""Customer assignment (客户分配记录): who looks after which customer from when, and how one is handed over."""

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
    "transfer": _l("Hand-over to key-account service"), "guide": _l("Shopping guide"),
    "specialist": _l("Service specialist"), "manager": _l("Main account manager"),
    "co_manager": _l("Second account manager"),
}  # fmt: skip
MODES = {"many_to_one": _l("Many to one"), "one_to_one": _l("One to one")}
REASONS = {"new": _l("New"), "transfer": _l("Transfer"), "leaving": _l("Keeper leaves"), "upgrade": _l("Rise in class")}


class CustomerAssignment(Case, Record):
    """Every policy names which of the fields it uses; the states come from its pack."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "assignment_no"),)

    assignment_no: Mapped[str | None] = fields.text(_l("Assignment number"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="transfer")
    customer_id: Mapped[int | None] = fields.ref(_l("Customer"), "customer")
    lead_id: Mapped[int | None] = fields.ref(_l("Sales lead"), "sales_lead")
    mode: Mapped[str | None] = fields.choice(_l("Mode"), MODES)
    reason: Mapped[str | None] = fields.choice(_l("Why it was assigned"), REASONS)
    from_id: Mapped[int | None] = fields.ref(_l("Handed over by"), "employee", computed=True)
    person_id: Mapped[int | None] = fields.ref(_l("Looks after the customer"), "employee")
    proposed_id: Mapped[int | None] = fields.ref(_l("Proposed by the balance"), "employee", computed=True)
    balance: Mapped[str | None] = fields.longtext(_l("How it was balanced"), computed=True)
    override_reason: Mapped[str | None] = fields.longtext(_l("Why not the one proposed"))
    assigned_by_id: Mapped[int | None] = fields.ref(_l("Assigned by"), "employee", computed=True)
    share_percent: Mapped[Decimal | None] = fields.percent(_l("Share of the results"), minimum=0, maximum=100, unit="%")
    area: Mapped[Decimal | None] = fields.decimal(_l("Area at the hand-over"), computed=True, unit="m²")
    notes: Mapped[str | None] = fields.longtext(_l("What the next keeper should know"))
    waive_reason: Mapped[str | None] = fields.longtext(_l("Why it should not be handed over"))
    exception_reason: Mapped[str | None] = fields.longtext(_l("Why a manager all the same"))
    from_date: Mapped[dt.date | None] = fields.date(_l("From"))
    to_date: Mapped[dt.date | None] = fields.date(_l("To"))
    requested_at: Mapped[dt.datetime | None] = fields.datetime(_l("Asked for at"), computed=True)
    accepted_at: Mapped[dt.datetime | None] = fields.datetime(_l("Accepted at"), computed=True)
    late: Mapped[bool | None] = fields.boolean(_l("Handed over too late"), computed=True)
    ended: Mapped[bool | None] = fields.boolean(_l("Ended"), computed=True)
    contact_due_at: Mapped[dt.datetime | None] = fields.datetime(_l("First contact due"), computed=True)
    first_contact_at: Mapped[dt.datetime | None] = fields.datetime(_l("First contact"))
    contact_late: Mapped[bool | None] = fields.boolean(_l("First contact too late"), computed=True)

    register = Register(
        area="customers", label=_l("Customer assignment"), title="assignment_no", subject="kind", party="customer_id",
        icon="user-share", from_pack=True, participants=True, actions=frozenset({"add", "edit"}), order="-id",
        list=("assignment_no", "kind", "customer_id", "lead_id", "from_id", "person_id", "status", "requested_at",
              "accepted_at"),
        search=("assignment_no", "customer_id"),
        filters=("status", "kind", "customer_id", "lead_id", "person_id", "from_id", "requested_at", "accepted_at",
                 "owner_id"),
        sections=(
            Section(_l("Assignment"), ("assignment_no", "status", "kind", "customer_id", "lead_id", "mode", "reason",
                                       "from_id", "person_id", "proposed_id", "balance", "override_reason",
                                       "exception_reason", "assigned_by_id", "share_percent", "from_date", "to_date",
                                       "ended")),
            Section(_l("Hand-over"), ("area", "notes", "requested_at", "accepted_at", "late", "waive_reason")),
            Section(_l("First contact"), ("contact_due_at", "first_contact_at", "contact_late", "unit_id", "owner_id",
                                          "holder_unit_id")),
        ),
    )  # fmt: skip
