"""A register joined with whatever the paths of a report lead to: parents, referred rows and detail registers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.core import access, clock, paths
from app.core.access import Access
from app.core.db import Model
from app.core.fieldspec import FieldSpec
from app.core.register import OWNED, Register, registers
from app.engines.people import operations as people

if TYPE_CHECKING:
    from app.engines.policy.calc import Settings
    from app.packs.figures import Chosen

Way = tuple[str, ...]


class Joined:
    """Columns by path; each step of a path is joined once. ``details`` names the detail register of each register."""

    def __init__(self, register: Register, details: Mapping[str, str]) -> None:
        self.register, self.details = register, details
        self.table = register.model.__table__
        self.source: Any = self.table
        self._homes: dict[Way, tuple[Any, Register]] = {(): (self.table, register)}
        self._added: dict[Way, Any] = {}

    def spec(self, path: str) -> FieldSpec:
        """The field at the end of a path; raises ``KeyError`` when it leads nowhere."""
        found = paths.spec_at(self.register, path, self.details)
        if found is None:
            raise KeyError(path)
        return found

    def column(self, path: str) -> Any:
        """The column at the end of a path, whichever table keeps it."""
        *way, last = path.split(".")
        table, register = self._home(tuple(way))
        return table.c[last] if last in table.c else self._detail(tuple(way), table, register).c[last]

    def _home(self, way: Way) -> tuple[Any, Register]:
        if way not in self._homes:
            self._home(way[:-1])
            before = self.column(".".join(way))
            register = registers()[self.spec(".".join(way)).target]
            table = register.model.__table__.alias()
            self.source = self.source.outerjoin(table, table.c.id == before)
            self._homes[way] = table, register
        return self._homes[way]

    def _detail(self, way: Way, table: Any, register: Register) -> Any:
        if way not in self._added:
            other = registers()[self.details[register.slug]].model.__table__.alias()
            self.source = self.source.outerjoin(other, other.c.id == table.c.id)
            self._added[way] = other
        return self._added[way]

    # -- which rows --------------------------------------------------------------------------------------------------

    def case(self) -> Any:
        """The table of the case that a row is or belongs to; ``None`` when no case stands above it."""
        way = paths.way_to_case(self.register)
        return None if way is None else self._home(way)[0]

    def of_policy(self, code: str, adopter_id: int | None, who: Access) -> Iterator[Any]:
        """The rows of a policy in one adopting unit (or in all) that a person may read."""
        case = self.case()
        if case is not None:
            yield case.c.policy == code
            if adopter_id is not None:
                yield case.c.adopter_id == adopter_id
        elif adopter_id is not None and self.register.scope == OWNED:
            yield self.table.c.unit_id.in_(_units_below(adopter_id))
        if not who.everything:
            yield access.rows(self.register, "read", who)

    def chosen(self, chosen: Chosen, settings: Settings) -> Iterator[Any]:
        """The conditions of a report, with the unit's own settings."""
        for path, wanted in chosen.when.items():
            yield self._one_of(path, wanted)
        for path, wanted in chosen.unless.items():
            one = self._one_of(path, wanted)
            yield sa.not_(one) if None in wanted else sa.or_(self.column(path).is_(None), sa.not_(one))
        for path, bound in chosen.at_least.items():
            yield self.column(path) >= settings.resolve(bound)
        for path, bound in chosen.at_most.items():
            yield self.column(path) <= settings.resolve(bound)

    def _one_of(self, path: str, wanted: tuple[Any, ...]) -> Any:
        column, spec = self.column(path), self.spec(path)
        values = [spec.kind.read(value, spec) if isinstance(value, str) else value
                  for value in wanted if value is not None]  # fmt: skip
        empty = [column.is_(None)] if None in wanted else []
        return sa.or_(*([column.in_(values)] if values else []), *empty)

    def within(self, path: str, first: dt.datetime, after: dt.datetime) -> Any:
        """The rows that a field puts into a period; ``after`` is its end."""
        column = self.column(path)
        return sa.and_(column >= like(column, first), column < like(column, after))

    def standing(self, begun: str, ended: str, after: dt.datetime) -> Any:
        """The rows that had begun and not ended when a period was over."""
        start, end = self.column(begun), self.column(ended)
        return sa.and_(start < like(start, after), sa.or_(end.is_(None), end >= like(end, after)))


def like(column: Any, instant: dt.datetime) -> dt.datetime | dt.date:
    """An instant as a column keeps it: a day for a field that holds days."""
    return clock.to_local(instant).date() if isinstance(column.type, sa.Date) else instant


def _units_below(unit_id: int) -> Any:
    unit = Model.metadata.tables["org_unit"]
    return sa.select(unit.c.id).where(unit.c.path.startswith(people.path_of(unit_id), autoescape=True))
