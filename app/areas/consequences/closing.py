"""What the end of a complaint means for what followed it already."""

from __future__ import annotations

from typing import Any

from app.areas.consequences import sanctions
from app.core import moves
from app.core.db import session
from app.core.moves import Moved


def stamp_sanctions(moved: Moved) -> None:
    """Sanctions that were proposed before the case was closed belong to the month in which it closes."""
    case: Any = moved.record
    if moved.register.slug != "complaint" or case.closed_at is None:
        return
    for sanction in sanctions.of_complaint(case.id):
        if sanction.case_closed_at is None:
            sanction.case_closed_at = case.closed_at
    session.flush()


moves.on_moved(stamp_sanctions, order=60)
