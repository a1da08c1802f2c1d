"""Customer class (客户分类): classes with the interval between visits and the risk that they stand for."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section
from app.core.scope import Owned

RISKS = {"low": _l("Low"), "middle": _l("Middle"), "high": _l("High")}


class CustomerClass(Owned, Record):
    """One class of a company; each company has its own."""

    code: Mapped[str] = fields.text(_l("Code"), 10)
    name: Mapped[str] = fields.text(_l("Title"), 60)
    criteria: Mapped[str | None] = fields.longtext(_l("What belongs to it"), used_by=("C03",))
    visit_interval_days: Mapped[int | None] = fields.integer(
        _l("Days between visits"), minimum=1, help=_l("A help for planning."), used_by=("C03",)
    )
    risk_level: Mapped[str | None] = fields.choice(_l("Risk"), RISKS, used_by=("C09",))
    active: Mapped[bool] = fields.boolean(_l("In use"), default=True)
    note: Mapped[str | None] = fields.longtext(_l("Note"))

    register = Register(
        area="customers", label=_l("Customer class"), title="name", icon="star", order="code",
        list=("code", "name", "visit_interval_days", "risk_level", "active"), search=("code", "name"),
        filters=("active", "risk_level", "unit_id"),
        sections=(
            Section(_l("Class"), ("code", "name", "criteria", "visit_interval_days", "risk_level", "active", "note",
                                  "unit_id", "owner_id")),
        ),
    )  # fmt: skip
