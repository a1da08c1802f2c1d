"""Deciding a step: approve, reject, return; the case's move follows when the request is complete."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import access, clock, moves
from app.core.access import Access
from app.core.db import session
from app.core.errors import Conflict, Forbidden, NotFound, Problem, Refusal
from app.core.lifecycle import Move
from app.core.moves import Moved, Step
from app.core.register import Record
from app.core.wording import N_
from app.engines.approvals import calc, routes, standing, telling
from app.engines.approvals.models import STEP_STATES, Approval, ApprovalRequest
from app.engines.approvals.opening import end, open_request_of, open_steps, steps_of
from app.engines.approvals.standing import Capacity

DECISIONS = {"approve": calc.APPROVED, "reject": calc.REJECTED, "return": calc.RETURNED}
SAID = {
    calc.APPROVED: N_("%(who)s approved as %(post)s: %(subject)s. %(comment)s"),
    calc.REJECTED: N_("%(who)s rejected as %(post)s: %(subject)s. %(comment)s"),
    calc.RETURNED: N_("%(who)s returned as %(post)s: %(subject)s. %(comment)s"),
}
ASIDE = (calc.ADDED, calc.COPY)
_step: ContextVar[int | None] = ContextVar("approval_step", default=None)


@dataclass
class Docket:
    """A step with its request and record, locked, and the capacity in which the person acts on it."""

    step: Approval
    request: ApprovalRequest
    record: Any
    acting: Capacity


@dataclass(frozen=True)
class Decision:
    """Who decided a request and in what post; the effects of the move find it as ``moved.context["decision"]``."""

    employee_id: int
    post: str | None
    for_employee_id: int | None
    request_id: int


# -- the row to act on -----------------------------------------------------------------------------------------------


def take_up(step_id: int) -> Docket:
    """Lock a step for the person who acts.

    Raises ``NotFound`` outside his reach, ``Conflict`` when somebody was faster, ``Forbidden`` naming who may decide.
    """
    step, request, record = locked(step_id)
    person = access.current()
    mine = standing.capacity(step, person, standing.barred(request))
    if mine is None and not _may_know(request, record, person):
        raise NotFound()
    if request.status != "open" or step.status != calc.OPEN:
        raise Conflict(_already(request, step))
    if mine is None or step.kind == calc.COPY:
        raise Forbidden(standing.wrong_person(request, [step], person))
    return Docket(step, request, record, mine)


def locked(step_id: int) -> tuple[Approval, ApprovalRequest, Any]:
    """A step, its request and its record; first the record is locked, then the request, as moves do."""
    step = session.get(Approval, step_id)
    if step is None:
        raise NotFound()
    request = session.get_one(ApprovalRequest, step.request_id)
    record = telling.subject_of(request)
    session.refresh(record, with_for_update=True)
    session.refresh(request, with_for_update=True)
    session.refresh(step)
    return step, request, record


def _may_know(request: ApprovalRequest, record: Record, person: Access) -> bool:
    """Whether a person may learn that the request exists: he reads the record, or was ever asked."""
    if access.may(record, "read") or person.employee_id == request.owner_id:
        return True
    asked = sa.select(Approval.id).where(Approval.request_id == request.id, Approval.employee_id == person.employee_id)
    return person.employee_id is not None and session.scalar(asked.limit(1)) is not None


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
    query = sa.select(Approval).where(Approval.request_id == request.id, Approval.decided_at.is_not(None))
    return session.scalar(query.order_by(Approval.decided_at.desc()).limit(1))


def rows(request: ApprovalRequest) -> list[calc.Row]:
    """The steps of a request as the calculations want them."""
    return [calc.Row(step.id, step.position, step.kind, step.status) for step in steps_of(request)]


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
    if decision != calc.APPROVED and not comment:
        raise Refusal(Problem(_("Please say why."), "comment", "required", docket.request.frozen["clause"]))
    if decision == calc.RETURNED and docket.step.kind == calc.ADDED:
        raise Refusal(Problem(_("An added signer gives an opinion: approve or reject."), "action", "added"))
    if decision == calc.RETURNED and to is not None:
        return _return_to(docket, to, comment)
    outcome = _outcome(docket.request, docket.step, decision)
    if outcome == calc.OPEN or not docket.request.frozen["outcomes"]:
        _record(docket, decision, comment, _kept(docket, values or {}))
        _go_on(docket.request, outcome)
    else:
        _make_move(docket, outcome, values or {}, comment)
    return docket.request


def _outcome(request: ApprovalRequest, step: Approval, decision: str) -> str:
    """What the request comes to with this decision: open while others still have to answer."""
    if decision == calc.RETURNED:
        return calc.OPEN if step.kind == calc.ADDED else decision
    return calc.after(rows(request), step.id, decision).result


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
        raise Refusal(Problem(_("The policy knows no such answer here."), None, "outcome", docket.request.frozen["clause"]))
    token = _step.set(docket.step.id)
    try:
        moves.move(docket.record, move.key, values={**_earlier(docket, move), **values}, reason=comment, as_system=True)
    finally:
        _step.reset(token)


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


def _record(docket: Docket, decision: str, comment: str, given: dict[str, Any] | None = None) -> None:
    step, acting = docket.step, docket.acting
    step.status, step.decided_at, step.comment, step.given = decision, clock.now(), comment or None, given
    step.decided_by_id, step.decided_as = acting.employee_id, acting.post
    if acting.for_employee_id is not None:
        step.original_employee_id, step.delegated = acting.for_employee_id, True
    session.flush()
    said = {"who": standing.names([acting.employee_id]), "post": telling.post_words(acting.post), "comment": comment}
    telling.note(docket.request, SAID[decision], said)


def settle(request: ApprovalRequest) -> None:
    """Open what comes next, drop what nobody needs, close the request when it is decided."""
    steps = {step.id: step for step in steps_of(request)}
    following = calc.progress(calc.Row(s.id, s.position, s.kind, s.status) for s in steps.values())
    for key in following.skips:
        steps[key].status = calc.SKIPPED
    if following.objection is not None:
        objected = steps[following.objection]
        place_copies(request, objected.position, [[steps[objected.asked_by_id or objected.id]]])
        return settle(request)
    open_steps(request, [steps[key] for key in following.opens])
    if following.result != calc.OPEN:
        end(request, following.result, "")
    return None


# -- returning to a step ---------------------------------------------------------------------------------------------


def place_copies(request: ApprovalRequest, position: int, stations: list[list[Approval]]) -> None:
    """Ask stations again, right after a position; what came later moves back, and history stays as it is."""
    for step in steps_of(request):
        if step.position > position:
            step.position += len(stations)
    for offset, station in enumerate(stations, start=1):
        session.add_all(
            Approval(
                request_id=request.id, position=position + offset, kind=old.kind, post=old.post, unit_id=old.unit_id,
                adopter_id=old.adopter_id, employee_id=old.employee_id if old.post is None else None,
            )
            for old in station
        )
    session.flush()


def _return_to(docket: Docket, to: int, comment: str) -> ApprovalRequest:
    steps, here = steps_of(docket.request), docket.step.position
    if to not in earlier_stations(steps, docket.step):
        text = _("There is no earlier step %(position)s to return to.", position=to)
        raise Refusal(Problem(text, "to", "step", docket.request.frozen["clause"]))
    again = [s for s in steps if to <= s.position <= here and s.kind not in ASIDE and _answered(s, docket)]
    place_copies(docket.request, here, [list(station) for _at, station in groupby(again, key=lambda s: s.position)])
    _record(docket, calc.RETURNED, comment)
    for step in steps:
        if step.position == here and step.status in calc.PENDING and step.kind != calc.COPY:
            step.status = calc.SKIPPED
    session.flush()
    settle(docket.request)
    return docket.request


def earlier_stations(steps: Iterable[Approval], step: Approval) -> dict[int, Approval]:
    """The earlier steps that a step may be returned to, by position."""
    return {
        s.position: s for s in steps if s.position < step.position and s.status == calc.APPROVED and s.kind not in ASIDE
    }


def _answered(step: Approval, docket: Docket) -> bool:
    return step.status in (calc.APPROVED, calc.SKIPPED) or (
        step.position == docket.step.position and step.status in (calc.OPEN, calc.WAITING)
    )


# -- the case's own moves --------------------------------------------------------------------------------------------


def may_move(step: Step) -> Problem | None:
    """Whether the person's open step lets him make an approval's move at once; the reason if not."""
    request = open_request_of(step.whole.record, step.move.approval)
    if request is None:
        return Problem(_("No approval is open for this step."), None, "approval", step.move.clause)
    waiting = [row for row in steps_of(request) if row.status == calc.OPEN and row.kind != calc.COPY]
    out = standing.barred(request)
    mine = next((row for row in waiting if standing.capacity(row, step.access, out)), None)
    if mine is None:
        return standing.wrong_person(request, waiting, step.access)
    decision, given = DECISIONS[step.move.outcome], any(row.given for row in steps_of(request))
    if given or _outcome(request, mine, decision) != decision:
        return Problem(_("Others decide as well; answer in the approvals inbox."), None, "route", step.move.clause)
    return None


def record_decision(moved: Moved) -> None:
    """Write down the step behind an approval's move, and tell effects who decided."""
    if moved.move is None or not moved.move.approval:
        return
    request = open_request_of(moved.record, moved.move.approval)
    if request is None:
        return
    session.refresh(request, with_for_update=True)
    docket = _docket_of(moved, request)
    decision = DECISIONS[moved.move.outcome]
    if decision == calc.APPROVED:
        _check_band(moved, request)
    _record(docket, decision, moved.reason)
    end(request, decision, moved.reason)
    moved.context["decision"] = _decision(request, docket)


