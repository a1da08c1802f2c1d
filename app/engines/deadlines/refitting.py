"""When a field that a clock counts from, or runs until, is changed, the clock is worked out anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.core import moves, saving
from app.core.moves import Moved
from app.core.whole import Whole
from app.core.wording import N_
from app.engines.audit import operations as audit
from app.engines.deadlines import following, operations, plan, rules
from app.engines.deadlines.models import DeadlineClock
from app.engines.deadlines.rules import Rules
from app.engines.policy.calc import granted

REFITTED = N_("The record changed: “%(clock)s” is due at %(due)s instead of %(before)s")


def refit(whole: Whole, changed: Iterable[str]) -> None:
    """Work out the open clocks of a row that look at one of the changed fields; what moves is noted in its history."""
    record: Any = whole.record
    if not whole.register.from_pack:
        return
    known = rules.rules_for(record.pack_version_id, record.adopter_id)
    names = set(changed)
    specs = {
        known.code(spec.key): spec
        for spec in known.pack.clocks.values()
        if spec.register_ == whole.register.slug and names & set(_looked_at(spec))
    }
    if not specs:
        return
    for row in operations.open_clocks(whole.register.slug, record.id, lock=True):
        if row.key in specs:
            _work_out(row, specs[row.key], known, whole)


def _looked_at(spec: Any) -> Iterable[str]:
    yield spec.from_field
    for allowance in spec.allowances:
        yield from (allowance.until_field, *allowance.when)


def _work_out(row: DeadlineClock, spec: Any, known: Rules, whole: Whole) -> None:
    found = granted(spec, known.settings, whole.get)
    if found is None:
        return
    before = row.due_at
    if spec.from_field and (begun := whole.get(spec.from_field)):
        row.started_at = following.instant(begun)
    row.allowance = plan.to_json(following.allowance_of(found)) if found.number is not None else None
    row.until_at = following.instant(found.until) if found.until else None
    operations.settle(row)
    if row.due_at != before:
        said = {"clock": row.words, "due": row.due_at, "before": before}
        audit.note_many([audit.Note(row.of_register, row.record_id, "act", REFITTED, said, row.clause or "")])


def _after_move(moved: Moved) -> None:
    if moved.written and not moved.lifecycle.states[moved.target].final:
        refit(moved.whole, moved.written)


def _after_edit(whole: Whole, changed: Mapping[str, Any]) -> None:
    refit(whole, changed)


moves.on_moved(_after_move, order=12)
saving.after_update(_after_edit)
