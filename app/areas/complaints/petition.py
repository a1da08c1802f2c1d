"""Petition (签呈): an objection or exception put to the decision maker."""

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
    "objection": _l("Objection to a decision"), "unfounded_dispute": _l("Customer disputes an unfounded complaint"),
    "sanction": _l("Sanction"), "other": _l("Other"),
}


class Petition(Case, Record):
    """A special memo with its countersignatures and the instruction given on it."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "petition_no"),)

    petition_no: Mapped[str | None] = fields.text(_l("Document number"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS)
    complaint_id: Mapped[int | None] = fields.ref(_l("Complaint"), "complaint")
    subject: Mapped[str] = fields.text(_l("Subject"), 120, width=2)
    content: Mapped[str] = fields.longtext(_l("Text"))
    countersigned_units: Mapped[list[int] | None] = fields.refs(_l("Countersigning units"), "org_unit")
    approver_id: Mapped[int | None] = fields.ref(_l("Approved by"), "employee", computed=True)
    decision: Mapped[str | None] = fields.longtext(_l("Instruction"))
    decided_at: Mapped[dt.datetime | None] = fields.datetime(_l("Decided"), computed=True)
    evidence = fields.files(_l("Attachments"))

    register = Register(
        area="complaints", label=_l("Petition"), title="petition_no", icon="file-certificate", from_pack=True,
        participants=True, subject="subject", party="complaint_id", actions=frozenset({"add", "edit"}),
        list=("petition_no", "kind", "complaint_id", "subject", "status", "owner_id", "decided_at"),
        search=("petition_no", "subject"), filters=("status", "kind", "complaint_id", "owner_id"),
        sections=(
            Section(_l("Petition"), ("petition_no", "status", "kind", "complaint_id", "subject", "content",
                                     "countersigned_units", "evidence", "unit_id", "owner_id", "holder_unit_id"),
                    clause="（九）12"),
            Section(_l("Instruction"), ("decision", "approver_id", "decided_at"), clause="（九）12"),
        ),
    )
