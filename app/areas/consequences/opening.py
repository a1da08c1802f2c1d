"""Cases that follow from a case: they run under the same policy and pack version, and get their number at once."""

from __future__ import annotations

from typing import Any

from app.areas.complaints import operations as complaints
from app.core import access, clock, moves
from app.core.db import session
from app.core.scope import call_in


def open_case(model: Any, like: Any, unit_id: int, **values: Any) -> Any:
    """A new case of ``model`` in its first state, under the pack version of the case ``like``."""
    record = model(
        unit_id=unit_id, policy=like.policy, pack_version_id=like.pack_version_id, adopter_id=like.adopter_id,
        status="", **values,
    )
    life = moves.lifecycle_of(record)
    if life is None:
        raise LookupError(f"{model.__tablename__} has no lifecycle")
    record.status = life.start
    whole = moves.whole_of(record)
    whole.save()
    complaints.give_number(record, clock.now())
    moves.enter(record, life, life.start, whole)
    session.flush()
    person = access.current().employee_id
    moves.announce(moves.Moved(
        record, whole.register, life, None, "", life.start, {}, "", clock.now(), person, None, whole,
    ))
    return record


def show_to(record: Any, employee_id: int) -> None:
    """Let a person see a row from now on; a second time changes nothing."""
    if call_in(record.__tablename__, record.id, employee_id):
        session.flush()


def is_over(case: Any) -> bool:
    """Whether a case has come to an end for good."""
    life = moves.lifecycle_of(case)
    return life is not None and life.states[case.status].final
