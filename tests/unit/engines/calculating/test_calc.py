"""Formulas of packs: reading, exact values, and the same with the numbers put in."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.core.expressions import names_in, parse
from app.engines.calculating.calc import Figure, calculate, rounded
from app.packs.formulas import Formula

MONEY = st.decimals(-(10**9), 10**9, places=2)
COUNT = st.integers(0, 10**6)


def formula(expression, inputs, **more):
    words = {"zh": "试", "en": "Trial"}
    return Formula.model_validate(
        {"key": "trial", "label": words, "formula": words, "applies_to": "loss_item", "clause": "一", "basis": "stated",
         "expression": expression, "inputs": inputs, **more}
    )  # fmt: skip


def money(value):
    return Figure(Decimal(value), "money")


def count(value):
    return Figure(Decimal(value), "integer")


@pytest.mark.parametrize(
    ("expression", "text", "amount"),
    [
        ("n * p * r", "500 × 86.00 × 20 % = 8,600.00", "8600.00"),
        ("(p - q) * n", "(86.00 − 70.00) × 500 = 8,000.00", "8000.00"),
        ("p - (q - p)", "86.00 − (70.00 − 86.00) = 102.00", "102.00"),
        ("p / (n / 2)", "86.00 ÷ (500 ÷ 2) = 0.34", "0.34"),
        ("max(p, q) + min(p, q, 1.5)", "max(86.00, 70.00) + min(86.00, 70.00, 1.5) = 87.50", "87.50"),
        ("sum(p, q, n)", "sum(86.00, 70.00, 500) = 656.00", "656.00"),
    ],
)
def test_a_formula_with_its_numbers(expression, text, amount):
    known = {"n": count(500), "p": money("86"), "q": money("70"), "r": Figure(Decimal(20), "percent")}
    kinds = {name: known[name].kind for name in dict.fromkeys(names_in(parse(expression)))}
    found = calculate(formula(expression, kinds), known)
    assert (found.text, found.amount) == (text, Decimal(amount))


@given(COUNT, MONEY, st.decimals(0, 100, places=2))
def test_values_are_exact_before_they_are_rounded(number, price, rate):
    kinds = {"n": "integer", "p": "money", "r": "percent"}
    known = {"n": count(number), "p": money(price), "r": Figure(rate, "percent")}
    found = calculate(formula("n * p * r", kinds), known)
    exact = number * Fraction(price) * Fraction(rate) / 100
    assert abs(Fraction(found.amount) - exact) <= Fraction(1, 200)


@given(MONEY, MONEY, MONEY)
def test_brackets_mean_what_they_say(a, b, c):
    known = {"a": money(a), "b": money(b), "c": money(c)}
    kinds = dict.fromkeys(known, "money")
    assert calculate(formula("a - (b - c)", kinds), known).amount == a - (b - c)
    assert calculate(formula("a - b - c", kinds), known).amount == a - b - c
    assert calculate(formula("max(a, b, c)", kinds), known).amount == max(a, b, c)


def test_rounding_goes_half_away_from_zero_or_down():
    assert rounded(Fraction(1, 200), 2, "half_up") == Decimal("0.01")
    assert rounded(Fraction(-1, 200), 2, "half_up") == Decimal("-0.01")
    assert rounded(Fraction(-19, 1000), 2, "down") == Decimal("-0.01")


def test_a_percentage_as_a_result():
    made = formula("a / (b - c)", {"a": "money", "b": "money", "c": "money"}, result="percent")
    found = calculate(made, {"a": money(640000), "b": money(800000), "c": money(150000)})
    assert found.text == "640,000.00 ÷ (800,000.00 − 150,000.00) = 98.46 %"


def test_a_division_by_zero_is_a_sentence():
    with pytest.raises(ValueError, match="zero"):
        calculate(formula("a / b", {"a": "money", "b": "money"}), {"a": money(1), "b": money(0)})


@pytest.mark.parametrize(
    "text",
    ["", "a *", "a b", "(a, b)", "a ** b", "min a", "a; b", "__import__", "a.b", "1e9", "f(a)", "a )",
     "(" * 30 + "a" + ")" * 30],
)
def test_what_is_no_formula_is_refused(text):
    with pytest.raises(ValueError, match=r"formula|early|read|deeply"):
        parse(text)


@pytest.mark.parametrize(("expression", "inputs"), [("a * b", {"a": "money"}), ("a", {"a": "money", "b": "money"})])
def test_names_that_lead_nowhere_are_refused(expression, inputs):
    with pytest.raises(ValidationError, match="expression"):
        formula(expression, inputs)
