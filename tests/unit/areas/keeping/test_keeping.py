"""Balanced loads by weight, and averages of balances over days."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.areas.customers.sharing import Load, share_out
from app.areas.keeping.calc import daily_average, first_day

DAY = dt.date(2026, 3, 31)


def test_the_smallest_load_by_weight_is_proposed():
    loads = {1: Load(30), 2: Load(33, Decimal("1.20")), 3: Load(27, Decimal("0.90"))}
    assert [f"{float(load.ratio()):.2f}" for load in loads.values()] == ["31.00", "28.33", "31.11"]
    assert share_out([7], loads) == {7: 2}
    assert share_out([7], {1: Load(12), 2: Load(15, Decimal("1.25"))}) == {7: 2}
    assert share_out([7], {4: Load(5), 2: Load(5)}) == {7: 4}, "of equals the one named first"


def test_nobody_gets_more_than_the_most():
    taken = share_out(range(5), {1: Load(0, most=1), 2: Load(10, most=12)})
    assert sorted(taken.values()) == [1, 2, 2]
    assert share_out([1], {1: Load(3, most=3)}) == {}


@given(st.lists(st.tuples(st.integers(0, 40), st.decimals("0.5", "2", places=2)), min_size=1, max_size=6),
       st.integers(0, 60))  # fmt: skip
def test_no_single_change_would_balance_better(known, count):
    loads = {place: Load(kept, weight) for place, (kept, weight) in enumerate(known)}
    taken = list(share_out(range(count), loads).values())
    for giver in set(taken):
        worst = loads[giver].ratio(taken.count(giver))
        assert all(loads[other].ratio(taken.count(other) + 1) >= worst for other in loads if other != giver)


@pytest.mark.parametrize(
    ("period", "first"), [("month", "2026-03-01"), ("quarter", "2026-01-01"), ("year", "2026-01-01")]
)
def test_where_the_average_begins(period, first):
    assert first_day(DAY, period).isoformat() == first
    assert first_day(dt.date(2026, 5, 2), "quarter") == dt.date(2026, 4, 1)


@pytest.mark.parametrize(("second", "average"), [(22, "496774.19"), (21, "506451.61")])
def test_a_missing_day_carries_the_last_balance_on(second, average):
    known = [("CNY", dt.date(2026, 3, 1), Decimal(400_000)), ("CNY", dt.date(2026, 3, second), Decimal(700_000))]
    assert daily_average(known, dt.date(2026, 3, 1), DAY) == Decimal(average)


def test_balances_before_the_period_and_of_several_currencies():
    known = [("CNY", dt.date(2025, 12, 1), Decimal(290_000)), ("USD", dt.date(2026, 3, 31), Decimal(216_000))]
    assert daily_average(known, DAY, DAY) == Decimal("506000.00")
    assert daily_average([], DAY, DAY) == 0
