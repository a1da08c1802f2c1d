"""Supervision check (监督检查): a recurring inspection, the opening of a box or book, or a score of a unit."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.register import Record, Register, Section

KINDS = {
    "box": _l("Opinion box opened"), "book": _l("Opinion book read"),
    "book_placed": _l("Opinion book set out"), "sign": _l("Public sign and book"),
    "inspection": _l("Inspection"), "spot_check": _l("Unannounced check"), "guidance": _l("Guidance"),
    "score": _l("Score of a unit"),
}
RESULTS = {
    "good": _l("Good"), "qualified": _l("Qualified"), "unqualified": _l("Not qualified"), "ok": _l("In order"),
    "deviation": _l("Deviation"), "concealed": _l("Concealed"), "omitted": _l("Left out"), "false": _l("False report"),
    "ignored": _l("Ignored"), "second_complaint": _l("Second complaint"), "refused": _l("Co-operation refused"),
}


class SupervisionCheck(Case, Record):
    """What was looked at in which unit, by whom, and what came of it."""

    __table_args__: Any = (UniqueConstraint("adopter_id", "check_no"),)

    check_no: Mapped[str | None] = fields.text(_l("Number"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS)
    target_unit_id: Mapped[int] = fields.ref(_l("Unit or place"), "org_unit")
    checked_at: Mapped[dt.datetime] = fields.datetime(_l("Opened or checked"))
    checked_by_id: Mapped[int | None] = fields.ref(_l("Checked by"), "employee", computed=True)
    inspectors: Mapped[list[int] | None] = fields.refs(_l("Inspectors"), "employee")
    items: Mapped[int | None] = fields.integer(_l("Letters or entries found"), minimum=0)
    registered: Mapped[int | None] = fields.integer(_l("Of these registered as cases"), minimum=0)
    period_from: Mapped[dt.date | None] = fields.date(_l("Period from"))
    period_to: Mapped[dt.date | None] = fields.date(_l("Period to"))
    subject: Mapped[str | None] = fields.text(_l("Scope"), 200, width=2)
    phone_sign_visible: Mapped[bool | None] = fields.boolean(_l("Telephone sign in sight"))
    number_correct: Mapped[bool | None] = fields.boolean(_l("Number correct"))
    book_visible: Mapped[bool | None] = fields.boolean(_l("Book in sight"))
    findings: Mapped[str | None] = fields.longtext(_l("Findings"))
    result: Mapped[str | None] = fields.choice(_l("Result"), RESULTS)
    score: Mapped[Decimal | None] = fields.percent(_l("Score"), unit=_l("points"))
    advice: Mapped[str | None] = fields.longtext(_l("Guidance given"))
    person_id: Mapped[int | None] = fields.ref(_l("Person responsible"), "employee")
    rectify_by: Mapped[dt.date | None] = fields.date(_l("To be put right by"))
    rectified_on: Mapped[dt.date | None] = fields.date(_l("Put right on"))
    photo = fields.files(_l("Pictures"))

    register = Register(
        area="governance", label=_l("Supervision check"), title="check_no", icon="clipboard-check", from_pack=True,
        participants=True, subject="kind", party="target_unit_id", actions=frozenset({"add", "edit"}),
        list=("check_no", "kind", "target_unit_id", "checked_at", "items", "registered", "result", "status"),
        search=("check_no",), filters=("status", "kind", "target_unit_id", "checked_at", "owner_id"),
        sections=(
            Section(_l("Check"), ("check_no", "status", "kind", "target_unit_id", "checked_at", "checked_by_id",
                                  "inspectors", "subject", "period_from", "period_to", "unit_id", "owner_id",
                                  "holder_unit_id")),
            Section(_l("Box, book and sign"), ("items", "registered", "phone_sign_visible", "number_correct",
                                               "book_visible", "photo")),
            Section(_l("Result"), ("findings", "result", "score", "advice", "person_id", "rectify_by",
                                   "rectified_on")),
        ),
    )  # fmt: skip
