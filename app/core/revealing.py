"""The way from a screen to the privacy engine: a revealed value always leaves a reason behind."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import gettext as _

from app.core import query
from app.core.db import session
from app.core.errors import Forbidden, NotFound
from app.core.kinds import LARGEST
from app.core.register import Record, Register, register_of

Revealer = Callable[[Record, str, str], str]
_reveal: Revealer | None = None
_log_refused: Callable[[Register, int, str, str], None] | None = None


def set_revealer(function: Revealer, log_refused: Callable[[Register, int, str, str], None]) -> None:
    """Tell core who reveals and keeps the log (the privacy engine)."""
    global _reveal, _log_refused
    _reveal, _log_refused = function, log_refused


def find(register: Register, record_id: int, field: str, reason: str) -> Record:
    """The row whose value is asked for; raises ``NotFound`` out of reach, and keeps that a sealed row was wanted."""
    try:
        record: Record = query.find(register, record_id, "reveal")
    except NotFound:
        there = register.sealed and 0 < record_id < LARGEST and session.get(register.model, record_id) is not None
        if there and _log_refused is not None:
            _log_refused(register, record_id, field, reason)
        raise
    return record


def reveal(record: Record, field: str, reason: str) -> str:
    """The personal value in clear; raises ``Refusal`` without a reason."""
    if field not in register_of(record).personal:
        raise NotFound()
    if _reveal is None:
        raise Forbidden(_("Nothing can be revealed while no log is kept."))
    return _reveal(record, field, reason)
