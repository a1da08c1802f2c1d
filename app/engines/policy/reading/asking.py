"""The fixed questions that a policy asks about a customer."""

from __future__ import annotations

from flask_babel import gettext as _

from app.core.register import registers
from app.engines.policy.reading.tables import Column, Row, Section, Table
from app.engines.policy.reading.words import Wording

QUESTIONS = "profile_question"


def questions(words: Wording) -> Section:
    """Number, part and text of each question; which of them are sensitive."""
    parts = registers()[QUESTIONS].fields["section"].choices if QUESTIONS in registers() else {}
    rows = (
        Row(
            f"questions.{key}", asked.clause, asked.basis,
            (str(asked.number), str(parts.get(asked.section, asked.section)), str(asked.text),
             _("with a consent of its own only") if asked.sensitive else ""),
            (2,),
        )
        for key, asked in words.pack.questions.items()
    )  # fmt: skip
    heads = (_("Question number"), _("Part of the profile"), _("Question"), _("Sensitive"))
    return Section("questions", _("Questions about the customer"), (Table(tuple(map(Column, heads)), tuple(rows)),))
