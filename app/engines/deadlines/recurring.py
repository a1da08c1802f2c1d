"""Work that returns every period: opened by a sweep, once for each task, period and unit that adopted the policy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.core import clock
from app.core.db import session
from app.core.remembering import within_transaction
from app.engines.deadlines import calc, operations, periods
from app.engines.deadlines.periods import Period
from app.engines.deadlines.rules import Rules, rules_for
from app.engines.people import operations as people
from app.engines.policy import operations as policy
from app.engines.policy.models import PolicyAdoption
from app.engines.policy.stages import clauses_of
from app.engines.sweeps.registry import Batch, sweep

END_OF_DAY = dt.time(23, 59, 59)


@dataclass(frozen=True)
class DueTask:
    """A task of a pack, or a report that is kept, for one period and one adopting unit.

    ``unit_id`` is where its first post is held; ``report`` is the report of the pack whose figures it keeps. A task
    with ``opens`` begins a row of that register, on the first day of its period.
    """

    policy: str
    key: str
    label: Any
    period: Period
    due_at: dt.datetime
    adopter_id: int
    unit_id: int
    clause: str
    pack_version_id: int
    report: str = ""
    opens: Any = None
    forms: str = ""


Opener = Callable[[DueTask], bool]
_openers: list[Opener] = []


def opens_tasks(function: Opener) -> Opener:
    """Let ``function`` open tasks: it keeps a row for one that concerns it, and answers whether that was new."""
    if function not in _openers:
        _openers.append(function)
    return function


def _clauses() -> Iterator[tuple[str, str]]:
    """Where the policies ask for work that returns."""
    return clauses_of(lambda pack: [task.clause for task in pack.tasks.values()])


@sweep(
    "tasks.open", title=_l("Open the tasks of the past period, and the rows of the new one"), schedule="10 0 * * *",
    every_time=True, clauses=_clauses,
)
def open_tasks(at: dt.datetime) -> Iterator[Batch]:
    """Open every task whose period has ended; each unit's tasks are committed together."""
    for adopted, code in adoptions():
        tasks = list(due_tasks(adopted, code, at))
        opened = [task for task in tasks if open_one(task)]
        yield Batch({"checked": len(tasks), "hit": len(opened)}, [finding(task) for task in opened])


def open_one(task: DueTask) -> bool:
    """Let whoever keeps such work open it; whether anybody did."""
    return any(opener(task) for opener in _openers)


def due_tasks(adopter_id: int, code: str, at: dt.datetime) -> Iterator[DueTask]:
    """What a unit has to do for the periods that ended before the day of ``at`` and during which it had the policy.

    What a task ``opens`` belongs to the period that the day lies in.
    """
    day = clock.to_local(at).date()
    version = policy.current_version(code, day)
    if version is None:
        return
    known = rules_for(version.id, adopter_id, at)
    for task in known.pack.tasks.values():
        period = periods.present(task.period, day) if task.opens else periods.ended_before(task.period, day)
        if works_by(adopter_id, code, min(period.last, day)):
            yield due_task(known, version.id, task, period, adopter_id)


def due_task(known: Rules, version_id: int, task: Any, period: Period, adopter_id: int) -> DueTask:
    """A task of a pack for one period."""
    due_at = due_after(known, end_of(period), task.due)
    unit_id = unit_of(known, task.posts, adopter_id)
    return DueTask(
        known.pack.code, task.key, task.label, period, due_at, adopter_id, unit_id, task.clause, version_id,
        task.report or "", task.opens, task.forms or "",
    )  # fmt: skip


def end_of(period: Period) -> dt.datetime:
    """The last second of a period."""
    return clock.from_local(dt.datetime.combine(period.last, END_OF_DAY))


def due_after(known: Rules, ended: dt.datetime, span: Any) -> dt.datetime:
    """The instant so long after another one, by the policy's calendar."""
    calendar = operations.calendar_of(known.pack.calendar.code, known.pack.calendar.hours)
    return calc.due_at(ended, known.span(span), calendar)


def unit_of(known: Rules, posts: Sequence[str], adopter_id: int) -> int:
    """Where the first of some posts is held; the adopting unit when nobody holds it."""
    found = people.unit_of_post(known.code(posts[0]), people.path_of(adopter_id)) if posts else None
    return found or adopter_id


def adoptions() -> list[tuple[int, str]]:
    """Units and the policies they work by today; what a unit has left behind opens nothing more."""
    valid = _valid(clock.today())
    rows = session.execute(sa.select(PolicyAdoption.unit_id, PolicyAdoption.policy).where(*valid).distinct())
    return sorted((unit_id, code) for unit_id, code in rows)


@within_transaction(PolicyAdoption)
def works_by(adopter_id: int, code: str, day: dt.date) -> bool:
    """Whether a unit worked by a policy on a day."""
    here = (PolicyAdoption.unit_id == adopter_id, PolicyAdoption.policy == code)
    return session.scalar(sa.select(PolicyAdoption.id).where(*here, *_valid(day)).limit(1)) is not None


def _valid(day: dt.date) -> tuple[sa.ColumnElement[bool], ...]:
    return PolicyAdoption.valid_from <= day, sa.func.coalesce(PolicyAdoption.valid_to, day) >= day


def finding(task: DueTask) -> dict[str, Any]:
    """What the log of a sweep says of a task that was opened."""
    return {
        "case": f"{task.policy} {task.period.name}",
        "clock": {"zh": task.label.zh, "en": task.label.en},
        "clause": task.clause,
        "unit": task.unit_id,
        "due": task.due_at.isoformat(),
    }
