"""The rows behind a figure, as they are now and as far as a person may see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.core import values
from app.core.db import session
from app.core.pages.lists import lives_of
from app.core.register import registers
from app.engines.reports.counting import Counting, Extent, last_of
from app.engines.reports.listing import Column, Line, Listing
from app.engines.reports.rows import CASE, LIMIT, label_of, names_wanted

if TYPE_CHECKING:
    from app.packs.figures import Figures


def rows_behind(figures: Figures, extent: Extent, key: str, group: Mapping[str, Any]) -> Listing:
    """The rows that a measure counts in one group, at most so many."""
    measure = figures.measures[key]
    register = registers()[figures.register_of(measure)]
    counting = Counting(figures, extent, register.slug, measure.clocked)
    same = (_is(counting.column(path), value) for path, value in group.items())
    flag = sa.and_(counting.condition(measure), *same)
    shown = figures.columns if figures.columns and register.slug == figures.register_ else register.list
    table, columns = counting.joined.table, {path: counting.joined.column(path) for path in shown}
    needed = [table.c[name] for name in ("id", *CASE) if name in table.c and name not in shown]
    source, where = counting.rows()
    named = [column.label(label_of(path)) for path, column in columns.items()]
    query = sa.select(*needed, *named).select_from(source).where(*where, flag)
    if counting.last_only:
        query = query.where(table.c.id.in_(last_of(counting, flag)))
    rows = session.execute(query.distinct().order_by(table.c.id).limit(LIMIT + 1)).all()
    return _listing(register, shown, counting, rows)


def _is(column: Any, value: Any) -> Any:
    return column.is_(None) if value is None else column == value


def _listing(register: Any, shown: Any, counting: Counting, rows: Any) -> Listing:
    specs = {path: counting.joined.spec(path) for path in shown}
    columns = [Column(path, spec.label, spec) for path, spec in specs.items()]
    found = Listing(register.slug, str(register.label), columns, [], more=len(rows) > LIMIT)
    lives = lives_of(register, rows[:LIMIT])
    for row in rows[:LIMIT]:
        found.lines.append(Line(row.id, {path: getattr(row, label_of(path)) for path in shown}, lives[row.id]))
    found.names = values.names_of(names_wanted(specs, found.lines))
    return found
