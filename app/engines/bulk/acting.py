"""One row of a change of many: judged, or carried out by the same operations as a form or a step of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.core import moves, query, ripples, saving, stating
from app.core.db import session
from app.core.errors import Conflict, Problem, Refusal
from app.core.lifecycle import Lifecycle, Move
from app.core.register import Register, registers
from app.engines.bulk.models import EDIT, GO, GONE, LEFT, NO, SAME, BulkRun


@dataclass(frozen=True)
class Act:
    """What is done to each row: fields set, or a step taken with its fields and reason."""

    register: Register
    kind: str
    key: str
    values: Mapping[str, Any]
    reason: str

    @classmethod
    def of(cls, run: BulkRun) -> Act:
        """What a run is to do."""
        typed, reason = run.typed
        return cls(registers()[run.register], run.kind or "", run.key or "", typed, reason)


Outcome = tuple[str, list[dict[str, Any]] | None]


def judge(act: Act, record_id: int) -> tuple[Outcome, int]:
    """What would become of a row, and the version that was looked at; nothing changes."""
    version = 0
    try:
        record = query.find(act.register, record_id)
        version = record.row_version
        if act.kind == EDIT:
            _whole, changed = saving.changes(record, act.values, None)
            return (GO if changed else SAME, None), version
        moves.check(record, act.key, values=_read(act, record), reason=act.reason)
    except Refusal as error:
        return (NO, _told(error)), version
    return (GO, None), version


def carry_out(act: Act, record_id: int, version: int) -> Outcome:
    """Change a row if it is still as it was looked at; a refusal leaves this row alone as it was."""
    try:
        with session.begin_nested():
            _change(act, record_id, version)
    except Refusal as error:
        return LEFT, _told(error)
    except (IntegrityError, StaleDataError):
        text = _("Not saved: a value exists already, or another record needs this one.")
        return LEFT, _told(Conflict(Problem(text, None, "unique")))
    return GONE, None


def _change(act: Act, record_id: int, version: int) -> None:
    record = query.find(act.register, record_id)
    ripples.before_lock(record, "" if act.kind == EDIT else act.key)
    session.refresh(record, with_for_update=True)
    if record.row_version != version:
        text = _("Somebody has changed this record since it was looked at; it is left as it is.")
        raise Conflict(Problem(text, None, "version"))
    if act.kind == EDIT:
        saving.update(record, act.values, version)
    else:
        moves.move(record, act.key, values=_read(act, record), reason=act.reason)


def _read(act: Act, record: Any) -> dict[str, Any]:
    """The fields of a step as the row's own policy understands them; raises ``Refusal`` with every problem."""
    move = _move(act, moves.lifecycle_of(record))
    whole = moves.whole_of(record)
    specs = moves.fields_of_move(whole, move)
    typed, problems = saving.read_values(specs, act.values)
    problems += [*saving.strangers(specs, act.values), *saving.judge_move(whole, specs, typed)]
    moves.allow(record, act.key)
    Refusal.when(stating.stated(whole, problems, move.clause))
    return typed


def _move(act: Act, life: Lifecycle | None) -> Move:
    if life is None or act.key not in life.moves:
        text = _("The policy of this record knows no such step.")
        raise Refusal(Problem(text, None, "state"))
    return life.moves[act.key]


def _told(error: Refusal) -> list[dict[str, Any]]:
    return [replace(problem, message=str(problem.message)).as_dict() for problem in error.problems]
