"""Who handles a case, how often it was handed on, up to whom it was reported: guards and effects of packs."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints.case_transfer import CaseTransfer
from app.areas.complaints.complaint_motor import HEIGHTS
from app.areas.complaints.complaint_step import ComplaintStep
from app.areas.complaints.opening import number, open_beside
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step, effect, guard
from app.engines.contacts import operations as contacts
from app.engines.limits import operations as limits
from app.engines.people import operations as people
from app.engines.people.models import Employee
from app.engines.people.seats import holders_many
from app.engines.tiering import operations as tiering

HANDLER = "handler"


@guard("handler_in_post")
def handler_in_post(step: Step) -> Iterable[Problem]:
    """The case is given to somebody who holds the handler's post below the unit that works by the policy."""
    chosen, code = step.get("handler_id"), f"{step.lifecycle.policy}.{HANDLER}"
    seats = holders_many([code], [step.lifecycle.within], clock.to_local(step.at).date())
    if chosen is not None and chosen not in {seat.employee_id for seat in seats}:
        text = _("The handler holds no post in which complaints are handled.")
        yield Problem(text, "handler_id", "handler_in_post", step.move.clause)


@guard("handovers_left")
def handovers_left(step: Step) -> Iterable[Problem]:
    """A case that was handed on as often as the policy allows is reported up instead."""
    done = Decimal(step.whole.get("handovers") or 0)
    yield from limits.broken(limits.measure(step.whole.record, "handovers", Decimal(1), used=done), "handler_id")


@guard("step_written")
def step_written(step: Step) -> Iterable[Problem]:
    """At least one step of the investigation was written down."""
    if session.scalar(sa.select(ComplaintStep.id).where(ComplaintStep.complaint_id == step.whole.record.id)) is None:
        text = _("Write a step of the investigation first: day, person and course.")
        yield Problem(text, None, "step_written", step.move.clause)


@guard("talks_failed")
def talks_failed(step: Step) -> Iterable[Problem]:
    """A case is reported up once it was talked about repeatedly."""
    record = step.whole.record
    found = contacts.rules_of(step.whole)
    talks = Decimal(len(found.attempts) if found else 0)
    yield from limits.broken(limits.measure(record, "talks", talks))


@effect("give_to_handler", early=True)
def give_to_handler(moved: Moved) -> None:
    """The case belongs to the handler and to his unit from now on; where it came from still sees it."""
    record: Any = moved.record
    person = session.get_one(Employee, moved.whole.get("handler_id"))
    moves.send_to(record, record.unit_id)
    moves.send_to(record, person.unit_id)
    record.owner_id, record.unit_id, record.holder_unit_id = person.id, person.unit_id, person.unit_id
    moved.whole.update({"superior_unit_id": person.unit_id})
    session.flush()


@effect("name_superior", early=True)
def name_superior(moved: Moved) -> None:
    """Write down which post is the direct superior of whoever handles the case."""
    record: Any = moved.record
    person = session.get_one(Employee, record.owner_id)
    mine = holders_many([f"{record.policy}.{key}" for key in _posts(record)], [moved.lifecycle.within])
    held = [seat.post.partition(".")[2] for seat in mine if seat.employee_id == person.id]
    found = tiering.classify(record, "superior", {"posts": held}.get)
    moved.whole.update({"superior_post": found.tier})
    session.flush()


def _posts(record: Any) -> list[str]:
    """The posts that tell who somebody's superior is."""
    return sorted({str(post) for test in tiering.tier_of(record, "superior").criteria for post in test.when["posts"]})


# -- handing on ------------------------------------------------------------------------------------------------------


@effect("hand_over")
def hand_over(moved: Moved) -> None:
    """Keep that the case was handed on, to whom and why, and count it."""
    _hand(moved, "hand_over")


@effect("hand_back")
def hand_back(moved: Moved) -> None:
    """Keep that the case was sent back, and count it."""
    _hand(moved, "return")


@effect("hand_up")
def hand_up(moved: Moved) -> None:
    """Keep that the case was reported up; that is no hand-over."""
    _hand(moved, "escalation", counts=False)


def _hand(moved: Moved, kind: str, *, counts: bool = True) -> None:
    case: Any = moved.record
    if counts:
        moved.whole.update({"handovers": (moved.whole.get("handovers") or 0) + 1})
    target = _above(moved) if kind == "escalation" else case.holder_unit_id
    made = open_beside(
        moved, CaseTransfer, case.unit_id, complaint_id=case.id, kind=kind, to_unit_id=target or case.unit_id,
        from_unit_id=moved.post.unit_id if moved.post and moved.post.unit_id else case.unit_id,
        reason=moved.reason or moved.whole.get("unsolved_reason") or case.title, sent_at=moved.at,
        sent_by_id=moved.employee_id,
    )  # fmt: skip
    number(made.record, moved.at)


def _above(moved: Moved) -> int | None:
    code = f"{moved.lifecycle.policy}.{moved.whole.get('escalated_to')}"
    unit = people.unit_of_post(code, moved.lifecycle.within)
    if unit is not None:
        moves.send_to(moved.record, unit)
    return unit


@effect("take_over")
def take_over(moved: Moved) -> None:
    """Whoever takes the case on has received what was handed to him."""
    waiting = sa.select(CaseTransfer).where(
        CaseTransfer.complaint_id == moved.record.id, CaseTransfer.status == "sent"
    )
    for transfer in session.scalars(waiting.order_by(CaseTransfer.id)).all():
        moves.move(transfer, "receive", as_system=True)
        transfer.stage = "working"
    session.flush()


@effect("climb", early=True)
def climb(moved: Moved) -> None:
    """Report a case one level up, never two; at the top it stays."""
    ladder, now = list(HEIGHTS), moved.whole.get("escalated_to")
    following = ladder.index(now) + 1 if now in ladder else 0
    moved.whole.update({"escalated_to": ladder[min(following, len(ladder) - 1)]})
    session.flush()
