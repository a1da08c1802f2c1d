"""Case disposition (特殊处置移交): shelved, recused, unreasonable, misconduct, or handed to police or court."""

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
    "shelved": _l("Shelved"), "recusal": _l("Recusal"), "misconduct": _l("Breach or misconduct"),
    "identity": _l("Access to an identity"),
    "unreasonable": _l("Unreasonable complaint"), "fraud": _l("Suspected fraud or abuse of position"),
    "legal": _l("Legal action"), "police": _l("Handed to the police"),
}
BREACHES = {
    "confidentiality": _l("Confidentiality broken"), "retaliation": _l("Informant suppressed or retaliated against"),
    "shirking": _l("Duty not done, shirked or delayed"), "dereliction": _l("Dereliction or favouritism"),
    "fraud": _l("Fraud"), "abuse_of_position": _l("Abuse of position"), "private_gain": _l("Private gain"),
    "hiding": _l("Complaint hidden or concealed"), "destruction": _l("Complaint documents destroyed"),
    "overcharging": _l("Charged against the rules"),
}
MEASURES = {
    "notice": _l("Lawyer's letter"), "suit": _l("Suit"), "police": _l("Report to the police"),
    "settlement": _l("Settlement"),
}


class CaseDisposition(Case, Record):
    """What was done with a case, or with a person in it, beside the ordinary way, and who decided it."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "disposition_no"),)

    disposition_no: Mapped[str | None] = fields.text(_l("Number"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS)
    complaint_id: Mapped[int | None] = fields.ref(_l("Complaint"), "complaint")
    violation_id: Mapped[int | None] = fields.ref(_l("Finding"), "credit_violation")
    reason: Mapped[str] = fields.longtext(_l("Reason or facts"))
    person_id: Mapped[int | None] = fields.ref(_l("Person"), "employee")
    declared_by_id: Mapped[int | None] = fields.ref(_l("Declared by"), "employee", computed=True)
    replaced_by_id: Mapped[int | None] = fields.ref(_l("Replaced by"), "employee")
    breach: Mapped[str | None] = fields.choice(_l("Kind of breach"), BREACHES)
    subject: Mapped[str | None] = fields.text(_l("Persons or matters concerned"), 200, width=2)
    managed_by_id: Mapped[int | None] = fields.ref(_l("Managed by"), "org_unit")
    received_at: Mapped[dt.datetime | None] = fields.datetime(_l("Received"))
    put_up_at: Mapped[dt.datetime | None] = fields.datetime(_l("Put up"), computed=True)
    decided_by_id: Mapped[int | None] = fields.ref(_l("Decided by"), "employee", computed=True)
    decided_at: Mapped[dt.datetime | None] = fields.datetime(_l("Decided"), computed=True)
    decision: Mapped[str | None] = fields.longtext(_l("Decision"))
    reopened_at: Mapped[dt.datetime | None] = fields.datetime(_l("Taken up again"), computed=True)
    explained_at: Mapped[dt.datetime | None] = fields.datetime(_l("Explained"))
    explanation_accepted: Mapped[bool | None] = fields.boolean(_l("Explanation accepted"))
    head_involved: Mapped[bool | None] = fields.boolean(_l("Head of department took part"))
    measure: Mapped[str | None] = fields.choice(_l("Measure"), MEASURES)
    opened_on: Mapped[dt.date | None] = fields.date(_l("Begun on"))
    station: Mapped[str | None] = fields.text(_l("Police station"), 80)
    officer: Mapped[str | None] = fields.text(_l("Received there by"), 60)
    transferred_at: Mapped[dt.datetime | None] = fields.datetime(_l("Handed over"))
    outcome: Mapped[str | None] = fields.longtext(_l("Outcome"))
    receipt = fields.files(_l("Receipt"))

    register = Register(
        area="complaints", label=_l("Case disposition"), title="disposition_no", icon="scale", from_pack=True,
        participants=True, subject="kind", party="complaint_id", actions=frozenset({"add", "edit"}),
        list=("disposition_no", "kind", "complaint_id", "person_id", "status", "decided_by_id", "decided_at"),
        search=("disposition_no",), filters=("status", "kind", "complaint_id", "owner_id", "decided_at"),
        sections=(
            Section(_l("Matter"), ("disposition_no", "status", "kind", "complaint_id", "violation_id", "reason",
                                   "subject", "received_at", "put_up_at", "unit_id", "owner_id", "holder_unit_id")),
            Section(_l("Person"), ("person_id", "declared_by_id", "replaced_by_id", "breach")),
            Section(_l("Decision"), ("decision", "decided_by_id", "decided_at", "reopened_at", "managed_by_id")),
            Section(_l("Explanation"), ("explained_at", "explanation_accepted", "head_involved")),
            Section(_l("Handed over"), ("measure", "opened_on", "station", "officer", "transferred_at", "outcome",
                                        "receipt")),
        ),
    )  # fmt: skip
