"""Rows found in all registers at once: a few statements, however many registers there are.

First it is asked in which registers anything may be found at all, then only these are searched, in one statement, each
within the reach of whoever asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement

from app.core import access, crypto, values
from app.core.db import session
from app.core.query import HIGHEST
from app.core.register import Register, registers
from app.engines.search import calc, operations
from app.engines.search.calc import Wanted, Ways

NEAR = 200
"""So many rows of a register are put in order; of very many the first ones are enough."""
table = operations.table


@dataclass(frozen=True)
class Hit:
    """A row that was found: its title, what else tells it from others, and whom it concerns."""

    id: int
    title: str
    about: str
    party: str


@dataclass(frozen=True)
class Found:
    """What was found in a register, and whether there is more."""

    register: Register
    hits: list[Hit]
    more: bool


def find(text: str, size: int) -> list[Found]:
    """Rows that the person may read, by number, name, initials or last digits, in every register that he may read."""
    places = _places()
    words = calc.asked(text, crypto.blind_index, _clean(places))
    if not words:
        return []
    kept = _with_words([one for one in places if one.named_by], words)
    begun = _with_beginning([one for one in places if not one.named_by], text)
    rare = operations.rarities(kept, words)
    parts = [_part(one, operations.chosen(one, words, rare[one.slug]), text, size) for one in kept]
    parts += [_part(one, _begins(one, text), text, size) for one in begun]
    return _read(session.execute(sa.union_all(*parts)).all(), size) if parts else []


def _places() -> list[Register]:
    """The registers that the person reads, but those whose rows policies open one by one."""
    person = access.current()
    return [one for one in registers().values()
            if not one.closed and not one.detail_of and person.can(one.slug, "read")]  # fmt: skip


def _clean(places: Sequence[Register]) -> Any:
    return tuple(dict.fromkeys(write for one in places for write in operations.ways_to_write(one)))


# -- where anything is found -------------------------------------------------------------------------------------------


def _with_words(places: Sequence[Register], words: Sequence[Ways]) -> list[Register]:
    """The registers that know every word in one of its ways."""
    if not places:
        return []
    each = sa.text(_listed(tuple(one.slug for one in places))).columns(sa.column("slug", sa.String())).subquery()
    known = [sa.or_(*(sa.and_(*(_known(each, wanted) for wanted in way)) for way in ways)) for ways in words]
    slugs = set(session.scalars(sa.select(each.c.slug).where(*known)))
    return [one for one in places if one.slug in slugs]


@lru_cache(maxsize=256)
def _listed(slugs: tuple[str, ...]) -> str:
    """The names of registers, which the program gives them, as rows."""
    return " UNION ALL ".join(f"SELECT '{slug}' AS slug" for slug in slugs)


def _known(each: Any, wanted: Wanted) -> ColumnElement[bool]:
    tokens = table.alias()
    _here, token = operations.is_token(tokens, next(iter(registers().values())), wanted)
    return sa.exists().where(tokens.c.register == each.c.slug, token)


def _with_beginning(places: Sequence[Register], text: str) -> list[Register]:
    """Of registers without an index of words, those in which a title begins so."""
    titled = tuple(one.model for one in places if _is_plain(one))
    if not titled:
        return []
    told = session.execute(_beginnings(titled), {"low": text, "high": text + HIGHEST}).one()
    return [model.register for model, there in zip(titled, told, strict=True) if there]


def _is_plain(register: Register) -> bool:
    """Whether the title is a text with an index."""
    spec = register.fields.get(register.title)
    named = (*register.search, *register.filters, register.order.lstrip("-"))
    plain = spec is not None and spec.kind.name == "text" and not spec.words
    return plain and (register.title in named or bool(spec and spec.unique))


@lru_cache(maxsize=256)
def _beginnings(models: tuple[Any, ...]) -> sa.Select[Any]:
    low, high = sa.bindparam("low", type_=sa.String()), sa.bindparam("high", type_=sa.String())
    titles = (model.__table__.c[model.register.title] for model in models)
    there: list[Any] = [sa.exists().where(title.between(low, high)) for title in titles]
    return sa.select(*there)


def _begins(register: Register, text: str) -> sa.Select[Any]:
    columns = register.model.__table__.c
    return sa.select(columns.id).where(columns[register.title].between(text, text + HIGHEST))


# -- what is found -----------------------------------------------------------------------------------------------------


def _part(register: Register, ids: sa.Select[Any], text: str, size: int) -> sa.Select[Any]:
    """The first rows in reach, those that begin with the text first."""
    columns, spec = register.model.__table__.c, register.fields.get(register.title)
    near = sa.select(columns.id).where(columns.id.in_(ids), access.rows(register)).limit(NEAR).subquery()
    about, party = _about(register), register.fields.get(register.party)
    plain = spec is not None and spec.kind.name == "text"
    begins = sa.case((columns[register.title].between(text, text + HIGHEST), 0), else_=1) if plain else sa.literal(0)
    some = (
        sa.select(
            sa.literal_column(f"'{register.slug}'").label("slug"), columns.id,
            (sa.cast(columns[about], sa.Text()) if about else sa.cast(sa.null(), sa.Text())).label("about"),
            (columns[register.party] if party else sa.cast(sa.null(), columns.id.type)).label("party"),
        )
        .where(columns.id.in_(sa.select(near.c.id)))
        .order_by(begins, columns.id.desc())
        .limit(size + 1)
        .subquery()
    )  # fmt: skip
    return sa.select(some)


def _about(register: Register) -> str:
    """A text that tells a row from others beside its title; never personal data."""
    for name in (register.subject, *register.search):
        spec = register.fields.get(name)
        if spec is not None and name != register.title and spec.kind.name == "text" and not spec.words:
            return name
    return ""


def _read(rows: Sequence[Any], size: int) -> list[Found]:
    known, by_slug = registers(), dict[str, list[Any]]()
    for row in rows:
        by_slug.setdefault(row.slug, []).append(row)
    names = values.names_of(_named(rows))
    return [Found(known[slug], [_hit(known[slug], row, names) for row in found[:size]], len(found) > size)
            for slug, found in by_slug.items()]  # fmt: skip


def _named(rows: Sequence[Any]) -> list[tuple[str, int | None]]:
    known = registers()
    parties = [(known[row.slug].fields[known[row.slug].party].target, row.party) for row in rows if row.party]
    return [*((row.slug, row.id) for row in rows), *parties]


def _hit(register: Register, row: Any, names: Mapping[tuple[str, int], str]) -> Hit:
    target = register.fields[register.party].target if row.party else ""
    return Hit(row.id, names.get((register.slug, row.id), ""), row.about or "", names.get((target, row.party), ""))
