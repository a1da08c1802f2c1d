"""What other areas may ask of complaints."""

from __future__ import annotations

from app.areas.complaints.complaint import Complaint
from app.areas.complaints.opening import number as give_number
from app.areas.complaints.opening import open_beside, take_system_step
from app.areas.complaints.petition import Petition
from app.core import clock, moves
from app.core.db import session
from app.engines.policy import calc
from app.engines.policy import operations as policy

__all__ = [
    "Complaint", "closed_in_month", "complaint_of", "give_number", "is_settled", "may_follow", "open_beside",
    "petition_decided", "state_of", "take_system_step",
]

GRANTED = "decided"


def complaint_of(complaint_id: int | None) -> Complaint | None:
    """A complaint by its id, whoever asks."""
    return session.get(Complaint, complaint_id) if complaint_id else None


def is_settled(complaint: Complaint) -> bool:
    """Whether a complaint was founded and is closed, so that its consequences may follow."""
    return complaint.closed_at is not None and bool(complaint.founded)


def may_follow(slug: str, complaint: Complaint) -> bool:
    """Whether a consequence of a register may follow a complaint as it stands: by the pack, else founded and closed."""
    case = policy.pack_for(complaint.pack_version_id).cases.get(slug)
    if case is None or not case.follows:
        return is_settled(complaint)
    return calc.meets(case.follows, moves.whole_of(complaint).get)


def state_of(complaint: Complaint) -> str:
    """The state of a complaint in words."""
    life = moves.lifecycle_of(complaint)
    return str(life.states[complaint.status].label) if life else ""


def closed_in_month(complaint: Complaint, month: str) -> bool:
    """Whether a complaint was closed in a month such as ``2025-09``, by local time."""
    return complaint.closed_at is not None and clock.to_local(complaint.closed_at).strftime("%Y-%m") == month


def petition_decided(petition_id: int | None, complaint_id: int) -> bool:
    """Whether a petition about a sanction in a complaint was granted."""
    petition = session.get(Petition, petition_id) if petition_id else None
    about = petition is not None and petition.complaint_id in (None, complaint_id)
    return bool(about and petition and petition.kind == "sanction" and petition.status == GRANTED)
