"""Running sweeps: one host at a time, batch by batch, each run in the log, nothing lost after downtime."""

from __future__ import annotations

import datetime as dt
import gc
import logging
import socket
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import actor, clock
from app.core.db import is_sqlite, session
from app.core.errors import Conflict, NotFound, Refusal
from app.engines.sweeps import alone
from app.engines.sweeps import schedule as schedules
from app.engines.sweeps.models import FAILED, LOST, OK, RUNNING, SweepJob, SweepRun
from app.engines.sweeps.registry import Batch, Sweep, get, sweeps, trial

EXAMPLES = 50
RETRY = dt.timedelta(minutes=5)
ERROR_LENGTH = 2000
GAP = 0.1  # seconds: longer than any gap between two batches

log = logging.getLogger(__name__)
_jobs = SweepJob.__table__
_runs = SweepRun.__table__


@dataclass
class Outcome:
    """What a run found and did; ``error`` is set when it broke off."""

    name: str
    for_at: dt.datetime
    started_at: dt.datetime = field(default_factory=clock.now)
    by_hand: bool = True
    run_id: int | None = None
    counts: Counter[str] = field(default_factory=Counter)
    findings: list[Mapping[str, Any]] = field(default_factory=list)
    error: str | None = None

    def add(self, batch: Batch) -> None:
        """Count one more batch; of the findings only the first are kept."""
        self.counts.update(batch.counts)
        self.findings.extend(batch.findings[: EXAMPLES - len(self.findings)])


def sync() -> None:
    """Give every sweep of the code its row, due from now on; commits."""
    alone.wait_for("sync")
    known = set(session.scalars(sa.select(_jobs.c.name)))
    now = clock.now()
    session.add_all(
        SweepJob(name=name, schedule=found.schedule, last_for=now, next_run_at=schedules.next_fire(found.schedule, now))
        for name, found in sweeps().items()
        if name not in known
    )
    session.commit()


def due_names() -> list[str]:
    """Names of the enabled sweeps whose time has come, the longest waiting first."""
    waiting = _jobs.c.enabled.is_(True) & (_jobs.c.next_run_at <= clock.now())
    names = session.scalars(sa.select(_jobs.c.name).where(waiting).order_by(_jobs.c.next_run_at, _jobs.c.id))
    return [name for name in names if name in sweeps()]


def run_due(name: str) -> list[Outcome]:
    """Run a sweep for the fire times it has missed; nothing if another host has done or is doing so. Commits."""
    found, done = get(name), list[Outcome]()
    with alone.whole_run(name) as mine:
        while mine and _take(name) and (job := _row(name)) and job.enabled and job.next_run_at <= clock.now():
            done.append(_carry_out(found, job, _missed(found, job), by_hand=False))
        session.rollback()
    return done


def run(name: str, at: dt.datetime | None = None) -> Outcome:
    """Run a sweep now for the instant ``at``, whatever its schedule says; commits.

    Raises ``NotFound`` for an unknown name and ``Conflict`` while another host is at it.
    """
    found = get(name)
    with alone.whole_run(name) as mine:
        if not (mine and alone.try_lock(name)):
            session.rollback()
            raise Conflict(_("“%(name)s” is being run elsewhere at this moment.", name=str(found.title)))
        if (job := _row(name)) is None:
            raise NotFound()
        return _carry_out(found, job, at or clock.now(), by_hand=True)


def rehearse(name: str, at: dt.datetime | None = None) -> Outcome:
    """What a run would find and do: carried out in one transaction that is rolled back. Raises ``NotFound``."""
    found = get(name)
    outcome = Outcome(name, at or clock.now())
    alone.wait_for(name)
    try:
        with trial():
            for batch in found.batches(outcome.for_at):
                outcome.add(batch)
    finally:
        session.rollback()
    return outcome


def set_enabled(name: str, enabled: bool) -> SweepJob:
    """Switch a sweep on or off; what it missed meanwhile it makes up for."""
    job = _job_of(name)
    job.enabled = enabled
    session.flush()
    return job


def reschedule(name: str, schedule: str) -> SweepJob:
    """Give a sweep another cron text, from now on; raises ``Refusal`` for one that cannot be read."""
    try:
        schedules.check(schedule)
    except ValueError as wrong:
        raise Refusal(_("This schedule cannot be read: %(why)s.", why=str(wrong)), field="schedule") from wrong
    job = _job_of(name)
    job.schedule, job.last_for = schedule, clock.now()
    job.next_run_at = schedules.next_fire(schedule, job.last_for)
    session.flush()
    return job


def jobs_with_last_run() -> list[tuple[SweepJob, SweepRun | None]]:
    """Every job of the code with its latest run, by name; one statement."""
    older = _runs.alias()
    latest = sa.select(sa.func.max(older.c.id)).where(older.c.job_id == _jobs.c.id).scalar_subquery()
    query = sa.select(SweepJob, SweepRun).outerjoin(SweepRun, SweepRun.id == latest).order_by(SweepJob.name)
    return [(job, last) for job, last in session.execute(query) if job.name in sweeps()]


