"""Urgent joint visit before the form exists (紧急会同处理记录)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section


class UrgentVisit(Case, Record):
    """Sales alerts quality and goes with manufacturing; the general manager names others if quality cannot come."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "visit_no"),)

    visit_no: Mapped[str | None] = fields.text(_l("Visit number"), 40, computed=True)
    customer_id: Mapped[int] = fields.ref(_l("Customer"), "customer")
    reported_by_id: Mapped[int | None] = fields.ref(_l("Reported by"), "employee", computed=True)
    reported_at: Mapped[dt.datetime] = fields.datetime(_l("Customer reported"))
    abnormality: Mapped[str] = fields.longtext(_l("Abnormality"))
    qc_can_attend: Mapped[bool | None] = fields.boolean(_l("Quality can attend in time"), needed=True)
    qc_person_id: Mapped[int | None] = fields.ref(_l("Quality person"), "employee")
    manufacturing_people: Mapped[list[int] | None] = fields.refs(_l("Manufacturing people"), "employee")
    assigned_by_gm: Mapped[list[int] | None] = fields.refs(_l("Named by the general manager"), "employee")
    visited_at: Mapped[dt.datetime | None] = fields.datetime(_l("Visited"))
    result: Mapped[str | None] = fields.longtext(_l("What was done"))
    report_to_gm_at: Mapped[dt.datetime | None] = fields.datetime(_l("Reported to the general manager"))
    complaint_id: Mapped[int | None] = fields.ref(_l("Complaint"), "complaint")

    register = Register(
        area="complaints",
        label=_l("Urgent joint visit"),
        title="visit_no",
        party="customer_id",
        icon="urgent",
        from_pack=True,
        participants=True,
        actions=frozenset({"add", "edit"}),
        list=("visit_no", "customer_id", "reported_at", "status", "holder_unit_id", "owner_id", "visited_at"),
        search=("visit_no", "customer_id"),
        filters=("status", "customer_id", "reported_at", "complaint_id", "owner_id"),
        sections=(
            Section(
                _l("Alert"),
                (
                    "visit_no",
                    "status",
                    "customer_id",
                    "reported_at",
                    "reported_by_id",
                    "abnormality",
                    "qc_can_attend",
                    "qc_person_id",
                    "manufacturing_people",
                    "unit_id",
                    "owner_id",
                    "holder_unit_id",
                ),
                clause="（九）2",
            ),
            Section(_l("Team"), ("assigned_by_gm",), clause="（九）2"),
            Section(_l("Visit"), ("visited_at", "result", "report_to_gm_at", "complaint_id"), clause="（九）2"),
        ),
    )
