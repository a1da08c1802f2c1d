"""Choices that a company adds to, renames, orders and retires; nothing in the program or a pack decides by them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import has_app_context


@dataclass(frozen=True)
class Entry:
    """One choice: its key, its label, and whether it is only read any more."""

    key: str
    label: Any
    retired: bool = False


Read = Callable[[str], Sequence[Entry]]
_read: Read | None = None


def set_reader(read: Read) -> None:
    """Tell core who knows what a company made of its lists: entries by the name of a list, in order."""
    global _read
    _read = read


class OpenChoices(Mapping[str, Any]):
    """The choices of an open field, ``shipped`` ones first unless the company ordered them otherwise.

    As a mapping it holds retired ones too: rows that have them go on being read.
    """

    def __init__(self, name: str, shipped: Mapping[str, Any]) -> None:
        self.name, self.shipped = name, dict(shipped)

    @property
    def entries(self) -> list[Entry]:
        """All of them in order."""
        own = list(_read(self.name)) if _read is not None and has_app_context() else []
        known = {entry.key for entry in own}
        own = [Entry(one.key, one.label or self.shipped.get(one.key, one.key), one.retired) for one in own]
        return own + [Entry(key, label) for key, label in self.shipped.items() if key not in known]

    def _labels(self) -> dict[str, Any]:
        return {entry.key: entry.label for entry in self.entries}

    def __getitem__(self, key: str) -> Any:
        return self._labels()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._labels())

    def __len__(self) -> int:
        return len(self.entries)


def retired(choices: Mapping[str, Any]) -> frozenset[str]:
    """The keys of a field's choices that new rows are not offered."""
    if not isinstance(choices, OpenChoices):
        return frozenset()
    return frozenset(entry.key for entry in choices.entries if entry.retired)


def offered(choices: Mapping[str, Any]) -> dict[str, Any]:
    """The choices that new rows are offered."""
    gone = retired(choices)
    return {key: label for key, label in choices.items() if key not in gone}
