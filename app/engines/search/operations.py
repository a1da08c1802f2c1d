"""Rows found by words within a register, and the tokens kept by which they are found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from operator import itemgetter
from sys import intern
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql import ColumnElement

from app.core import crypto, finding
from app.core.db import is_sqlite, session
from app.core.query import HIGHEST
from app.core.register import Register, registers
from app.core.upsert import insert
from app.engines.search import calc, copying
from app.engines.search.calc import Wanted, Ways
from app.engines.search.models import SearchToken

BATCH, FEW, COUNTED, GATHERED = 1000, 200, 1001, 200_000
SEEN = ""
table = SearchToken.__table__
_gathering: ContextVar[list[tuple[str, int, str]] | None] = ContextVar("gathering", default=None)


# -- finding ---------------------------------------------------------------------------------------------------------


def ids_of(register: Register, text: str) -> sa.Select[Any] | None:
    """The ids of the rows that every word of a text leads to; ``None`` for a text without words.

    One statement when a word has several tokens, so that the rarest leads.
    """
    words = calc.asked(text, crypto.blind_index, ways_to_write(register))
    if not words:
        return None
    return chosen(register, words, _rarity(register, words))


def chosen(register: Register, words: Sequence[Ways], rare: Mapping[Wanted, int]) -> sa.Select[Any]:
    """The ids of the rows that meet every word; the rarest leads."""
    first, *others = sorted(words, key=lambda ways: min(rare.get(wanted, COUNTED) for way in ways for wanted in way))
    found = _select(register, first, rare)
    for ways in others:
        found = found.where(found.selected_columns[0].in_(_select(register, ways, rare)))
    return found


def condition(register: Register, text: str) -> ColumnElement[bool]:
    """The rows of a register that are found by a text."""
    ids = ids_of(register, text)
    return sa.true() if ids is None else register.model.__table__.c.id.in_(ids)


def _select(register: Register, ways: Ways, rare: Mapping[Wanted, int]) -> sa.Select[Any]:
    """The ids of rows that meet one word: all tokens of any way; the rarest token of a way leads."""
    if len(ways) == 1:
        return _way(register, ways[0], rare)
    met = sa.union_all(*(_way(register, way, rare) for way in ways)).subquery()
    return sa.select(met.c.row_id)


def _way(register: Register, way: Sequence[Wanted], rare: Mapping[Wanted, int]) -> sa.Select[Any]:
    leading, *others = sorted(way, key=lambda wanted: rare.get(wanted, COUNTED))
    lead = table.alias()
    found = sa.select(lead.c.row_id).where(*is_token(lead, register, leading))
    for wanted in others:
        other = table.alias()
        found = found.where(sa.exists().where(*is_token(other, register, wanted), other.c.row_id == lead.c.row_id))
    return found


def is_token(tokens: Any, register: Register, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Whether a token of a register is the wanted one, or begins with it."""
    column, here = tokens.c.token, tokens.c.register == _written(register.slug)
    if not wanted.open:
        return [here, column == _written(wanted.token)]
    return [here, column.between(_written(wanted.token), _written(wanted.token + HIGHEST))]


def _written(text: str) -> ColumnElement[str]:
    """A text that stands in the statement itself, so that it is planned for this token and for no average one."""
    return sa.bindparam(None, text, sa.String(), literal_execute=True)


def _rarity(register: Register, words: Sequence[Ways]) -> dict[Wanted, int]:
    """How many rows have each token, counted no further than is worth while; one statement, if there is a choice."""
    if len(words) == 1 and all(len(way) == 1 for way in words[0]):
        return {}
    return rarities([register], words)[register.slug]


def rarities(among: Sequence[Register], words: Sequence[Ways]) -> dict[str, dict[Wanted, int]]:
    """How many rows have each token, by register; one statement for all of them."""
    several = list(dict.fromkeys(wanted for ways in words for way in ways for wanted in way))
    counts, asked = [], [(register, wanted) for register in among for wanted in several]
    for number, (register, wanted) in enumerate(asked):
        some = sa.select(table.c.row_id).where(*is_token(table, register, wanted)).limit(COUNTED).subquery()
        counts.append(sa.select(sa.literal(number), sa.func.count()).select_from(some))
    found: dict[str, dict[Wanted, int]] = {register.slug: {} for register in among}
    for number, count in session.execute(sa.union_all(*counts)) if counts else ():
        register, wanted = asked[number]
        found[register.slug][wanted] = count
    return found


def ways_to_write(register: Register) -> tuple[Callable[[str], str], ...]:
    """How personal values of a register are written before they are kept."""
    specs = (register.fields[name] for name in register.named_by)
    return tuple(dict.fromkeys(spec.clean for spec in specs if spec.clean and spec.kind.name == "personal"))


# -- keeping ---------------------------------------------------------------------------------------------------------


def tokens(register: Register, read: Callable[[str], Any]) -> set[str]:
    """Everything by which a row is found; ``read`` gives the value of a field."""
    found = {SEEN}
    for name in register.named_by:
        if not (value := read(name)):
            continue
        spec = register.fields[name]
        if spec.kind.name == "personal":
            found.update(calc.hashed(calc.narrow(value), spec.mask == "phone", crypto.blind_index))
        else:
            found.update(calc.tokens_of(str(value)))
    return found


@contextmanager
def gathered() -> Iterator[None]:
    """Keep the tokens of new rows in the block together, many at a time: in their own order they are written faster.

    What is left is written when the block ends, in the transaction that is open then.
    """
    token = _gathering.set([])
    try:
        yield
        _write_gathered()
    finally:
        _gathering.reset(token)


