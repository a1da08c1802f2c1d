"""What one may do besides deciding: hand over, delegate, add a signer, copy, urge, take back, stand back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from app.core import access, clock
from app.core.db import session
from app.core.errors import Forbidden, NotFound, Problem, Refusal
from app.core.scope import call_in
from app.core.wording import N_
from app.engines.approvals import calc, standing, telling
from app.engines.approvals.course import settle
from app.engines.approvals.deciding import Docket, locked, may_know, take_up, was_asked
from app.engines.approvals.models import Approval, ApprovalRequest
from app.engines.approvals.opening import end, open_steps, send_back, steps_of
from app.engines.people import operations as people
from app.engines.people.models import Deputy, Employee

HANDED_OVER = N_("%(who)s handed “%(subject)s” over to %(whom)s. %(comment)s")
DELEGATED = N_("%(who)s named %(whom)s as deputy for “%(subject)s” until %(until)s.")
ASKED = N_("%(who)s asked %(whom)s to sign “%(subject)s” as well. %(comment)s")
COPIED = N_("%(who)s sent a copy of “%(subject)s” to %(whom)s.")
URGED = N_("%(who)s urged: %(subject)s.")
RECUSED = N_("%(who)s stands back from “%(subject)s”: %(comment)s")
TAKEN_BACK = N_("%(who)s took “%(subject)s” back: %(comment)s")
TIMED_OUT = N_("%(who)s did not answer “%(subject)s” in time.")


def _problem(text: str, field: str, rule: str, request: ApprovalRequest) -> Problem:
    return Problem(text, field, rule, request.frozen["clause"])


def _colleague(employee_id: int, request: ApprovalRequest) -> Employee:
    found = session.get(Employee, employee_id)
    if found is None or not found.active:
        raise Refusal(_problem(_("There is no such person."), "employee_id", "reference", request))
    return found


def _said(docket: Docket, whom: Employee | None = None, comment: str = "") -> dict[str, str]:
    return {"who": standing.names([docket.acting.employee_id]), "whom": whom.name if whom else "", "comment": comment}


def _beside(step: Approval, request: ApprovalRequest, **over: object) -> Approval:
    """A new row at the place of a step."""
    options = {"kind": step.kind, "post": step.post, "unit_id": step.unit_id, "position": step.position} | over
    return Approval(request_id=request.id, adopter_id=step.adopter_id, asked_by_id=step.asked_by_id, **options)


def _let_see(request: ApprovalRequest, person: Employee) -> None:
    """Whoever is asked may open the record from then on."""
    call_in(request.of_register, request.record_id, person.id)


# -- handing over ----------------------------------------------------------------------------------------------------


def receivers(step: Approval, request: ApprovalRequest) -> set[int]:
    """Who may take a step over: holders of its post, their deputies, and those above; an added signer's: anybody."""
    posts = [step.post, *standing.higher_posts(step, request)] if step.post else []
    held = {seat.employee_id for seat in standing.seats(step, posts)} if posts else set()
    return held - standing.barred(request)


def transfer(step_id: int, employee_id: int, comment: str = "", due_at: dt.datetime | None = None) -> Approval:
    """Hand a step over to another person who has the authority (转办), perhaps until an instant.

    Raises ``Refusal`` for somebody who does not hold the post or a higher one, or who is recused.
    """
    docket = take_up(step_id)
    step, request = docket.step, docket.request
    whom = _colleague(employee_id, request)
    if whom.id == docket.acting.employee_id:
        raise Refusal(_problem(_("The step is already yours."), "employee_id", "other", request))
    if step.post and whom.id not in receivers(step, request):
        text = _(
            "%(name)s does not hold “%(post)s” or a higher post, or is recused; only these may decide.",
            name=whom.name, post=telling.post_words(step.post),
        )
        raise Refusal(_problem(text, "employee_id", "authority", request))
    _after_now(due_at, request)
    step.status = calc.TRANSFERRED
    step.comment = comment or None
    after = _beside(
        step, request, employee_id=whom.id, original_employee_id=docket.acting.employee_id, due_at=due_at,
    )
    session.add(after)
    session.flush()
    _let_see(request, whom)
    open_steps(request, [after])
    telling.note(request, HANDED_OVER, _said(docket, whom, comment))
    return after


