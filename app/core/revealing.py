"""The way from a screen to the privacy engine: a revealed value always leaves a reason behind."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from app.core.errors import Forbidden, NotFound
from app.core.register import Record, register_of

Revealer = Callable[[Record, str, str], str]
_reveal: Revealer | None = None


def set_revealer(function: Revealer) -> None:
    """Tell core who reveals and keeps the log (the privacy engine)."""
    global _reveal
    _reveal = function


def reveal(record: Record, field: str, reason: str) -> str:
    """The personal value in clear; raises ``Refusal`` without a reason."""
    if field not in register_of(record).personal:
        raise NotFound()
    if _reveal is None:
        raise Forbidden(_("Nothing can be revealed while no log is kept."))
    return _reveal(record, field, reason)
