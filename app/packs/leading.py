"""Posts by which a policy finds people, and what it fines them: who leads, who pays a loss, what a breach costs."""

from __future__ import annotations

from flask_babel import gettext as _
from pydantic import Field, model_validator

from app.packs.types import Basis, Entry, Filled, Key, Names, Number, Part, Text


class Heads(Part):
    """The posts that lead people: the first is held in each unit, the others stand above all units, in this order."""

    posts: Names = Field(min_length=1)
    clause: Filled
    basis: Basis


class Charging(Part):
    """Who pays his share of a loss himself: people of units where these posts are held. Others share by points."""

    in_person: Names
    clause: Filled
    basis: Basis


class Fine(Entry):
    """What one breach of a rule costs: at least and at most so many yuan each time; both alike is a fixed fine.

    When one of ``clocks`` is late, the least amount is proposed by itself, for whoever had to act. Instead of bounds a
    ``calculation`` may say the amount, out of fields of the notice such as the loss or the working days late.
    """

    label: Text
    least: Number | None = None
    most: Number | None = None
    calculation: Key | None = None
    clocks: Names = ()

    @model_validator(mode="after")
    def _bounded_or_calculated(self) -> Fine:
        bounded = self.least is not None and self.most is not None
        if bounded == (self.calculation is not None) or (self.least is None) != (self.most is None):
            raise ValueError(_("a fine has either bounds or a calculation"))
        return self
