"""Money shared out: to the cent, nothing lost, nothing doubled."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.areas.credit.calc import equal_parts, instalments, month_end, shares, spread

AMOUNT = st.decimals("0.01", 10**9, places=2)
D = Decimal


@given(AMOUNT, st.lists(AMOUNT, max_size=8))
def test_a_receipt_pays_debts_in_order_and_no_more(amount, owed):
    paid = spread(amount, enumerate(owed))
    assert sum((part for _key, part in paid), D(0)) == min(amount, sum(owed, D(0)))
    assert [key for key, _part in paid] == list(range(len(paid)))
    assert all(part == owed[key] for key, part in paid[:-1])
    assert all(0 < part <= owed[key] for key, part in paid)


@given(AMOUNT, st.integers(1, 9))
def test_equal_parts_add_up_and_differ_by_little(amount, number):
    parts = equal_parts(amount, number)
    assert sum(parts, D(0)) == amount
    assert 0 <= parts[-1] - parts[0] < D("0.01") * number


def test_the_examples_of_a10():
    assert equal_parts(D("100000.00"), 3) == [D("33333.33"), D("33333.33"), D("33333.34")]
    assert shares(D(40000), [D(10), D(20)]) == [D(4000), D(8000)]
    assert sum(shares(D("100.00"), [D("33.3333"), D("33.3333"), D("33.3334")]), D(0)) == D(100)


@pytest.mark.parametrize(
    ("day", "last"), [("2025-09-30", "2025-09-30"), ("2025-12-01", "2025-12-31"), ("2028-02-10", "2028-02-29")]
)
def test_the_last_day_of_a_month(day, last):
    assert month_end(dt.date.fromisoformat(day)) == dt.date.fromisoformat(last)


def test_instalments_are_read_line_by_line():
    assert instalments("2025-10-15 30,000.00\n2025-11-15 20000") == [
        (dt.date(2025, 10, 15), D(30000)), (dt.date(2025, 11, 15), D(20000)),
    ]  # fmt: skip
    for wrong, line in (("2025-10-15", 1), ("2025-10-15 1\nbald 5", 2), ("2025-10-15 -1", 1), ("2025-10-15 NaN", 1),
                        ("2025-10-15 0.001", 1)):  # fmt: skip
        with pytest.raises(ValueError, match=str(line)):
            instalments(wrong)
