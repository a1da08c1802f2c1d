"""Reports on their way: when a plan is due, to whom it goes, what each receiver gets and keeps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import access, actor, clock
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.register import registers
from app.core.saving import Draft, after_update, before_create, check
from app.core.whole import Whole
from app.core.wording import N_
from app.engines.calendar.operations import calendar_for
from app.engines.exchange import asking
from app.engines.notifications import announcement, attaching, readers, settings
from app.engines.notifications import operations as notifications
from app.engines.notifications.attaching import File
from app.engines.people.models import Employee
from app.engines.privacy import operations as privacy
from app.engines.reports import as_sent, sources
from app.engines.reports.plans import DAY, MONTH, ReportCopy, ReportPlan
from app.engines.reports.sources import Content
from app.engines.sweeps.registry import Batch, sweep

PLAN, COPY, EVENT = ReportPlan.__tablename__, ReportCopy.__tablename__, "report.sent"
SENT = N_("Report “%(title)s” %(period)s")
RHYTHM = frozenset({"every", "weekday", "month_day", "at_time", "in_use"})
LARGEST = 8 << 20
"""So many bytes at most are attached to a mail."""
AHEAD = 62


# -- when --------------------------------------------------------------------------------------------------------------


def next_after(plan: ReportPlan, now: dt.datetime) -> dt.datetime | None:
    """When a plan is due next after an instant; ``None`` for one that is not in use."""
    if not plan.in_use:
        return None
    hour, minute = map(int, plan.at_time.split(":"))
    first = clock.to_local(now).date()
    days = (first + dt.timedelta(days=n) for n in range(AHEAD))
    times = (clock.from_local(dt.datetime.combine(day, dt.time(hour, minute))) for day in days if _falls_on(plan, day))
    return next((time for time in times if time > now), None)


def _falls_on(plan: ReportPlan, day: dt.date) -> bool:
    calendar = calendar_for()
    if not calendar.is_working(day):
        return False
    if plan.every == DAY:
        return True
    if plan.every == MONTH:
        return sum(calendar.is_working(day.replace(day=n)) for n in range(1, day.day + 1)) == plan.month_day
    wanted = day - dt.timedelta(days=(day.isoweekday() - int(plan.weekday or 1)) % 7)
    between = (wanted + dt.timedelta(days=n) for n in range((day - wanted).days))
    return not any(calendar.is_working(one) for one in between)


@check(PLAN)
def fits(draft: Draft) -> Iterable[Problem]:
    """A plan has receivers and a time of day."""
    if not draft.get("people") and not draft.get("roles"):
        yield Problem(_("Name people or roles who shall get the report."), "people", "required")
    for problem in settings.times({"digest_at": draft.get("at_time")}):
        yield Problem(problem.message, "at_time", problem.rule)


@before_create(PLAN)
def first_time(whole: Whole) -> None:
    """A new plan knows when it is due."""
    whole.update({"next_at": next_after(whole.record, clock.now())})


@after_update
def another_time(whole: Whole, changed: Any) -> None:
    """Another rhythm counts from now on."""
    if isinstance(whole.record, ReportPlan) and RHYTHM & set(changed):
        whole.record.next_at = next_after(whole.record, clock.now())
        session.flush()


# -- to whom -----------------------------------------------------------------------------------------------------------


def receivers(plan: ReportPlan) -> Sequence[Any]:
    """The people of a plan who work here and have an account: employee, account and unit."""
    chosen = set(plan.people or ())
    if plan.roles:
        chosen |= set(announcement.audience([plan.within_id or plan.unit_id], plan.roles))
    columns = (Employee.id, Employee.account_id, Employee.unit_id)
    query = sa.select(*columns).where(Employee.id.in_(chosen), Employee.active, Employee.account_id.is_not(None))
    return session.execute(query.order_by(Employee.id)).all()


# -- sending -----------------------------------------------------------------------------------------------------------


@sweep("reports.send", title=_l("Send the reports that are due"), schedule="*/10 * * * *", quiet=True)
def send_due(at: dt.datetime) -> Iterator[Batch]:
    """Send each plan that is due, a receiver at a time; one that broke off goes on with who has not got it."""
    for key in list(session.scalars(sa.select(ReportPlan.id).where(ReportPlan.next_at <= at).order_by(ReportPlan.id))):
        yield from _send(key, at)


def _send(key: int, at: dt.datetime) -> Iterator[Batch]:
    plan = session.scalar(sa.select(ReportPlan).where(ReportPlan.id == key).with_for_update())
    if plan is None or plan.next_at is None or plan.next_at > at:
        return
    due, people = plan.next_at, receivers(plan)
    had = set(session.scalars(sa.select(ReportCopy.owner_id).filter_by(plan_id=key, due_at=due)))
    languages = readers.readers([row.id for row in people], settings.current())
    for row in people:
        if row.id not in had:
            language = languages[row.id].language if row.id in languages else readers.LANGUAGE
            yield Batch({"checked": 1, **_to(plan, due, row, language)})
    plan.next_at = next_after(plan, max(at, due))
    session.flush()
    yield Batch({"hit": 1})


def _to(plan: ReportPlan, due: dt.datetime, row: Any, language: str) -> dict[str, int]:
    """One receiver's copy, counted as he; one who may not see the report any more gets none."""
    with _as_if_asked(row.account_id, language):
        try:
            found = sources.content(plan.source, plan.shown)
        except (Refusal, KeyError, LookupError):
            return {"skipped": 1}
        copy = _keep(plan, due, row, found)
    said = {"title": copy.title, "period": copy.period}
    notifications.notify(f"{EVENT}:{copy.id}", [row.id], SENT, said, f"/{COPY}/{copy.id}")
    return {"sent": 1}


