"""The open cases of units, for whoever would take a unit out of use."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.core.register import registers
from app.engines.people import tree
from app.engines.policy import stages


def open_in(units: Any) -> dict[str, int]:
    """How many open cases units have or hold, by what they are called; ``units`` is a query for ids."""
    found = {}
    for register in registers().values():
        if register.detail_of or not stages.has_stages(register) or "unit_id" not in register.model.__table__.c:
            continue
        table = register.model.__table__
        here = table.c.unit_id.in_(units)
        if "holder_unit_id" in table.c:
            here |= table.c.holder_unit_id.in_(units)
        number = session.scalar(sa.select(sa.func.count()).select_from(table).where(here, stages.in_hand(register)))
        if number:
            found[str(register.label)] = number
    return found


tree.set_open_cases(open_in)
