"""The way from a row to the log of looks: who saw a row of a watched register, and who wanted to and was not let in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from app.core.register import Register

_seen: Callable[[Register, Sequence[int]], None] | None = None
_missed: Callable[[Register, int], None] | None = None


def set_watcher(seen: Callable[[Register, Sequence[int]], None], missed: Callable[[Register, int], None]) -> None:
    """Tell core who keeps the log (the shielding engine)."""
    global _seen, _missed
    _seen, _missed = seen, missed


def seen(register: Register, rows: Sequence[Any]) -> None:
    """Keep that rows with all their fields are shown to whoever acts."""
    if register.watched and _seen is not None and rows:
        _seen(register, [row.id for row in rows])


def missed(register: Register, record_id: int) -> None:
    """Keep that somebody asked for a row that is not open to him."""
    if register.watched and _missed is not None:
        _missed(register, record_id)
