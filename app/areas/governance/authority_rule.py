"""Authority and tier rule (权限与分级标准表): for which customers and amounts which body decides or reviews."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section
from app.core.scope import Owned

LEVELS = {"department": _l("Review by the department"), "committee": _l("Decision committee")}


class AuthorityRule(Owned, Record):
    """One row of the table: from an amount, itself included, to an amount, itself left out."""

    __table_args__: Any = (
        CheckConstraint("amount_to IS NULL OR amount_to > amount_from", name="amounts_in_order"),
        CheckConstraint("effective_to IS NULL OR effective_to >= effective_from", name="days_in_order"),
    )

    customer_class_id: Mapped[int | None] = fields.ref(_l("Class of customer"), "customer_class", needed=True)
    amount_from: Mapped[Decimal] = fields.money(_l("From the amount of"), unit=_l("yuan"), help=_l("Included."))
    amount_to: Mapped[Decimal | None] = fields.money(
        _l("To the amount of"), unit=_l("yuan"), help=_l("Not included; empty: without bound.")
    )
    level: Mapped[str] = fields.choice(_l("Level"), LEVELS)
    approved_by_id: Mapped[int | None] = fields.ref(_l("Approved by"), "employee", needed=True)
    effective_from: Mapped[dt.date] = fields.date(_l("In force from"))
    effective_to: Mapped[dt.date | None] = fields.date(_l("In force to"))
    note: Mapped[str | None] = fields.longtext(_l("Note"))

    register = Register(
        area="platform", label=_l("Authority and tier rule"), title="level", icon="scale", order="id",
        actions=frozenset({"add", "edit"}),
        list=("customer_class_id", "amount_from", "amount_to", "level", "effective_from", "effective_to", "unit_id"),
        search=("customer_class_id",), filters=("customer_class_id", "level", "effective_from", "unit_id"),
        sections=(
            Section(_l("Rule"), ("customer_class_id", "amount_from", "amount_to", "level")),
            Section(_l("In force"), ("effective_from", "effective_to", "approved_by_id", "note", "unit_id",
                                     "owner_id")),
        ),
    )  # fmt: skip
