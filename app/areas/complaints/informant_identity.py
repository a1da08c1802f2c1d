"""Informant identity (投诉举报人身份): held apart from the case, open to few by name or post, each look logged."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section

WAYS = {"phone": _l("Telephone"), "letter": _l("Letter"), "visit": _l("Visit"), "none": _l("No reply wished")}


class InformantIdentity(Record):
    """Who told of a case; everything of it is hidden until it is unmasked for a reason that is kept."""

    __table_args__: Any = (UniqueConstraint("complaint_id"),)

    complaint_id: Mapped[int] = fields.ref(_l("Complaint"), "complaint")
    name: Mapped[str | None] = fields.personal(_l("Name"), 60, mask="all", help=_l("Empty for an anonymous caller."))
    workplace: Mapped[str | None] = fields.personal(_l("Place of work"), 120, mask="all")
    address: Mapped[str | None] = fields.personal(_l("Address"), 200, mask="all")
    phone: Mapped[str | None] = fields.personal(_l("Telephone"), 40, mask="all")
    reply_preference: Mapped[str] = fields.choice(_l("Reply by"), WAYS)

    register = Register(
        area="complaints", label=_l("Informant identity"), title="reply_preference", parent="complaint_id",
        icon="shield-lock", sealed=True, menu=False, actions=frozenset({"add", "edit"}),
        permissions=("read", "write", "reveal"),
        list=("complaint_id", "name", "workplace", "address", "phone", "reply_preference"),
        filters=("complaint_id",),
        sections=(
            Section(
                _l("Identity"), ("complaint_id", "name", "workplace", "address", "phone", "reply_preference"),
                _l("Open to the few whom the policy names; unmasking a value asks for a reason, which is kept."),
                clause="第十九条（二）",
            ),
        ),
    )
