"""Paged look-ups of rows to refer to, for forms and filters."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import access, finding, query, reading, referring, saving, values
from app.core.db import is_sqlite, session
from app.core.errors import BadRequest, Forbidden, NotFound
from app.core.kinds import TextKind
from app.core.reach import Reach
from app.core.register import Register, registers

SIZE = 20
LAST_PAGE = 50
NEAR = SIZE * LAST_PAGE


def look_up(slug: str, text: str, page: str, place_of: str = "", *, past: bool = False) -> dict[str, Any]:
    """``{results: [{id, text, sub}], more}``; refuses a register the person may not read.

    Of units only those where the person may write rows of ``place_of``; ``past`` adds what is not offered any more.
    """
    if slug not in registers():
        raise NotFound()
    register = registers()[slug]
    if not access.current().can(register.guarded_by, "read"):
        raise Forbidden(_("Your roles do not let you look at “%(name)s”.", name=register.label))
    wanted = reading.number(page)
    if wanted is None or not 1 <= wanted <= LAST_PAGE:
        raise BadRequest(
            _("“%(key)s” must be a whole number from %(low)s to %(high)s.", key="page", low=1, high=LAST_PAGE)
        )
    rows = session.execute(_query(register, text, wanted, _limits(register, place_of, past=past))).all()
    return {"results": [_result(register, row) for row in rows[:SIZE]], "more": len(rows) > SIZE}


def _limits(register: Register, place_of: str, *, past: bool) -> Any:
    held = saving.usable(register, past=past)
    return held & referring.within_reach(place_of) if place_of and register.slug == "org_unit" else held


def _subtitle(register: Register) -> str | None:
    return next((name for name in register.search if name != register.title and not register.fields[name].target), None)


def _query(register: Register, text: str, page: int, limits: Any) -> Any:
    table = register.model.__table__
    title, sub = table.c[register.title], _subtitle(register)
    chosen = sa.select(table.c.id, title.label("title"), *([table.c[sub].label("sub")] if sub else []))
    chosen = chosen.where(limits)
    if text and register.found_by and (ids := finding.ids_of(register, text)) is not None:
        return _found(chosen, table, _led(register, ids), title, text, page)
    if text:
        spec = register.fields.get(register.title)
        plain = spec is not None and isinstance(spec.kind, TextKind) and spec.kind.name != "personal"
        held = title.contains(text, autoescape=True) if plain else sa.false()
        chosen = chosen.where(sa.or_(query.quick(register, text), held))
    return chosen.order_by(title, table.c.id).offset((page - 1) * SIZE).limit(SIZE + 1)


def _led(register: Register, ids: Any) -> Any:
    """To a person who reaches few rows PostgreSQL is led by these; SQLite is quick at probing each row found."""
    if is_sqlite() or not (near := Reach(register)).few:
        return ids
    return ids.where(ids.selected_columns[0].in_(near.ids))


def _found(chosen: Any, table: Any, ids: Any, title: Any, text: str, page: int) -> Any:
    """Rows found by words, those that begin with the text first; of very many the first ones are enough."""
    key = ids.selected_columns[0]
    reachable = sa.exists().where(table.c.id == key, chosen.whereclause).correlate(key.table)
    near = sa.select(ids.where(reachable).limit(NEAR).subquery().c[0])
    begins = sa.case((title.between(text, text + query.HIGHEST), 0), else_=1)
    found = sa.select(*chosen.selected_columns).where(table.c.id.in_(near)).order_by(begins, title, table.c.id)
    return found.offset((page - 1) * SIZE).limit(SIZE + 1)


def _result(register: Register, row: Any) -> dict[str, Any]:
    return {"id": row.id, "text": values.title_text(register.slug, row.title), "sub": getattr(row, "sub", "") or ""}
