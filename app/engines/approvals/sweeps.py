"""The sweep that ends waits whose time is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.core.db import session
from app.core.errors import Refusal
from app.engines.approvals import acts, calc
from app.engines.approvals.models import Approval
from app.engines.sweeps.registry import Batch, Counts, sweep

BATCH = 200


@sweep("approval_timeouts", title=_l("Approvals out of time"), schedule="*/10 * * * *")
def end_waits(at: dt.datetime) -> Iterator[Counts | Batch]:
    """Hand-overs that were not answered in time go back, added signers are passed over."""
    due = sa.select(Approval.id).where(Approval.status == calc.OPEN, Approval.due_at < at).order_by(Approval.id)
    last = 0
    while found := list(session.scalars(due.where(Approval.id > last).limit(BATCH))):
        stuck = [finding for step_id in found if (finding := _end_wait(step_id))]
        yield Batch({"checked": len(found), "hit": len(found) - len(stuck), "skipped": len(stuck)}, stuck)
        last = found[-1]


def _end_wait(step_id: int) -> dict[str, Any] | None:
    """End one wait; what nobody could take over stays where it is and is reported."""
    try:
        with session.begin_nested():
            acts.time_out(step_id)
    except Refusal as refusal:
        return {"step": step_id, "reason": str(refusal)}
    return None
