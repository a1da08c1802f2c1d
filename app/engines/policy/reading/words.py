"""The parts of a pack in the reader's words: posts, fields, conditions, lengths of time, bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.fieldspec import FieldSpec
from app.core.register import registers
from app.core.whole import fields_of
from app.core.wording import N_, counted, listed, pair
from app.engines.policy.calc import Settings
from app.packs.entries import Moments, Turns
from app.packs.schema import Pack
from app.packs.types import Band, Ref

Named = Callable[[str], Any]
"""What a function that packs name does, in words."""

SPANS = {
    "working_days": N_("%(number)s working days"),
    "calendar_days": N_("%(number)s calendar days"),
    "trading_days": N_("%(number)s trading days"),
    "working_hours": N_("%(number)s office hours"),
    "hours": N_("%(number)s hours"),
    "minutes": N_("%(number)s minutes"),
    "months": N_("%(number)s months"),
    "day_of_next_month": N_("day %(number)s of the next month"),
}
ONE = {
    "working_days": N_("1 working day"), "calendar_days": N_("1 calendar day"), "trading_days": N_("1 trading day"),
    "working_hours": N_("1 office hour"), "hours": N_("1 hour"), "minutes": N_("1 minute"), "months": N_("1 month"),
}
UNITS = {
    "working_days": _l("working days"), "calendar_days": _l("calendar days"), "trading_days": _l("trading days"),
    "working_hours": _l("hours of office time"), "hours": _l("hours"), "minutes": _l("minutes"), "months": _l("months"),
    "day_of_next_month": _l("day of the next month"),
}
PERIODS = {
    "day": _l("daily"), "week": _l("weekly"), "ten_days": _l("every ten days"),
    "month": _l("monthly"), "quarter": _l("quarterly"),
    "half_year": _l("every half-year"), "half_year_june": _l("every half-year from June and December"),
    "year": _l("yearly"),
}
SETS = {"@now": N_("“%(field)s” becomes the present time"), "@today": N_("“%(field)s” becomes the present day"),
        "@me": N_("“%(field)s” becomes whoever does it")}


def plain(number: Decimal) -> str:
    """A number without needless zeros, with thousands apart."""
    whole = number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()
    return f"{whole:,f}"


class Wording:
    """Words for one pack; registers and fields go by the labels that the program has for them."""

    def __init__(self, pack: Pack, named: Named) -> None:
        self.pack, self.named = pack, named
        self.settings = Settings(pack)
        self._fields: dict[str, Mapping[str, FieldSpec]] = {}

    # -- names

    def posts(self, keys: Iterable[str]) -> str:
        """Posts as people call them."""
        return listed(self.pack.posts[key].label if key in self.pack.posts else key for key in keys)

    def register(self, slug: str) -> str:
        """A register as its case or the program calls it."""
        if slug in self.pack.cases:
            return str(self.pack.cases[slug].label)
        return str(registers()[slug].label) if slug in registers() else slug

    def states(self, slug: str, keys: Iterable[str]) -> str:
        """States of a register's cases."""
        known = self.pack.cases[slug].states if slug in self.pack.cases else {}
        return listed(known[key].label if key in known else key for key in keys)

    def moves(self, slug: str, keys: Iterable[str]) -> str:
        """Steps of a register's cases."""
        known = self.pack.cases[slug].moves if slug in self.pack.cases else {}
        return listed(known[key].label if key in known else key for key in keys)

    def specs(self, slug: str) -> Mapping[str, FieldSpec]:
        """The fields of a register and of the detail register that the policy adds."""
        if slug not in self._fields:
            case = self.pack.cases.get(slug)
            detail = case.detail if case and case.detail in registers() else ""
            self._fields[slug] = fields_of(registers()[slug], detail or "") if slug in registers() else {}
        return self._fields[slug]

    def field(self, slug: str, name: str) -> str:
        """A field as forms call it."""
        spec = self.specs(slug).get(name)
        return str(spec.label) if spec else name

    def fields(self, slug: str, names: Iterable[str]) -> str:
        """Fields as forms call them."""
        return listed(self.field(slug, name) for name in names)

    # -- conditions and moments

    def conditions(self, slug: str, when: Mapping[str, tuple[Any, ...]]) -> str:
        """Conditions on fields; empty when there are none."""
        said = (pair(self.field(slug, name), self._values(slug, name, wanted)) for name, wanted in when.items())
        return _("; ").join(said)

    def _values(self, slug: str, name: str, wanted: tuple[Any, ...]) -> str:
        spec = self.specs(slug).get(name)
        return _(" or ").join(self._named(value) or value_words(spec, value) for value in wanted)

    def _named(self, value: Any) -> str:
        """A post, a report or a recurring task of the policy by its name."""
        code, _dot, key = str(value).rpartition(".")
        known: dict[str, Any] = {**self.pack.tasks, **self.pack.reports, **self.pack.posts}
        entries = known if code in ("", self.pack.code) else {}
        return str(entries[key].label) if key in entries else ""

    def moments(self, slug: str, moments: Moments | None) -> list[str]:
        """When something happens: a state is entered, a step is made."""
        if moments is None:
            return []
        found = []
        if moments.states:
            found.append(_("while “%(states)s”", states=self.states(slug, moments.states)))
        if moments.moves:
            found.append(_("at “%(moves)s”", moves=self.moves(slug, moments.moves)))
        if isinstance(moments, Turns) and moments.becomes:
            found.append(_("once %(conditions)s", conditions=self.conditions(slug, moments.becomes)))
        return found

    def stops(self, slug: str, moments: Moments) -> list[str]:
        """When a clock ends."""
        found = []
        if moments.states:
            found.append(_("until “%(states)s”", states=self.states(slug, moments.states)))
        if moments.moves:
            found.append(_("until “%(moves)s” is done", moves=self.moves(slug, moments.moves)))
        if isinstance(moments, Turns) and moments.becomes:
            found.append(_("until %(conditions)s", conditions=self.conditions(slug, moments.becomes)))
        return found

    def sets(self, slug: str, values: Mapping[str, Any]) -> Iterator[str]:
        """What a step fills in by itself."""
        for name, value in values.items():
            field = self.field(slug, name)
            if isinstance(value, str) and value in SETS:
                yield _(SETS[value], field=field)
            else:
                text = value_words(self.specs(slug).get(name), value)
                yield _("“%(field)s” becomes “%(value)s”", field=field, value=text)

    # -- numbers

    def span(self, number: Any, unit: Any) -> str:
        """A length of time, with the policy's own values of settings."""
        key = str(self.settings.value(unit.key) if isinstance(unit, Ref) else unit)
        found = plain(self.settings.resolve(number))
        return counted(found, ONE.get(key, SPANS[key]), SPANS[key])

    def unit(self, unit: Any) -> str:
        """What a number counts; that of a setting by its own value. Empty for none."""
        key = self.settings.value(unit.key) if isinstance(unit, Ref) else unit
        return str(UNITS[key]) if key else ""

    def from_settings(self, *values: Any) -> frozenset[str]:
        """The settings among some values."""
        return frozenset(value.key for value in values if isinstance(value, Ref))

    def figure(self, value: Any) -> str:
        """A number, or the value of a setting, or a class."""
        found = self.settings.resolve(value)
        return plain(found) if isinstance(found, Decimal) else str(found)


def bounds(band: Band) -> str:
    """The stretch of numbers that a band holds."""
    parts = (
        (">", band.above), ("≥", band.start), ("≤", band.up_to), ("<", band.below),
    )
    return " · ".join(f"{sign} {number:,}" for sign, number in parts if number is not None)


def value_words(spec: FieldSpec | None, value: Any) -> str:
    """A value of a condition in words."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None:
        return _("empty")
    if spec is not None and value in spec.choices:
        return str(spec.choices[value])
    return str(value)
