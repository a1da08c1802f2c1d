"""The open cases of units, for whoever would take a unit out of use."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.core.db import session
from app.core.register import Register, registers
from app.engines.people import tree
from app.engines.policy import stages


def open_in(units: Any) -> dict[str, int]:
    """How many open cases units have or hold, by what they are called; ``units`` is a query for ids. One statement."""
    counts = [_counted(register, units) for register in registers().values() if _belongs(register)]
    found = {slug: number for slug, number in session.execute(sa.union_all(*counts)) if number} if counts else {}
    return {str(registers()[slug].label): number for slug, number in found.items()}


def _belongs(register: Register) -> bool:
    return not register.detail_of and stages.has_stages(register) and "unit_id" in register.model.__table__.c


def _counted(register: Register, units: Any) -> sa.Select[str, int]:
    table = register.model.__table__
    here = table.c.unit_id.in_(units)
    if "holder_unit_id" in table.c:
        here |= table.c.holder_unit_id.in_(units)
    named = sa.select(sa.literal(register.slug), sa.func.count()).select_from(table)
    return named.where(here, stages.in_hand(register))


tree.set_open_cases(open_in)
