"""Classes of a pack: how a number or the facts of a case lead to one, and which cases carry theirs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from app.packs.types import Band, Bands, Entry, Key, Names, Nothing, Number, Part, Ref, Text, When

BOUNDS = ("at_least", "at_most", "above", "below")


class TierBand(Band):
    """A class by number, with the figures that go with it."""

    tier: Key
    figures: Mapping[Key, Number | Key] = Nothing


class Criterion(Entry):
    """A test that leads to a class: all conditions on facts hold and every number keeps its bound.

    ``at_least`` and ``at_most`` take the bound in, ``above`` and ``below`` leave it out; a number that is not known
    keeps none. With ``either`` one of the conditions is enough.
    """

    tier: Key
    rule: Text
    when: When = Nothing
    at_least: Mapping[Key, Number] = Nothing
    at_most: Mapping[Key, Number] = Nothing
    above: Mapping[Key, Number] = Nothing
    below: Mapping[Key, Number] = Nothing
    either: bool = False

    @property
    def numbers(self) -> tuple[tuple[str, str, Decimal | Ref], ...]:
        """Every bound: the fact, which bound it is, and the number or the setting that gives it."""
        return tuple(
            (name, bound, number) for bound in BOUNDS for name, number in getattr(self, bound).items()
        )

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that it looks at."""
        return tuple(dict.fromkeys((*self.when, *(name for name, _bound, _number in self.numbers))))


class Keeps(Part):
    """A class that rows of a register carry in ``field``: found at one of ``moves``, then raised by any change.

    It never falls by itself. ``tests_field`` keeps the criteria that hold, ``since_field`` when the class was reached.
    """

    register_: Annotated[Key, Field(alias="register")]
    moves: Annotated[Names, Field(min_length=1)]
    field: Key
    tests_field: str = ""
    since_field: str = ""


class Tier(Entry):
    """A class and how it is found: by the band of a number, or by criteria in order; otherwise the default.

    Classes are written from the lowest to the highest. To a class of ``joint`` only all of its criteria together lead;
    then every criterion is judged, and classes are tried in the order in which the criteria name them.
    """

    label: Text
    classes: Mapping[Key, Text]
    fact: str = ""
    bands: Bands[TierBand] | None = None
    criteria: tuple[Criterion, ...] = ()
    joint: Names = ()
    default: Key | None = None
    keeps: Keeps | None = None
