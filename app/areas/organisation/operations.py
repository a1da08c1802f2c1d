"""What other areas may ask of meetings, duties and matters between departments."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from app.areas.organisation.duty_assignment import DutyAssignment, capacities
from app.areas.organisation.meeting import Meeting
from app.areas.organisation.vendor import Vendor
from app.core.db import session

__all__ = ["DutyAssignment", "Meeting", "Vendor", "capacities", "meetings_about"]


def meetings_about(complaint_id: int) -> Sequence[Meeting]:
    """The meetings that a complaint was put before, the latest first."""
    about = sa.select(Meeting).filter_by(complaint_id=complaint_id)
    return session.scalars(about.order_by(Meeting.id.desc())).all()
