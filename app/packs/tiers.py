"""Classes of a pack: how a number or the facts of a case lead to one, and which cases carry theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from app.packs.types import Band, Bands, Entry, Key, Names, Nothing, Number, Part, Text, When


class TierBand(Band):
    """A class by number, with the figures that go with it."""

    tier: Key
    figures: Mapping[Key, Number | Key] = Nothing


class Criterion(Entry):
    """A test that leads to a class: all conditions on facts hold, and each number of ``at_least`` is reached."""

    tier: Key
    rule: Text
    when: When = Nothing
    at_least: Mapping[Key, Number] = Nothing


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

    Classes are written from the lowest to the highest.
    """

    label: Text
    classes: Mapping[Key, Text]
    fact: str = ""
    bands: Bands[TierBand] | None = None
    criteria: tuple[Criterion, ...] = ()
    default: Key | None = None
    keeps: Keeps | None = None
