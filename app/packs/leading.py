"""Posts by which a policy finds people: who leads whom, and who pays a loss himself."""

from __future__ import annotations

from pydantic import Field

from app.packs.types import Basis, Filled, Names, Part


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
