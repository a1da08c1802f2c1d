"""Texts that are stored now and worded when somebody reads them, in the reader's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from flask_babel import LazyString, force_locale, gettext

from app.core import clock
from app.core.lifecycle import Words


def N_(text: str) -> str:  # noqa: N802 - the name that Babel collects
    """Mark a text for translation without translating it yet."""
    return text


def listed(parts: Iterable[Any]) -> str:
    """Parts of one sentence, apart as the reader's language does it."""
    said = [str(part) for part in parts]
    return gettext(", ").join(said) if len(said) > 1 else "".join(said)


def phrases(parts: Iterable[Any]) -> str:
    """Parts that may have commas of their own."""
    return gettext("; ").join(str(part) for part in parts)


def counted(number: Any, one: str, many: str) -> str:
    """A marked text for exactly one and another for any other ``number``, which fills it."""
    text = one if str(number) == "1" else many
    return gettext(text, number=number)


def pair(name: Any, value: Any) -> str:
    """A name and what it is."""
    return gettext("%(name)s: %(value)s", name=name, value=value)


def aside(name: Any, more: Any) -> str:
    """A name and, in brackets, what else is said of it."""
    return gettext("%(name)s (%(more)s)", name=name, more=more)


def keep(text: Any, params: Mapping[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
    """The JSON forms of a text and of the values that fill it.

    A plain string is the key of a translation, ``Words`` or a zh/en mapping stays a pair. Raises ``KeyError``
    or ``ValueError`` when the values do not fit, now rather than before each reader.
    """
    kept = _plain(text), {name: _plain(value) for name, value in (params or {}).items()}
    if isinstance(kept[0], str):
        _check(kept[0], tuple(kept[1]))
    else:
        worded(*kept)
    return kept


@lru_cache(maxsize=1000)
def _check(text: str, names: tuple[str, ...]) -> None:
    """Whether values of these names fill the text; once, since a sweep says the same thousands of times."""
    worded(text, dict.fromkeys(names, 0))


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | dict):
        return value
    if isinstance(value, Words):
        return {"zh": value.zh, "en": value.en}
    if isinstance(value, LazyString):
        return {language: _spoken_in(language, value) for language in ("zh", "en")}
    if isinstance(value, dt.datetime):
        return clock.to_local(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, dt.date | Decimal):
        return str(value)
    return dict(value) if isinstance(value, Mapping) else value


def _spoken_in(language: str, value: LazyString) -> str:
    with force_locale(language):
        return str(value)


def worded(text: Any, params: Mapping[str, Any] | None = None) -> str:
    """The sentence in the reader's language."""
    values = {name: _spoken(value) for name, value in (params or {}).items()}
    if isinstance(text, str):
        return gettext(text, **values)
    sentence = _spoken(text)
    return str(sentence % values if values else sentence)


def _spoken(value: Any) -> Any:
    return str(Words(value["zh"], value["en"])) if isinstance(value, Mapping) else value
