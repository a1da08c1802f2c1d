"""Cases that another case opens: reports, follow-ups and second forms begin like any other, under the same policy."""

from __future__ import annotations

from typing import Any

from app.core import moves
from app.core.moves import Moved
from app.core.whole import Whole


def open_beside(moved: Moved, model: Any, unit_id: int, **values: Any) -> Moved:
    """Begin a case of another register for whoever made the move; returns its creation, which was announced."""
    begun = moves.begin(model.register, unit_id, moved.record.policy)
    record = model(
        unit_id=unit_id,
        owner_id=moved.employee_id,
        policy=begun.policy,
        pack_version_id=begun.pack_version_id,
        adopter_id=begun.adopter_id,
        status=begun.start,
        **values,
    )
    return announce(moved, moves.whole_of(record))


def announce(moved: Moved, whole: Whole) -> Moved:
    """Save a new case in its first state and tell the listeners that it began."""
    record: Any = whole.record
    life = moves.lifecycle_of(record)
    if life is None:
        raise LookupError(f"{whole.register.slug} has no lifecycle")
    whole.save()
    moves.enter(record, life, record.status, whole)
    born = Moved(
        record, whole.register, life, None, "", record.status, {}, "", moved.at, moved.employee_id, moved.post, whole
    )
    moves.announce(born)
    return born
