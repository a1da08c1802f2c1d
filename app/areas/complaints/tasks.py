"""Work that returns: a row of statistics for each task and kept report, with the figures of its period in it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints import opening
from app.areas.complaints.complaint import Complaint
from app.areas.complaints.report_snapshot import ReportSnapshot
from app.core import clock, moves
from app.core.access import SYSTEM
from app.core.db import session
from app.core.errors import Problem
from app.core.hooks import Moved, Step, effect, guard
from app.core.whole import Whole
from app.core.wording import N_
from app.engines.deadlines import recurring
from app.engines.deadlines.recurring import DueTask, opens_tasks
from app.engines.deadlines.rules import rules_for
from app.engines.notifications import operations as notifications
from app.engines.people import operations as people
from app.engines.people.seats import holders_many
from app.engines.policy import operations as policy
from app.engines.reports import periods_of, snapshots, sweeps

SLUG = ReportSnapshot.__tablename__
SUPERSEDE = "supersede"
LISTED = N_("“%(report)s” of %(period)s lists %(count)s")


@opens_tasks
def open_statistics(task: DueTask) -> bool:
    """Open the row of a task or of a kept report unless it is there; only a policy that has this register is concerned.

    The sweep acts for itself, whoever started it.
    """
    pack = policy.pack_for(task.pack_version_id)
    if task.opens or task.forms or SLUG not in pack.cases or _exists(task):
        return False
    _open(task, generated_at=clock.now())
    return True


def _open(task: DueTask, **values: Any) -> Whole:
    """A numbered row with the figures of its period."""
    pack = policy.pack_for(task.pack_version_id)
    found = snapshots.figures(pack, _report_of(task), task.period, task.adopter_id, SYSTEM)
    whole = opening.begin(
        ReportSnapshot,
        task.unit_id,
        task.policy,
        report=_key(task),
        period=task.period.name,
        period_last=task.period.last,
        due_at=task.due_at,
        lines=found.lines,
        totals=found.totals,
        **values,
    )
    opening.number(whole.record, clock.now())
    opening.announce(whole, clock.now())
    return whole


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
    """The report that the task works on: its own, or the first of the pack that lists closed rows."""
    reports = policy.pack_for(task.pack_version_id).reports
    own = reports.get(task.report)
    if own is not None and (own.shows or own.figures):
        return own.key
    return next((key for key, report in reports.items() if report.shows and report.shows.kind == "closed"), "")


def _exists(task: DueTask) -> bool:
    same: dict[str, Any] = {"adopter_id": task.adopter_id, "report": _key(task), "period": task.period.name}
    return session.scalar(sa.select(ReportSnapshot.id).filter_by(**same)) is not None


def _kept() -> dict[tuple[int, str], dt.date]:
    """The last day of the latest period that was kept, by adopting unit and report: one statement."""
    table = ReportSnapshot.__table__.c
    last = sa.select(table.adopter_id, table.report, sa.func.max(table.period_last))
    rows = session.execute(last.where(table.period_last.is_not(None)).group_by(table.adopter_id, table.report))
    return {(adopter_id, report): day for adopter_id, report, day in rows}


sweeps.set_kept(_kept)


# -- corrections -----------------------------------------------------------------------------------------------------


@guard("no_open_edition")
def no_open_edition(step: Step) -> list[Problem]:
    """A period is corrected by one new edition at a time."""
    row: Any = step.whole.record
    if session.scalar(sa.select(ReportSnapshot.id).filter_by(previous_id=row.id)) is None:
        return []
    return [Problem(_("A correction of these figures is under way."), rule="correction", clause=step.move.clause)]


@effect("count_again")
def count_again(moved: Moved) -> None:
    """Count the same period anew as the next edition; the old figures stand until that one is archived."""
    old: Any = moved.record
    task = _again(old, moved.at)
    edition = {"edition": old.edition + 1, "previous_id": old.id, "correction_reason": moved.reason}
    _open(task, generated_at=moved.at, **edition)


def _again(old: Any, at: dt.datetime) -> DueTask:
    """The work of a kept row once more, due as if its period had just ended."""
    known = rules_for(old.pack_version_id, old.adopter_id, at)
    key = old.report.partition(".")[2]
    task, report = known.pack.tasks.get(key), known.pack.reports.get(key)
    span = task.due if task else report.keep.due if report and report.keep else None
    due_at = max(recurring.due_after(known, at, span), at) if span else at
    entry: Any = task or report
    named = (task.report or "") if task else key
    return DueTask(
        known.pack.code, key, entry.label, periods_of.period_of(known.pack, old.report, old.period, old.period_last),
        due_at, old.adopter_id, old.unit_id, entry.clause, old.pack_version_id, named,
    )  # fmt: skip


@effect("send_to_audience")
def send_to_audience(moved: Moved) -> None:
    """Let the units of a report's readers see its kept figures."""
    row: Any = moved.record
    pack, within = policy.pack_for(row.pack_version_id), people.path_of(row.adopter_id)
    report = snapshots.report_of(pack, row.totals or {})
    for post in snapshots.readers_of(report) if report else ():
        if unit_id := people.unit_of_post(f"{pack.code}.{post}", within):
            moves.send_to(row, unit_id, f"{pack.code}.{post}")


@effect("tell_readers")
def tell_readers(moved: Moved) -> None:
    """Whoever a kept list is for hears of it, when it has any line."""
    row: Any = moved.record
    pack, within = policy.pack_for(row.pack_version_id), people.path_of(row.adopter_id)
    report = snapshots.report_of(pack, row.totals or {})
    if report is None or not row.lines:
        return
    seats = holders_many([f"{pack.code}.{post}" for post in snapshots.readers_of(report)], [within])
    said = {"report": report.written.label, "period": row.period, "count": len(row.lines)}
    event, clause = f"report.kept:{row.id}", moved.move.clause if moved.move else ""
    notifications.notify(event, [seat.employee_id for seat in seats], LISTED, said, f"/{SLUG}/{row.id}", clause)


@effect("replace_edition")
def replace_edition(moved: Moved) -> None:
    """End the edition that an archived one corrects."""
    row: Any = moved.record
    if row.previous_id is None:
        return
    old = session.get_one(ReportSnapshot, row.previous_id)
    old.replaced = True
    session.flush()
    moves.move(old, SUPERSEDE, as_system=True)
