"""What several parts of a page ask, asked together: their rows in one statement, the names in another."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from inspect import isgeneratorfunction
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData
from sqlalchemy.types import TypeEngine

from app.core import values
from app.core.crypto import Encrypted
from app.core.db import session

Query = sa.Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Rows:
    """A question for the rows of queries of columns; the answer is a list of rows for each."""

    queries: Sequence[Query]


@dataclass(frozen=True)
class Names:
    """A question for the names of referred rows, as pairs of register and id; the answer is what ``names_of`` gives."""

    pairs: Iterable[tuple[str, int | None]] = ()


Talk = Generator[Rows | Names, Any, None]
MY_TURN = Names()
"""What a part yields that needs no names: what follows is done when those before it are done."""


def joined(parts: Iterable[Callable[..., Any]], *given: Any) -> Talk:
    """Parts in their order, with their questions put together.

    A part is a function, or a generator that may yield ``Rows``, then yields ``Names``, and then adds to the page.
    """
    order = list(parts)
    talks = {part: part(*given) for part in order if isgeneratorfunction(part)}
    asked = {part: _next(talk) for part, talk in talks.items()}
    queries = {part: one.queries for part, one in asked.items() if isinstance(one, Rows)}
    answers = iter((yield Rows([query for some in queries.values() for query in some])))
    for part, some in queries.items():
        asked[part] = _next(talks[part], [next(answers) for _query in some])
    names = yield Names([pair for one in asked.values() if isinstance(one, Names) for pair in one.pairs])
    for part in order:
        if part not in talks:
            part(*given)
        elif asked[part] is not None:
            _next(talks[part], names)


def hear(talk: Talk) -> None:
    """Answer all that is asked."""
    asked = _next(talk)
    while asked is not None:
        answer = rows_of(asked.queries) if isinstance(asked, Rows) else values.names_of(asked.pairs)
        asked = _next(talk, answer)


def _next(talk: Talk, answer: Any = None) -> Rows | Names | None:
    try:
        return talk.send(answer)
    except StopIteration:
        return None


# -- several queries in one statement ----------------------------------------------------------------------------------


def rows_of(queries: Sequence[Query]) -> list[list[Any]]:
    """The rows of each query of columns, in its order; one statement for all."""
    if len(queries) < 2:
        return [[*session.execute(query)] for query in queries]
    return Joined(queries).rows()


class Joined:
    """Queries of columns put together into one statement, which may be asked many times."""

    def __init__(self, queries: Sequence[Query]) -> None:
        places = [_places(query) for query in queries]
        width = list(dict.fromkeys(place for some in places for place in some))
        types = {place: column.type for some, query in zip(places, queries, strict=True)
                 for place, column in zip(some, query.selected_columns, strict=True)}  # fmt: skip
        parts = [_part(at, query, places[at], width, types) for at, query in enumerate(queries)]
        where = {place: at for at, place in enumerate(width)}
        self._taken = [[where[place] for place in some] for some in places]
        self._heads = [SimpleResultMetaData(query.selected_columns.keys()) for query in queries]
        self._statement = sa.union_all(*parts).order_by("at", "number")

    def rows(self) -> list[list[Any]]:
        """The rows of each query, in its order."""
        found: list[list[Any]] = [[] for _head in self._heads]
        for at, _number, *row in session.execute(self._statement):
            found[at].append([row[place] for place in self._taken[at]])
        return [list(IteratorResult(head, iter(some)).all()) for head, some in zip(self._heads, found, strict=True)]


def _places(query: Query) -> list[tuple[Any, int]]:
    """Where the columns of a query go: the first of its kind into the first place of that kind, and so on."""
    numbers: dict[Any, count[int]] = {}
    kinds = [_kind(column.type) for column in query.selected_columns]
    return [(kind, next(numbers.setdefault(kind, count()))) for kind in kinds]


@lru_cache(maxsize=4096)
def _kind(type_: TypeEngine[Any]) -> Any:
    """What columns that share a place have in common; an encrypted one is read with a key of its own."""
    if isinstance(type_, Encrypted):
        return type_
    return "text" if isinstance(type_, sa.String) else repr(type_)


def _part(
    at: int, query: Query, places: Sequence[Any], width: Sequence[Any], types: dict[Any, TypeEngine[Any]]
) -> sa.Select[Any]:
    rows = query.subquery()
    own = dict(zip(places, rows.c, strict=True))
    cells = [own.get(place, sa.cast(sa.null(), types[place])) for place in width]
    number = sa.func.row_number().over().label("number")
    return sa.select(sa.literal_column(str(at), sa.Integer).label("at"), number, *cells)
