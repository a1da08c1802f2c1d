"""Customer plan (客户开发服务计划): how customers are to be won, sold to, or served one by one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

KINDS = {
    "development": _l("Plan of development"), "service": _l("Plan of personal service"),
    "strategy": _l("Strategy of sales"),
}  # fmt: skip


class CustomerPlan(Case, Record):
    """Every policy names which of the fields it uses; the states come from its pack."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "plan_no"),)

    plan_no: Mapped[str | None] = fields.text(_l("Plan number"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="development")
    title: Mapped[str | None] = fields.text(_l("Name of the plan"), 120)
    period: Mapped[str | None] = fields.text(_l("Year or period"), 20)
    customer_id: Mapped[int | None] = fields.ref(_l("Customer"), "customer")
    product: Mapped[str | None] = fields.text(_l("Product or project"), 100)
    positioning: Mapped[str | None] = fields.longtext(_l("Positioning of the product"))
    segments: Mapped[str | None] = fields.longtext(_l("Customers aimed at"))
    objectives: Mapped[str | None] = fields.longtext(_l("Aims"))
    based_on: Mapped[str | None] = fields.longtext(_l("Records it rests on"))
    needs: Mapped[str | None] = fields.longtext(_l("Needs of the customer"))
    measures: Mapped[str | None] = fields.longtext(_l("Measures"))
    made_on: Mapped[dt.date | None] = fields.date(_l("Made on"))
    person_id: Mapped[int | None] = fields.ref(_l("Person in charge"), "employee")
    review_on: Mapped[dt.date | None] = fields.date(_l("To be looked at again on"))
    decided_by_id: Mapped[int | None] = fields.ref(_l("Decided by"), "employee", computed=True)

    register = Register(
        area="customers", label=_l("Customer plan"), title="plan_no", subject="kind", party="customer_id",
        icon="flag", from_pack=True, actions=frozenset({"add", "edit"}), order="-id",
        list=("plan_no", "kind", "title", "period", "customer_id", "person_id", "status", "review_on"),
        search=("plan_no", "title"), filters=("status", "kind", "period", "customer_id", "person_id", "owner_id"),
        sections=(
            Section(_l("Plan"), ("plan_no", "status", "kind", "title", "period", "customer_id", "product", "person_id",
                                 "made_on", "review_on", "decided_by_id", "unit_id", "owner_id", "holder_unit_id")),
            Section(_l("Content"), ("positioning", "segments", "objectives", "based_on", "needs", "measures")),
        ),
    )  # fmt: skip
