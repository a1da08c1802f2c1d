"""Reports that are kept by themselves: counted at the instant that the pack names, once for each unit and period."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core import clock
from app.core.access import SYSTEM
from app.core.wording import N_
from app.engines.deadlines import periods, recurring
from app.engines.deadlines.periods import Period
from app.engines.deadlines.recurring import DueTask
from app.engines.deadlines.rules import Rules, rules_for
from app.engines.notifications import operations as notifications
from app.engines.people import operations as people
from app.engines.people.seats import holders_many
from app.engines.policy import operations as policy
from app.engines.policy.stages import clauses_of
from app.engines.reports import snapshots
from app.engines.reports.catalogue import Choice, Report
from app.engines.reports.listing import Listing
from app.engines.sweeps.registry import Batch, sweep

STILL_OPEN = N_("“%(report)s”: %(count)s are still open, until %(last)s")
COUNTS_BACK = ("closed", "owed")
Kept = Mapping[tuple[int, str], dt.date]
_kept: Callable[[], Kept] = dict


def set_kept(read: Callable[[], Kept]) -> None:
    """Tell the sweep who knows the last day of the latest period that was kept, by adopting unit and report."""
    global _kept
    _kept = read


def _clauses() -> Iterator[tuple[str, str]]:
    """Where the policies ask for statistics."""
    return clauses_of(lambda pack: [report.clause for report in pack.reports.values() if report.keep])


@sweep("reports.keep", title=_l("Count and keep the reports that are due"), schedule="*/10 * * * *", clauses=_clauses)
def keep_reports(at: dt.datetime) -> Iterator[Batch]:
    """Keep every report whose instant has come, missed periods included; each one is committed by itself."""
    kept = _kept()
    for adopter_id, code in recurring.adoptions():
        for report in due_reports(adopter_id, code, at, kept):
            opened = recurring.open_one(report)
            yield Batch({"checked": 1, "hit": int(opened)}, [recurring.finding(report)] if opened else [])


def due_reports(adopter_id: int, code: str, at: dt.datetime, kept: Kept) -> Iterator[DueTask]:
    """The reports that a unit is to keep: every period since the last one; of what stands now only the latest."""
    version = policy.current_version(code, clock.to_local(at).date())
    if version is None or not any(report.keep for report in policy.pack_for(version.id).reports.values()):
        return
    known, begun = rules_for(version.id, adopter_id, at), _begun(version)
    for report in (report for report in known.pack.reports.values() if report.keep):
        last = kept.get((adopter_id, known.code(report.key)))
        first = last + dt.timedelta(days=1) if last else begun
        due = [period for period in _ended(report, first, at) if _instant(known, report, period) <= at]
        for period in due if _counts_back(report) else due[-1:]:
            if recurring.works_by(adopter_id, code, period.last):
                yield _due(known, version.id, report, period, adopter_id)


@sweep("reports.remind", title=_l("Remind of what a period still asks for"), schedule="0 8 * * *", clauses=_clauses)
def remind(at: dt.datetime) -> Iterator[Batch]:
    """Tell the posts that a list of what is owed names, once, so long before the period ends, how many lines it has."""
    for adopter_id, code in recurring.adoptions():
        version = policy.current_version(code, clock.to_local(at).date())
        if version is None:
            continue
        known = rules_for(version.id, adopter_id, at)
        for report in known.pack.reports.values():
            period = _to_remind(known, report, at)
            if period is not None and recurring.works_by(adopter_id, code, clock.to_local(at).date()):
                yield _remind(known, report, period, adopter_id)


def _to_remind(known: Rules, report: Any, at: dt.datetime) -> Period | None:
    """The present period of a report, on the day from which the time of its reminder just reaches the end."""
    if report.keep is None or report.keep.remind is None:
        return None
    today = clock.to_local(at).date()
    period = periods.present(report.period, today)
    return period if today == _day_before(known, period, report.keep.remind) else None


def _day_before(known: Rules, period: Period, span: Any) -> dt.date:
    """The last day of a period from which a span still ends inside it."""
    day = period.last
    while day > period.first and _reaches(known, day, span) > period.last:
        day -= dt.timedelta(days=1)
    return day


def _reaches(known: Rules, day: dt.date, span: Any) -> dt.date:
    begun = clock.from_local(dt.datetime.combine(day, dt.time.min))
    return clock.to_local(recurring.due_after(known, begun, span)).date()


def _remind(known: Rules, report: Any, period: Period, adopter_id: int) -> Batch:
    asked = Report(known.pack, report)
    found = snapshots.listing(asked, Choice(clock.now(), period), SYSTEM, adopter_id)
    posts = [known.code(post) for post in report.keep.reminded]
    seats = holders_many(posts, [people.path_of(adopter_id)]) if found.lines else []
    event, url = f"report.remind:{asked.key}:{adopter_id}:{period.name}", f"/reports/{asked.key}?period={period.name}"
    told = _open_for(found, {seat.employee_id for seat in seats})
    for who, count in told.items():
        said = {"report": report.label, "count": count, "last": period.last}
        notifications.notify(event, [who], STILL_OPEN, said, url, report.clause)
    return Batch({"checked": len(found.lines), "sent": len(told)}, [])


def _open_for(found: Listing, people: set[int]) -> dict[int, int]:
    """How many lines each person still has: the own ones where a list names who is in charge, otherwise all."""
    own = Counter(line.values.get("owner_id") for line in found.lines)
    mine = {who: own[who] for who in people if own[who]}
    return mine or dict.fromkeys(people, len(found.lines))


def _begun(version: Any) -> dt.date:
    """The first day of a version that was known before it: nothing is counted for the time before the program."""
    known = clock.to_local(version.approved_at or version.created_at).date()
    return max(known, version.effective_from)


def _ended(report: Any, first: dt.date, at: dt.datetime) -> list[Period]:
    return periods.since(report.period, first, clock.to_local(at).date())


def _counts_back(report: Any) -> bool:
    """Whether a missed period can still be counted; a list of what is open shows only the present."""
    return report.shows is None or report.shows.kind in COUNTS_BACK


def _instant(known: Rules, report: Any, period: Period) -> dt.datetime:
    """When a period's report is counted."""
    ended = recurring.end_of(period)
    day = clock.to_local(ended).date() + dt.timedelta(days=1)
    if report.keep.after:
        day = clock.to_local(recurring.due_after(known, ended, report.keep.after)).date()
    return clock.from_local(dt.datetime.combine(day, dt.time.fromisoformat(report.keep.at)))


def _due(known: Rules, version_id: int, report: Any, period: Period, adopter_id: int) -> DueTask:
    keep, ended = report.keep, recurring.end_of(period)
    due_at = recurring.due_after(known, ended, keep.due) if keep.due else _instant(known, report, period)
    unit_id = recurring.unit_of(known, keep.posts, adopter_id)
    return DueTask(
        known.pack.code, report.key, report.label, period, due_at, adopter_id, unit_id, report.clause, version_id,
        report.key,
    )  # fmt: skip
