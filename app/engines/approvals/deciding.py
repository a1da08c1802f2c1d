"""Deciding a step: approve, reject, return; the case's move follows when the request is complete."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import access, barring, clock, moves
from app.core.access import Access
from app.core.db import session
from app.core.errors import Conflict, Forbidden, NotFound, Problem, Refusal
from app.core.kinds import LARGEST
from app.core.lifecycle import Move
from app.core.register import Record
from app.core.wording import N_
from app.engines.approvals import calc, standing, telling
from app.engines.approvals.course import ASIDE, ask_again, earlier_stations, outcome_of, settle
from app.engines.approvals.models import STEP_STATES, Approval, ApprovalRequest
from app.engines.approvals.opening import end, steps_of
from app.engines.approvals.standing import Capacity

DECISIONS = {"approve": calc.APPROVED, "reject": calc.REJECTED, "return": calc.RETURNED}
SAID = {
    calc.APPROVED: N_("%(who)s approved as %(post)s: %(subject)s. %(comment)s"),
    calc.REJECTED: N_("%(who)s rejected as %(post)s: %(subject)s. %(comment)s"),
    calc.RETURNED: N_("%(who)s returned as %(post)s: %(subject)s. %(comment)s"),
}
chosen_step: ContextVar[int | None] = ContextVar("approval_step", default=None)


@dataclass
class Docket:
    """A step with its request and record, locked, and the capacity in which the person acts on it."""

    step: Approval
    request: ApprovalRequest
    record: Any
    acting: Capacity


# -- the row to act on -----------------------------------------------------------------------------------------------


def take_up(step_id: int) -> Docket:
    """Lock a step for the person who acts.

    Raises ``NotFound`` outside his reach, ``Conflict`` when somebody was faster, ``Forbidden`` naming who may decide.
    """
    step, request, record = locked(step_id)
    person = access.current()
    mine = standing.capacity(step, person, standing.barred(request))
    if mine is None and not may_know(request, record, person):
        raise NotFound()
    if request.status != "open" or step.status != calc.OPEN:
        raise Conflict(_already(request, step))
    if mine is None or step.kind == calc.COPY:
        raise Forbidden(standing.wrong_person(request, [step], person))
    return Docket(step, request, record, mine)


def locked(step_id: int) -> tuple[Approval, ApprovalRequest, Any]:
    """A step, its request and its record; first the record is locked, then the request, as moves do."""
    step = session.get(Approval, step_id) if 0 < step_id < LARGEST else None
    if step is None:
        raise NotFound()
    request = session.get_one(ApprovalRequest, step.request_id)
    record = telling.subject_of(request)
    session.refresh(record, with_for_update=True)
    session.refresh(request, with_for_update=True)
    session.refresh(step)
    return step, request, record


def may_know(request: ApprovalRequest, record: Record, person: Access) -> bool:
    """Whether a person may learn that the request exists: he reads the record, put it forward, or was asked.

    Nobody whom the record is kept from, whatever he did before.
    """
    me = person.employee_id
    if barring.is_barred(request.of_register, request.record_id, person.barred):
        return False
    return access.may(record, "read") or (me is not None and me == request.owner_id) or was_asked(request, me)


def was_asked(request: ApprovalRequest, employee_id: int | None) -> bool:
    """Whether a person was ever asked by name, or answered."""
    if employee_id is None:
        return False
    took_part = sa.or_(Approval.employee_id == employee_id, Approval.decided_by_id == employee_id)
    asked = (Approval.request_id == request.id, Approval.kind != calc.REMARK)
    found = sa.select(Approval.id).where(*asked, took_part)
    return session.scalar(found.limit(1)) is not None


def _already(request: ApprovalRequest, step: Approval) -> Problem:
    """Who decided what, for somebody who came second."""
    decided = step if step.decided_by_id else _last_decided(request)
    if decided is None or decided.decided_by_id is None or decided.decided_at is None:
        return Problem(_("This step no longer waits: %(state)s.", state=STEP_STATES[step.status]), None, "open")
    text = _(
        "%(who)s has already answered at %(when)s: %(state)s.", who=standing.names([decided.decided_by_id]),
        when=clock.to_local(decided.decided_at).strftime("%Y-%m-%d %H:%M"), state=STEP_STATES[decided.status],
    )
    return Problem(text, None, "open", request.frozen["clause"])


def _last_decided(request: ApprovalRequest) -> Approval | None:
    query = sa.select(Approval).where(Approval.request_id == request.id, Approval.decided_by_id.is_not(None))
    return session.scalar(query.order_by(Approval.decided_at.desc()).limit(1))


# -- deciding --------------------------------------------------------------------------------------------------------


def decide(
    step_id: int, action: str, *, values: Mapping[str, Any] | None = None, comment: str = "", to: int | None = None
) -> ApprovalRequest:
    """Approve, reject or return a step; the caller commits.

    ``values`` are the typed fields that the case's move writes; ``to`` is the position of an earlier step to return
    to. When the request is complete the move of its outcome is made. Raises ``Refusal`` without a comment where one
    is due, and whatever the move refuses.
    """
    docket = take_up(step_id)
    decision, comment = DECISIONS[action], comment.strip()
    if kept := standing.kept_apart(docket.request, docket.step.post, docket.acting.employee_id):
        raise Forbidden(*kept)
    if decision != calc.APPROVED and not comment:
        raise Refusal(Problem(_("Please say why."), "comment", "required", docket.request.frozen["clause"]))
    if decision == calc.RETURNED and docket.step.kind == calc.ADDED:
        raise Refusal(Problem(_("An added signer gives an opinion: approve or reject."), "action", "added"))
    if decision == calc.RETURNED and to is not None:
        return _return_to(docket, to, comment)
    outcome = outcome_of(docket.step, decision, steps_of(docket.request))
    if outcome == calc.OPEN or not docket.request.frozen["outcomes"]:
        Refusal.when(_still_missing(docket, decision, values or {}))
        write_down(docket, decision, comment, _kept(docket, values or {}))
        _go_on(docket.request, outcome)
    else:
        _make_move(docket, outcome, values or {}, comment)
    return docket.request


def _go_on(request: ApprovalRequest, outcome: str) -> None:
    if outcome == calc.RETURNED:
        end(request, outcome, "")
    else:
        settle(request)


def move_for(record: Record, request: ApprovalRequest, action: str) -> Move | None:
    """The move of the case that an outcome makes."""
    life, key = moves.lifecycle_of(record), request.frozen["outcomes"].get(action)
    return life.moves.get(key) if life and key else None


def _make_move(docket: Docket, outcome: str, values: Mapping[str, Any], comment: str) -> None:
    """Carry out the outcome; ``record_decision`` writes the step down in between."""
    action = next(key for key, decision in DECISIONS.items() if decision == outcome)
    move = move_for(docket.record, docket.request, action)
    if move is None:
        text = _("The policy knows no such answer here.")
        raise Refusal(Problem(text, "action", "outcome", docket.request.frozen["clause"]))
    token, given = chosen_step.set(docket.step.id), {**_earlier(docket, move), **values}
    # whoever was asked by name may answer without the permission to move such records
    as_system = not access.current().can(docket.request.of_register, "move")
    try:
        moves.move(docket.record, move.key, values=given, reason=comment, as_system=as_system)
    finally:
        chosen_step.reset(token)


def _still_missing(docket: Docket, decision: str, values: Mapping[str, Any]) -> Iterator[Problem]:
    """What the deciding post leaves out when only added signers come after it, who cannot fill it in."""
    after = [s for s in steps_of(docket.request) if s.status in calc.PENDING and s.kind not in ASIDE]
    move = move_for(docket.record, docket.request, "approve")
    if move is None or decision != calc.APPROVED or [s.id for s in after] != [docket.step.id]:
        return
    whole = moves.whole_of(docket.record)
    for name in move.requires:
        if values.get(name, whole.get(name)) in (None, "", []):
            text = _("“%(field)s” is needed for “%(move)s”.", field=whole.fields[name].label, move=move.label)
            yield Problem(text, name, "required", move.clause)


def _kept(docket: Docket, values: Mapping[str, Any]) -> dict[str, Any] | None:
    specs = moves.whole_of(docket.record).fields
    return {name: specs[name].kind.plain(value) for name, value in values.items()} or None


def _earlier(docket: Docket, move: Move) -> dict[str, Any]:
    """The values that earlier steps gave, of the fields that the move writes."""
    specs = moves.fields_of_move(moves.whole_of(docket.record), move)
    found: dict[str, Any] = {}
    for step in steps_of(docket.request):
        if step.status == calc.APPROVED:
            found |= {n: specs[n].kind.read(value, specs[n]) for n, value in (step.given or {}).items() if n in specs}
    return found


def write_down(docket: Docket, decision: str, comment: str, given: dict[str, Any] | None = None) -> None:
    """Record who answered a step, how and in what post."""
    step, acting = docket.step, docket.acting
    step.status, step.decided_at, step.comment, step.given = decision, clock.now(), comment or None, given
    step.decided_by_id, step.decided_as = acting.employee_id, acting.post
    if acting.for_employee_id is not None:
        step.original_employee_id, step.delegated = acting.for_employee_id, True
    session.flush()
    said = {"who": standing.names([acting.employee_id]), "post": telling.post_words(acting.post), "comment": comment}
    telling.note(docket.request, SAID[decision], said)


def _return_to(docket: Docket, to: int, comment: str) -> ApprovalRequest:
    request, step = docket.request, docket.step
    if to not in earlier_stations(steps_of(request), step):
        text = _("There is no earlier step %(position)s to return to.", position=to)
        raise Refusal(Problem(text, "to", "step", request.frozen["clause"]))
    ask_again(request, step, to)
    write_down(docket, calc.RETURNED, comment)
    settle(request)
    return request
