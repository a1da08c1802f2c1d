"""What a trial of an entry of a pack asks for: its facts as fields, by the labels and choices of the registers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from app.core import kinds
from app.core.fieldspec import FieldSpec
from app.core.register import registers
from app.engines.policy.reading.words import Wording, value_words
from app.packs.entries import Authority, Clock, Tier
from app.packs.formulas import Formula

Fields = dict[str, FieldSpec]
Wanted = Mapping[str, tuple[Any, ...]]
OTHER = "other"
TYPED = ("boolean", "text", "choice", "choices", "integer", "money", "percent", "decimal", "date", "datetime")
QUANTITIES: Mapping[str, kinds.Kind] = {
    "integer": kinds.IntegerKind(), "decimal": kinds.DecimalKind(), "money": kinds.MoneyKind(),
    "percent": kinds.PercentKind(),
}  # fmt: skip


def of_clock(words: Wording, clock: Clock) -> Fields:
    """The fields that a clock counts from or until, and those its allowances look at."""
    found: Fields = {}
    for name in filter(None, (clock.from_field, *(given.until_field for given in clock.allowances))):
        found[name] = _field(words, name, clock.register_, (), kinds.DateTimeKind())
    for name, wanted in wanted_by(given.when for given in clock.allowances).items():
        found[name] = _field(words, name, clock.register_, wanted)
    return found


def of_clocks(words: Wording, clocks: Iterable[Clock]) -> Fields:
    """The fields of several clocks, each once."""
    return {name: spec for clock in clocks for name, spec in of_clock(words, clock).items()}


def of_authority(words: Wording, table: Authority) -> Fields:
    """The amounts that a table of authority looks at."""
    return {name: _field(words, name, table.register_, (), kinds.MoneyKind()) for name in table.amounts}


def of_tier(words: Wording, tier: Tier) -> Fields:
    """The number that a class is the band of, or the facts of its criteria."""
    if tier.bands:
        return {tier.fact: _field(words, tier.fact, "", (), kinds.MoneyKind())}
    asked = wanted_by(test.when for test in tier.criteria)
    counted = {name for test in tier.criteria for name, _bound, _number in test.numbers}
    return {name: _field(words, name, "", wanted) for name, wanted in asked.items()} | {
        name: _field(words, name, "", (), kinds.DecimalKind()) for name in sorted(counted - set(asked))
    }


def of_formula(words: Wording, formula: Formula) -> Fields:
    """The facts of a formula."""
    return {
        name: _field(words, name, formula.applies_to, (), QUANTITIES[quantity], sure=True)
        for name, quantity in formula.inputs.items()
    }


def wanted_by(conditions: Iterable[Wanted]) -> dict[str, tuple[Any, ...]]:
    """Every field of some conditions with the values that they ask for."""
    found: dict[str, list[Any]] = {}
    for when in conditions:
        for name, wanted in when.items():
            found.setdefault(name, []).extend(value for value in wanted if value not in found.get(name, []))
    return {name: tuple(values) for name, values in found.items()}


def _field(
    words: Wording, name: str, slug: str, wanted: tuple[Any, ...], kind: kinds.Kind | None = None, *, sure: bool = False
) -> FieldSpec:
    """A fact as a field of a form: the register's own where it can be typed here, else one made for the values.

    With ``sure`` the kind is the one given and the entry's own register only lends its words.
    """
    places = _places(words, slug, everywhere=not sure)
    known = next((specs[name] for specs in places if name in specs), None)
    label = known.label if known else words.named(name)
    if sure and kind is not None:
        return FieldSpec(kind, label, name=name, unit=known.unit if known else "", minimum=0)
    if known is not None and known.kind.name in TYPED:
        return replace(known, name=name, required=False, computed=False, unique=False, width=1)
    if kind is not None and not wanted:
        return FieldSpec(kind, label, name=name)
    return _made(name, label, wanted)


def _made(name: str, label: Any, wanted: tuple[Any, ...]) -> FieldSpec:
    """A field for a fact that no register keeps: yes or no, or one of the values asked for, or another."""
    if wanted and all(isinstance(value, bool) for value in wanted):
        return FieldSpec(kinds.BooleanKind(), label, name=name)
    choices = {str(value): value_words(None, value) for value in wanted if value is not None}
    return FieldSpec(kinds.ChoiceKind(), label, name=name, choices=choices | {OTHER: _("another")})


def _places(words: Wording, slug: str, *, everywhere: bool) -> Iterator[Mapping[str, FieldSpec]]:
    """Where a fact may be a field: its register, else the case types of the policy, else any register."""
    yield words.specs(slug)
    if everywhere:
        yield from (words.specs(case) for case in words.pack.cases)
        yield from (register.fields for register in registers().values())
