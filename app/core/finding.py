"""Who finds rows by words: the search engine, for registers that name what their rows are found by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from app.core.register import Register

Finder = Callable[[Register, str], "sa.Select[Any] | None"]
_finder: Finder | None = None


def set_finder(finder: Finder) -> None:
    """Tell core who knows the tokens of rows."""
    global _finder
    _finder = finder


def ids_of(register: Register, text: str) -> sa.Select[Any] | None:
    """The ids that a text leads to by an index of words; ``None`` where no such index is kept or it holds no word."""
    return _finder(register, text) if _finder is not None and register.named_by else None
