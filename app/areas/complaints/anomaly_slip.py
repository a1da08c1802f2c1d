"""Anomaly handling slip (异常处理单): a quality remark that caused no loss."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section


class AnomalySlip(Case, Record):
    """Asks the units concerned to improve; a loss or a demand needs a complaint form instead."""

    __table_args__ = (
        UniqueConstraint("adopter_id", "slip_no"),
        CheckConstraint("NOT loss_caused", name="no_loss"),
    )

    slip_no: Mapped[str | None] = fields.text(_l("Slip number"), 40, computed=True)
    customer_id: Mapped[int] = fields.ref(_l("Customer"), "customer")
    part_no: Mapped[str] = fields.text(_l("Part number"), 60)
    description: Mapped[str] = fields.longtext(_l("Anomaly"))
    handled_by_id: Mapped[int] = fields.ref(_l("Handled by"), "employee")
    handled_on: Mapped[dt.date] = fields.date(_l("Handled on"))
    loss_caused: Mapped[bool] = fields.boolean(_l("A loss was caused"))
    notified_units: Mapped[list[int]] = fields.refs(_l("Units to improve"), "org_unit")
    improvement: Mapped[str | None] = fields.longtext(_l("Improvement"))
    improved_on: Mapped[dt.date | None] = fields.date(_l("Improved on"))

    register = Register(
        area="complaints", label=_l("Anomaly slip"), title="slip_no", icon="alert-triangle", from_pack=True,
        participants=True, subject="part_no", party="customer_id", actions=frozenset({"add", "edit"}),
        list=("slip_no", "customer_id", "part_no", "status", "handled_by_id", "handled_on", "improved_on"),
        search=("slip_no", "part_no", "customer_id"), filters=("status", "customer_id", "handled_on", "owner_id"),
        sections=(
            Section(_l("Anomaly"), ("slip_no", "status", "customer_id", "part_no", "description", "handled_by_id",
                                    "handled_on", "loss_caused", "notified_units", "unit_id", "owner_id",
                                    "holder_unit_id"), clause="（三）"),
            Section(_l("Improvement"), ("improvement", "improved_on"), clause="（三）"),
        ),
    )
