"""Monthly work on closed complaints: a row of statistics for each task, with the cases of the period in it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.areas.complaints.complaint import Complaint
from app.areas.complaints.report_snapshot import ReportSnapshot
from app.core import clock, saving
from app.core.db import session
from app.engines.deadlines.periods import Period
from app.engines.deadlines.recurring import DueTask, opens_tasks
from app.engines.policy import operations as policy


@opens_tasks
def open_statistics(task: DueTask) -> bool:
    """Open the row of a task unless it is there; only a policy that has this register is concerned."""
    version = policy.current_version(task.policy, clock.to_local(task.due_at).date())
    if version is None or ReportSnapshot.__tablename__ not in policy.pack_for(version.id).cases or _exists(task):
        return False
    lines = closed_in(task.adopter_id, task.policy, task.period)
    fixed = {
        "report": task.key,
        "period": task.period.name,
        "due_at": task.due_at,
        "generated_at": clock.now(),
        "lines": lines,
        "totals": _totals(lines),
    }
    saving.create(ReportSnapshot.register, {}, policy=task.policy, unit_id=task.unit_id, fixed=fixed)
    return True


def closed_in(adopter_id: int, code: str, period: Period) -> list[dict[str, Any]]:
    """The cases of a policy that were closed in a period, by number."""
    first = clock.from_local(dt.datetime.combine(period.first, dt.time.min))
    after = clock.from_local(dt.datetime.combine(period.last + dt.timedelta(days=1), dt.time.min))
    query = sa.select(Complaint).where(
        Complaint.adopter_id == adopter_id,
        Complaint.policy == code,
        Complaint.closed_at >= first,
        Complaint.closed_at < after,
    )
    return [_line(case) for case in session.scalars(query.order_by(Complaint.case_no, Complaint.version))]


def _exists(task: DueTask) -> bool:
    same = {"adopter_id": task.adopter_id, "report": task.key, "period": task.period.name}
    return session.scalar(sa.select(ReportSnapshot.id).filter_by(**same)) is not None


def _line(case: Complaint) -> dict[str, Any]:
    return {
        "id": case.id,
        "case_no": case.case_no,
        "title": case.title,
        "category": case.category,
        "responsible_unit_id": case.responsible_unit_id,
        "claimed_amount": str(case.claimed_amount or 0),
        "decided_amount": str(case.decided_amount or 0),
    }


def _totals(lines: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "cases": len(lines),
        "claimed_amount": str(sum((Decimal(line["claimed_amount"]) for line in lines), Decimal())),
        "decided_amount": str(sum((Decimal(line["decided_amount"]) for line in lines), Decimal())),
    }