def _after_now(at: dt.datetime | None, request: ApprovalRequest) -> None:
    if at is not None and at <= clock.now():
        raise Refusal(_problem(_("This moment is already past."), "due_at", "past", request))


def delegate(step_id: int, employee_id: int, first: dt.date, last: dt.date, reason: str) -> Deputy:
    """Name a deputy for the post of a step for a time (委派); both may decide meanwhile."""
    docket = take_up(step_id)
    request, person = docket.request, session.get_one(Employee, docket.acting.employee_id)
    whom = _colleague(employee_id, request)
    if docket.step.post is None or docket.acting.for_employee_id is not None:
        text = _("Only who holds the post himself names a deputy for it.")
        raise Refusal(_problem(text, "employee_id", "own", request))
    if whom.id in standing.barred(request):
        text = _("%(name)s is recused from this decision.", name=whom.name)
        raise Refusal(_problem(text, "employee_id", "recusal", request))
    made = people.appoint_deputy(person, whom, first, last, reason, only=[docket.step.post])
    telling.note(request, DELEGATED, _said(docket, whom) | {"until": last.isoformat()})
    telling.tell_asked(request, docket.step)
    return made


# -- asking more people ----------------------------------------------------------------------------------------------


def add_signer(
    step_id: int, employee_id: int, *, before: bool, comment: str = "", due_at: dt.datetime | None = None
) -> Approval:
    """Ask one more person to sign before or after one's own decision (加签); his opinion does not replace it."""
    docket = take_up(step_id)
    step, request = docket.step, docket.request
    whom = _colleague(employee_id, request)
    if whom.id in {docket.acting.employee_id, *(s.employee_id for s in steps_of(request) if s.status in calc.PENDING)}:
        raise Refusal(_problem(_("%(name)s is already asked.", name=whom.name), "employee_id", "other", request))
    _after_now(due_at, request)
    place = step.position if before else step.position + 1
    for row in steps_of(request):
        if row.position >= place:
            row.position += 1
            if row.status == calc.OPEN and row.kind != calc.COPY:
                row.status, row.opened_at = calc.WAITING, None
    added = Approval(
        request_id=request.id, adopter_id=request.adopter_id, position=place, kind=calc.ADDED, employee_id=whom.id,
        asked_by_id=step.id, due_at=due_at,
    )
    session.add(added)
    session.flush()
    _let_see(request, whom)
    if before:
        open_steps(request, [added])
    telling.note(request, ASKED, _said(docket, whom, comment))
    return added


def copy_to(step_id: int, employee_ids: Iterable[int]) -> list[Approval]:
    """Send copies to people who only read them (抄送)."""
    docket = take_up(step_id)
    request, made = docket.request, []
    known = {row.employee_id for row in steps_of(request) if row.kind == calc.COPY}
    for employee_id in dict.fromkeys(employee_ids):
        whom = _colleague(employee_id, request)
        if whom.id in known:
            continue
        row = Approval(
            request_id=request.id, adopter_id=request.adopter_id, position=docket.step.position, kind=calc.COPY,
            employee_id=whom.id, status=calc.OPEN, opened_at=clock.now(),
        )
        session.add(row)
        session.flush()
        _let_see(request, whom)
        telling.note(request, COPIED, _said(docket, whom))
        telling.tell(request, f"approval.copy:{row.id}", [whom.id], telling.TO_READ, row)
        made.append(row)
    return made


def mark_read(step_id: int) -> None:
    """Note that a copy was read; reading it again changes nothing."""
    row = session.get(Approval, step_id)
    if row is None or row.kind != calc.COPY or row.employee_id != access.current().employee_id:
        raise NotFound()
    if row.status == calc.OPEN:
        row.status, row.decided_at = calc.READ, clock.now()
        session.flush()


# -- urging and taking back ------------------------------------------------------------------------------------------


