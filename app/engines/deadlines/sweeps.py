"""The sweep of clocks: warns, finds what is late, issues slips and escalates, a thousand clocks at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.core import clock
from app.core.db import session
from app.core.wording import N_
from app.engines.audit import operations as audit
from app.engines.audit.operations import Note
from app.engines.deadlines import late, slips
from app.engines.deadlines.models import BREACHED, RUNNING, DeadlineClock
from app.engines.deadlines.rules import SECOND
from app.engines.deadlines.watch import Due, Watch
from app.engines.notifications import operations as notifications
from app.engines.notifications.operations import Message
from app.engines.policy.stages import clauses_of
from app.engines.sweeps.operations import EXAMPLES
from app.engines.sweeps.registry import Batch, sweep

BATCH = 1000
DUE_SOON = N_("“%(clock)s” of %(case)s is due at %(due)s")
LATE = N_("“%(clock)s” of %(case)s is late: it was due at %(due)s")
URGED = N_("“%(clock)s” of %(case)s is late: it was due at %(due)s; urge slip %(slip)s was issued")
STILL_LATE = N_("“%(clock)s” of %(case)s is still late: it was due at %(due)s")

_clocks = DeadlineClock.__table__
_COLUMNS = [
    _clocks.c[name]
    for name in (
        *("id", "of_register", "record_id", "key", "clause", "pack_version_id", "adopter_id", "status", "unit_id"),
        *("post", "owner_id", "due_at", "first_due_at", "stopped_at", "level", "calendar", "hours"),
    )
]


def _clauses() -> Iterator[tuple[str, str]]:
    """Where the policies ask for slips."""
    return clauses_of(lambda pack: [slip.clause for slip in pack.slips.values()])


@sweep("deadlines.due", title=_l("Deadlines: warn, urge and escalate"), schedule="* * * * *", quiet=True,
       clauses=_clauses)
def watch_deadlines(at: dt.datetime) -> Iterator[Batch]:
    """Act on every clock that needs it; what a batch has dealt with is no longer due, so nothing acts twice."""
    watch = Watch(at.replace(microsecond=0))
    while rows := _take(watch.at):
        yield _Deal(watch, watch.look_up(rows)).carry_out()


def _take(at: dt.datetime) -> Sequence[Any]:
    """The next clocks that need something; rows that somebody is just changing are left to the next run."""
    due = sa.select(*_COLUMNS).where(_clocks.c.next_at <= at).order_by(_clocks.c.next_at, _clocks.c.id).limit(BATCH)
    return session.execute(due.with_for_update(skip_locked=True)).all()


class _Deal:
    """One batch: who is warned, what is newly late and what climbs the ladder."""

    def __init__(self, watch: Watch, found: Sequence[Due]) -> None:
        self.watch, self.found = watch, found
        running = [due for due in found if due.row.status == RUNNING]
        self.warned = [due for due in running if due.row.due_at >= watch.at]
        self.late = [due for due in running if due.row.due_at < watch.at]
        self.climbing = [due for due in found if due.row.status == BREACHED]
        self.slips: dict[int, str] = {}
        self.notes: list[Note] = []
        self.messages: list[Message] = []
        self._texts: dict[dt.datetime, str] = {}

    def carry_out(self) -> Batch:
        """Change → slips and what else follows → audit → outbox."""
        with audit.bulk_change("deadlines.due"):
            self._change()
        self.slips = slips.issue_for_late(self.watch, self.late)
        late.tell(self.late)
        for due in self.warned:
            self._tell(due, "warned", DUE_SOON, self._said(due), due.responsible)
        for due in self.late:
            self._tell_late(due)
        for due in self.climbing:
            self._climb(due)
        audit.note_many(self.notes)
        notifications.notify_many(self.messages)
        return Batch(self._counts(), [self._finding(due) for due in self.late[:EXAMPLES]])

    def _change(self) -> None:
        at, rung_at = self.watch.at, self.watch.rung_at
        self._set([(due, due.row.due_at + SECOND) for due in self.warned], warned_at=at)
        self._set([(due, rung_at(due, 0)) for due in self.late], status=BREACHED, breached_at=at)
        self._set([(due, rung_at(due, due.row.level + 1)) for due in self.climbing], level=_clocks.c.level + 1)

    def _set(self, following: Sequence[tuple[Due, dt.datetime | None]], **values: Any) -> None:
        """Change clocks in two statements: those that need something again, each at its time, and those that do not."""
        stamp = {"changed_at": self.watch.at, "changed_by_id": None, "row_version": _clocks.c.row_version + 1}
        change = sa.update(_clocks).values(values | stamp)
        if later := [{"clock": due.row.id, "then": then} for due, then in following if then is not None]:
            each = change.where(_clocks.c.id == sa.bindparam("clock")).values(next_at=sa.bindparam("then"))
            session.execute(each, later)
        if done := [due.row.id for due, then in following if then is None]:
            session.execute(change.where(_clocks.c.id.in_(done)).values(next_at=None))

    def _said(self, due: Due) -> dict[str, Any]:
        at = due.row.due_at
        if (text := self._texts.get(at)) is None:
            text = self._texts[at] = clock.to_local(at).strftime("%Y-%m-%d %H:%M")
        return {"clock": due.setting.rule.label, "case": due.subject.title, "due": text}

    def _tell_late(self, due: Due) -> None:
        """The responsible and whoever issues the slips hear of it; the history of the case keeps it."""
        said, text = self._said(due), LATE
        if slip := self.slips.get(due.row.id):
            said["slip"], text = slip, URGED
        self._note(due, text, said)
        told = [*due.responsible, *due.setting.control]
        self._tell(due, "late", text, said, [*slips.addressees(due), *told] if slip else told)

    def _climb(self, due: Due) -> None:
        said, holders = self._said(due), due.setting.holders
        self._note(due, STILL_LATE, said)
        told = [who for post in due.setting.rule.rungs[due.row.level].posts for who in holders.of(post)]
        self._tell(due, f"rung{due.row.level + 1}", STILL_LATE, said, told)

    def _note(self, due: Due, text: str, said: Mapping[str, Any]) -> None:
        self.notes.append(Note(due.row.of_register, due.row.record_id, "act", text, said, due.row.clause or ""))

    def _tell(self, due: Due, what: str, text: str, said: Mapping[str, Any], told: Sequence[int]) -> None:
        row, url = due.row, due.subject.url
        event = f"deadline.{what}:{row.id}:{int(row.due_at.timestamp())}"
        self.messages += [Message(event, who, text, said, url, row.clause or "") for who in dict.fromkeys(told)]

    def _counts(self) -> dict[str, int]:
        return {
            "checked": len(self.found),
            "hit": len(self.late),
            "warned": len(self.warned),
            "climbed": len(self.climbing),
            "slips": len(self.slips),
            "sent": len(self.messages),
            "skipped": sum(not due.responsible for due in self.late),
        }

    def _finding(self, due: Due) -> dict[str, Any]:
        """An example for the run log: which case and clock, who, and what was done or why not."""
        return {
            "case": due.subject.title,
            "url": due.subject.url,
            "clock": {"zh": due.setting.rule.label.zh, "en": due.setting.rule.label.en},
            "clause": due.row.clause or "",
            "unit": due.row.unit_id,
            "due": due.row.due_at.isoformat(),
            "slip": self.slips.get(due.row.id, ""),
            "told": bool(due.responsible),
        }
