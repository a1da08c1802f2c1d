"""One row takes the place of another: every reference moves, empty fields are filled, the other is only read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy import Column, Table

from app.core import clock
from app.core.attachments import Attachment
from app.core.db import Model, session
from app.core.errors import Problem, Refusal
from app.core.fieldspec import FieldSpec
from app.core.register import Record, Register, register_of, registers
from app.core.wording import N_
from app.engines.audit import operations as audit
from app.engines.audit.operations import Note
from app.engines.merging import lists

Settler = Callable[[Any, Any], None]
MOVED = N_("Now names “%(keep)s”: “%(gone)s” was merged into it")
MERGED = N_("Merged into “%(keep)s”; %(count)s records that named it name that one now")
TAKEN_IN = N_("“%(gone)s” was merged into this one; %(count)s records moved here")
EMPTY: tuple[Any, ...] = (None, "", [])
_settlers: dict[str, list[Settler]] = defaultdict(list)
_history: set[tuple[str, str]] = set()


@dataclass(frozen=True)
class Place:
    """A column that names rows of a register, and the register that it is a field of, if any."""

    column: Column[Any]
    register: Register | None

    @property
    def label(self) -> Any:
        """What the rows are called."""
        return self.register.label if self.register else self.column.table.name


@dataclass(frozen=True)
class Merged:
    """What a merging did: how many rows moved, by what they are called, and the fields that were filled."""

    moved: dict[str, int]
    filled: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many rows moved."""
        return sum(self.moved.values())


def before_merge(slug: str) -> Callable[[Settler], Settler]:
    """Call ``function(keep, gone)`` before references move, for what cannot simply be renamed, such as an account."""

    def keep(function: Settler) -> Settler:
        if function not in _settlers[slug]:
            _settlers[slug].append(function)
        return function

    return keep


def is_history(slug: str, *names: str) -> None:
    """Say that fields of a register tell how things were, and so stay when rows are merged."""
    _history.update((slug, name) for name in names)


@lru_cache(maxsize=20)
def places(slug: str) -> tuple[Place, ...]:
    """Every column of the database that names rows of a register, history and the register's own pointer left out."""
    key = registers()[slug].model.__table__.c.id
    found = []
    for table in sorted(Model.metadata.tables.values(), key=lambda table: table.name):
        register = registers().get(table.name)
        for column in table.c:
            kept = (table.name, column.key) in _history or column.primary_key
            if not kept and any(reference.column is key for reference in column.foreign_keys):
                found.append(Place(column, register))
    return tuple(found)


def references(slug: str, row_id: int) -> list[tuple[Place, int]]:
    """How many rows name a row, by place, where there are any; one statement."""
    counts = [
        sa.select(sa.literal(number), sa.func.count()).where(place.column == row_id)
        for number, place in enumerate(places(slug))
    ]
    known = session.execute(sa.union_all(*counts)).all() if counts else []
    return [(places(slug)[number], count) for number, count in known if count]


def fillable(keep: Record, gone: Record) -> list[FieldSpec]:
    """The fields that are empty in the row that stays and filled in the other."""
    return [
        spec for name, spec in register_of(keep).writable.items()
        if spec.stored and not spec.unique and getattr(keep, name) in EMPTY and getattr(gone, name) not in EMPTY
        and not (spec.target and getattr(gone, name) == keep.id)
    ]  # fmt: skip


def hindrances(keep: Record, gone: Record) -> Iterator[Problem]:
    """Why two rows cannot become one."""
    register = register_of(keep)
    if not register.retired or register_of(gone) is not register:
        yield Problem(_("Rows of this register are not merged."), rule="merge")
        return
    if keep.id == gone.id:
        yield Problem(_("A record cannot be merged into itself."), rule="merge")
        return
    for row in (keep, gone):
        if getattr(row, register.retired) is not None:
            text = _("“%(name)s” was merged into another record already.", name=getattr(row, register.title))
            yield Problem(text, rule="merge")
    yield from _clashes(register, keep.id, gone.id)


