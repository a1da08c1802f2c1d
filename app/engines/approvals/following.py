"""What moves of a case have to do with approvals: some need an open step, some open, end or re-route requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.core import access, moves, saving
from app.core.db import session
from app.core.errors import Forbidden, Problem, Refusal
from app.core.moves import Moved, Step
from app.core.register import Record, register_of
from app.core.whole import Whole
from app.engines.approvals import calc, routes, standing, telling
from app.engines.approvals.course import outcome_of
from app.engines.approvals.deciding import DECISIONS, Docket, chosen_step, write_down
from app.engines.approvals.models import ApprovalRequest
from app.engines.approvals.opening import close_stale, end, open_request, open_request_of, reroute, steps_of
from app.engines.policy import operations as policy
from app.engines.policy.calc import meets


@dataclass(frozen=True)
class Decision:
    """Who decided a request and in what post; the effects of the move find it as ``moved.context["decision"]``."""

    employee_id: int
    post: str | None
    for_employee_id: int | None
    request_id: int


def may_move(step: Step) -> Problem | None:
    """Whether the person's open step lets him make an approval's move at once; the reason if not."""
    request = open_request_of(step.whole.record, step.move.approval)
    if request is None:
        return Problem(_("No approval is open for this step."), None, "approval", step.move.clause)
    chosen, steps, out = chosen_step.get(), steps_of(request), standing.barred(request)
    waiting = [row for row in steps if row.status == calc.OPEN and row.kind != calc.COPY and chosen in (None, row.id)]
    mine = next((row for row in waiting if standing.capacity(row, step.access, out)), None)
    if mine is None:
        return standing.wrong_person(request, waiting, step.access)
    decision, given = DECISIONS[step.move.outcome], chosen is None and any(row.given for row in steps)
    if given or outcome_of(mine, decision, steps) != decision:
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
    write_down(docket, decision, moved.reason)
    end(request, decision, moved.reason)
    moved.context["decision"] = decided = _decision(request, docket)
    mine = [name for name, value in moved.move.sets.items() if value == "@me"]
    moved.whole.update(dict.fromkeys(mine, decided.employee_id))


def _docket_of(moved: Moved, request: ApprovalRequest) -> Docket:
    person, out = access.current(), standing.barred(request)
    for step in steps_of(request):
        chosen = step.status == calc.OPEN and step.kind != calc.COPY and chosen_step.get() in (None, step.id)
        if chosen and (mine := standing.capacity(step, person, out)) is not None:
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


# -- what a move brings about ----------------------------------------------------------------------------------------


def follow(moved: Moved) -> None:
    """Record the decision behind a move, remember its maker, end what it left behind, open what it asks for."""
    if not moved.register.from_pack:
        return
    record_decision(moved)
    _remember_maker(moved)
    if moved.source != moved.target:
        close_stale(moved)
    for route in routes.routes_of(moved.record):
        entered = moved.target in route.start.states and moved.source != moved.target
        made = moved.move is not None and moved.move.key in route.start.moves
        if (entered or made) and meets(route.when, moved.whole.get):
            open_request(moved.record, route.key, came_from=moved.source)


def _remember_maker(moved: Moved) -> None:
    """Who made a move that the policy names may not decide later."""
    for route in routes.routes_of(moved.record):
        if moved.move is not None and route.recusal and moved.move.key in route.recusal.moves:
            place = (moved.register.slug, moved.record.id, route.key)
            standing.bar(place, [moved.employee_id], "move", moved.move.key)


def watch_amounts(record: Record, changed: Mapping[str, Any]) -> None:
    """Re-route what a change of amounts lifts above its decider."""
    if not register_of(record).from_pack:
        return
    case: Any = record
    tables = policy.pack_for(case.pack_version_id).authority
    for route in routes.routes_of(record):
        key = routes.authority_of(route)
        if key and set(tables[key].amounts) & set(changed):
            reroute(record, route.key)


def _after_move(moved: Moved) -> None:
    if moved.values:
        watch_amounts(moved.record, moved.values)


def _after_edit(whole: Whole, changed: Mapping[str, Any]) -> None:
    watch_amounts(whole.record, changed)


moves.set_approver(may_move)
moves.on_moved(follow, order=20)
moves.on_moved(_after_move, order=90)
saving.after_update(_after_edit)
