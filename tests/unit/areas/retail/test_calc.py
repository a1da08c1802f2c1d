"""Shares of a commission add up, and the left-over fen go to the lowest staff numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.areas.retail import calc
from app.areas.retail.calc import Person

NUMBERS = st.lists(st.integers(1, 999), min_size=1, max_size=12, unique=True)


def people(numbers):
    return [Person(number, f"DK{number:03}", 1) for number in numbers]


@given(cents=st.integers(0, 10**11), numbers=NUMBERS)
def test_parts_add_up_and_differ_by_a_fen_at_most(cents, numbers):
    found = calc.parts(Decimal(cents) / 100, people(numbers), "pool", Decimal("0.1"))
    amounts = [part.amount for part in found]
    assert sum(amounts) == Decimal(cents) / 100
    assert max(amounts) - min(amounts) <= Decimal("0.01")
    assert amounts == sorted(amounts, reverse=True)
    assert [part.person.number for part in found] == sorted(part.person.number for part in found)


def test_nobody_to_share_is_said():
    with pytest.raises(ValueError, match="weights"):
        calc.parts(Decimal(1), [], "pool", Decimal(1))


def test_the_only_beneficiary_is_known_whatever_the_ground():
    one, two = people([1, 2])
    alone = calc.parts(Decimal(9), [one], "own", Decimal(1)) + calc.parts(Decimal(1), [one], "pool", Decimal(1))
    assert calc.sole(alone) == 1
    assert calc.sole([*alone, *calc.parts(Decimal(1), [two], "pool", Decimal(1))]) is None
    assert calc.total(alone, "pool") == Decimal(1)
