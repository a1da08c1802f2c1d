"""Calculations and limits of a pack: what the policy says in words, and the same as a formula."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, PlainValidator, model_validator

from app.core import expressions
from app.packs.types import Entry, Key, Names, Nothing, Text

Quantity = Literal["integer", "decimal", "money", "percent"]
Expression = Annotated[expressions.Formula, PlainValidator(expressions.parse)]


class Formula(Entry):
    """A calculation in words, and as an ``expression`` over ``inputs`` (facts) and the parameters that it ``uses``.

    A percentage counts as its hundredth part; the result is rounded to ``places`` decimals.
    """

    label: Text
    formula: Text
    applies_to: Key
    uses: Names = ()
    inputs: Mapping[Key, Quantity] = Nothing
    expression: Expression | None = None
    result: Quantity = "money"
    places: Annotated[int, Field(ge=0, le=6)] = 2
    rounding: Literal["half_up", "down"] = "half_up"

    @model_validator(mode="after")
    def _names_lead_somewhere(self) -> Formula:
        named = set(expressions.names_in(self.expression)) if self.expression is not None else set()
        if strangers := sorted(named - {*self.inputs, *self.uses}):
            raise ValueError(f"the expression names {', '.join(strangers)}, which is neither an input nor a parameter")
        if unused := sorted(set(self.inputs) - named):
            raise ValueError(f"the expression does not use {', '.join(unused)}")
        return self


class Limit(Formula):
    """A bound that its expression gives: what is asked for is at most, at least or exactly that."""

    bound: Literal["at_most", "at_least", "exactly"] = "at_most"
