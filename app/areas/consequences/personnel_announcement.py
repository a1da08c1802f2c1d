"""Personnel announcement (人事公布单): the approved sanctions of a month's closed cases, published by personnel."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section


class PersonnelAnnouncement(Case, Record):
    """Takes sanctions only that the general manager approved."""

    announcement_no: Mapped[str | None] = fields.text(_l("Announcement number"), 40, computed=True, unique=True)
    month: Mapped[str] = fields.text(_l("Month"), 7, help=_l("Of the closed cases, such as 2025-09."))
    sanctions: Mapped[list[int]] = fields.refs(_l("Sanctions"), "sanction")
    prepared_by_id: Mapped[int | None] = fields.ref(_l("Prepared by"), "employee", computed=True)
    sent_to_hr_at: Mapped[dt.datetime | None] = fields.datetime(_l("Sent to personnel"), computed=True)
    published_at: Mapped[dt.datetime | None] = fields.datetime(_l("Published at"), computed=True)
    published_by_id: Mapped[int | None] = fields.ref(_l("Published by"), "employee", computed=True)

    register = Register(
        area="consequences", label=_l("Personnel announcement"), title="announcement_no", icon="speakerphone",
        from_pack=True, participants=True, actions=frozenset({"add", "edit"}),
        list=("announcement_no", "month", "status", "prepared_by_id", "sent_to_hr_at", "published_at",
              "published_by_id"),
        search=("announcement_no", "month"), filters=("status", "month", "published_at"),
        sections=(
            Section(_l("Announcement"), ("announcement_no", "status", "month", "sanctions", "prepared_by_id",
                                         "unit_id", "owner_id", "holder_unit_id"), clause="（十二）1"),
            Section(_l("Publication"), ("sent_to_hr_at", "published_at", "published_by_id"), clause="（十二）1"),
        ),
    )  # fmt: skip
