"""The course of a request: what opens next, what nobody needs any more, and stations asked again."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from app.core.db import session
from app.engines.approvals import calc
from app.engines.approvals.models import Approval, ApprovalRequest
from app.engines.approvals.opening import end, open_steps, steps_of

ASIDE = (calc.ADDED, calc.COPY)


def rows(steps: Iterable[Approval]) -> list[calc.Row]:
    """The steps of a request as the calculations want them."""
    return [calc.Row(step.id, step.position, step.kind, step.status) for step in steps]


def outcome_of(step: Approval, decision: str, steps: Iterable[Approval]) -> str:
    """What the request with these steps comes to with this decision: open while others still have to answer."""
    if decision == calc.RETURNED:
        return calc.OPEN if step.kind == calc.ADDED else decision
    return calc.after(rows(steps), step.id, decision).result


def settle(request: ApprovalRequest) -> None:
    """Open what comes next, drop what nobody needs, close the request when it is decided."""
    steps = {step.id: step for step in steps_of(request)}
    following = calc.progress(rows(steps.values()))
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


def earlier_stations(steps: Iterable[Approval], step: Approval) -> dict[int, Approval]:
    """The earlier steps that a step may be returned to, by position."""
    return {
        s.position: s for s in steps if s.position < step.position and s.status == calc.APPROVED and s.kind not in ASIDE
    }


def ask_again(request: ApprovalRequest, step: Approval, to: int) -> None:
    """Ask every station from an earlier one up to a step's own anew; the others at the step are not needed now."""
    steps, here = steps_of(request), step.position
    again = [s for s in steps if to <= s.position <= here and s.kind not in ASIDE and _counts(s, here)]
    place_copies(request, here, [list(station) for _at, station in groupby(again, key=lambda s: s.position)])
    for other in steps:
        if other.position == here and other.id != step.id and other.status in calc.PENDING and other.kind != calc.COPY:
            other.status = calc.SKIPPED
    session.flush()


def _counts(step: Approval, here: int) -> bool:
    return step.status in (calc.APPROVED, calc.SKIPPED) or (step.position == here and step.status in calc.PENDING)
