"""Which clause stands behind a problem of a field that nobody has cited one for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, cast

from app.core import moves
from app.core.errors import Problem
from app.core.whole import Whole
from app.core.words import cited


def stated(whole: Whole, problems: Iterable[Problem], clause: str = "") -> Iterable[Problem]:
    """The same problems; one of a field names a clause: that given, of the field's section, or of the state."""
    found, record = list(problems), cast("Any", whole.record)
    if not any(problem.field and not problem.clause for problem in found):
        return found
    sections, page = whole.register.sections, moves.page_over(whole.record)
    life = moves.lifecycle_of(whole.record) if whole.register.from_pack else None
    under = life.states[record.status].clause if life else ""
    named = {name: cited(page, part.clause) or under for part in sections for name in part.fields}
    return [replace(problem, clause=problem.clause or clause or named.get(problem.field or "") or None)
            for problem in found]  # fmt: skip
