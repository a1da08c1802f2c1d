"""What a row was before: asked of whoever keeps its history (the audit engine)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from flask_babel import gettext as _

from app.core.fieldspec import FieldSpec
from app.core.register import Register

NEVER_BACK = ("personal", "json", "files", "state")


@dataclass(frozen=True)
class Written:
    """A field written since some moment: its first old value as kept (JSON), and who wrote it last, and when."""

    old: Any
    who: str
    at: dt.datetime


@dataclass(frozen=True)
class Version:
    """One saved state of a row: ``id`` is the last entry of the act that made it, ``changes`` maps to [old, new]."""

    id: int
    number: int
    at: dt.datetime
    who: str
    kind: str
    changes: Mapping[str, Sequence[Any]]
    sentence: str = ""
    reason: str = ""
    names: Sequence[str] = field(default_factory=tuple)


class Trail(Protocol):
    """Who keeps the history of rows; every call is a fixed number of statements. The caller has checked the reach."""

    def since(self, slug: str, record_id: int, version: int) -> Mapping[str, Written]:
        """The fields written since a row version."""

    def versions(self, slug: str, record_id: int, page: int, size: int) -> tuple[list[Version], int]:
        """A page of the saved states, the newest first, and how many there are."""

    def version(self, slug: str, record_id: int, key: int) -> Version | None:
        """One saved state."""

    def undone(self, slug: str, record_id: int, key: int) -> Mapping[str, Any]:
        """The values, as kept, that fields written after a saved state had then."""

    def note(self, record: Any, text: Any, params: Mapping[str, Any]) -> None:
        """Keep an act on a row."""


_trail: Trail | None = None


def set_trail(trail: Trail) -> None:
    """Tell core who keeps the history."""
    global _trail
    _trail = trail


def trail_of(register: Register) -> Trail | None:
    """Who keeps the history of a register; nobody for one that is not logged."""
    return _trail if register.log else None


def read(spec: FieldSpec, kept: Any) -> Any:
    """A kept value as it was typed; one that the field no longer understands stays as it is."""
    if kept is None or spec.kind.name in ("personal", "json") or not spec.stored:
        return kept
    try:
        return spec.kind.read(kept, spec)
    except ValueError:
        return str(kept)


def by_whom(who: str, key: str = "") -> str:
    """Who did something, and by which API key; without a name it was the program."""
    if key:
        return _("%(who)s by API key “%(key)s”", who=who, key=key)
    return who or _("the system")
