"""How personal values look to readers who have not unmasked them."""

from __future__ import annotations

from collections.abc import Callable

STAR = "*"


def _keep(value: str, head: int, tail: int) -> str:
    """Stars between both ends; a value that would show more than two thirds keeps one character at most."""
    if len(value) - head - tail < (head + tail + 1) // 2:
        head, tail = min(1, len(value) - 1), 0
    return value[:head] + STAR * (len(value) - head - tail) + value[len(value) - tail :]


def _email(value: str) -> str:
    name, at, domain = value.rpartition("@")
    return f"{name[:1]}{STAR * 3}{at}{domain}" if name else _keep(value, 1, 0)


_STYLES: dict[str, Callable[[str], str]] = {
    "name": lambda value: _keep(value, 1, 0),
    "phone": lambda value: _keep(value, 3, 4),
    "id": lambda value: _keep(value, 3, 4),
    "email": _email,
    "address": lambda value: _keep(value, 6, 0),
    "all": lambda _value: STAR * 6,
    "middle": lambda value: _keep(value, 1, 1),
}
STYLES = frozenset(_STYLES)


def mask(style: str, value: str) -> str:
    """A personal value with its telling part hidden; raises ``KeyError`` for a style that does not exist."""
    hide = _STYLES[style]
    return hide(plain) if (plain := value.strip()) else ""
