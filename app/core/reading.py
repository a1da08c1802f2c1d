"""What comes in from outside, before a field gives it a type: whole numbers, texts, JSON bodies."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.errors import BadRequest, Problem

LONGEST_NUMBER = 16
LONGEST_REASON = 2000


def number(raw: Any) -> int | None:
    """The whole number that a text spells in at most 16 plain digits; ``None`` for every other text."""
    text = str(raw).strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else None


def numbers(texts: Any) -> list[int]:
    """Those of the texts that spell a whole number."""
    return [found for text in texts if (found := number(text)) is not None]


def is_shown(text: str) -> bool:
    """Whether a text can be kept and shown: no control characters but tab and new line, no half characters."""
    return not any((ord(c) < 32 and c not in "\n\t\r") or 0xD800 <= ord(c) <= 0xDFFF for c in text)


def query_text(name: str, size: int = 80) -> str:
    """A word of the address to look for: its first characters, without those that cannot be kept."""
    return plain(request.args.get(name, ""), size)


def plain(text: str, size: int = 80) -> str:
    """The first characters of a text, without those that cannot be kept."""
    return "".join(c for c in text.strip()[:size] if is_shown(c))


def text_problem(text: str, field: str, label: Any) -> Problem | None:
    """What is wrong with a reason or an opinion: too long, or with characters that cannot be shown."""
    if len(text) > LONGEST_REASON:
        said = _l("At most %(size)s characters; these are %(length)s.", size=LONGEST_REASON, length=len(text))
    elif not is_shown(text):
        said = _l("The text holds characters that cannot be shown.")
    else:
        return None
    return Problem(_("%(field)s: %(why)s", field=label, why=said), field, "text")


def json_object() -> dict[str, Any]:
    """The JSON object that a program sent; raises ``BadRequest`` for anything else, however deeply it is nested."""
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        body = None
    if not isinstance(body, dict):
        raise BadRequest(_("A JSON object is expected."))
    return dict(body)
