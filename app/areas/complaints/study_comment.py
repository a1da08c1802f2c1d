"""Comment on a case study (案例讨论发言): what somebody of the company says to a published case."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import clock, fields
from app.core.register import Record, Register, Section


class StudyComment(Record):
    """Everybody who sees the case may say something; nobody changes what was said."""

    study_id: Mapped[int] = fields.ref(_l("Case study"), "case_study")
    by_id: Mapped[int | None] = fields.ref(_l("By"), "employee", computed=True)
    said_at: Mapped[dt.datetime] = fields.datetime(_l("At"), computed=True, default=clock.now)
    text: Mapped[str] = fields.longtext(_l("Contribution"))

    register = Register(
        area="complaints", label=_l("Comment on a case study"), title="said_at", parent="study_id", menu=False,
        actions=frozenset({"add"}), list=("said_at", "by_id", "text"),
        sections=(Section(_l("Contribution"), ("study_id", "said_at", "by_id", "text")),),
    )  # fmt: skip
