"""Guards and effects that packs name for outside parties, compensation and the penalty of a second complaint."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints import operations as complaints
from app.areas.consequences.compensation import Compensation
from app.areas.consequences.external_liability import ExternalLiability
from app.areas.consequences.loss_sheet import LossSheet
from app.areas.consequences.opening import open_case
from app.areas.consequences.penalty_notice import PenaltyNotice
from app.core import clock
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step, effect, guard
from app.engines.calculating.operations import settings_of
from app.engines.people.models import Employee
from app.engines.policy import operations as policy


@guard("outside_party_recorded")
def outside_party_recorded(step: Step) -> Iterable[Problem]:
    """Where another company or a supplier is concerned, its record stands, handled with the unit of the handler."""
    if not step.get("external_party"):
        return
    rows = session.scalars(
        sa.select(ExternalLiability).join(LossSheet).where(LossSheet.complaint_id == step.whole.record.id)
    ).all()
    handler = session.get(Employee, step.get("handler_id") or 0)
    if not any(handler and handler.unit_id in (row.joint_units or ()) for row in rows):
        text = _("Write down first what the outside party bears, handled together with marketing.")
        yield Problem(text, "external_party", "outside_party_recorded", "三.6")


@guard("compensation_given")
def compensation_given(step: Step) -> Iterable[Problem]:
    """What was agreed as compensation was given."""
    if not step.get("compensation_amount"):
        return
    given = sa.select(Compensation.id).where(
        Compensation.complaint_id == step.whole.record.id, Compensation.given_on.is_not(None)
    )
    if session.scalar(given) is None:
        text = _("Write down first that the compensation was given.")
        yield Problem(text, "compensation_amount", "compensation_given", step.move.clause)


@guard("part_of_remedy")
def part_of_remedy(step: Step) -> Iterable[Problem]:
    """A measure belongs to a remedy that was signed."""
    case: Any = complaints.complaint_of(step.get("complaint_id"))
    if case is None or case.decided_at is None:
        text = _("The remedy of this complaint is not signed yet.")
        yield Problem(text, "complaint_id", "part_of_remedy", step.move.clause)


@guard("decider_not_fined")
def decider_not_fined(step: Step) -> Iterable[Problem]:
    """Nobody decides the own penalty."""
    if step.get("employee_id") == step.access.employee_id:
        text = _("This penalty is about you; somebody else decides it.")
        yield Problem(text, "employee_id", "separation_of_duties", step.move.clause)


@effect("open_penalty_review")
def open_penalty_review(moved: Moved) -> None:
    """A confirmed second complaint asks whether whoever handled the first one is to be penalised."""
    case: Any = moved.record
    first: Any = complaints.complaint_of(moved.whole.get("repeat_of_id"))
    fine = policy.pack_for(case.pack_version_id).fines.get("second_complaint")
    if first is None or first.received_by_id is None or fine is None:
        return
    open_case(
        PenaltyNotice, case, case.unit_id, complaint_id=case.id, employee_id=first.received_by_id,
        breach=fine.key, occurred_on=clock.to_local(moved.at).date(), amount=settings_of(case).resolve(fine.least),
        reason_item=_("Second complaint: %(second)s after %(first)s.", second=case.number, first=first.number),
    )  # fmt: skip
