"""Texts of a request: one look at the language for each, where flask_babel spells it out anew."""

from __future__ import annotations

from babel.core import Locale
from babel.support import NullTranslations
from flask import Flask
from flask_babel import Domain, get_locale


class Texts(Domain):
    """flask_babel's catalogue; a page asks for some two hundred texts."""

    def __init__(self) -> None:
        super().__init__()
        self._last: tuple[Locale | None, NullTranslations] = (None, NullTranslations())

    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        last, found = self._last
        if locale is None or locale is not last:
            found = super().get_translations()
            self._last = locale, found  # another thread may keep another language: each reads the pair as a whole
        return found


def init_texts(app: Flask) -> None:
    """Let every request of the program ask this catalogue."""
    texts = Texts()
    app.before_request(texts.as_default)
