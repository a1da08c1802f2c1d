"""What may be sent as a report: each sort says what is open to a person, what it is called and what it comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.core import access
from app.core.access import Access
from app.engines.exchange.xlsx import Sheet

MOST = 5000
"""So many rows of a list at most go into a report that is sent."""
ENDED, PRESENT = "ended", "present"


@dataclass(frozen=True)
class Content:
    """What a source comes to for one person: its tables, its period in words, whose right to export it needs.

    ``rows`` counts the records that it lists, not its figures; ``personal`` the columns of personal data among them.
    """

    title: str
    period: str
    sheets: Sequence[Sheet]
    guards: frozenset[str]
    url: str = ""
    rows: int = 0
    personal: int = 0


@dataclass(frozen=True)
class Source:
    """A sort of reports, whose keys begin with ``prefix``: which a person may open, what one is called and comes to."""

    prefix: str
    open_to: Callable[[Access], Mapping[str, Any]]
    label: Callable[[str], Any]
    content: Callable[[str, str], Content]
    """Of a key, for the period that has ``ended`` or the ``present`` one; raises ``Refusal`` for who may not see it."""


_sources: dict[str, Source] = {}


def add(source: Source) -> None:
    """Let a sort of reports be sent."""
    _sources[source.prefix] = source


def source_of(key: str) -> Source:
    """The sort that a key belongs to; raises ``KeyError``."""
    prefix = key.partition(":")[0] if ":" in key else ""
    return _sources[prefix]


def content(key: str, shown: str) -> Content:
    """What a report comes to for whoever is acting; raises ``Refusal``."""
    return source_of(key).content(key, shown)


class SourceChoices(Mapping[str, Any]):
    """Everything that whoever is acting may have sent, by key; labels are known for every key."""

    personal = True

    def __getitem__(self, key: str) -> Any:
        return source_of(key).label(key)

    def __contains__(self, key: object) -> bool:
        return any(key == known for known in self)

    def __iter__(self) -> Iterator[str]:
        person = access.current()
        return (key for source in _sources.values() for key in source.open_to(person))

    def __len__(self) -> int:
        return sum(1 for _key in self)

    def items(self) -> Any:
        """Keys and labels, of what is open to the person."""
        person = access.current()
        return [pair for source in _sources.values() for pair in source.open_to(person).items()]
