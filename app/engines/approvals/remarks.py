"""A remark on a request: it decides nothing, and whoever takes part reads it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import access, clock
from app.core.access import Access
from app.core.db import session
from app.core.errors import Forbidden, Problem, Refusal
from app.core.wording import N_
from app.engines.approvals import calc, standing, telling
from app.engines.approvals.acts import known
from app.engines.approvals.deciding import was_asked
from app.engines.approvals.models import Approval, ApprovalRequest
from app.engines.approvals.opening import steps_of

SAID = N_("%(who)s on “%(subject)s”: %(comment)s")


def remark(step_id: int, comment: str) -> Approval:
    """Say something on a request beside a decision (评论); the deciders asked and who put it forward are told.

    Raises ``NotFound`` outside one's reach, ``Forbidden`` for who takes no part, ``Refusal`` without a word.
    """
    request_id = session.scalar(sa.select(Approval.request_id).where(Approval.id == step_id)) or 0
    request, record = known(request_id)
    person = access.current()
    me, steps = person.employee_id, steps_of(request)
    if me is None or not takes_part(request, record, person):
        text = _("Only those who take part remark: who put it forward, who is in charge, who decides or was asked.")
        raise Forbidden(Problem(text, None, "opener", request.frozen["clause"]))
    if not comment.strip():
        raise Refusal(Problem(_("Please write a comment."), "comment", "required", request.frozen["clause"]))
    made = Approval(
        request_id=request.id, adopter_id=request.adopter_id, kind=calc.REMARK, status=calc.REMARKED, employee_id=me,
        position=_place(steps), opened_at=clock.now(), comment=comment.strip(),
    )
    session.add(made)
    session.flush()
    said = {"who": standing.names([me]), "comment": comment.strip()}
    telling.note(request, SAID, said)
    event, shown = f"approval.remark:{made.id}", _shown(steps) or made
    telling.tell(request, event, _hearers(request, steps, me), telling.REMARKED, shown, **said)
    return made


def takes_part(request: ApprovalRequest, record: Any, person: Access) -> bool:
    """Whether a person put the request forward, is in charge of the record, was asked, or may decide a step now."""
    me, barred = person.employee_id, standing.barred(request)
    if me in (request.owner_id, getattr(record, "owner_id", None)) or was_asked(request, me):
        return True
    return any(s.status == calc.OPEN and standing.capacity(s, person, barred) for s in steps_of(request))


def _shown(steps: list[Approval]) -> Approval | None:
    """The step that waits, so that its decider can answer where he reads."""
    return next((s for s in steps if s.status == calc.OPEN and s.kind not in calc.BESIDE), None)


def _place(steps: list[Approval]) -> int:
    """Where the request stands now: the first step that waits, else after all."""
    shown = _shown(steps)
    return shown.position if shown else max((s.position for s in steps), default=1)


def _hearers(request: ApprovalRequest, steps: list[Approval], me: int) -> set[int]:
    """Who put it forward, who answered, and who is asked now; not who speaks."""
    asked = [p for s in steps if s.status == calc.OPEN and s.kind != calc.COPY for p in standing.deciders(s, request)]
    told = {request.owner_id, *(s.decided_by_id for s in steps), *asked}
    return {person for person in told if person is not None} - {me}
