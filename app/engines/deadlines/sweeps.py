"""The sweep of clocks: warns, finds what is late, issues slips and escalates, a thousand clocks at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.core.db import session
from app.core.wording import N_
from app.engines.audit import operations as audit
from app.engines.audit.operations import Note
from app.engines.deadlines import slips
from app.engines.deadlines.models import BREACHED, RUNNING, DeadlineClock
from app.engines.deadlines.rules import SECOND
from app.engines.deadlines.watch import Subject, Watch
from app.engines.notifications import operations as notifications
from app.engines.notifications.operations import Message
from app.engines.sweeps.operations import EXAMPLES
from app.engines.sweeps.registry import Batch, sweep

BATCH = 1000
DUE_SOON = N_("“%(clock)s” of %(case)s is due at %(due)s")
LATE = N_("“%(clock)s” of %(case)s is late: it was due at %(due)s")
URGED = N_("“%(clock)s” of %(case)s is late: it was due at %(due)s; urge slip %(slip)s was issued")
STILL_LATE = N_("“%(clock)s” of %(case)s is still late: it was due at %(due)s")

_clocks = DeadlineClock.__table__
_taken = (
    "id",
    "of_register",
    "record_id",
    "key",
    "words",
    "clause",
    "pack_version_id",
    "adopter_id",
    "status",
    "unit_id",
    "post",
    "owner_id",
    "due_at",
    "stopped_at",
    "level",
    "calendar",
    "hours",
)
_SET_NEXT = (
    sa.update(_clocks)
    .where(_clocks.c.id == sa.bindparam("clock"))
    .values(next_at=sa.bindparam("then"), changed_at=_clocks.c.changed_at, changed_by_id=_clocks.c.changed_by_id)
)


@sweep("deadlines.due", title=_l("Deadlines: warn, urge and escalate"), schedule="5 0 * * *")
def watch_deadlines(at: dt.datetime) -> Iterator[Batch]:
    """Act on every clock that needs it; what a batch has dealt with is no longer due, so nothing acts twice."""
    watch = Watch(at.replace(microsecond=0))
    while rows := _take(watch.at):
        yield _Deal(watch, rows).carry_out()


def _take(at: dt.datetime) -> Sequence[Any]:
    """The next clocks that need something; rows that somebody is just changing are left to the next run."""
    due = sa.select(*(_clocks.c[name] for name in _taken)).where(_clocks.c.next_at <= at)
    first = due.order_by(_clocks.c.next_at, _clocks.c.id).limit(BATCH)
    return session.execute(first.with_for_update(skip_locked=True)).all()


class _Deal:
    """One batch: who is warned, what is newly late and what climbs the ladder."""

    def __init__(self, watch: Watch, rows: Sequence[Any]) -> None:
        self.watch, self.rows = watch, rows
        self.subjects = watch.subjects(rows)
        self.warned = [row for row in rows if row.status == RUNNING and row.due_at >= watch.at]
        self.late = [row for row in rows if row.status == RUNNING and row.due_at < watch.at]
        self.climbing = [row for row in rows if row.status == BREACHED]
        self.slips: dict[int, str] = {}
        self.notes: list[Note] = []
        self.messages: list[Message] = []

    def carry_out(self) -> Batch:
        """Change → slips → audit → outbox."""
        with audit.bulk_change("deadlines.due"):
            self._change()
        self.slips = slips.issue_for_late(self.watch, [(row, self._subject(row)) for row in self.late])
        for row in self.warned:
            self._tell(row, "warned", DUE_SOON, self._responsible(row))
        for row in self.late:
            self._tell_late(row)
        for row in self.climbing:
            self._climb(row)
        audit.note_many(self.notes)
        notifications.notify_many(self.messages)
        return Batch(self._counts(), [self._finding(row) for row in self.late[:EXAMPLES]])

    def _change(self) -> None:
        at, rung_at = self.watch.at, self.watch.rung_at
        self._set(self.warned, warned_at=at)
        self._set(self.late, status=BREACHED, breached_at=at, next_at=None)
        self._set(self.climbing, level=_clocks.c.level + 1, next_at=None)
        following = [(row.id, row.due_at + SECOND) for row in self.warned]
        following += [(row.id, rung_at(row, 0)) for row in self.late]
        following += [(row.id, rung_at(row, row.level + 1)) for row in self.climbing]
        later = [{"clock": clock_id, "then": then} for clock_id, then in following if then is not None]
        if later:
            session.execute(_SET_NEXT, later)

    def _set(self, rows: Sequence[Any], **values: Any) -> None:
        if rows:
            stamp = {"changed_at": self.watch.at, "changed_by_id": None, "row_version": _clocks.c.row_version + 1}
            these = _clocks.c.id.in_([row.id for row in rows])
            session.execute(sa.update(_clocks).where(these).values(values | stamp))

    def _subject(self, row: Any) -> Subject:
        return self.subjects[row.of_register, row.record_id]

    def _responsible(self, row: Any) -> list[int]:
        return self.watch.holders(row).of(row.post, row.unit_id, row.owner_id)

    def _said(self, row: Any) -> dict[str, Any]:
        return {"clock": row.words, "case": self._subject(row).title, "due": self.watch.due_text(row)}

    def _tell_late(self, row: Any) -> None:
        """The responsible and whoever issues the slips hear of it; the history of the case keeps it."""
        slip = self.slips.get(row.id)
        text, said = (URGED, {"slip": slip}) if slip else (LATE, {})
        self.notes.append(self._note(row, text, said))
        rules, holders = self.watch.rules(row), self.watch.holders(row)
        control = [who for spec in self.watch.rule(row).slips for who in holders.of(rules.code(spec.issued_by))]
        self._tell(row, "late", text, [*self._responsible(row), *control], said)

    def _climb(self, row: Any) -> None:
        rung = self.watch.rule(row).rungs[row.level]
        self.notes.append(self._note(row, STILL_LATE, {}))
        holders = self.watch.holders(row)
        told = [who for post in rung.posts for who in holders.of(post)]
        self._tell(row, f"rung{row.level + 1}", STILL_LATE, told)

    def _note(self, row: Any, text: str, said: Mapping[str, Any]) -> Note:
        return Note(row.of_register, row.record_id, "act", text, {**self._said(row), **said}, row.clause or "")

    def _tell(self, row: Any, what: str, text: str, told: Sequence[int], said: Mapping[str, Any] | None = None) -> None:
        event = f"deadline.{what}:{row.id}:{int(row.due_at.timestamp())}"
        params = {**self._said(row), **(said or {})}
        url = self._subject(row).url
        self.messages += [Message(event, who, text, params, url, row.clause or "") for who in dict.fromkeys(told)]

    def _counts(self) -> dict[str, int]:
        untold = sum(not self._responsible(row) for row in self.late)
        return {
            "checked": len(self.rows),
            "hit": len(self.late),
            "warned": len(self.warned),
            "climbed": len(self.climbing),
            "slips": len(self.slips),
            "sent": len(self.messages),
            "skipped": untold,
        }

    def _finding(self, row: Any) -> dict[str, Any]:
        """An example for the run log: which case and clock, who, and what was done or why not."""
        subject = self._subject(row)
        return {
            "case": subject.title,
            "url": subject.url,
            "clock": row.words,
            "unit": row.unit_id,
            "clause": row.clause or "",
            "due": row.due_at.isoformat(),
            "slip": self.slips.get(row.id, ""),
            "told": bool(self._responsible(row)),
        }
