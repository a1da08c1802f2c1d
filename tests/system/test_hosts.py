"""Sweeps on several hosts, and hosts that die in the middle: nothing is lost and nothing doubled, to the last row."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.core.errors import Conflict
from app.engines.audit.models import AuditEntry
from app.engines.deadlines.models import BREACHED, RUNNING, DeadlineClock
from app.engines.deadlines.slip import UrgeSlip
from app.engines.deadlines.sweeps import LATE as LATE_TEXT
from app.engines.deadlines.sweeps import URGED
from app.engines.notifications.models import OutboxMessage
from app.engines.numbering.models import NumberSequence
from app.engines.sweeps import operations as sweeps
from app.engines.sweeps import registry
from app.engines.sweeps.models import LOST, OK, SweepJob, SweepRun
from tests import company
from tests.system.hosts import Host, fill

LATE, BATCH = 350, 100
DUE, AT = "2025-10-09 23:59:59", "2025-10-10 00:05"
NAME = "deadlines.due"
founded = company.portal

# carried out by each host on its own
RUN = """
with app.app_context(), clock.freeze(at):
    say("ready"); wait()
    outcomes = sweeps.run_due("deadlines.due")
    say("did", sum(o.counts["hit"] for o in outcomes), *[o.error for o in outcomes if o.error])
"""
STOPS_BEFORE_COMMIT = """
notify_many, calls = watching.notifications.notify_many, []
def stop(messages):
    notify_many(messages); calls.append(1)
    if len(calls) == 2:
        say("written"); wait()
watching.notifications.notify_many = stop
"""
STOPS_AFTER_COMMIT = """
take, calls = watching._take, []
def stop(at):
    calls.append(1)
    if len(calls) == 3:
        say("written"); wait()
    return take(at)
watching._take = stop
"""
SCHEDULE = """
say("ready"); wait()
with clock.freeze(at):
    thread = scheduler.start(app, every_seconds=0.2)
    say("started"); wait()
    thread.shutdown(wait=True)
