"""Customers that are likely the same: one code, one identity number, one telephone, or one name of a company."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.areas.customers.customer import PERSON, Customer
from app.areas.customers.names import name_key
from app.core import access, crypto
from app.core.db import session
from app.core.register import register_of
from app.core.wording import listed
from app.engines.audit.operations import bulk_change

CODE, IDENTITY, PHONE, NAME = "credit_code", "id_no", "phone", "name"
WAYS = {
    CODE: _l("the same unified credit code"), IDENTITY: _l("the same identity number"),
    PHONE: _l("the same telephone"), NAME: _l("the same name"),
}  # fmt: skip
FOUND = 20
table = Customer.__table__
PHONES = (table.c.contact_phone_index, table.c.other_phone_index)


@dataclass(frozen=True)
class Alike:
    """A customer that is likely the same, and by what; without name and number where the person may not see it."""

    id: int
    ways: tuple[str, ...]
    name: str = ""
    number: str = ""

    @property
    def why(self) -> str:
        """By what, in words."""
        return listed(WAYS[way] for way in self.ways)


def alike(read: Callable[[str], Any], row_id: int | None = None) -> tuple[list[Alike], int]:
    """Those in the person's reach that are likely the same as a row, and how many there are beyond it.

    ``read`` gives a field of the row, typed or saved; two statements, by index.
    """
    ways = list(_matches(read))
    if not ways:
        return [], 0
    found: dict[int, list[str]] = {}
    for key, way in session.execute(sa.union_all(*ways)):
        if key != row_id:
            found.setdefault(key, []).append(way)
    if not found:
        return [], 0
    chosen = sa.select(table.c.id, table.c.name, table.c.customer_no)
    seen = session.execute(chosen.where(table.c.id.in_(sorted(found)), access.rows(register_of(Customer)))).all()
    visible = [Alike(row.id, tuple(found[row.id]), row.name, row.customer_no) for row in seen]
    return sorted(visible, key=lambda one: (-len(one.ways), one.id)), len(found) - len(visible)


def _matches(read: Callable[[str], Any]) -> Iterator[sa.Select[Any]]:
    if code := read("credit_code"):
        yield _some(CODE, table.c.credit_code == code)
    if number := read("id_no"):
        yield _some(IDENTITY, table.c.id_no_index == crypto.blind_index(number))
    numbers = {crypto.blind_index(phone) for name in ("contact_phone", "other_phone") if (phone := read(name))}
    if numbers:
        yield from (_some(PHONE, column.in_(sorted(numbers))) for column in PHONES)
    if key := name_key(read("name"), read("side")):
        yield _some(NAME, table.c.name_key == key)


def _some(way: str, condition: Any) -> sa.Select[Any]:
    some = sa.select(table.c.id).where(condition, table.c.merged_into_id.is_(None)).limit(FOUND).subquery()
    return sa.select(some.c.id, sa.literal(way))


def fill_name_keys() -> None:
    """Give companies of an earlier version the key that their name is compared by; a step of every set-up."""
    missing = sa.select(table.c.id, table.c.name, table.c.side).where(
        table.c.name_key.is_(None), table.c.side != PERSON
    )
    rows = [{"row": row.id, "key": name_key(row.name, row.side)} for row in session.execute(missing)]
    if rows:
        kept = {stamp: table.c[stamp] for stamp in ("changed_at", "changed_by_id")}
        fill = sa.update(table).where(table.c.id == sa.bindparam("row"))
        with bulk_change("a key that nobody reads"):
            session.execute(fill.values(name_key=sa.bindparam("key"), **kept), rows)


# -- all of them -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """Customers within reach that share something."""

    way: str
    ids: tuple[int, ...]


def groups(limit: int) -> list[Group]:
    """The groups of likely duplicates within the person's reach, the surest kind first; one statement per kind."""
    reach = [access.rows(register_of(Customer)), table.c.merged_into_id.is_(None)]
    columns = {
        CODE: table.c.credit_code, IDENTITY: table.c.id_no_index, PHONE: table.c.contact_phone_index,
        NAME: table.c.name_key,
    }  # fmt: skip
    found: list[Group] = []
    known: set[tuple[int, ...]] = set()
    for way, column in columns.items():
        for ids in _shared(column, reach, limit):
            if ids not in known:
                known.add(ids)
                found.append(Group(way, ids))
    return found[:limit]


def _shared(column: Any, reach: Iterable[Any], limit: int) -> Iterator[tuple[int, ...]]:
    """What the index of a column knows more than once; only these few rows are looked at for being in reach."""
    several = sa.select(column).where(column.is_not(None)).group_by(column).having(sa.func.count() > 1)
    rows = sa.select(column, table.c.id).where(column.in_(several), *reach).order_by(column, table.c.id)
    found = session.execute(rows.execution_options(yield_per=limit))
    together = (tuple(row.id for row in some) for _shared, some in groupby(found, key=itemgetter(0)))
    yield from (ids[:FOUND] for ids in islice((ids for ids in together if len(ids) > 1), limit))
    found.close()