def add(new: Mapping[tuple[str, int], set[str]]) -> None:
    """Keep the tokens of rows that had none, by register and id."""
    found = ((slug, row_id, sign) for (slug, row_id), signs in new.items() for sign in signs)
    if (waiting := _gathering.get()) is None:
        _insert_all(found)
        return
    waiting.extend((slug, row_id, intern(sign)) for slug, row_id, sign in found)
    if len(waiting) >= GATHERED:
        _write_gathered()


def _write_gathered() -> None:
    if waiting := _gathering.get():
        _insert_all(waiting)
        waiting.clear()


def _insert_all(found: Iterable[tuple[str, int, str]]) -> None:
    by_slug: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for slug, row_id, sign in found:
        by_slug[slug].append((row_id, sign))
    for slug in sorted(by_slug):
        if is_sqlite() or len(by_slug[slug]) < FEW:
            _insert(slug, by_slug[slug])
        else:
            copying.add(slug, sorted(by_slug[slug], key=itemgetter(1, 0)))


def keep(wanted: Mapping[tuple[str, int], set[str]]) -> None:
    """Make the tokens of rows, by register and id, those that are wanted: at most three statements per register."""
    for slug in sorted({slug for slug, _id in wanted}):
        mine = {row_id: found for (of, row_id), found in wanted.items() if of == slug}
        _keep(slug, mine)


def _keep(slug: str, wanted: Mapping[int, set[str]]) -> None:
    connection = session.connection()
    here = sa.select(table.c.row_id, table.c.token).where(table.c.register == slug, table.c.row_id.in_(sorted(wanted)))
    known = {(row_id, token) for row_id, token in connection.execute(here)}
    pairs = {(row_id, token) for row_id, found in wanted.items() for token in found}
    if gone := known - pairs:
        one = (table.c.row_id == sa.bindparam("row")) & (table.c.token == sa.bindparam("sign"))
        connection.execute(
            sa.delete(table).where(table.c.register == slug, one), [{"row": row, "sign": sign} for row, sign in gone]
        )
    _insert(slug, pairs - known)


def _insert(slug: str, pairs: Iterable[tuple[int, str]]) -> None:
    """Add tokens in the order of the table: on PostgreSQL as two arrays in one statement, since a row each would cost
    a message each.
    """
    if not (wanted := sorted(pairs, key=itemgetter(1, 0))):
        return
    if is_sqlite():
        rows = [(slug, token, row_id) for row_id, token in wanted]
        session.connection().exec_driver_sql(f"INSERT OR IGNORE INTO {table.name} VALUES (?, ?, ?)", rows)  # noqa: S608
        return
    ids, signs = zip(*wanted, strict=True)
    columns = [sa.literal(slug), _each(signs, sa.Text()), _each(ids, sa.BigInteger())]
    fill = insert(SearchToken).from_select(["register", "token", "row_id"], sa.select(*columns))
    session.connection().execute(fill.on_conflict_do_nothing())


def _each(values: Sequence[Any], kind: sa.types.TypeEngine[Any]) -> Any:
    return sa.func.unnest(sa.literal(list(values), postgresql.ARRAY(kind)))


def index(slug: str, ids: Iterable[int]) -> int:
    """Bring the tokens of some rows up to date after a bulk insert or change, a batch at a time; how many rows."""
    register, wanted = registers()[slug], sorted(ids)
    for at in range(0, len(wanted), batch()):
        _index(register, wanted[at : at + batch()])
    return len(wanted)


def batch() -> int:
    """How many rows are indexed together."""
    return BATCH if is_sqlite() else copying.BATCH


def _index(register: Register, ids: Sequence[int]) -> None:
    columns = register.model.__table__.c
    chosen = sa.select(columns.id, *(columns[name] for name in register.named_by)).where(columns.id.in_(ids))
    found = {row.id: tokens(register, row._mapping.__getitem__) for row in session.execute(chosen)}
    if is_sqlite() or len(ids) < FEW:
        keep({(register.slug, row_id): found.get(row_id, set()) for row_id in ids})
    else:
        copying.keep(register.slug, ids, found)


def searched() -> Iterator[Register]:
    """The registers whose rows are found by tokens."""
    return (register for register in registers().values() if register.named_by)


def fill(register: Register, limit: int = BATCH) -> int:
    """Give tokens to rows that nobody has looked at yet, such as those of a bulk insert; how many were found."""
    columns = register.model.__table__.c
    seen = sa.exists().where(table.c.register == register.slug, table.c.token == SEEN, table.c.row_id == columns.id)
    missing = list(session.scalars(sa.select(columns.id).where(~seen).order_by(columns.id).limit(limit)))
    return index(register.slug, missing)


def size(register: Register) -> int:
    """How many rows a register has."""
    return int(session.scalar(sa.select(sa.func.count()).select_from(register.model.__table__)) or 0)


def rebuild(register: Register) -> Iterator[int]:
    """Make every token anew, a batch at a time, and forget rows that are gone; yields how many rows each batch had.

    What is right stays untouched, so people may search meanwhile. The caller commits after each batch.
    """
    columns, last = register.model.__table__.c, 0
    gone = ~sa.exists().where(columns.id == table.c.row_id)
    session.connection().execute(sa.delete(table).where(table.c.register == register.slug, gone))
    onward = sa.select(columns.id).order_by(columns.id).limit(batch())
    while ids := list(session.scalars(onward.where(columns.id > last))):
        _index(register, ids)
        last = ids[-1]
        yield len(ids)


def fill_all() -> None:
    """Give tokens to every row that has none, in all registers; a step of every set-up."""
    for register in searched():
        while fill(register):
            session.commit()


finding.set_finder(ids_of)