def runs_of(name: str, limit: int = 20, before: int | None = None) -> list[SweepRun]:
    """The latest runs of a sweep, newest first; with ``before`` those older than that run."""
    query = sa.select(SweepRun).join(SweepJob, SweepJob.id == SweepRun.job_id).where(SweepJob.name == name)
    if before is not None:
        query = query.where(SweepRun.id < before)
    return list(session.scalars(query.order_by(SweepRun.id.desc()).limit(limit)))


def run_of(name: str, run_id: int) -> SweepRun:
    """One run of a sweep; raises ``NotFound``."""
    query = sa.select(SweepRun).join(SweepJob, SweepJob.id == SweepRun.job_id).where(SweepJob.name == name)
    found = session.scalar(query.where(SweepRun.id == run_id))
    if found is None:
        raise NotFound()
    return found


def tidy(before: dt.datetime) -> int:
    """Delete finished runs that started before an instant; how many."""
    old = (_runs.c.started_at < before) & (_runs.c.status != RUNNING)
    return session.execute(sa.delete(_runs).where(old)).rowcount


def _job_of(name: str) -> SweepJob:
    get(name)
    job = session.scalar(sa.select(SweepJob).where(SweepJob.name == name).with_for_update())
    if job is None:
        raise NotFound()
    return job


def _missed(found: Sweep, job: Any) -> dt.datetime:
    """The fire time to make up for: the first since the last one done if each counts, else the latest."""
    now = clock.now()
    if found.every_time:
        return min(schedules.next_fire(job.schedule, job.last_for), now)
    return schedules.last_fire(job.schedule, now) or now


def _take(name: str) -> bool:
    """Hold the lock for a whole run: one that another host has open is between two batches, or its host was killed.

    The other host waits for the lock by now, so it has it first once it is let go.
    """
    if not alone.try_lock(name):
        return False
    latest = sa.select(_runs.c.status).join(_jobs, _jobs.c.id == _runs.c.job_id).where(_jobs.c.name == name)
    if is_sqlite() or session.scalar(latest.order_by(_runs.c.id.desc()).limit(1)) != RUNNING:
        return True
    session.rollback()
    time.sleep(GAP)
    return alone.try_lock(name)


def _row(name: str) -> Any:
    return session.execute(sa.select(_jobs).where(_jobs.c.name == name)).one_or_none()


def _carry_out(found: Sweep, job: Any, at: dt.datetime, *, by_hand: bool) -> Outcome:
    """One logged run. Each batch is committed with its log, so a run that is killed loses one batch at most."""
    outcome, kept = Outcome(found.name, at, clock.now(), by_hand), None
    with actor.acting_as(actor.user_id()), _undisturbed():
        batches = found.batches(at)
        try:
            while batch := next(batches, None):
                outcome.add(batch)
                _keep(outcome, job.id, RUNNING)
                session.commit()
                kept = outcome.run_id
                alone.wait_for(found.name)
        except Exception as error:
            session.rollback()
            log.exception("sweep %s for %s broke off", found.name, at)
            outcome.run_id, outcome.error = kept, f"{type(error).__name__}: {error}"[:ERROR_LENGTH]
        _close(outcome, job.id, found)
        session.commit()
    return outcome


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep the garbage collector from walking the whole program again and again while a run fills its lists."""
    if gc.get_freeze_count():  # a server has set aside for good what was loaded at its start
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _keep(outcome: Outcome, job_id: int, status: str) -> None:
    """Write the run as far as it has come into the log."""
    reached = {
        "status": status,
        "counts": dict(outcome.counts),
        "findings": outcome.findings,
        "error": outcome.error,
        "ended_at": None if status == RUNNING else clock.now(),
    }
    if outcome.run_id is not None:
        session.execute(sa.update(_runs).where(_runs.c.id == outcome.run_id).values(reached))
        return
    _mark_lost(job_id)
    begun = {"for_at": outcome.for_at, "started_at": outcome.started_at, "by_hand": outcome.by_hand}
    entry = sa.insert(_runs).values(job_id=job_id, host=socket.gethostname(), **begun, **reached)
    outcome.run_id = int(session.execute(entry).inserted_primary_key[0])


def _idle(outcome: Outcome) -> bool:
    """Whether a scheduled run came to nothing."""
    begun = outcome.by_hand or outcome.error or outcome.run_id is not None
    return not begun and not any(outcome.counts.values())


def _mark_lost(job_id: int) -> None:
    """A run that is still open when the next one begins has been broken off."""
    latest = sa.select(sa.func.max(_runs.c.id)).where(_runs.c.job_id == job_id).scalar_subquery()
    lost = _runs.c.id.in_(latest) & (_runs.c.status == RUNNING)
    session.execute(sa.update(_runs).where(lost).values(status=LOST))


def _close(outcome: Outcome, job_id: int, found: Sweep) -> None:
    """End the log of a run and set when the sweep runs next."""
    if not (found.quiet and _idle(outcome)):
        _keep(outcome, job_id, FAILED if outcome.error else OK)
    now = clock.now()
    row = session.get_one(SweepJob, job_id, with_for_update=True, populate_existing=True)
    row.last_run_at = now
    if not outcome.by_hand:
        following = schedules.next_fire(row.schedule, outcome.for_at if found.every_time else now)
        row.next_run_at = max(following, now + RETRY) if outcome.error else following
        row.last_for = row.last_for if outcome.error else outcome.for_at
