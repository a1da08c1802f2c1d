"""From the bell to the other ways out: whom a notice also reaches by mail or in a group, and when it leaves."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from app.core import barring, upsert
from app.core.db import session
from app.core.register import registers
from app.engines.notifications import calc, readers
from app.engines.notifications.kinds import NOW, kind_of
from app.engines.notifications.models import IN_APP, MAIL, QUEUED, OutboxMessage
from app.engines.notifications.open_ways import Group, Ways
from app.engines.notifications.readers import Reader
from app.engines.notifications.settings import Settings

BATCH = 500
_box = OutboxMessage.__table__
_fresh = (_box.c.channel == IN_APP, _box.c.next_at.is_not(None))
_SAID = ("event", "person_id", "text", "params", "of_register", "record_id", "url", "clause", "created_at")


def spread(at: dt.datetime, setting: Settings, ways: Ways) -> Iterator[dict[str, int]]:
    """Queue for each open way what was told since, a batch at a time; each notice is spread once.

    Where no way is open nothing is kept for later.
    """
    too_old = [] if not ways.channels else [_box.c.created_at < at - setting.stale]
    session.execute(sa.update(_box).where(*_fresh, _box.c.next_at <= at, *too_old).values(next_at=None))
    while rows := _take(at):
        yield _Round(rows, at, setting, ways).carry_out()


def _take(at: dt.datetime) -> Sequence[Any]:
    due = sa.select(_box).where(*_fresh, _box.c.next_at <= at).order_by(_box.c.next_at, _box.c.id).limit(BATCH)
    return session.execute(due.with_for_update(skip_locked=True)).all()


class _Round:
    """One batch of notices."""

    def __init__(self, rows: Sequence[Any], at: dt.datetime, setting: Settings, ways: Ways) -> None:
        self.rows, self.at, self.setting, self.ways = rows, at, setting, ways
        people = {row.person_id for row in rows}
        self.people = readers.readers(people, setting)
        self.roles = readers.roles_of(people) if ways.groups else {}
        since = at - setting.gather
        self.left = readers.last_left([MAIL], people, since) if ways.mail else {}
        self.posted = readers.last_posted(ways.groups, since) if ways.groups else {}
        self.kept = barring.kept_from_many(_place(row) for row in rows) if ways.groups else {}
        self.counts: Counter[str] = Counter(checked=len(rows))

    def carry_out(self) -> dict[str, int]:
        """Queue, and remember that these notices are spread."""
        wanted = [row for notice in self.rows for row in self._ways_of(notice)]
        if wanted:
            session.execute(upsert.insert(OutboxMessage).on_conflict_do_nothing(), wanted)
        done = [row.id for row in self.rows]
        session.execute(sa.update(_box).where(_box.c.id.in_(done)).values(next_at=None))
        return dict(self.counts + Counter(hit=len(wanted)))

    def _ways_of(self, notice: Any) -> Iterator[dict[str, Any]]:
        reader = self.people.get(notice.person_id)
        if reader is None:
            return
        kind = notice.kind or kind_of(notice.event)
        if self.ways.mail and reader.address:
            mode = reader.mode(self.setting, kind, MAIL)
            last = self.left.get((MAIL, reader.id))
            yield from self._queued(notice, kind, MAIL, mode, reader.habit, last)
        elif self.ways.mail:
            self.counts["skipped"] += 1
        for group in self.ways.groups.values():
            if self._fits(group, notice, kind, reader):
                last = self.posted.get(group.channel)
                yield from self._queued(notice, kind, group.channel, NOW, self.setting.habit, last, group.id)

    def _fits(self, group: Group, notice: Any, kind: str, reader: Reader) -> bool:
        """Whether a group is told: never of what is sealed, or kept from anybody, since its members are not known."""
        place = _place(notice)
        if place and (self.kept.get(place) or (place[0] in registers() and registers()[place[0]].closed)):
            return False
        return group.carries(kind, reader.path, self.roles.get(reader.id, ()))

    def _queued(
        self, notice: Any, kind: str, channel: str, mode: str, habit: calc.Habit, last: dt.datetime | None,
        robot_id: int | None = None,
    ) -> Iterator[dict[str, Any]]:
        urgent = self.setting.urgent(kind)
        leaves = calc.leaves_at(self.at, mode, habit, urgent=urgent, last=last, gather=self.setting.gather)
        if leaves is not None:
            told = {name: getattr(notice, name) for name in _SAID}
            yield told | {
                "channel": channel, "state": QUEUED, "next_at": leaves, "kind": kind, "urgent": urgent,
                "robot_id": robot_id,
            }


def _place(row: Any) -> tuple[str, int] | None:
    return (row.of_register, row.record_id) if row.of_register and row.record_id is not None else None
