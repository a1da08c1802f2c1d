"""Amounts beside a form while somebody still types: by the functions that saving uses; nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from markupsafe import Markup

from app.core import access, forms, pages, saving
from app.core.db import session
from app.core.pages import FormPage
from app.core.register import registers
from app.core.whole import Whole
from app.core.wording import listed


@dataclass(frozen=True)
class Reckoned:
    """What is known so far: a figure with its explanation, further lines, else what is still to be filled in."""

    label: Any
    value: str = ""
    text: str = ""
    clause: str = ""
    policy: str = ""
    lines: tuple[tuple[Any, str], ...] = ()
    hint: str = ""


@dataclass(frozen=True)
class Asked:
    """A row as it is typed, over what is saved; what cannot be read counts as not typed yet."""

    whole: Whole
    typed: Mapping[str, Any]

    @cached_property
    def _given(self) -> dict[str, Any]:
        specs = {name: spec for name, spec in self.whole.fields.items() if name in self.typed and not spec.computed}
        values, _problems = saving.read_values(specs, self.typed)
        return dict.fromkeys(specs) | values

    def get(self, name: str) -> Any:
        """The value that a field would have."""
        return self._given[name] if name in self._given else self.whole.get(name)

    def row(self, name: str) -> Any:
        """The row that a field names, if the reader reaches it."""
        register, key = registers()[self.whole.fields[name].target or ""], self.get(name)
        found = session.get(register.model, key) if key else None
        return found if found is not None and access.may(found, "read") else None

    def numbers(self, names: Mapping[str, Any]) -> dict[str, Any]:
        """The values of some fields."""
        return {name: self.get(name) for name in names}

    def missing(self, names: Mapping[str, Any]) -> str:
        """The labels of those of some fields that have no value yet."""
        return listed(self.whole.fields[name].label for name in names if self.get(name) is None)


Reckoner = Callable[[Asked], Reckoned | None]
_reckoners: dict[str, Reckoner] = {}


def reckons(slug: str) -> Callable[[Reckoner], Reckoner]:
    """Let a function work out what the form of a register shows; ``None`` while there is nothing to say."""
    return lambda function: _reckoners.setdefault(slug, function)


def still_needed(label: Any, fields: str) -> Reckoned:
    """The card while something is still to be filled in."""
    return Reckoned(label, hint=_("Still to be filled in: %(fields)s", fields=fields))


def show_reckoned(built: FormPage, typed: Mapping[str, Any]) -> None:
    """A card in the right rail of forms to add and to edit."""
    reckoner = _reckoners.get(built.whole.register.slug)
    found = reckoner(Asked(built.whole, typed)) if reckoner is not None and built.move is None else None
    if found is not None:
        clause = forms.clause_link(found.policy, found.clause)
        html = render_template("_reckoned.html", card=found, clause=clause)
        built.aside.append(Markup(html))  # noqa: S704 -- the template escapes


pages.on_form(show_reckoned, order=10)
