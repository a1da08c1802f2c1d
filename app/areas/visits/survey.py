"""Survey (满意度调查): a round of questionnaires, how many came back and what they say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.core import fields
from app.core.cases import Case
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, effect
from app.core.register import Record, Register, Section
from app.core.ripples import after_change
from app.core.saving import Draft, check

KINDS = {"topic": _l("On one topic"), "regular": _l("Regular"), "irregular": _l("As the occasion arises")}
HUNDREDTH, WHOLE = Decimal("0.01"), Decimal(100)
PARTS = {"return_rate": ("returned", "issued"), "rate": ("satisfied", "counted")}


class Survey(Case, Record):
    """One round; each policy uses the fields that concern it."""

    __table_args__: Any = (
        UniqueConstraint("adopter_id", "survey_no"),
        CheckConstraint("returned <= issued", name="returned_of_issued"),
        CheckConstraint("satisfied <= counted", name="satisfied_of_counted"),
    )

    survey_no: Mapped[str | None] = fields.text(_l("Survey number"), 40, computed=True)
    kind: Mapped[str] = fields.choice(_l("Kind"), KINDS, default="topic")
    title: Mapped[str | None] = fields.text(_l("Topic of the survey"), 120, width=2)
    period: Mapped[str | None] = fields.text(_l("Year or period"), 10, help=_l("Such as 2025 or 2025-H2."))
    process: Mapped[str | None] = fields.text(_l("Process"), 120)
    method: Mapped[str | None] = fields.text(_l("Method"), 40)
    target: Mapped[str | None] = fields.longtext(_l("Who is asked"))
    questions: Mapped[str | None] = fields.longtext(_l("Questions to be asked"))
    planned_count: Mapped[int | None] = fields.integer(_l("Forms planned"), minimum=1)
    sent_on: Mapped[dt.date | None] = fields.date(_l("Sent out on"))
    closes_on: Mapped[dt.date | None] = fields.date(_l("Closes on"))
    issued: Mapped[int | None] = fields.integer(_l("Forms sent out"), minimum=1)
    returned: Mapped[int | None] = fields.integer(_l("Forms returned"), minimum=0)
    return_rate: Mapped[Decimal | None] = fields.percent(_l("Return rate"), unit="%", computed=True)
    counted: Mapped[int | None] = fields.integer(_l("Answers counted"), minimum=1)
    satisfied: Mapped[int | None] = fields.integer(_l("Satisfied answers"), minimum=0)
    rate: Mapped[Decimal | None] = fields.percent(_l("Satisfaction rate"), unit="%", computed=True)
    findings: Mapped[str | None] = fields.longtext(_l("What it found"))
    use_of_result: Mapped[str | None] = fields.longtext(_l("What is improved by it"))
    counted_on: Mapped[dt.date | None] = fields.date(_l("Evaluated on"), computed=True)
    evidence = fields.files(_l("Attachments"))

    register = Register(
        area="visits", label=_l("Survey round"), title="survey_no", subject="title", icon="clipboard-list",
        from_pack=True, participants=True, actions=frozenset({"add", "edit"}), order="-sent_on",
        list=("survey_no", "title", "kind", "period", "status", "sent_on", "issued", "returned", "return_rate"),
        search=("survey_no", "title"), filters=("status", "kind", "period", "sent_on", "owner_id"),
        lines=("survey_response",),
        sections=(
            Section(_l("Survey round"), ("survey_no", "status", "kind", "title", "period", "process", "method",
                                         "target", "questions", "planned_count", "sent_on", "closes_on", "issued",
                                         "unit_id", "owner_id", "holder_unit_id")),
            Section(_l("Result"), ("returned", "return_rate", "counted", "satisfied", "rate", "findings",
                                   "use_of_result", "counted_on", "evidence")),
        ),
    )  # fmt: skip


@check("survey")
def parts_of_a_whole(draft: Draft) -> Iterable[Problem]:
    """No more forms come back than were sent out, and no more are satisfied than answered."""
    for part, whole in PARTS.values():
        some, of = draft.get(part), draft.get(whole)
        if some is not None and (of is None or some > of):
            labels = {"part": draft.whole.fields[part].label, "whole": draft.whole.fields[whole].label}
            yield Problem(_("“%(part)s” cannot be more than “%(whole)s”.", **labels), part, "at_most")
    sent, closes = draft.get("sent_on"), draft.get("closes_on")
    if sent and closes and closes < sent:
        yield Problem(_("The last day lies before the first."), "closes_on", "not_before")


@effect("reckon_rates")
def reckon_rates(moved: Moved) -> None:
    """Both rates follow from the numbers that a step wrote."""
    reckon(moved.record)


@after_change("survey")
def reckon(survey: Any) -> None:
    """Both rates follow from the numbers."""
    for name, (part, whole) in PARTS.items():
        some, of = getattr(survey, part), getattr(survey, whole)
        known = some is not None and of
        found = (WHOLE * some / of).quantize(HUNDREDTH, ROUND_HALF_UP) if known else None
        setattr(survey, name, found)
    session.flush()