class _as_if_asked:  # noqa: N801 - used as a block
    """A block in which a person reads, as in a request of his own, in his language."""

    def __init__(self, account: int, language: str) -> None:
        self._parts: list[Any] = [
            current_app.test_request_context(method="POST"), actor.acting_as(account), access.remembered(),
            force_locale(language),
        ]  # fmt: skip

    def __enter__(self) -> None:
        for part in self._parts:
            part.__enter__()

    def __exit__(self, *error: Any) -> None:
        for part in reversed(self._parts):
            part.__exit__(*error)


def _keep(plan: ReportPlan, due: dt.datetime, row: Any, found: Content) -> ReportCopy:
    kept = as_sent.plain(found.sheets)
    copy = ReportCopy(
        title=plan.name, period=found.period, plan_id=plan.id, due_at=due, sent_at=clock.now(), personal=found.personal,
        row_count=found.rows, url=found.url, guards=sorted(found.guards), sheets=kept,
        owner_id=row.id, unit_id=row.unit_id,
    )  # fmt: skip
    copy.attached = plan.attach and may_take(copy, access.current())
    session.add(copy)
    session.flush()
    if copy.attached:
        facts = {"report": plan.source, "period": found.period, "copy": copy.id}
        privacy.log_export(COPY, copy.row_count, reason=_("Sent by the plan “%(name)s”", name=plan.name), facts=facts)
    return copy


# -- as a file ---------------------------------------------------------------------------------------------------------


def may_take(copy: ReportCopy, person: access.Access) -> bool:
    """Whether the person may have a copy as a file: the right to export all that it shows, and no more than that gives.

    What would have to be allowed as an export is not handed out by a plan either.
    """
    exports = all(person.can(slug, "export") for slug in copy.guards or () if slug in registers())
    return exports and not asking.needed(copy.row_count, copy.personal)


def file_of(copy: ReportCopy) -> File:
    """A copy as a workbook."""
    name = "-".join(filter(None, (copy.title, copy.period)))
    return File(f"{name}.xlsx".replace("/", "-"), as_sent.workbook(copy.sheets or []))


def _attached(events: Iterable[str]) -> list[File]:
    """The files that go with mails about reports, as long as their receiver still may have them."""
    keys = [int(event.partition(":")[2]) for event in events]
    found = session.execute(
        sa.select(ReportCopy, Employee.account_id).join(Employee, Employee.id == ReportCopy.owner_id)
        .where(ReportCopy.id.in_(keys), ReportCopy.attached).order_by(ReportCopy.id)
    ).all()
    files = []
    for copy, account in found:
        with actor.acting_as(account), access.remembered():
            if may_take(copy, access.current()):
                files.append(file_of(copy))
    return [file for file in files if len(file.content) <= LARGEST]


attaching.with_files(EVENT, _attached)
