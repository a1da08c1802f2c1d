"""Coordination item (协调交办事项): a matter handed to a department or a person, and its answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

KINDS = {"coordination": _l("Co-ordination"), "emergency": _l("Sudden event")}


class CoordinationItem(Case, Record):
    """Holds what the other side needs to know and no more: no contact data and no answers of a customer."""

    __table_args__: Any = (
        UniqueConstraint("adopter_id", "item_no"),
        CheckConstraint("answered_at IS NULL OR answer IS NOT NULL", name="answered_in_words"),
    )

    item_no: Mapped[str | None] = fields.text(_l("Item number"), 40, computed=True)
    subject: Mapped[str] = fields.text(_l("Subject"), 200, width=2)
    kind: Mapped[str | None] = fields.choice(_l("Kind"), KINDS)
    occurred_at: Mapped[dt.datetime | None] = fields.datetime(_l("Happened at"))
    complaint_id: Mapped[int | None] = fields.ref(_l("Complaint"), "complaint")
    department_id: Mapped[int] = fields.ref(_l("Department asked"), "org_unit")
    person_id: Mapped[int | None] = fields.ref(_l("Person asked"), "employee")
    contact: Mapped[str | None] = fields.text(_l("Contact in the department"), 60)
    content: Mapped[str] = fields.longtext(_l("Facts and question"))
    asked_at: Mapped[dt.datetime | None] = fields.datetime(_l("Asked"), computed=True)
    expected_at: Mapped[dt.datetime | None] = fields.datetime(_l("Answer expected by"))
    answer: Mapped[str | None] = fields.longtext(_l("Answer"))
    answered_at: Mapped[dt.datetime | None] = fields.datetime(_l("Answered"), computed=True)
    answered_by_id: Mapped[int | None] = fields.ref(_l("Answered by"), "employee", computed=True)
    evidence = fields.files(_l("Attachments"))

    register = Register(
        area="organisation",
        label=_l("Coordination item"),
        title="item_no",
        subject="subject",
        party="department_id",
        icon="user-share",
        from_pack=True,
        participants=True,
        actions=frozenset({"add", "edit"}),
        list=("item_no", "subject", "complaint_id", "department_id", "person_id", "status", "expected_at"),
        search=("item_no", "subject"),
        filters=("status", "complaint_id", "department_id", "person_id", "expected_at", "owner_id"),
        sections=(
            Section(_l("Matter"), ("item_no", "status", "kind", "subject", "occurred_at", "complaint_id",
                                   "department_id", "person_id", "contact", "content", "asked_at", "expected_at"),
                    clause="5.3.1.4"),
            Section(_l("Answer"), ("answer", "answered_at", "answered_by_id"), clause="5.3.1.4"),
            Section(_l("Entry"), ("unit_id", "owner_id", "holder_unit_id")),
            Section(_l("Attachments"), ("evidence",)),
        ),
    )  # fmt: skip
