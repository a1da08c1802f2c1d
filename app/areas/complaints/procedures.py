"""Procedures of a case, as its pack describes them: steps in a fixed order, each a row that a move ticks off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.complaints.opening import open_beside, take_system_step
from app.core import moves
from app.core.db import session
from app.core.errors import Problem
from app.core.moves import Moved, Step, guard
from app.core.register import registers
from app.core.whole import Whole
from app.engines.policy import calc
from app.engines.policy import operations as policy

if TYPE_CHECKING:
    from app.packs.cases import Procedure, ProcedureStep

OPEN, DONE, DROPPED = "open", "done", "dropped"


def procedures_of(case: Any) -> Iterable[Procedure]:
    """The procedures that the pack of a case knows."""
    told = policy.pack_for(case.pack_version_id).cases.get(case.__tablename__)
    return told.procedures.values() if told else ()


def steps_of(case: Any, procedure: Procedure) -> Sequence[Any]:
    """The rows of the latest list of a procedure, first step first."""
    model: Any = registers()[procedure.register_].model
    mine = sa.select(model).where(model.complaint_id == case.id, model.procedure == procedure.key)
    rows = session.scalars(mine.order_by(model.round, model.step_no)).all()
    return [row for row in rows if row.round == rows[-1].round]


@guard("steps_in_order")
def steps_in_order(step: Step) -> Iterable[Problem]:
    """Every step before the one that the move does is done; a move that is no step itself comes after all of them."""
    case: Any = step.whole.record
    for procedure in procedures_of(case):
        if not calc.meets(procedure.when, step.get):
            continue
        owed = _first_owed(steps_of(case, procedure), procedure, step.move.key)
        if owed is not None:
            number, told = owed
            text = _("Step %(number)s of the procedure comes first: %(step)s.", number=number, step=told.label)
            yield Problem(text, None, "steps_in_order", procedure.clause)


def _first_owed(rows: Sequence[Any], procedure: Procedure, move: str) -> tuple[int, ProcedureStep] | None:
    """The first step that is still open and not done by the move itself."""
    for row, told in zip(rows, procedure.steps, strict=False):
        if row.progress == OPEN:
            return None if move in told.moves else (row.step_no, told)
    return None


def follow(moved: Moved) -> None:
    """A move begins the list of a procedure, and ticks off the steps that it does."""
    if not moved.register.from_pack or moved.move is None:
        return
    case, key = moved.record, moved.move.key
    begun = [one for one in procedures_of(case) if key in one.begins and calc.meets(one.when, moved.whole.get)]
    if begun:
        _drop_open(case)
    for procedure in begun:
        _open(moved, procedure)
    for procedure in procedures_of(case):
        if calc.meets(procedure.when, moved.whole.get):
            _tick(moved, procedure, key)


def _drop_open(case: Any) -> None:
    """What was not done of an earlier list stays as it is, but nobody owes it any more."""
    for procedure in procedures_of(case):
        for row in steps_of(case, procedure):
            if row.progress == OPEN:
                _set(row, DROPPED)


def _open(moved: Moved, procedure: Procedure) -> None:
    case: Any = moved.record
    model: Any = registers()[procedure.register_].model
    lists = sa.select(sa.func.max(model.round)).where(model.complaint_id == case.id)
    number = (session.scalar(lists) or 0) + 1
    for place, told in enumerate(procedure.steps, 1):
        open_beside(
            moved, model, case.unit_id, complaint_id=case.id, kind=told.key, procedure=procedure.key, round=number,
            step_no=place, progress=OPEN, happened_at=moved.at,
        )  # fmt: skip


def _tick(moved: Moved, procedure: Procedure, key: str) -> None:
    for row, told in zip(steps_of(moved.record, procedure), procedure.steps, strict=False):
        if row.progress == OPEN and key in told.moves:
            row.done_at = _from(moved.whole, told.at_field) or moved.at
            row.by_id = _from(moved.whole, told.by_field) or moved.employee_id
            row.text = _from(moved.whole, told.text_field) or row.text
            _set(row, DONE)


def _from(case: Whole, name: str) -> Any:
    return case.get(name) if name else None


def _set(row: Any, progress: str) -> None:
    row.progress = progress
    session.flush()
    take_system_step(row)


moves.on_moved(follow, order=60)
