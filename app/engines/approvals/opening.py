"""Putting something forward: the route is frozen, its first station opened; a risen amount goes to a higher decider."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import access, clock, moves, values
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.lifecycle import Move, Words
from app.core.moves import Moved
from app.core.register import Record, register_of
from app.core.remembering import while_reading
from app.core.whole import Whole
from app.core.wording import N_
from app.engines.approvals import calc, routes, standing, telling
from app.engines.approvals.models import Approval, ApprovalRequest

if TYPE_CHECKING:
    from app.packs.entries import Approval as Route

SUMMARY_FIELDS = 3
RAISED = N_("The amount rose from %(before)s to %(after)s yuan; “%(subject)s” goes to %(post)s.")
REVALUED = N_("“%(subject)s”: the amount is now %(after)s yuan; the decider stays the same.")
PUT_FORWARD = N_("Put forward: %(subject)s.")
ENDED = N_("“%(subject)s” was taken back: %(reason)s")
AGAIN = Words("重新呈核", "Put forward again")


# -- looking up ------------------------------------------------------------------------------------------------------


@while_reading
def open_request_of(record: Record, route: str) -> ApprovalRequest | None:
    """The request of a record on a route that still waits."""
    return session.scalar(_requests(record, route).where(ApprovalRequest.status == "open"))


def latest(record: Record, route: str) -> ApprovalRequest | None:
    """The newest request of a record on a route, whatever became of it."""
    return session.scalar(_requests(record, route).order_by(ApprovalRequest.id.desc()).limit(1))


def _requests(record: Record, route: str) -> Any:
    slug = register_of(record).slug
    return sa.select(ApprovalRequest).filter_by(of_register=slug, record_id=record.id, route=route)


@while_reading
def steps_of(request: ApprovalRequest) -> list[Approval]:
    """The steps of a request in their order."""
    query = sa.select(Approval).where(Approval.request_id == request.id)
    return list(session.scalars(query.order_by(Approval.position, Approval.id)))


# -- opening ---------------------------------------------------------------------------------------------------------


def open_request(
    record: Record, route_key: str, amount: Decimal | None = None, *, under: Record | None = None, came_from: str = ""
) -> ApprovalRequest:
    """Put a record before the people who may decide it.

    ``amount`` in yuan; without it the fields count that the pack looks at. ``under`` is the case whose pack version
    governs, for rows that are no cases themselves. Raises ``Refusal`` when nobody may decide or a request is open.
    """
    case: Any = under or record
    route, whole = routes.route_of(case, route_key), moves.whole_of(record)
    if open_request_of(record, route_key) is not None:
        raise Refusal(Problem(_("This already waits for a decision."), None, "open", route.clause))
    ruling = routes.ruling_of(case, route, whole.get, amount)
    stations = routes.stations_of(case, route, ruling, whole.get)
    if not stations:
        raise Refusal(Problem(_("The policy names nobody to decide this."), None, "stations", route.clause))
    frozen = routes.freeze(case, route, stations, ruling) | {"summary": _summary(whole)}
    _take_back_decision(record, route)
    request = ApprovalRequest(
        of_register=register_of(record).slug, record_id=record.id, title=_title(whole), route=route_key,
        policy=case.policy, pack_version_id=case.pack_version_id, adopter_id=case.adopter_id, unit_id=case.unit_id,
        owner_id=access.current().employee_id, amount=ruling.amount if ruling else amount, frozen=frozen,
        came_from=came_from or None,
    )
    session.add(request)
    session.flush()
    _bar(request, route, whole)
    _seat(request, stations)
    telling.note(request, PUT_FORWARD)
    return request


def _title(whole: Whole) -> str:
    register = whole.register
    return values.title_text(register.slug, whole.get(register.title)) or f"#{whole.record.id}"


def _summary(whole: Whole) -> str:
    """The first few columns of the record's list, in words, so that an inbox need not read every record."""
    register = whole.register
    specs = [register.fields[name] for name in register.list if name != register.title]
    specs = [spec for spec in specs if spec.kind.name in ("text", "ref", "choice")][: SUMMARY_FIELDS - 1]
    names = values.names_of(values.wanted_names(specs, whole.get))
    return " · ".join(text for spec in specs if (text := values.text(spec, whole.get(spec.name), names)))


def _bar(request: ApprovalRequest, route: Route, whole: Whole) -> None:
    """Recuse by rule: who put it forward, and who is named in the fields that the policy names."""
    place = (request.of_register, request.record_id, request.route)
    if not route.own_request:
        standing.bar(place, [request.owner_id], "opener")
    for name in route.recusal.fields if route.recusal else ():
        value = whole.get(name)
        standing.bar(place, value if isinstance(value, list) else [value], "field", name)


