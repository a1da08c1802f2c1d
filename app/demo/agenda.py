"""What happens in the demo, in the order of time: stories take turns, and every night the sweeps run."""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any

import sqlalchemy as sa

from app.core import access, actor, clock
from app.core.db import session
from app.engines.approvals import operations as approvals
from app.engines.approvals.models import ApprovalRequest
from app.engines.people.models import Employee
from app.engines.policy.models import PackVersion
from app.engines.sweeps import registry

Teller = Iterator[dt.datetime]
MINUTE = dt.timedelta(minutes=1)


class Agenda:
    """Tellers by the local time at which each goes on; what lies at or after ``end`` does not happen any more."""

    def __init__(self, end: dt.datetime, people: Mapping[str, Employee]) -> None:
        self.end, self.people = end, people
        self._waiting: list[tuple[dt.datetime, int, Teller]] = []
        self._order = count()

    def add(self, at: dt.datetime, teller: Teller) -> None:
        """Let a teller begin at a time; it answers when it wants to go on."""
        heapq.heappush(self._waiting, (at, next(self._order), teller))

    def run(self) -> None:
        """Let every teller go on until the end."""
        while self._waiting:
            at, _number, teller = heapq.heappop(self._waiting)
            if at >= self.end:
                continue
            with clock.freeze(at):
                following = next(teller, None)
            if following is not None:
                self.add(max(following, at + MINUTE), teller)
        session.commit()

    @contextmanager
    def by(self, account: str) -> Iterator[None]:
        """Act as a person."""
        with actor.acting_as(self.people[account].account_id):
            yield

    def now(self) -> dt.datetime:
        """The local time of the story."""
        return clock.to_local(clock.now()).replace(tzinfo=None)


KEPT = dt.timedelta(days=20)


def nights(begun: dt.date, end: dt.date) -> Teller:
    """The sweeps of every night: clocks each day, tasks after a week and a month, in the last weeks kept reports."""
    day, kept = begun, end - KEPT
    _know_policies(kept)
    while True:
        day += dt.timedelta(days=1)
        yield dt.datetime.combine(day, dt.time(0, 5))
        sweep("deadlines.due")
        if day.day == 1 or day.weekday() == 0:
            sweep("tasks.open")
        if day > kept:
            yield dt.datetime.combine(day, dt.time(2, 35))
            sweep("reports.keep")


def _know_policies(day: dt.date) -> None:
    """The program knows the policies since a day: from then on it keeps their reports."""
    for version in session.scalars(sa.select(PackVersion)):
        version.created_at = clock.from_local(dt.datetime.combine(day, dt.time(9)))


def sweep(name: str) -> None:
    """Run a sweep at the time of the story."""
    for _batch in registry.get(name).batches(clock.now()):
        session.commit()


def working_time(at: dt.datetime) -> dt.datetime:
    """The same time, or the next office hour if nobody works then."""
    while at.weekday() >= 5:
        at = (at + dt.timedelta(days=1)).replace(hour=9)
    if at.hour < 8:
        return at.replace(hour=8, minute=40)
    return at if at.hour < 18 else working_time((at + dt.timedelta(days=1)).replace(hour=9))


def approve(record: Any, values: Mapping[str, Any]) -> None:
    """Answer yes to the step of a record that is open to whoever acts."""
    slug, person = record.__tablename__, access.current()
    waiting = sa.select(ApprovalRequest).filter_by(of_register=slug, record_id=record.id, status="open")
    request = session.scalars(waiting).one()
    barred = approvals.barred(request)
    steps = [step for step in approvals.steps_of(request) if step.status == "open"]
    mine = next(step for step in steps if approvals.capacity(step, person, barred))
    approvals.decide(mine.id, "approve", values=values)
