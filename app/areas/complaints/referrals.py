"""Suspected fraud is no complaint: it leaves the complaint line for the managing department and the general manager."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints import opening
from app.areas.complaints.case_disposition import CaseDisposition
from app.areas.complaints.complaint import Complaint
from app.core import clock, moves
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.moves import Moved, effect
from app.core.scope import Participation
from app.engines.people import operations as people

MANAGING = "management_dept"


@effect("open_referral")
def open_referral(moved: Moved) -> None:
    """Open the referral with the managing department, and take the complaint out of everybody else's reach."""
    case: Any = moved.record
    unit = people.unit_of_post(f"{case.policy}.{MANAGING}", moved.lifecycle.within)
    if unit is None:
        text = _("Nobody holds the post that takes such reports; a post is given first.")
        raise Refusal(Problem(text, None, "open_referral", moved.move.clause if moved.move else None))
    moved.whole.update({"home_unit_id": case.unit_id})
    moved.whole.save()
    _withdraw(case, unit)
    whole = opening.begin(
        CaseDisposition, unit, case.policy, kind="fraud", complaint_id=case.id, managed_by_id=unit,
        reason=case.content or case.title, subject=case.title, breach=moved.whole.get("fraud_kind"),
        received_at=case.accepted_at or moved.at, declared_by_id=moved.employee_id,
    )  # fmt: skip
    opening.announce(whole, moved.at)
    opening.number(whole.record, moved.at)


def _withdraw(case: Any, unit_id: int) -> None:
    """Only who reaches the unit sees the case from now on."""
    here = (Participation.register == case.__tablename__) & (Participation.record_id == case.id)
    session.execute(sa.delete(Participation).where(here))
    case.unit_id, case.owner_id, case.holder_unit_id = unit_id, None, unit_id
    session.flush()


@effect("return_to_complaints")
def return_to_complaints(moved: Moved) -> None:
    """A report that is no fraud goes back to where it was received, as a complaint."""
    disposition: Any = moved.record
    case = session.get(Complaint, disposition.complaint_id or 0)
    if case is not None:
        moves.move(case, "take_back", as_system=True)


@effect("return_home", early=True)
def return_home(moved: Moved) -> None:
    """The case belongs again to the unit and the person that received it."""
    case: Any = moved.record
    home = moved.whole.get("home_unit_id") or case.unit_id
    receiver = people.person_of(case.created_by_id) if case.created_by_id else None
    case.unit_id = case.holder_unit_id = home
    case.owner_id = case.received_by_id or (receiver.id if receiver else moved.employee_id)
    moves.send_to(case, home)
    session.flush()


@effect("received_now", early=True)
def received_now(moved: Moved) -> None:
    """A report that did not come by a complaint was received when it is put up."""
    disposition: Any = moved.record
    disposition.received_at = disposition.received_at or clock.now()
    session.flush()
