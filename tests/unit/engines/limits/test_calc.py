"""Bounds: what is used, asked for, and by how much it misses."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.limits.calc import AT_LEAST, AT_MOST, EXACTLY, Measured

AMOUNT = st.decimals(0, 10**9, places=2)


def measured(bound, limit, used, requested):
    numbers = (Decimal(limit), Decimal(used), Decimal(requested))
    return Measured("trial", "试", bound, *numbers, "money", "", "一", "stated")


@pytest.mark.parametrize(
    ("bound", "requested", "excess"),
    [
        (AT_MOST, "60.00", "0"),
        (AT_MOST, "60.01", "0.01"),
        (AT_LEAST, "60.00", "0"),
        (AT_LEAST, "59.99", "0.01"),
        (EXACTLY, "59.99", "-0.01"),
        (EXACTLY, "60.00", "0"),
    ],
)
def test_a_bound_of_a_hundred_with_forty_used(bound, requested, excess):
    found = measured(bound, 100, 40, requested)
    assert found.excess == Decimal(excess)
    assert found.holds == (found.excess == 0)


@given(AMOUNT, AMOUNT, AMOUNT)
def test_the_headroom_is_exactly_what_may_be_asked_for(limit, used, requested):
    found = measured(AT_MOST, limit, used, requested)
    assert found.holds == (requested <= limit - used)
    assert measured(AT_MOST, limit, min(used, limit), found.headroom if used <= limit else 0).holds
