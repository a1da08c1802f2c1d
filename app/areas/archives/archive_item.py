"""Archive item (归档登记): paper or a file put away, with its place, its keeper and how long it is kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section


class ArchiveItem(Case, Record):
    """One item of the archive; what it is about may be a case."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "archive_no"),)

    archive_no: Mapped[str | None] = fields.text(_l("Archive number"), 40, computed=True)
    title: Mapped[str] = fields.text(_l("Title"), 150, width=2)
    category: Mapped[str | None] = fields.text(_l("Category"), 60)
    complaint_id: Mapped[int | None] = fields.ref(_l("Complaint"), "complaint")
    reference: Mapped[str | None] = fields.text(_l("Reference"), 80)
    contents: Mapped[str | None] = fields.longtext(_l("List of the material"))
    complete: Mapped[bool | None] = fields.boolean(_l("Material complete, formalities done, neatly bound"))
    handed_by_id: Mapped[int | None] = fields.ref(_l("Handed over by"), "employee", computed=True)
    handed_on: Mapped[dt.date | None] = fields.date(_l("Handed over"), computed=True)
    location: Mapped[str | None] = fields.text(_l("Place"), 120)
    stored_by_id: Mapped[int | None] = fields.ref(_l("Put away by"), "employee", computed=True)
    stored_at: Mapped[dt.datetime | None] = fields.datetime(_l("Put away"), computed=True)
    keeper_id: Mapped[int | None] = fields.ref(_l("Keeper"), "employee")
    retention_until: Mapped[dt.date | None] = fields.date(_l("Kept until"))
    hold: Mapped[bool | None] = fields.boolean(_l("Not to be destroyed"))
    printed_copies: Mapped[int | None] = fields.integer(_l("Printed copies"), minimum=0)
    first_date: Mapped[dt.date | None] = fields.date(_l("Earliest paper"))
    last_date: Mapped[dt.date | None] = fields.date(_l("Latest paper"))
    count_expected: Mapped[int | None] = fields.integer(_l("Papers expected"), minimum=0)
    count_received: Mapped[int | None] = fields.integer(_l("Papers received"), minimum=0)
    document = fields.files(_l("Document"))

    register = Register(
        area="platform", label=_l("Archive item"), title="archive_no", icon="archive", from_pack=True,
        participants=True, subject="title", actions=frozenset({"add", "edit"}),
        list=("archive_no", "title", "category", "complaint_id", "location", "stored_at", "retention_until", "status"),
        search=("archive_no", "title"),
        filters=("status", "complaint_id", "category", "stored_at", "retention_until", "owner_id"),
        sections=(
            Section(_l("Item"), ("archive_no", "status", "title", "category", "complaint_id", "reference", "contents",
                                 "complete", "handed_by_id", "handed_on", "unit_id", "owner_id", "holder_unit_id")),
            Section(_l("Place"), ("location", "keeper_id", "stored_by_id", "stored_at", "retention_until", "hold",
                                  "printed_copies", "document")),
            Section(_l("Boxed papers"), ("first_date", "last_date", "count_expected", "count_received")),
        ),
    )  # fmt: skip
