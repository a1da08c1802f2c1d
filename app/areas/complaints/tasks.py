"""Work that returns every period: a row of statistics for each task, with the figures of the period in it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.areas.complaints import opening
from app.areas.complaints.complaint import Complaint
from app.areas.complaints.report_snapshot import ReportSnapshot
from app.core import clock, moves
from app.core.access import SYSTEM
from app.core.db import session
from app.core.hooks import Moved, effect
from app.engines.deadlines.recurring import DueTask, opens_tasks
from app.engines.policy import operations as policy
from app.engines.reports import snapshots

SLUG = ReportSnapshot.__tablename__


@opens_tasks
def open_statistics(task: DueTask) -> bool:
    """Open the row of a task unless it is there; only a policy that has this register is concerned.

    The sweep acts for itself, whoever started it.
    """
    pack = policy.pack_for(task.pack_version_id)
    if SLUG not in pack.cases or _exists(task):
        return False
    found = snapshots.figures(pack, _report_of(task), task.period, task.adopter_id, SYSTEM)
    whole = opening.begin(
        ReportSnapshot,
        task.unit_id,
        task.policy,
        report=_key(task),
        period=task.period.name,
        due_at=task.due_at,
        generated_at=clock.now(),
        lines=found.lines,
        totals=found.totals,
    )
    opening.number(whole.record, clock.now())
    opening.announce(whole, clock.now())
    return True


@effect("close_reported")
def close_reported(moved: Moved) -> None:
    """The archived complaints that a submitted report lists are closed by it."""
    report: Any = moved.record
    pack = policy.pack_for(report.pack_version_id)
    shown = pack.reports.get((report.totals or {}).get("report", ""))
    if shown is None or shown.shows is None or shown.shows.register_ != Complaint.__tablename__:
        return
    listed = [line["id"] for line in report.lines or []]
    for case in session.scalars(sa.select(Complaint).where(Complaint.id.in_(listed)).order_by(Complaint.id)).all():
        life = moves.lifecycle_of(case)
        if life and "close" in life.moves and case.status in life.moves["close"].sources:
            moves.move(case, "close", as_system=True)


def _key(task: DueTask) -> str:
    return f"{task.policy}.{task.key}"


def _report_of(task: DueTask) -> str:
    """The report that the task works on: its own, or the first of the pack that sums up closed rows."""
    pack = policy.pack_for(task.pack_version_id)
    own = pack.tasks[task.key].report
    if own and pack.reports[own].shows:
        return own
    return next((key for key, report in pack.reports.items() if report.shows and report.shows.kind == "closed"), "")


def _exists(task: DueTask) -> bool:
    same: dict[str, Any] = {"adopter_id": task.adopter_id, "report": _key(task), "period": task.period.name}
    return session.scalar(sa.select(ReportSnapshot.id).filter_by(**same)) is not None
