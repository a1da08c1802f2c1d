"""What becomes of the clocks of a case that goes over to another version of its policy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.core import clock, moves
from app.core.db import session
from app.core.moves import Moved
from app.core.register import registers
from app.core.wording import N_
from app.engines.audit import operations as audit
from app.engines.deadlines import following, operations, plan
from app.engines.deadlines.models import OPEN, DeadlineClock
from app.engines.deadlines.plan import Plan
from app.engines.deadlines.rules import Rules
from app.engines.people import operations as people
from app.engines.policy import moving
from app.engines.policy import operations as policy
from app.engines.policy.calc import granted
from app.engines.policy.models import PackVersion
from app.engines.policy.moving import Going

SHIFTED = N_("Version %(version)s: “%(clock)s” is due at %(due)s instead of %(before)s")
DROPPED = N_("Version %(version)s has no limit “%(clock)s” here; it ends")
ADDED = N_("Version %(version)s: “%(clock)s” begins, due at %(due)s")
_clock = DeadlineClock
Read = Callable[[str], Any]


class Foreseen(NamedTuple):
    """What would become of one open clock; ``after`` is ``None`` when it would end."""

    row: DeadlineClock
    after: dt.datetime | None


class Terms:
    """What a version grants clocks that run already, with the settings of the day each began."""

    def __init__(self, target: PackVersion, adopter_ids: Iterable[int]) -> None:
        self.target, self.pack = target, policy.pack_for(target.id)
        self._settings = policy.settings_over_time(self.pack, adopter_ids)
        self._rules: dict[tuple[int, dt.date], Rules] = {}

    def rules(self, adopter_id: int, at: dt.datetime) -> Rules:
        """The rules of the version for a unit on the day of ``at``."""
        key = adopter_id, clock.to_local(at).date()
        if key not in self._rules:
            self._rules[key] = Rules(self._settings.on(*key))
        return self._rules[key]

    def of(self, row: DeadlineClock, read: Read) -> dict[str, Any] | None:
        """The columns of a clock as the version words and grants them; ``None`` when it grants nothing."""
        known = self.rules(row.adopter_id, row.started_at)
        spec = known.pack.clocks.get(row.key.partition(".")[2])
        found = granted(spec, known.settings, read) if spec and spec.register_ == row.of_register else None
        if spec is None or found is None or (found.number is None and found.until is None):
            return None
        return {
            "words": {"zh": spec.label.zh, "en": spec.label.en}, "clause": found.clause, "tone": spec.breach,
            "post": known.code(spec.responsible), "pack_version_id": self.target.id,
            "allowance": plan.to_json(following.allowance_of(found)) if found.number is not None else None,
            "until_at": following.instant(found.until) if found.until else None,
            "calendar": known.pack.calendar.code, "hours": known.pack.calendar.hours,
            "cap_key": known.code(spec.cap) if spec.cap else None,
        }


def due_under(row: DeadlineClock, terms: Mapping[str, Any], cap: dt.datetime | None) -> dt.datetime:
    """The due instant of a clock under other terms."""
    allowance = plan.from_json(terms["allowance"]) if terms["allowance"] else None
    adjustments = plan.adjustments_from_json(row.adjustments)
    days = operations.calendar_of(terms["calendar"], terms["hours"])
    return plan.due_at(Plan(row.started_at, allowance, terms["until_at"], adjustments, cap), days)


# -- foreseeing ------------------------------------------------------------------------------------------------------


def count(target: PackVersion) -> int:
    """How many open clocks run on cases that may go over."""
    return session.scalar(sa.select(sa.func.count()).select_from(_affected(target).subquery())) or 0


def foresee(target: PackVersion, *, page: int, size: int) -> list[Foreseen]:
    """What would become of one page of the open clocks of cases that may go over, the earliest due first."""
    query = _affected(target).order_by(_clock.due_at, _clock.id).offset((page - 1) * size).limit(size)
    rows = list(session.scalars(query))
    return list(_foreseen(rows, target))


def _affected(target: PackVersion) -> sa.Select[tuple[DeadlineClock]]:
    cases = (
        sa.and_(
            _clock.of_register == slug,
            _clock.record_id.in_(sa.select(registers()[slug].model.__table__.c.id).where(condition)),
        )
        for slug, condition in moving.choose(target).items()
    )
    return sa.select(_clock).where(_clock.status.in_(OPEN), sa.or_(sa.false(), *cases))


def _foreseen(rows: Sequence[DeadlineClock], target: PackVersion) -> Iterator[Foreseen]:
    terms, wholes = Terms(target, {row.adopter_id for row in rows}), _wholes(rows)
    cases = _Cases({(row.of_register, row.record_id) for row in (*rows, *wholes.values())}, target)
    for row in rows:
        fresh = terms.of(row, cases.reader(row))
        if fresh is None:
            yield Foreseen(row, None)
            continue
        cap = None
        if whole := wholes.get((row.of_register, row.record_id, fresh["cap_key"] or "")):
            over = terms.of(whole, cases.reader(whole))
            cap = due_under(whole, over, None) if over else None
        yield Foreseen(row, due_under(row, fresh, cap))


def _wholes(rows: Sequence[DeadlineClock]) -> dict[tuple[str, int, str], DeadlineClock]:
    """The open clocks of the same cases that nothing caps."""
    records = sorted({row.record_id for row in rows})
    query = sa.select(_clock).where(_clock.record_id.in_(records), _clock.cap_key.is_(None), _clock.status.in_(OPEN))
    return {(row.of_register, row.record_id, row.key): row for row in session.scalars(query)}


class _Cases:
    """Records of many clocks with their details, two statements for each register."""

    def __init__(self, wanted: Iterable[tuple[str, int]], target: PackVersion) -> None:
        by_slug: dict[str, list[int]] = {}
        for slug, key in sorted(set(wanted)):
            by_slug.setdefault(slug, []).append(key)
        pack = policy.pack_for(target.id)
        self.records: dict[tuple[str, int], Any] = {}
        self._details: list[Any] = []
        for slug, keys in by_slug.items():
            model: Any = registers()[slug].model
            self.records |= {(slug, row.id): row for row in session.scalars(sa.select(model).where(model.id.in_(keys)))}
            if slug in pack.cases and (detail := pack.cases[slug].detail):
                other: Any = registers()[detail].model
                # held, so that the session finds them again by their key
                self._details += session.scalars(sa.select(other).where(other.id.in_(keys)))

    def reader(self, row: DeadlineClock) -> Read:
        """Reads the fields of the case that a clock runs on."""
        return moves.whole_of(self.records[row.of_register, row.record_id]).get


# -- going over ------------------------------------------------------------------------------------------------------


@moving.on_moved_over
def follow(going: Going) -> None:
    """Count the open clocks of cases anew under their new version, end and begin what it drops and adds.

    Whole cases come before their parts. Every limit that moves is noted in the history of its case.
    """
    query = sa.select(_clock).where(
        _clock.of_register == going.slug, _clock.record_id.in_(list(going.before)), _clock.status.in_(OPEN)
    )
    locked = query.order_by(_clock.cap_key.is_not(None), _clock.id).with_for_update()
    rows = list(session.scalars(locked.execution_options(populate_existing=True)))
    cases = _Cases({(going.slug, key) for key in going.before}, going.target)
    terms = Terms(going.target, {record.adopter_id for record in cases.records.values()})
    over = _Over(going, cases, terms, {(row.record_id, row.key): row for row in rows}, [])
    for row in rows:
        over.take(row)
    session.flush()
    for record_id, record in ((key, record) for (_slug, key), record in cases.records.items()):
        over.begin(record, going.before[record_id])
    session.flush()
    audit.note_many(over.notes)


@dataclass
class _Over:
    """One batch of cases on their way to another version."""

    going: Going
    cases: _Cases
    terms: Terms
    running: dict[tuple[int, str], DeadlineClock]
    notes: list[audit.Note]

    def take(self, row: DeadlineClock) -> None:
        """One clock under the new terms."""
        before, fresh = row.due_at, self.terms.of(row, self.cases.reader(row))
        if fresh is None:
            del self.running[row.record_id, row.key]
            operations.end(row, clock.now())
            self._note(row, DROPPED)
            return
        if fresh["post"] != row.post:
            row.unit_id, row.owner_id = people.unit_of_post(fresh["post"], people.path_of(row.adopter_id)), None
        for name, value in fresh.items():
            setattr(row, name, value)
        whole = self.running.get((row.record_id, fresh["cap_key"] or ""))
        row.cap_due_at = whole.due_at if whole else None
        rule = self.terms.rules(row.adopter_id, row.started_at).of(row.key)
        operations.work_out(row, rule)
        if row.due_at != before:
            operations.write_due(row, rule)
            self._note(row, SHIFTED, due=row.due_at, before=before)

    def begin(self, record: Any, old_version_id: int) -> None:
        """The clocks of the present state that only the new version knows, counted since the state was entered."""
        fresh = set(self.terms.pack.clocks) - set(policy.pack_for(old_version_id).clocks)
        for spec in (self.terms.pack.clocks[key] for key in sorted(fresh)):
            if spec.register_ != self.going.slug or record.status not in spec.start.states:
                continue
            rules = self.terms.rules(record.adopter_id, record.state_since)
            running = {key: row for (owner, key), row in self.running.items() if owner == record.id}
            made = following.begin(spec, rules, _entered(record, self.going.slug), running)
            if made is not None:
                self._note(made, ADDED, due=made.due_at)

    def _note(self, row: DeadlineClock, text: str, **said: Any) -> None:
        told = {"version": self.going.target.version, "clock": row.words, **said}
        self.notes.append(audit.Note(row.of_register, row.record_id, "act", text, told, row.clause or ""))


def _entered(record: Any, slug: str) -> Moved:
    """The entry of a case into its present state, as clocks want it told."""
    life = moves.lifecycle_of(record)
    assert life is not None
    whole, status = moves.whole_of(record), record.status
    return Moved(record, registers()[slug], life, None, "", status, {}, "", record.state_since, None, None, whole)
