"""What a rating must keep on its way, and what follows from it: never above the facts, three people, one in force."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.credit import ratings
from app.areas.credit.caps import end_line
from app.areas.credit.credit_rating import CLASSES, IN_FORCE, CreditRating
from app.areas.credit.credit_request import ACTIVE, CreditRequest
from app.areas.credit.surveys import fresh_survey
from app.areas.customers.operations import Customer
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step, effect, guard
from app.core.ripples import after_change
from app.core.saving import Draft, before_create, check
from app.core.whole import Whole
from app.core.wording import N_
from app.core.words import post_label
from app.engines.audit import operations as audit
from app.engines.people import operations as people

ORDER = tuple(CLASSES)
NOT_ABOVE, BY_FACTS, TOGETHER, BASIS = "第20条", "第14条", "第19条", "第13条"
PRESENT = ("salesperson", "credit_controller")
ENDED = N_("A limit ends: the customer was rated C.")


@check("credit_rating")
def one_at_a_time(draft: Draft) -> Iterable[Problem]:
    """A customer has one open rating."""
    record: Any = draft.whole.record
    if record.id is None and (customer := draft.get("customer_id")):
        last = ratings.latest(record.adopter_id, [customer]).get(customer)
        if last is not None and last.status != IN_FORCE:
            text = _("A rating of this customer is open already; go on with that one.")
            yield Problem(text, "customer_id", "one_open", BASIS)


@before_create("credit_rating")
def judged_at_once(whole: Whole) -> None:
    """A new rating holds the class by the facts, with the evidence."""
    record: Any = whole.record
    table, day = ratings.table_for(record), clock.today()
    known, judged = ratings.judge_one(table, record.customer_id, day)
    ratings.put(record, ratings.fields_of(table, known, judged, day))
    if (before := ratings.in_force(record.customer_id, record.adopter_id)) is not None:
        whole.update({"previous_id": before.id, "previous_class": before.final_class})


def worse(one: str, other: str) -> bool:
    """Whether a class is worse than another."""
    return ORDER.index(one) > ORDER.index(other)


@check("credit_rating")
def never_raised(draft: Draft) -> Iterable[Problem]:
    """The class proposed is at most the class by the facts; a lower one needs its reason."""
    proposed, found = draft.get("proposed_class"), draft.get("computed_class")
    if not proposed or not found:
        return
    if worse(found, proposed):
        text = _("By the facts the customer is %(found)s; a manager may lower a class, never raise it.",
                 found=CLASSES[found])  # fmt: skip
        yield Problem(text, "proposed_class", "never_raised", BY_FACTS)
    elif worse(proposed, found) and not draft.get("manual_reason"):
        text = _("Give the reason for a class below the facts.")
        yield Problem(text, "manual_reason", "required", NOT_ABOVE)


@guard("survey_filed")
def survey_filed(step: Step) -> Iterable[Problem]:
    """Nobody is rated without a survey that was filed and is not out of date."""
    record: Any = step.whole.record
    if fresh_survey(record.customer_id, clock.today()) is None:
        text = _("There is no filed survey of this customer that is up to date; survey it first.")
        yield Problem(text, "survey_id", "survey_filed", BASIS)


@guard("class_by_facts")
def class_by_facts(step: Step) -> Iterable[Problem]:
    """What is put up or approved is not above the class by the facts of the day."""
    record: Any = step.whole.record
    proposed = step.get("proposed_class")
    if not proposed:
        return
    _known, judged = ratings.judge_one(ratings.table_for(record), record.customer_id, clock.today())
    if worse(judged.tier, proposed):
        text = _("The facts have changed: the customer is %(found)s now. Rate it again.", found=CLASSES[judged.tier])
        yield Problem(text, "proposed_class", "never_raised", BY_FACTS)
    elif worse(proposed, judged.tier) and not step.get("manual_reason"):
        text = _("Give the reason for a class below the facts.")
        yield Problem(text, "manual_reason", "required", NOT_ABOVE)


@guard("rated_together")
def rated_together(step: Step) -> Iterable[Problem]:
    """The handling salesperson and the credit controller rate together with the manager."""
    life = step.lifecycle
    present = set(step.get("attendees") or [])
    for post in PRESENT:
        seats = people.holders_many([f"{life.policy}.{post}"], [life.within], clock.today())
        if not present & {seat.employee_id for seat in seats}:
            text = _("“%(post)s” takes part in the first rating.", post=post_label(f"{life.policy}.{post}"))
            yield Problem(text, "attendees", "rated_together", TOGETHER)


@effect("refresh_rating", early=True)
def refresh_rating(moved: Moved) -> None:
    """What is put up holds the facts of the day."""
    record: Any = moved.record
    table, day = ratings.table_for(record), clock.today()
    known, judged = ratings.judge_one(table, record.customer_id, day)
    ratings.put(record, ratings.fields_of(table, known, judged, day))


@effect("put_class_in_force")
def put_class_in_force(moved: Moved) -> None:
    """The class counts from now on, in place of the one before; C ends what was granted."""
    record: Any = moved.record
    day = clock.to_local(moved.at).date()
    record.final_class, record.approved_on = record.proposed_class, day
    row = CreditRating
    earlier = sa.select(row).filter_by(customer_id=record.customer_id, adopter_id=record.adopter_id, status=IN_FORCE)
    for old in session.scalars(earlier.where(row.id != record.id)).all():
        old.ended_on, old.replaced = day, True
        session.flush()
        moves.move(old, "supersede", as_system=True)
    customer = session.get_one(Customer, record.customer_id)
    customer.credit_class, customer.rated_on = record.final_class, day
    if record.final_class == ratings.C:
        end_lines(record.customer_id, record.adopter_id)


def end_lines(customer_id: int, adopter_id: int) -> None:
    """Active limits of a customer end at once."""
    row = CreditRequest
    active = sa.select(row).filter_by(customer_id=customer_id, adopter_id=adopter_id, status=ACTIVE)
    for line in session.scalars(active).all():
        audit.note(line, "act", ENDED, {}, "第28条")
        end_line(line, clock.today())


@effect("rate_again")
def rate_again(moved: Moved) -> None:
    """Something about the customer changed: its rating is opened anew when the facts lead elsewhere."""
    record: Any = moved.record
    ratings.rerate([record.customer_id], record.adopter_id)


@after_change("customer_financial")
def figures_changed(record: Any) -> None:
    """New figures may change a class."""
    ratings.rerate([record.customer_id], record.unit_id)
