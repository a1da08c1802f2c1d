"""Sums and shares of a report."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.reports import calc


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([], []),
        ([0, 0], ["0", "0"]),
        ([5], ["100.00"]),
        ([1, 1, 1], ["33.34", "33.33", "33.33"]),
        ([1, 2], ["33.33", "66.67"]),
        ([3, 3, 1], ["42.86", "42.86", "14.28"]),
    ],
)
def test_shares_add_up_to_the_hundredth(counts, expected):
    assert calc.shares(counts) == [Decimal(part) for part in expected]


@given(st.lists(st.integers(min_value=1, max_value=10_000), min_size=1, max_size=40))
def test_shares_are_a_hundred_whatever_the_counts(counts):
    found = calc.shares(counts)
    assert sum(found) == 100
    exact = [Decimal(100 * count) / sum(counts) for count in counts]
    assert all(abs(part - whole) < Decimal("0.02") for part, whole in zip(found, exact, strict=True))


def test_groups_are_ordered_by_size_and_unnamed_lines_come_last():
    lines = [
        {"unit": None, "amount": Decimal("1.10")},
        {"unit": None, "amount": None},
        {"unit": 7, "amount": Decimal("2.20")},
        {"unit": 3, "amount": Decimal("0.01")},
        {"unit": 3, "amount": Decimal("0.02")},
    ]
    found = calc.groups(lines, "unit", ["amount"])
    assert [(group.value, group.count, group.sums["amount"]) for group in found] == [
        (3, 2, Decimal("0.03")),
        (7, 1, Decimal("2.20")),
        (None, 2, Decimal("1.10")),
    ]
    assert sum(group.percent for group in found) == 100
