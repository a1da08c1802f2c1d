"""The 66 questions: what may be answered, how much is filled in, and what goes when a consent is withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.customers.operations import CustomerProfile, ProfileAnswer, ProfileQuestion
from app.core import access, clock
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, effect
from app.core.ripples import after_change
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole
from app.core.words import entry_label
from app.engines.audit import operations as audit
from app.engines.calculating.operations import amount_of
from app.engines.policy import operations as policy
from app.engines.policy.versions import version_ids

COMPLETION, CLAUSE = "profile_completion", "2"


def lay_questions() -> dict[str, int]:
    """Keep the questions of every policy in force as rows; wording and marks follow the pack."""
    known = {(row.policy, row.question_no): row for row in session.scalars(sa.select(ProfileQuestion))}
    laid = 0
    for code in sorted(_codes()):
        version = policy.current_version(code, clock.today())
        questions = policy.pack_for(version.id).questions.values() if version else ()
        for asked in questions:
            told = {"section": asked.section, "text": f"{code}.questions.{asked.key}", "sensitive": asked.sensitive}
            row = known.get((code, asked.number))
            if row is None:
                session.add(ProfileQuestion(policy=code, question_no=asked.number, **told))
                laid += 1
            else:
                for name, value in told.items():
                    setattr(row, name, value)
    session.flush()
    return {"laid": laid}


def _codes() -> set[str]:
    packs = map(policy.pack_for, version_ids())
    return {pack.code for pack in packs if pack.questions}


@check("profile_answer")
def sensitive_needs_consent(draft: Draft) -> Iterable[Problem]:
    """A sensitive answer needs a consent of its own and is sealed; no answer is empty."""
    question = session.get(ProfileQuestion, draft.get("question_id") or 0)
    profile = session.get(CustomerProfile, draft.get("profile_id") or 0)
    if question is None or profile is None:
        return
    if question.policy != profile.policy:
        yield Problem(_("This question belongs to another policy."), "question_id", "policy")
    if question.sensitive and not profile.sensitive_consent:
        text = _("“%(question)s” is sensitive: without a confirmed consent of its own no answer is kept.",
                 question=entry_label(question.text))  # fmt: skip
        yield Problem(text, "question_id", "consent", CLAUSE)
        return
    wanted, barred = ("sealed_answer", "answer") if question.sensitive else ("answer", "sealed_answer")
    fields = draft.whole.fields
    if not (draft.get(wanted) or "").strip():
        yield Problem(_("“%(field)s” is needed.", field=fields[wanted].label), wanted, "required", CLAUSE)
    if draft.get(barred):
        text = _("The answer to this question is typed into “%(field)s”.", field=fields[wanted].label)
        yield Problem(text, barred, "sealed", CLAUSE)


@check("profile_answer")
def answered_once(draft: Draft) -> Iterable[Problem]:
    """Each question is answered once in a profile."""
    same = sa.select(ProfileAnswer.id).where(
        ProfileAnswer.profile_id == draft.get("profile_id"), ProfileAnswer.question_id == draft.get("question_id")
    )
    if (other := session.scalar(same)) is not None and other != draft.whole.record.id:
        yield Problem(_("This question is answered already; change that answer."), "question_id", "unique")


@check("customer_profile")
def one_profile(draft: Draft) -> Iterable[Problem]:
    """A customer has one profile of answers."""
    row: Any = draft.whole.record
    asks = row.policy in _codes() and draft.get("customer_id") is not None
    same = sa.select(CustomerProfile.id).where(
        CustomerProfile.customer_id == draft.get("customer_id"), CustomerProfile.policy == row.policy
    )
    if asks and (other := session.scalar(same)) is not None and other != row.id:
        yield Problem(_("This customer has a profile already."), "customer_id", "unique", CLAUSE)


@before_create("profile_answer")
def note_who(whole: Whole) -> None:
    """Who wrote an answer down, and when."""
    whole.update({"recorded_by_id": access.current().employee_id, "recorded_on": clock.today()})


@before_create("customer_profile")
def begin_empty(whole: Whole) -> None:
    """A new profile has no answers."""
    whole.update({"filled_count": 0, "completion": Decimal(0)})


@after_change("profile_answer")
def count_answers(row: Any) -> None:
    """How many questions are answered, and how much of the profile that is."""
    profile = session.get(CustomerProfile, row.profile_id)
    if profile is not None:
        _count(profile)


def _count(profile: Any) -> None:
    answered = sa.select(sa.func.count()).where(ProfileAnswer.profile_id == profile.id)
    filled = session.scalar(answered) or 0
    counts = {
        "filled_count": filled, "completion": amount_of(profile, COMPLETION, {"filled": filled}).amount,
        "last_updated": clock.today(), "filled_by_id": access.current().employee_id or profile.filled_by_id,
    }  # fmt: skip
    with audit.bulk_change("the answers stand in the history themselves"):
        session.execute(sa.update(CustomerProfile).where(CustomerProfile.id == profile.id).values(**counts))
    session.refresh(profile)


@effect("erase_sensitive")
def erase_sensitive(moved: Moved) -> None:
    """The answers to sensitive questions go with the consent."""
    gone = (
        sa.select(ProfileAnswer)
        .join(ProfileQuestion, ProfileQuestion.id == ProfileAnswer.question_id)
        .where(ProfileAnswer.profile_id == moved.record.id, ProfileQuestion.sensitive.is_(True))
    )
    for answer in session.scalars(gone).all():
        session.delete(answer)
    session.flush()
    _count(moved.record)
