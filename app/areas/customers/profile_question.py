"""Profile question (档案问题库): the fixed questions of a policy, and which of them are sensitive."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.register import Record, Register, Section
from app.core.words import entry_label

SECTIONS = {
    "basic": _l("About the customer"), "education": _l("Education"), "family": _l("Family"),
    "business": _l("Business background"), "interests": _l("Special interests"), "lifestyle": _l("Lifestyle"),
    "you": _l("The customer and us"),
}  # fmt: skip


class ProfileQuestion(Record):
    """One question, laid down by the pack of its policy; its text follows the reader's language."""

    __table_args__: Any = (UniqueConstraint("policy", "question_no"),)

    policy: Mapped[str] = fields.text(_l("Policy"), 12, computed=True)
    question_no: Mapped[int] = fields.integer(_l("Question number"), minimum=1, computed=True)
    section: Mapped[str] = fields.choice(_l("Part of the profile"), SECTIONS, computed=True)
    text: Mapped[str] = fields.text(_l("Question"), 80, words=entry_label, computed=True)
    sensitive: Mapped[bool] = fields.boolean(
        _l("Sensitive"), help=_l("Its answer needs a consent of its own and is kept sealed."), computed=True
    )

    register = Register(
        area="customers", label=_l("Profile question"), title="text", icon="question-mark", order="question_no",
        list=("question_no", "section", "text", "sensitive"), actions=frozenset(), permissions=("write",),
        search=("question_no",), filters=("policy", "section", "question_no", "sensitive"),
        sections=(Section(_l("Question"), ("policy", "question_no", "section", "text", "sensitive")),),
    )  # fmt: skip
