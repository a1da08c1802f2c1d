"""Responsibility share (责任归属分摊): what part of a loss a person or a unit bears, and for which fault."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section
from app.core.scope import Owned

PERSON = "person"
BEARERS = {
    PERSON: _l("One person"),
    "unit": _l("Group or production unit"),
    "section": _l("Whole section"),
    "department": _l("Whole department"),
}
WIDE = ("section", "department")
FAULTS = {
    "item_1": _l("1 Papers or attached sample wrong"),
    "item_2": _l("2 Finance error"),
    "item_3": _l("3 Not prepared to the production specification"),
    "item_4": _l("4 Rejects mixed into good stock"),
    "item_5": _l("5 Shipped beyond the agreed quantity without consent"),
    "item_6": _l("6 Production data left out without authority"),
    "item_7": _l("7 Special quality demand not passed on"),
    "item_8": _l("8 Order entered wrongly"),
    "item_9": _l("9 Late delivery"),
    "item_10": _l("10 Wrong loading"),
    "item_11": _l("11 Delivery note wrong, wrong shipment"),
    "item_12": _l("12 Poor storage or transport"),
    "item_13": _l("13 Appearance or marking off specification"),
    "item_14": _l("14 Inspection data do not agree"),
    "item_15": _l("15 Other"),
}


class ResponsibilityShare(Owned, Record):
    """Belongs to the bearer's unit; the person sees it as his own once the department head approved it."""

    __table_args__: Any = (
        UniqueConstraint("sheet_id", "employee_id"),
        UniqueConstraint("sheet_id", "bearer_unit_id"),
        CheckConstraint("(employee_id IS NULL) <> (bearer_unit_id IS NULL)", name="one_bearer"),
    )

    sheet_id: Mapped[int] = fields.ref(_l("Sheet"), "loss_sheet")
    bearer_type: Mapped[str] = fields.choice(_l("Borne by"), BEARERS, default=PERSON)
    employee_id: Mapped[int | None] = fields.ref(_l("Person"), "employee")
    bearer_unit_id: Mapped[int | None] = fields.ref(_l("Bearing unit"), "org_unit")
    share_percent: Mapped[Decimal] = fields.percent(
        _l("Share"), minimum=0, maximum=100, unit="%", help=_l("All shares of a sheet add up to exactly 100.")
    )
    amount: Mapped[Decimal | None] = fields.money(_l("Amount borne"), computed=True, unit=_l("yuan"))
    fallback_reason: Mapped[str | None] = fields.longtext(
        _l("Why nobody smaller could be named"), help=_l("Needed when a whole section or department bears it.")
    )
    fault_item: Mapped[str | None] = fields.choice(_l("Item of fault"), FAULTS)
    fault_text: Mapped[str | None] = fields.text(_l("Fault in words"), 300, width=2)
    approved_at: Mapped[dt.datetime | None] = fields.datetime(_l("Approved at"), computed=True)

    register = Register(
        area="consequences", label=_l("Responsibility share"), title="bearer_type", parent="sheet_id", own_scope=True,
        participants=True, icon="percentage",
        list=("bearer_type", "sheet_id", "employee_id", "bearer_unit_id", "share_percent", "amount", "fault_item",
              "approved_at"),
        filters=("sheet_id", "employee_id", "bearer_unit_id", "approved_at"), order="id",
        sections=(
            Section(_l("Share"), ("sheet_id", "bearer_type", "employee_id", "bearer_unit_id", "share_percent",
                                  "amount", "fallback_reason", "approved_at", "unit_id", "owner_id"),
                    clause="行政处罚准则（二）"),
            Section(_l("Fault"), ("fault_item", "fault_text"), clause="行政处罚准则（四）"),
        ),
    )  # fmt: skip
