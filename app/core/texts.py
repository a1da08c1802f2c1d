"""Texts of a request: one look at the language for each, where flask_babel spells it out anew."""

from __future__ import annotations

from typing import Any

from babel.core import Locale
from babel.support import NullTranslations
from flask import Flask
from flask_babel import Domain, get_locale
from markupsafe import Markup


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


    def in_template(self, text: str, **values: Any) -> Markup:
        """A text of a page, with its values escaped, as Jinja's own ``_`` gives it by longer ways."""
        found = Markup(self.get_translations().ugettext(text))  # noqa: S704 -- texts are the program's own
        return found % values if values or "%" in found else found


def init_texts(app: Flask) -> None:
    """Let every request of the program ask this catalogue."""
    app.before_request(_texts.as_default)


def init_templates(app: Flask) -> None:
    """Let templates ask it as well; call it after AppBuilder, which brings Jinja's own ways."""
    app.jinja_env.globals["_"] = _texts.in_template


_texts = Texts()
