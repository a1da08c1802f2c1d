"""Evaluating a pack's formula exactly, and writing it out with its numbers. Pure: no session, no clock."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from app.core.expressions import Call, Formula, Name, Number, Operation

if TYPE_CHECKING:
    from app.packs import formulas as f

SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
TIGHTNESS = {"+": 1, "-": 1, "*": 2, "/": 2}
PERCENT = "percent"


@dataclass(frozen=True)
class Figure:
    """One number that goes into a formula, and what kind it is."""

    value: Decimal
    kind: str

    @property
    def counts(self) -> Fraction:
        """What it counts as: a percentage as its hundredth part."""
        return Fraction(self.value) / (100 if self.kind == PERCENT else 1)


@dataclass(frozen=True)
class Calculated:
    """An amount and how it came about: ``text`` is the formula with the numbers put in."""

    key: str
    amount: Decimal
    text: str
    label: Any
    words: Any
    clause: str
    basis: str


def calculate(formula: f.Formula, figures: Mapping[str, Figure]) -> Calculated:
    """The result of a formula for its figures.

    Raises ``KeyError`` for a missing figure or a formula that is only words, ``ValueError`` for a division by zero.
    """
    if formula.expression is None:
        raise KeyError(f"{formula.key} has no expression")
    exact = _value(formula.expression, figures)
    amount = rounded(exact * (100 if formula.result == PERCENT else 1), formula.places, formula.rounding)
    text, result = _written(formula.expression, figures), written(amount, formula.result)
    if text != result:
        text = f"{text} = {result}"
    return Calculated(formula.key, amount, text, formula.label, formula.formula, formula.clause, formula.basis)


def rounded(exact: Fraction, places: int, rounding: str) -> Decimal:
    """An exact number with so many decimals: half away from zero, or down towards zero."""
    scaled = abs(exact) * 10**places + (Fraction(1, 2) if rounding == "half_up" else 0)
    return (-1 if exact < 0 else 1) * Decimal(math.floor(scaled)).scaleb(-places)


def written(value: Decimal, kind: str) -> str:
    """A number as people write it: money with cents, a percentage with its sign."""
    if kind == "money":
        return f"{value:,.2f}"
    plain = f"{value.normalize():,f}"
    return f"{plain} %" if kind == PERCENT else plain


def evaluate(expression: Formula, figures: Mapping[str, Figure]) -> Fraction:
    """The exact value of an expression; raises ``KeyError`` for a missing figure, ``ValueError`` for x ÷ 0."""
    return _value(expression, figures)


def _value(part: Formula, figures: Mapping[str, Figure]) -> Fraction:
    match part:
        case Number(value):
            return Fraction(value)
        case Name(name):
            return figures[name].counts
        case Call(function, parts):
            return _applied(function, [_value(inner, figures) for inner in parts])
        case Operation(sign, left, right):
            return _joined(sign, _value(left, figures), _value(right, figures))


def _applied(function: str, values: list[Fraction]) -> Fraction:
    return sum(values, Fraction()) if function == "sum" else {"min": min, "max": max}[function](values)


def _joined(sign: str, left: Fraction, right: Fraction) -> Fraction:
    match sign:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
    if right == 0:
        raise ValueError(_("The formula divides by zero."))
    return left / right


def _written(part: Formula, figures: Mapping[str, Figure], above: int = 0) -> str:
    match part:
        case Number(value):
            return written(value, "decimal")
        case Name(name):
            return written(figures[name].value, figures[name].kind)
        case Call(function, parts):
            return f"{function}({', '.join(_written(inner, figures) for inner in parts)})"
        case Operation(sign, left, right):
            tight = TIGHTNESS[sign]
            text = f"{_written(left, figures, tight)} {SIGNS[sign]} {_written(right, figures, tight + (sign in '-/'))}"
            return f"({text})" if tight < above else text
