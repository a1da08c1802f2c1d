"""The shortest way to the rows in a person's reach.

A person who reaches few rows is led to them by owner, unit and participation, each along an index of its own. To one
who reaches many the list's own order leads faster: its first rows are soon found, and counting stops at a limit.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement

from app.core import access, barring
from app.core.access import ALL, OWN
from app.core.db import is_sqlite, session
from app.core.register import OPEN, PARENT, Register
from app.core.scope import Participation

LIMIT = 1000


class Reach:
    """The rows of a register that the person may read, and whether they are few; ``ids`` finds them if they are."""

    def __init__(self, register: Register) -> None:
        person = access.current()
        reaches = person.reaches(register.guarded_by, "read")
        if register.scope == PARENT or register.closed:
            self.ids, count = _counted([sa.select(register.model.__table__.c.id).where(_lines(register))])
        else:
            self.ids, count = _ways(register.model, reaches, person.employee_id)
            if kept := barring.kept_from(register, person.barred):
                key = register.model.__table__.c.id
                self.ids, count = _counted([sa.select(key).where(key.in_(self.ids), *kept)])
        self.register = register
        self.size = int(session.scalar(count) or 0)
        self.few = self.size <= LIMIT

    def where(self, *conditions: ColumnElement[bool]) -> list[ColumnElement[bool]]:
        """The rows in reach that meet the conditions; of few rows each is looked at, whatever indexes there are."""
        if self.few:
            return [self.register.model.__table__.c.id.in_(self.ids), *map(aside, conditions)]
        return [access.rows(self.register), *conditions]


def _lines(register: Register) -> ColumnElement[bool]:
    """The rows in reach through their parents: found by these if they are few, else judged as they are passed."""
    if register.closed or access.reaches_all(register, "read"):
        return access.rows(register)
    column, parent = access.parent_of(register)
    above = Reach(parent)
    return sa.and_(access.rows(register), column.in_(above.ids)) if above.few else access.rows(register)


def number(ids: Any) -> int:
    """How many rows a query gives."""
    return int(session.scalar(sa.select(sa.func.count()).select_from(ids.subquery())) or 0)


def aside(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """A condition whose index leads astray: SQLite, which knows no figures, would follow it all the same."""
    return sa.case((condition, 1), else_=0) == 1 if is_sqlite() else condition


@lru_cache(maxsize=4096)
def _ways(model: Any, reaches: frozenset[access.Reach], employee_id: int | None) -> tuple[Any, Any]:
    """The ids that ``access.rows`` gives, by every way that rows come within reach, and how many those are."""
    register, table = model.register, model.__table__
    ids = sa.select(table.c.id)
    if register.scope == OPEN or any(reach.scope == ALL for reach in reaches):
        return _counted([ids])
    opened = [access.units(reach) for reach in reaches if reach.scope != OWN]
    people = sorted({who for reach in reaches if (who := reach.owner_id or employee_id)})
    own = ids.where(*access.given_out(register))
    ways = [own.where(table.c.owner_id.in_(people)), *(own.where(table.c.unit_id.in_(units)) for units in opened)]
    if register.participants:
        here = (Participation.register == register.slug) & (Participation.record_id == table.c.id)
        asked = [Participation.employee_id.in_(people), *(Participation.unit_id.in_(units) for units in opened)]
        ways += [ids.join(Participation, here).where(to).distinct() for to in asked]
    return _counted(ways)


def _counted(ways: list[sa.Select[Any]]) -> tuple[Any, Any]:
    """All ways together, none followed further than one past the limit, and the query that counts them."""
    parts = [sa.select(way.limit(LIMIT + 1).subquery().c.id) for way in ways]
    ids = parts[0] if len(parts) == 1 else sa.union(*parts)
    return ids, sa.select(sa.func.count()).select_from(ids.subquery())
