"""Duty assignment (职责指定记录): who keeps a kind of material or carries a duty, and the capacity in customers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.db import session
from app.core.register import Record, Register, Section

KINDS = {
    "material": _l("Keeping of material"), "capacity": _l("Capacity in customers"), "duty": _l("Duty"),
}  # fmt: skip
CAPACITY, IN_FORCE = "capacity", "in_force"


class DutyAssignment(Case, Record):
    """Every policy names which of the kinds and fields it uses; the states come from its pack."""

    __table_args__: Any = (
        CheckConstraint("capacity_weight > 0", name="weight_above_nothing"),
        Index("ix_duty_assignment_person", "person_id", "kind", "status"),
    )

    name: Mapped[str | None] = fields.text(_l("Duty and person"), 130, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="material")
    material_type: Mapped[str | None] = fields.text(_l("Kind of material"), 60)
    person_id: Mapped[int | None] = fields.ref(_l("Person named"), "employee", needed=True)
    deputy_id: Mapped[int | None] = fields.ref(_l("Deputy"), "employee")
    capacity_weight: Mapped[Decimal | None] = fields.decimal(_l("Weight of the ability"), minimum=0)
    max_customers: Mapped[int | None] = fields.integer(_l("Customers at most"), minimum=0)
    duties: Mapped[str | None] = fields.longtext(_l("Duties"))
    data_scope: Mapped[str | None] = fields.longtext(_l("Information within reach"))
    from_date: Mapped[dt.date | None] = fields.date(_l("From"), needed=True)
    to_date: Mapped[dt.date | None] = fields.date(_l("To"), computed=True)
    assigned_by_id: Mapped[int | None] = fields.ref(_l("Named by"), "employee", computed=True)
    last_updated_on: Mapped[dt.date | None] = fields.date(_l("Latest entry"), computed=True)
    due_on: Mapped[dt.date | None] = fields.date(_l("Next entry due"), computed=True)
    paper = fields.files(_l("Signed paper"))

    register = Register(
        area="organisation", label=_l("Duty assignment"), title="name", subject="kind", icon="user-check",
        from_pack=True, participants=True, actions=frozenset({"add", "edit"}), order="-id",
        list=("name", "kind", "material_type", "person_id", "capacity_weight", "max_customers", "from_date", "to_date",
              "last_updated_on", "due_on", "status"),
        search=("name", "material_type", "person_id"),
        filters=("status", "kind", "person_id", "due_on", "owner_id"),
        sections=(
            Section(_l("Duty"), ("name", "kind", "status", "material_type", "person_id", "deputy_id", "duties",
                                 "data_scope", "from_date", "to_date", "assigned_by_id", "paper")),
            Section(_l("Capacity"), ("capacity_weight", "max_customers")),
            Section(_l("Entries"), ("last_updated_on", "due_on", "unit_id", "owner_id", "holder_unit_id")),
        ),
    )  # fmt: skip


def capacities(people: Sequence[int]) -> Mapping[int, tuple[Decimal, int | None]]:
    """The weight and the most customers of those whose capacity is known; one statement."""
    row = DutyAssignment
    found = sa.select(row.person_id, row.capacity_weight, row.max_customers).where(
        row.kind == CAPACITY, row.status == IN_FORCE, row.person_id.in_(people)
    )
    return {person: (weight, most) for person, weight, most in session.execute(found.order_by(row.id)) if weight}