def urge(request_id: int) -> None:
    """Remind the deciders (催办), at most once an hour; raises ``Refusal`` before that."""
    request, record = known(request_id)
    me = access.current().employee_id
    if me not in (request.owner_id, record.owner_id) and not was_asked(request, me):
        who = standing.names(person for person in (request.owner_id, record.owner_id) if person)
        text = _("Only those who take part may urge: %(who)s.", who=who)
        raise Forbidden(Problem(text, None, "opener", request.frozen["clause"]))
    if request.status != "open":
        raise Refusal(_problem(_("This request no longer waits."), "id", "open", request))
    if not calc.may_urge(request.urged_at, clock.now()):
        raise Refusal(_problem(_("The deciders were reminded less than an hour ago."), "id", "once_per_hour", request))
    request.urged_at = clock.now()
    session.flush()
    who = standing.names([me or 0])
    for step in steps_of(request):
        if step.status == calc.OPEN and step.kind != calc.COPY:
            event = f"approval.urged:{step.id}:{int(request.urged_at.timestamp())}"
            telling.tell(request, event, standing.deciders(step, request), telling.URGED, step, who=who)
    telling.note(request, URGED, {"who": who})


def known(request_id: int) -> tuple[ApprovalRequest, Any]:
    """A request and its record, locked, for somebody who may know of it."""
    request = session.get(ApprovalRequest, request_id)
    if request is None:
        raise NotFound()
    record = telling.subject_of(request)
    session.refresh(record, with_for_update=True)
    session.refresh(request, with_for_update=True)
    if not may_know(request, record, access.current()):
        raise NotFound()
    return request, record


def withdraw(request_id: int, reason: str) -> None:
    """Take a request back before anybody has decided; the case goes to where it came from."""
    request, record = known(request_id)
    clause, person = request.frozen["clause"], access.current()
    if person.employee_id is None or person.employee_id != request.owner_id:
        who = standing.names([request.owner_id]) if request.owner_id else "—"
        text = _("Only who put it forward may take it back: %(who)s.", who=who)
        raise Forbidden(Problem(text, None, "opener", clause))
    if request.status != "open":
        raise Refusal(_problem(_("This request no longer waits."), "id", "open", request))
    decided = [step for step in steps_of(request) if step.status in calc.DECIDED]
    if decided:
        who = standing.names(step.decided_by_id or 0 for step in decided)
        text = _("%(who)s has already answered; ask for a return instead.", who=who)
        raise Refusal(_problem(text, "id", "decided", request))
    if not reason.strip():
        raise Refusal(_problem(_("Please say why."), "comment", "required", request))
    end(request, "withdrawn", reason)
    telling.note(request, TAKEN_BACK, {"who": standing.names([person.employee_id]), "comment": reason})
    if request.came_from:
        send_back(record, request.came_from, reason, clause)


# -- standing back ---------------------------------------------------------------------------------------------------


def recuse(step_id: int, reason: str) -> None:
    """Stand back from a decision one has an interest in (回避); the next holder, deputy or superior is asked.

    Raises ``Refusal`` naming who must appoint a deputy when nobody would be left.
    """
    docket = take_up(step_id)
    step, request = docket.step, docket.request
    if not reason.strip():
        raise Refusal(_problem(_("Please say why."), "comment", "required", request))
    place = (request.of_register, request.record_id, request.route)
    standing.bar(place, [docket.acting.employee_id], "self", reason.strip())
    telling.note(request, RECUSED, _said(docket, comment=reason.strip()))
    _leave(request, step, calc.RECUSED, docket.acting.employee_id)


def _leave(request: ApprovalRequest, step: Approval, status: str, left_by: int | None) -> None:
    """Close a step unanswered: its post is asked anew; an added signer is passed over."""
    step.status, step.employee_id = status, left_by
    session.flush()
    if step.kind == calc.ADDED:
        settle(request)
        return
    after = _beside(step, request)
    session.add(after)
    session.flush()
    open_steps(request, [after])


def time_out(step_id: int) -> None:
    """End a wait whose time is over: a hand-over goes back to the post, an added signer is passed over."""
    step, request, _record = locked(step_id)
    if step.status != calc.OPEN or request.status != "open":
        return
    telling.note(request, TIMED_OUT, {"who": standing.asked(step, request)})
    _leave(request, step, calc.TIMED_OUT, step.employee_id)
