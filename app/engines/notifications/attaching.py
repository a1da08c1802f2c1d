"""Files that go with a mail: whoever tells of an event may say which."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

XLSX = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class File:
    """A workbook beside a letter."""

    name: str
    content: bytes


Files = Callable[[Iterable[str]], list[File]]
_known: dict[str, Files] = {}


def with_files(event: str, files: Files) -> None:
    """Let ``files(events)`` say what goes with mails about events of a name, such as ``report.sent``."""
    _known[event] = files


def of(rows: Iterable[Any]) -> tuple[File, ...]:
    """The files that go with a mail of these outbox rows."""
    told: dict[str, list[str]] = {}
    for row in rows:
        told.setdefault(row.event.partition(":")[0], []).append(row.event)
    return tuple(file for name, events in told.items() if name in _known for file in _known[name](events))