def _docket_of(moved: Moved, request: ApprovalRequest) -> Docket:
    person, out = access.current(), standing.barred(request)
    for step in steps_of(request):
        if step.status == calc.OPEN and step.kind != calc.COPY and _step.get() in (None, step.id):
            if (mine := standing.capacity(step, person, out)) is not None:
                return Docket(step, request, moved.record, mine)
    waiting = [step for step in steps_of(request) if step.status == calc.OPEN]
    raise Forbidden(standing.wrong_person(request, waiting, person))


def _check_band(moved: Moved, request: ApprovalRequest) -> None:
    """A decision may not lift the amount above the band of who decides."""
    frozen: Any = request.frozen.get("authority")
    if not frozen:
        return
    route = routes.route_of(request, request.route)
    ruling = routes.ruling_of(request, route, moved.whole.get)
    code = f"{request.policy}.{ruling.post}" if ruling else frozen["post"]
    if ruling is not None and calc.rises(frozen["ladder"], frozen["post"], code):
        text = _(
            "%(amount)s yuan is for %(post)s to decide.", amount=f"{ruling.amount:,.2f}", post=telling.post_words(code)
        )
        raise Refusal(Problem(text, None, "authority", frozen["clause"]))


def _decision(request: ApprovalRequest, docket: Docket) -> Decision:
    """The deciding step: an added signer completes a request but does not decide it."""
    last = docket.step
    if last.kind == calc.ADDED:
        decided = [s for s in steps_of(request) if s.status == calc.APPROVED and s.kind != calc.ADDED]
        last = decided[-1] if decided else last
    assert last.decided_by_id is not None
    stood_for = last.original_employee_id if last.delegated else None
    return Decision(last.decided_by_id, last.decided_as, stood_for, request.id)
