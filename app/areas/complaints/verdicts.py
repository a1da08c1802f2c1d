"""Particulars of intake, answers to the customer and verdicts: guards and effects that packs name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from app.areas.complaints.complaint import Complaint
from app.areas.customers.operations import is_important
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step, effect, guard
from app.core.register import registers
from app.core.saving import Draft, check
from app.core.whole import Whole
from app.engines.contacts import operations as contacts
from app.engines.tiering import operations as tiering

FOUNDED = {"founded": True, "not_founded": False}
UNREACHED = "unreachable"


@guard("telephone_given")
def telephone_given(step: Step) -> Iterable[Problem]:
    """At least one telephone number of the complainant is known."""
    if not step.get("mobile") and not step.get("complainant_phone"):
        text = _("Write the mobile or another telephone number.")
        yield Problem(text, "mobile", "telephone_given", step.move.clause)


@effect("look_up_importance", early=True)
def look_up_importance(moved: Moved) -> None:
    """Whether the customer is on the list of important ones on the day of the step."""
    record: Any = moved.record
    day = clock.to_local(moved.at).date()
    moved.whole.update({"important_customer": is_important(record.customer_id, record.adopter_id, day)})
    session.flush()


# -- answering the customer --------------------------------------------------------------------------------------------


@guard("customer_answered")
def customer_answered(step: Step) -> Iterable[Problem]:
    """The customer was answered: when, and what he said; but for one who could not be reached."""
    if step.whole.record.status == UNREACHED or (step.get("attempts_text") and not step.get("reached")):
        return
    for name in ("outcome_told_at", "talk_result"):
        if not step.get(name):
            label = step.whole.fields[name].label
            text = _("“%(field)s” is needed: the customer is answered before the case is put up.", field=label)
            yield Problem(text, name, "customer_answered", step.move.clause)
    told, received = step.get("outcome_told_at"), step.whole.get("accepted_at")
    if told is not None and (told > step.at or (received is not None and told < received)):
        text = _("The answer lies between the acceptance and now.")
        yield Problem(text, "outcome_told_at", "between", step.move.clause)


@guard("tried_to_the_end")
def tried_to_the_end(step: Step) -> Iterable[Problem]:
    """A customer counts as out of reach on the last day of the limit; days without an attempt are explained."""
    found = contacts.rules_of(step.whole)
    if found is None:
        return
    limit = step.whole.get("due_at")
    if step.whole.get("reached"):
        yield Problem(_("The customer was reached."), None, "tried_to_the_end", step.move.clause)
    elif limit is not None and clock.to_local(step.at).date() < clock.to_local(limit).date():
        text = _("Attempts go on until the last day of the limit, %(day)s.", day=f"{clock.to_local(limit):%Y-%m-%d}")
        yield Problem(text, None, "tried_to_the_end", step.move.clause)
    elif (missing := found.compliance().missing) and not step.get("missed_reason"):
        days = _(", ").join(day.isoformat() for day in missing)
        text = _("No attempt was made on %(days)s; write why.", days=days)
        yield Problem(text, "missed_reason", "tried_to_the_end", step.move.clause)


@effect("list_attempts", early=True)
def list_attempts(moved: Moved) -> None:
    """Write each attempt with its time and outcome into the course of the case."""
    found = contacts.rules_of(moved.whole)
    if found is None:
        return
    known = {key: str(label) for key, label in _outcomes(found).items()}
    lines = [f"{one.at:%Y-%m-%d %H:%M} {known.get(one.outcome, one.outcome)}" for one in found.attempts]
    moved.whole.update({"attempts_text": "\n".join(lines) or None})
    session.flush()


def _outcomes(found: contacts.Contacts) -> dict[str, Any]:
    return dict(registers()[found.rule.log].fields[found.rule.outcome_field].choices)


# -- the verdict -------------------------------------------------------------------------------------------------------


def forced(case: Any, read: Any) -> bool | None:
    """The verdict that the policy leaves no choice about; ``None`` when it does."""
    return FOUNDED.get(tiering.classify(case, "verdict", read).tier or "")


def usual(case: Any, read: Any) -> bool | None:
    """The verdict that follows unless somebody says why not."""
    found = forced(case, read)
    return FOUNDED.get(tiering.classify(case, "verdict_usual", read).tier or "") if found is None else found


@guard("verdict_fits")
def verdict_fits(step: Step) -> Iterable[Problem]:
    """A typed verdict is the one that the policy forces, or its difference from the usual one is explained."""
    case, typed = step.whole.record, step.get("founded")
    must = tiering.classify(case, "verdict", step.get)
    expected = FOUNDED.get(must.tier or "")
    if typed is None:
        return
    if expected is not None and typed is not expected:
        yield Problem(tiering.reason(must), "founded", "verdict_fits", must.clause)
    elif expected is None and typed is not usual(case, step.get) and not step.get("founded_reason"):
        text = _("The verdict differs from what follows from the facts; write why.")
        yield Problem(text, "founded_reason", "required", step.move.clause)


@effect("fill_verdict", early=True)
def fill_verdict(moved: Moved) -> None:
    """A verdict that nobody typed is the one that follows from the facts."""
    must = forced(moved.record, moved.whole.get)
    if must is not None or moved.whole.get("founded") is None:
        moved.whole.update({"founded": usual(moved.record, moved.whole.get)})
        session.flush()


@guard("all_ticked")
def all_ticked(step: Step) -> Iterable[Problem]:
    """Every yes-or-no field that the step asks for is a yes."""
    for name in step.move.requires:
        spec = step.whole.fields[name]
        if spec.kind.name == "boolean" and step.get(name) is False:
            text = _("“%(field)s” is not so: send the case back instead.", field=spec.label)
            yield Problem(text, name, "all_ticked", step.move.clause)


# -- findings about people ---------------------------------------------------------------------------------------------


@effect("judge_finding", early=True)
def judge_finding(moved: Moved) -> None:
    """A finding about a person is founded by the same rules as the case."""
    finding: Any = moved.record
    whole = _whole_of(finding.complaint_id)
    finding.founded = usual(whole.record, lambda name: finding.truth if name == "truth" else whole.get(name))
    session.flush()


def _whole_of(complaint_id: int) -> Whole:
    return moves.whole_of(session.get_one(Complaint, complaint_id))


@check("staff_finding")
def finding_about_staff(draft: Draft) -> Iterable[Problem]:
    """There is a finding about a person only where the complaint concerns one."""
    case = session.get(Complaint, draft.get("complaint_id") or 0)
    if case is not None and moves.whole_of(case).get("concerns_staff") is False:
        text = _("The complaint is marked as concerning no member of staff.")
        yield Problem(text, "complaint_id", "finding_about_staff", "第十一条")


@check("complaint_step")
def step_has_happened(draft: Draft) -> Iterable[Problem]:
    """A step is written down once it happened."""
    if (at := draft.get("happened_at")) and at > clock.now():
        yield Problem(_("The step lies in the future."), "happened_at", "not_future")