def _clashes(register: Register, keep: int, gone: int) -> Iterator[Problem]:
    """Rows of which there may be only one: both sides have theirs."""
    for place in places(register.slug):
        for others in _unique_with(place.column):
            mine, theirs = place.column.table.alias(), place.column.table.alias()
            same = [mine.c.id != theirs.c.id, *(mine.c[name] == theirs.c[name] for name in others)]
            both = sa.select(sa.literal(1)).where(
                mine.c[place.column.key] == keep, theirs.c[place.column.key] == gone, *same
            )
            if session.scalar(both.limit(1)):
                text = _("Both have a record of “%(register)s”, of which there can be only one.", register=place.label)
                yield Problem(text, rule="merge")


def _unique_with(column: Column[Any]) -> Iterator[list[str]]:
    """The other columns of every unique constraint or index over a column."""
    table: Table = column.table
    indexes = [index.columns for index in table.indexes if index.unique]
    keys = [found.columns for found in table.constraints if isinstance(found, sa.UniqueConstraint)]
    for columns in (*indexes, *keys):
        if column.key in columns:
            yield [other.key for other in columns if other is not column]


def merge(keep: Record, gone: Record) -> Merged:
    """Let ``keep`` take the place of ``gone``; the caller has asked who may, and commits.

    Raises ``Refusal`` with every hindrance.
    """
    for row in sorted((keep, gone), key=lambda row: row.id):
        session.refresh(row, with_for_update=True)
    for settle in _settlers[register_of(keep).slug]:
        settle(keep, gone)
    session.flush()
    Refusal.when(hindrances(keep, gone))
    register: Any = register_of(keep)
    filled = fillable(keep, gone)
    for spec in filled:
        setattr(keep, spec.name, getattr(gone, spec.name))
    names = {"keep": getattr(keep, register.title), "gone": getattr(gone, register.title)}
    done = Merged(_move(register, keep.id, gone.id, names), tuple(spec.name for spec in filled))
    setattr(gone, register.retired, keep.id)
    session.flush()
    audit.note(gone, "act", MERGED, names | {"count": done.count})
    audit.note(keep, "act", TAKEN_IN, names | {"count": done.count})
    session.expire_all()
    return done


def _move(register: Register, keep: int, gone: int, names: dict[str, Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    with audit.bulk_change("merging moves references; each gets its own entry"):
        for place, _count in references(register.slug, gone):
            found[str(place.label)] = found.get(str(place.label), 0) + _rename(place, keep, gone, names)
        for where, column in lists.lists_of(register.slug):
            changed = lists.rename(column, keep, gone)
            audit.note_many(Note(where.slug, row_id, "act", MOVED, names, changes={column.key: pair})
                            for row_id, pair in changed.items() if where.log)  # fmt: skip
            if changed:
                found[str(where.label)] = found.get(str(where.label), 0) + len(changed)
        files = sa.update(Attachment).where(Attachment.register == register.slug, Attachment.record_id == gone)
        session.execute(files.values(record_id=keep))
    return found


def _rename(place: Place, keep: int, gone: int, names: dict[str, Any]) -> int:
    """Let the rows of one place name the row that stays; of itself it becomes nobody."""
    table, column = place.column.table, place.column
    ids = list(session.scalars(sa.select(table.c.id).where(column == gone))) if "id" in table.c else []
    new = sa.case((table.c.id == keep, sa.null()), else_=keep) if _is_own(place) else sa.literal(keep)
    changed: dict[str, Any] = {column.key: new}
    if place.register is not None:
        changed |= {"row_version": table.c.row_version + 1, "changed_at": clock.now()}
    result: Any = session.execute(sa.update(table).where(column == gone).values(changed))
    if place.register is not None and place.register.log:
        audit.note_many(_notes(place, ids, {column.key: [gone, keep]}, names))
    return int(result.rowcount)


def _is_own(place: Place) -> bool:
    return any(reference.column.table is place.column.table for reference in place.column.foreign_keys)


def _notes(place: Place, ids: Iterable[int], changes: dict[str, list[Any]], names: dict[str, Any]) -> Iterator[Note]:
    assert place.register is not None
    slug = place.register.slug
    return (Note(slug, row_id, "act", MOVED, names, changes=changes) for row_id in ids)
