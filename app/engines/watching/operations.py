"""Watching a case: begun and ended by the person himself, who is told of every step while he may read the case."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.sql import ColumnElement

from app.core import access, clock, moves, upsert, values
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.moves import Moved
from app.core.narrowing import narrowing
from app.core.register import Record, Register, register_of
from app.core.types import RowId
from app.core.wording import N_
from app.engines.notifications import operations as notifications
from app.engines.people.models import Employee
from app.engines.people.seats import load_access
from app.engines.watching.models import Watch

WATCHED, ME = "watched", "me"
TOLD = N_("“%(case)s”, which you watch, is now: %(state)s")
_watch = Watch.__table__


def begin(record: Record, employee_id: int) -> None:
    """Let a person watch a row from now on; nothing changes for who does so already.

    Raises ``Refusal`` for rows without states: nothing would ever be told of them.
    """
    register = register_of(record)
    if not watchable(register):
        raise Refusal(Problem(_("Only cases can be watched."), None, "watch"))
    place = {"of_register": register.slug, "record_id": record.id, "employee_id": employee_id}
    session.execute(upsert.insert(Watch).values(since=clock.now(), **place).on_conflict_do_nothing())


def end(record: Record, employee_id: int) -> None:
    """The person watches a row no more."""
    mine = sa.delete(Watch).where(*_of(record), Watch.employee_id == employee_id)
    session.execute(mine)


def watches(record: Record, employee_id: int | None) -> bool:
    """Whether a person watches a row."""
    return employee_id is not None and session.scalar(watching(record, employee_id)) is not None


def watching(record: Record, employee_id: int) -> sa.Select[int]:
    """The same as a query that finds something, for a page that asks for more with it."""
    return sa.select(Watch.id).where(*_of(record), Watch.employee_id == employee_id)


def watchable(register: Register) -> bool:
    """Whether rows of a register can be watched: those that move."""
    return register.from_pack or register.lifecycle is not None


def newest(registers: list[Register], employee_id: int, limit: int) -> list[tuple[str, int]]:
    """The rows that a person watches and may read, by register and id, the latest first; one statement."""
    seen = tuple((register.model, access.rows(register)) for register in registers)
    return [(slug, key) for slug, key in session.execute(_newest(seen, limit), {"person": employee_id})]


@lru_cache(maxsize=256)
def _newest(seen: tuple[tuple[Any, ColumnElement[bool]], ...], limit: int) -> sa.Select[Any]:
    """Built once for people who see the same."""
    parts = [(_watch.c.of_register == model.register.slug) & _seen(model, rows) for model, rows in seen]
    mine = _watch.c.employee_id == sa.bindparam("person", type_=RowId)
    query = sa.select(_watch.c.of_register, _watch.c.record_id).where(mine, sa.or_(sa.false(), *parts))
    return query.order_by(_watch.c.id.desc()).limit(limit)


def _seen(model: Any, rows: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the person may read the watched row: looked up one by one, since few are watched."""
    key = model.__table__.c.id
    return sa.select(sa.literal(1)).where(key == _watch.c.record_id, rows).correlate(_watch).exists()


def _of(record: Record) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Watch.of_register == register_of(record).slug, Watch.record_id == record.id


def tell(moved: Moved) -> None:
    """Tell everybody who watches a case and may still read it of a step; not who made it."""
    if moved.move is None or moved.source == moved.target:
        return
    people = [row for row in _watchers(moved.record) if row.id != moved.employee_id and _may_read(moved, row)]
    if not people:
        return
    register, state = moved.register, moved.lifecycle.states[moved.target]
    title = values.title_text(register.slug, getattr(moved.record, register.title)) or f"#{moved.record.id}"
    event = f"watch:{register.slug}:{moved.record.id}:{moved.at.isoformat()}"
    told = {"case": title, "state": state.label}
    url = f"/{register.slug}/{moved.record.id}"
    notifications.notify(event, [row.id for row in people], TOLD, told, url, moved.move.clause)


def _watchers(record: Record) -> Iterator[Employee]:
    wanted = sa.select(Employee).join(Watch, Watch.employee_id == Employee.id)
    yield from session.scalars(wanted.where(*_of(record), Employee.active, Employee.account_id.is_not(None)))


def _may_read(moved: Moved, person: Employee) -> bool:
    if person.account_id is None:
        return False
    table, theirs = moved.register.model.__table__, load_access(person.account_id)
    seen = sa.select(sa.literal(1)).where(table.c.id == moved.record.id, access.rows(moved.register, access=theirs))
    return theirs.can(moved.register.slug, "read") and session.scalar(seen) is not None


def _words(value: str) -> str:
    if value != ME:
        raise ValueError(_("“%(value)s” is not one of: %(known)s.", value=value[:40], known=ME))
    return _("by me")


@narrowing(WATCHED, label=_l("Watched"), applies=watchable, words=_words)
def _by_me(register: Register, _value: str) -> ColumnElement[bool]:
    mine = sa.select(_watch.c.record_id).where(
        _watch.c.of_register == register.slug, _watch.c.employee_id == access.current().employee_id
    )
    found: ColumnElement[bool] = register.model.__table__.c.id.in_(mine)
    return found


moves.on_moved(tell, order=97)
