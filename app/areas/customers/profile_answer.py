"""Profile answer (档案答案): what is known of one question, and how it became known."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section

SOURCES = {
    "told_by_customer": _l("Told by the customer"), "observed": _l("Observed"), "colleague": _l("From a colleague"),
    "public": _l("Publicly known"),
}  # fmt: skip


class ProfileAnswer(Record):
    """One answered question of a profile; the answer to a sensitive one is encrypted and masked."""

    __table_args__: Any = (UniqueConstraint("profile_id", "question_id"),)

    profile_id: Mapped[int] = fields.ref(_l("Customer profile"), "customer_profile")
    question_id: Mapped[int] = fields.ref(_l("Question"), "profile_question")
    answer: Mapped[str | None] = fields.longtext(_l("Answer"))
    sealed_answer: Mapped[str | None] = fields.personal(
        _l("Sealed answer"), 200, mask="middle", help=_l("For sensitive questions; encrypted, unmasked for a reason.")
    )
    source: Mapped[str] = fields.choice(_l("Known from"), SOURCES, default="told_by_customer")
    recorded_by_id: Mapped[int | None] = fields.ref(_l("Written down by"), "employee", computed=True)
    recorded_on: Mapped[dt.date | None] = fields.date(_l("Written down on"), computed=True)

    register = Register(
        area="customers", label=_l("Profile answer"), title="question_id", parent="profile_id", menu=False,
        icon="message", order="question_id", actions=frozenset({"add", "edit", "delete"}),
        list=("question_id", "answer", "sealed_answer", "source", "recorded_by_id", "recorded_on"),
        filters=("profile_id", "question_id"),
        sections=(
            Section(_l("Answer"), ("profile_id", "question_id", "answer", "sealed_answer", "source",
                                   "recorded_by_id", "recorded_on"), clause="2"),
        ),
    )  # fmt: skip