def _seat(request: ApprovalRequest, stations: list[calc.Station]) -> None:
    steps = [
        Approval(
            request_id=request.id, position=seat.position, kind=seat.kind, post=seat.post, unit_id=seat.unit_id,
            adopter_id=request.adopter_id,
        )
        for seat in calc.seats(stations)
    ]
    session.add_all(steps)
    session.flush()
    open_steps(request, [step for step in steps if step.position == 1])


def open_steps(request: ApprovalRequest, steps: list[Approval]) -> None:
    """Let steps be decided from now on; raises ``Refusal`` when nobody may decide one of them."""
    for step in steps:
        if step.employee_id is None:
            found = standing.assign(step, request)
            step.employee_id, step.original_employee_id = found.employee_id, found.in_place_of
        step.status, step.opened_at = calc.OPEN, clock.now()
    session.flush()
    for step in steps:
        telling.tell_asked(request, step)


# -- ending without a decision ---------------------------------------------------------------------------------------


def end(request: ApprovalRequest, status: str, reason: str) -> None:
    """Close a request; what nobody decided is no longer needed."""
    for step in steps_of(request):
        if step.status in calc.PENDING and step.kind != calc.COPY:
            step.status = calc.SKIPPED
    request.status, request.closed_at, request.reason = status, clock.now(), reason or None
    session.flush()
    telling.tell_result(request)


def _take_back_decision(record: Record, route: Route) -> None:
    """A decision on the same route no longer stands when it is put forward again."""
    last = latest(record, route.key)
    if last is not None and last.status == calc.APPROVED:
        last.status, last.reason = "withdrawn", _("Put forward again.")
        telling.note(last, ENDED, {"reason": last.reason})


def close_stale(moved: Moved) -> None:
    """End the requests that can no longer be decided because the case went on otherwise."""
    found = sa.select(ApprovalRequest).filter_by(
        of_register=moved.register.slug, record_id=moved.record.id, status="open"
    )
    for request in session.scalars(found).all():
        route = routes.route_of(moved.record, request.route)
        left = moved.source in route.start.states and moved.target not in route.start.states
        endings = [moved.lifecycle.moves[key] for key in route.outcomes.values()]
        stuck = bool(endings) and all(moved.target not in ending.sources for ending in endings)
        if left or stuck:
            reason = str(moved.move.label) if moved.move else ""
            end(request, "withdrawn", reason)
            telling.note(request, ENDED, {"reason": reason})


# -- a risen amount --------------------------------------------------------------------------------------------------


def reroute(
    record: Record, route_key: str, amount: Decimal | None = None, *, under: Record | None = None
) -> ApprovalRequest | None:
    """Go to the higher decider when the amount has risen into a higher band; the new request, or ``None``.

    An open request is superseded, a decision withdrawn and the case led back. A fallen amount changes no decider.
    """
    case: Any = under or record
    last = latest(record, route_key)
    if last is None or last.status not in ("open", "approved") or not (frozen := last.frozen.get("authority")):
        return None
    route = routes.route_of(case, route_key)
    ruling = routes.ruling_of(case, route, moves.whole_of(record).get, amount)
    if ruling is None or ruling.amount == last.amount:
        return None
    code = f"{last.policy}.{ruling.post}"
    said = {"before": f"{last.amount:,.2f}", "after": f"{ruling.amount:,.2f}", "post": telling.post_words(code)}
    if not calc.rises(frozen["ladder"], frozen["post"], code):
        _revalue(last, ruling.amount, said)
        return None
    telling.note(last, RAISED, said)
    reason = _("The amount rose from %(before)s to %(after)s yuan.", before=said["before"], after=said["after"])
    return _again(record, route, last, amount, under, reason)


def _revalue(last: ApprovalRequest, amount: Decimal, said: dict[str, str]) -> None:
    if last.status == "open":
        last.amount = amount
        session.flush()
        telling.note(last, REVALUED, said)


def _again(
    record: Any, route: Route, last: ApprovalRequest, amount: Decimal | None, under: Record | None, reason: str
) -> ApprovalRequest | None:
    if last.status == "open":
        end(last, "superseded", reason)
    else:
        last.status, last.reason = "withdrawn", reason
        session.flush()
        telling.tell_result(last)
    if route.start.states and record.status not in route.start.states:
        send_back(record, route.start.states[0], reason, route.clause)
        return open_request_of(record, route.key)
    return open_request(record, route.key, amount, under=under, came_from=last.came_from or "")


def send_back(record: Any, target: str, reason: str, clause: str) -> None:
    """Lead a case back to a state outside its table of moves, because a decision no longer stands."""
    life = moves.lifecycle_of(record)
    if life is None or life.states[record.status].final:
        raise Refusal(Problem(_("The case is closed; its decision stands."), None, "state", clause))
    whole, source = moves.whole_of(record), record.status
    step = Move("put_forward_again", AGAIN, (source,), target, system=True, clause=clause)
    moves.enter(record, life, target, whole)
    whole.save()
    person = access.current().employee_id
    moves.announce(Moved(
        record, whole.register, life, step, source, target, {}, reason, clock.now(), person, None, whole,
    ))
