"""Sharing a loss among bearers."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.areas.consequences.calc import OUTSIDE, PEOPLE, UNITS, Part, amounts, natural

LOSS = st.decimals(0, 10**8, places=2)


def parts(*percents, kind=PEOPLE):
    return [Part(Decimal(percent), kind, str(number)) for number, percent in enumerate(percents, start=1)]


def test_nothing_is_shared_until_the_shares_are_complete():
    assert amounts(Decimal("31650.00"), parts("60", "30", "9.99")) is None
    assert amounts(Decimal("31650.00"), parts("60", "30", "10.01")) is None
    assert amounts(Decimal("31650.00"), []) is None


def test_the_odd_cent_goes_to_people_before_units_before_outside_parties():
    half = Decimal(50)
    second_first = [Decimal("0.02"), Decimal("0.03")]
    assert amounts(Decimal("0.05"), [Part(half, UNITS, "A"), Part(half, PEOPLE, "9")]) == second_first
    assert amounts(Decimal("0.05"), [Part(half, OUTSIDE, "1"), Part(half, UNITS, "B")]) == second_first


def test_numbers_are_compared_as_numbers():
    assert natural("9") < natural("10") < natural("A2") < natural("A10")


@given(LOSS, st.lists(st.integers(1, 9999), min_size=1, max_size=12))
def test_shares_of_any_split_of_a_hundred_add_up_to_the_loss(loss, cuts):
    edges = [0, *sorted(set(cuts)), 10000]
    percents = [Decimal(after - before) / 100 for before, after in pairwise(edges)]
    assert sum(amounts(loss, parts(*percents))) == loss
