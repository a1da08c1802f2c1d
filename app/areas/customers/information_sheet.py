"""Information sheet (客户信息表单): what was taken from the files today, a daily update of material, or a summary."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import clock, fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

KINDS = {
    "extract": _l("Daily extract"), "update": _l("Daily update of material"), "summary": _l("Summary and analysis"),
}  # fmt: skip


class InformationSheet(Case, Record):
    """One sheet of a person and day; the states come from the pack of its policy."""

    __table_args__: Any = (
        UniqueConstraint("adopter_id", "sheet_no"),
        CheckConstraint("new_count >= 0 AND updated_count >= 0", name="counts_from_nothing"),
    )

    sheet_no: Mapped[str | None] = fields.text(_l("Number of the information sheet"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="extract")
    sheet_on: Mapped[dt.date] = fields.date(_l("Day of the sheet"), default=clock.today)
    duty_id: Mapped[int | None] = fields.ref(_l("Material kept"), "duty_assignment")
    new_count: Mapped[int | None] = fields.integer(_l("New entries"), minimum=0)
    updated_count: Mapped[int | None] = fields.integer(
        _l("Updated entries"), minimum=0, help=_l("0 says that nothing changed.")
    )
    content: Mapped[str | None] = fields.longtext(_l("Information extracted"))
    missed_found: Mapped[str | None] = fields.longtext(_l("Omissions found"))
    extracts: Mapped[list[int] | None] = fields.refs(_l("Extracts summed up"), "information_sheet")
    analysis: Mapped[str | None] = fields.longtext(_l("Analysis"))
    classified_count: Mapped[int | None] = fields.integer(_l("Customers classified"), computed=True)
    class_counts: Mapped[str | None] = fields.longtext(_l("Customers by class"), computed=True)
    submitted_at: Mapped[dt.datetime | None] = fields.datetime(_l("Handed in at"), computed=True)
    received_by_id: Mapped[int | None] = fields.ref(_l("Supervisor who received it"), "employee", computed=True)
    merged: Mapped[bool | None] = fields.boolean(_l("Summed up"), computed=True)

    register = Register(
        area="customers", label=_l("Information sheet"), title="sheet_no", subject="kind", icon="report-analytics",
        from_pack=True, participants=True, actions=frozenset({"add", "edit"}), order="-id",
        list=("sheet_no", "kind", "sheet_on", "owner_id", "new_count", "updated_count", "classified_count", "status"),
        search=("sheet_no",), filters=("status", "kind", "sheet_on", "duty_id", "owner_id"),
        sections=(
            Section(_l("Information sheet"), ("sheet_no", "kind", "status", "sheet_on", "submitted_at",
                                              "received_by_id", "merged", "unit_id", "owner_id", "holder_unit_id")),
            Section(_l("Extract or update"), ("duty_id", "new_count", "updated_count", "content", "missed_found"),
                    when=("kind", "extract", "update")),
            Section(_l("Summary and analysis"), ("extracts", "analysis", "classified_count", "class_counts"),
                    when=("kind", "summary")),
        ),
    )  # fmt: skip
