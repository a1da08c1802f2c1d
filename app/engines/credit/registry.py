"""Facts of customers by name, and which customers share one account: areas say how they are found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from app.core.db import session

Fold = Literal["sum", "max", "min", "all", "any", "first"]


@dataclass(frozen=True)
class Asked:
    """What a fact is asked: of which customers of an adopting unit (``None``: of all), on which day, with what.

    ``document`` reads the fields of the document in question, and ``without`` is its id; ``known`` reads other facts
    of the policy. Without a document they know nothing. What one statement found is ``shared`` by the facts of it.
    """

    adopter_id: int
    day: dt.date
    parties: Sequence[int] | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    document: Callable[[str], Any] = lambda _name: None
    without: int | None = None
    known: Callable[[str], Any] = lambda _name: None
    shared: dict[Any, Sequence[Any]] = field(default_factory=dict)


Find = Callable[[Asked], Mapping[int, Any]]


@dataclass(frozen=True)
class Fact:
    """How a fact is found: one statement for all customers asked, and how those of a group are put together.

    ``default`` is what it is for a customer of whom nothing is found.
    """

    find: Find
    fold: Fold
    default: Any


FOLDS: Mapping[Fold, Callable[[list[Any]], Any]] = {
    "sum": sum, "max": max, "min": min, "all": all, "any": any, "first": lambda values: values[0],
}  # fmt: skip
_facts: dict[str, Fact] = {}
_heads: list[Callable[[Iterable[int]], Mapping[int, int]]] = []
_members: list[Callable[[int], Sequence[int]]] = []


def fact(name: str, *, fold: Fold = "first", default: Any = None) -> Callable[[Find], Find]:
    """Name a function that finds a fact, so that packs can refer to it."""

    def keep(find: Find) -> Find:
        _facts[name] = Fact(find, fold, default)
        return find

    return keep


def rows(asked: Asked, query: Any, **values: Any) -> Sequence[Any]:
    """What a statement of tables finds for who is asked; each is sent once, whichever facts want it.

    It may name ``adopter``, ``day`` and ``parties``.
    """
    place = (id(query), *sorted(values.items()))
    if place not in asked.shared:
        session.flush()
        parties = {} if asked.parties is None else {"parties": list(asked.parties)}
        told = {"adopter": asked.adopter_id, "day": asked.day, **parties, **values}
        asked.shared[place] = session.connection().execute(query, told).all()
    return asked.shared[place]


def known_facts() -> Mapping[str, Fact]:
    """All facts by name."""
    return _facts


def set_groups(
    heads: Callable[[Iterable[int]], Mapping[int, int]], members: Callable[[int], Sequence[int]]
) -> None:
    """Tell who knows the head of a customer's group, and the members of a head's."""
    _heads[:], _members[:] = [heads], [members]


def heads_of(parties: Iterable[int]) -> Mapping[int, int]:
    """The head of each customer's group: itself where it stands alone."""
    found = list(parties)
    return _heads[0](found) if _heads else {party: party for party in found}


def members_of(head: int) -> Sequence[int]:
    """All customers that share the account of a head, itself included."""
    return _members[0](head) if _members else [head]


def folded(known: Fact, values: Mapping[int, Any], members: Sequence[int]) -> Any:
    """What a fact is for a group of customers together."""
    found = [values[member] for member in members if values.get(member) is not None]
    return FOLDS[known.fold](found) if found else known.default
