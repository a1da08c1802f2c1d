"""Fields that A12 adds to a report: evaluation of a case, improvement, and who carries it out by when."""

from __future__ import annotations

import datetime as dt

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import detail_key
from app.core.register import Record, Register, Section


class ReviewDealer(Record):
    """Summary and evaluation at the end of each case."""

    id: Mapped[int] = detail_key("written_report")
    case_evaluation: Mapped[str | None] = fields.longtext(_l("Evaluation of the case"))
    improvement: Mapped[str | None] = fields.longtext(_l("Proposed improvement"))
    implementer_id: Mapped[int | None] = fields.ref(_l("Carried out by"), "employee")
    improve_by: Mapped[dt.date | None] = fields.date(_l("To be done by"))
    improved_on: Mapped[dt.date | None] = fields.date(_l("Done on"))

    register = Register(
        area="complaints", label=_l("Case review (car dealer)"), title="implementer_id", detail_of="written_report",
        menu=False, actions=frozenset(), list=("implementer_id", "improve_by", "improved_on"),
        sections=(
            Section(_l("Evaluation and improvement"), ("case_evaluation", "improvement", "implementer_id",
                                                       "improve_by", "improved_on"), clause="4N-7"),
        ),
    )  # fmt: skip