"""


@pytest.fixture
def late(founded, tmp_path):
    """A company with late cases, whose sweep is due; gives a way to start hosts."""
    with founded.app_context(), clock.freeze(dt.datetime.fromisoformat("2025-10-09 12:00")):
        fill(LATE, DUE)
        sweeps.sync()
        for job in session.scalars(sa.select(SweepJob)):
            job.next_run_at = clock.now()
        session.commit()
        session.remove()
    hosts = []

    def begin(script):
        hosts.append(Host(script, founded.config["SQLALCHEMY_DATABASE_URI"], tmp_path, BATCH, AT))
        return hosts[-1]

    with founded.app_context(), clock.freeze(dt.datetime.fromisoformat(AT)):
        yield begin
    for host in hosts:
        host.kill()


def done():
    """How far the sweep has come: late clocks, slips, their entries and notices, each counted by the row it is for."""
    session.rollback()
    clocks = Counter(session.scalars(sa.select(DeadlineClock.status).where(DeadlineClock.of_register == "complaint")))
    slips = session.execute(sa.select(UrgeSlip.clock_id, UrgeSlip.slip_no)).all()
    told = sa.select(OutboxMessage.event, OutboxMessage.person_id).where(OutboxMessage.event.like("deadline.late:%"))
    acts = session.execute(sa.select(AuditEntry.record_id, AuditEntry.text).where(AuditEntry.kind == "act"))
    entries = [record_id for record_id, text in acts if text in (LATE_TEXT, URGED)]
    return clocks, slips, [tuple(row) for row in session.execute(told)], entries


def all_is_done_once():
    """Every clock is late with one slip, one entry and one notice per person, and the numbers have no gap."""
    clocks, slips, told, entries = done()
    assert clocks == {BREACHED: LATE}
    assert sorted(slip.clock_id for slip in slips) == list(range(1, LATE + 1))
    assert len({slip.slip_no for slip in slips}) == LATE
    assert sorted(entries) == list(range(1, LATE + 1))
    assert len(told) == len(set(told))
    per_event = Counter(event for event, _person in told)
    assert len(per_event) == LATE
    assert len(set(per_event.values())) == 1
    counters = session.scalars(sa.select(NumberSequence.n).where(NumberSequence.scope.like("B02.slips%"))).all()
    assert sum(counters) == LATE


def half_is_done(finished):
    """Whole batches and nothing of the one that was cut off."""
    clocks, slips, told, entries = done()
    assert clocks == {BREACHED: finished, RUNNING: LATE - finished}
    assert (len(slips), len(entries)) == (finished, finished)
    assert len({event for event, _person in told}) == finished


def run_until_free():
    """The next run, once the database has noticed that the dead host is gone."""
    for _ in range(100):
        try:
            return sweeps.run(NAME)
        except Conflict:
            time.sleep(0.1)
    return sweeps.run(NAME)


def runs():
    return list(session.scalars(sa.select(SweepRun).join(SweepJob).where(SweepJob.name == NAME).order_by(SweepRun.id)))


@pytest.mark.parametrize(("stop", "finished"), [(STOPS_BEFORE_COMMIT, BATCH), (STOPS_AFTER_COMMIT, 2 * BATCH)])
def test_a_kill_in_mid_sweep_loses_and_doubles_nothing(late, stop, finished):
    host = late(stop + RUN)
    host.hears("ready")
    host.tell()
    host.hears("written")
    host.kill()
    half_is_done(finished)
    outcome = run_until_free()
    assert outcome.counts["hit"] == LATE - finished
    all_is_done_once()
    assert [(run.status, run.counts["hit"]) for run in runs()] == [(LOST, finished), (OK, LATE - finished)]


def test_two_hosts_at_the_same_moment_act_once_per_row(late):
    hosts = [late(RUN), late(RUN)]
    for host in hosts:
        host.hears("ready")
    for host in hosts:
        host.tell()
    told = [host.hears("did") for host in hosts]
    assert sum(int(words[0]) for words in told) == LATE
    assert [words[1:] for words in told] == [[], []]
    all_is_done_once()
    assert sum(run.counts["hit"] for run in runs()) == LATE


def test_a_host_steps_in_for_one_that_died_and_the_late_one_finds_nothing(late):
    first, second = late(STOPS_BEFORE_COMMIT + RUN), late(RUN)
    for host in (first, second):
        host.hears("ready")
    first.tell()
    first.hears("written")
    first.kill()
    second.tell()
    did = int(second.hears("did")[0])
    if did == 0:  # PostgreSQL had not yet noticed that the first is gone; its next look at the clock would find it
        did = run_until_free().counts["hit"]
    assert did == LATE - BATCH
    all_is_done_once()


@pytest.mark.postgres
@pytest.mark.parametrize("founded", ["postgresql"], indirect=True)
def test_two_schedulers_lose_and_double_nothing(late):
    hosts = [late(SCHEDULE), late(SCHEDULE)]
    for host in hosts:
        host.hears("ready")
    for host in hosts:
        host.tell()
    for host in hosts:
        host.hears("started")
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and unfinished():
        time.sleep(0.2)
    for host in hosts:
        host.tell()
        host.end()
    all_is_done_once()
    fires = Counter(map(tuple, session.execute(sa.select(SweepRun.job_id, SweepRun.for_at))))
    assert set(fires.values()) == {1}
    assert not session.scalar(sa.select(sa.func.count()).where(SweepRun.status != OK))
    silent = session.scalars(sa.select(SweepJob.name).where(SweepJob.id.not_in({job for job, _at in fires})))
    assert all(registry.sweeps()[name].quiet for name in silent)


def unfinished():
    """Jobs that have not yet run since they fell due."""
    session.rollback()
    return session.scalar(sa.select(sa.func.count()).select_from(SweepJob).where(SweepJob.last_run_at.is_(None)))
