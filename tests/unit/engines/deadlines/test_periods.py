"""The period that ended last, by kind."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.deadlines.periods import ended_before

DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("kind", "day", "name", "first", "last"),
    [
        ("day", "2025-03-01", "2025-02-28", "2025-02-28", "2025-02-28"),
        ("week", "2025-10-06", "2025-W40", "2025-09-29", "2025-10-05"),
        ("week", "2025-10-05", "2025-W39", "2025-09-22", "2025-09-28"),
        ("week", "2027-01-04", "2026-W53", "2026-12-28", "2027-01-03"),
        ("month", "2025-10-01", "2025-09", "2025-09-01", "2025-09-30"),
        ("month", "2025-10-31", "2025-09", "2025-09-01", "2025-09-30"),
        ("month", "2024-03-15", "2024-02", "2024-02-01", "2024-02-29"),
        ("quarter", "2025-10-01", "2025-Q3", "2025-07-01", "2025-09-30"),
        ("quarter", "2025-02-10", "2024-Q4", "2024-10-01", "2024-12-31"),
        ("half_year", "2025-07-01", "2025-H1", "2025-01-01", "2025-06-30"),
        ("year", "2025-01-01", "2024", "2024-01-01", "2024-12-31"),
    ],
)
def test_the_last_period_that_ended(kind, day, name, first, last):
    found = ended_before(kind, dt.date.fromisoformat(day))
    assert (found.name, found.first.isoformat(), found.last.isoformat()) == (name, first, last)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), st.sampled_from(["week", "month", "quarter", "half_year"]))
def test_periods_follow_each_other_without_a_gap(day, kind):
    found = ended_before(kind, day)
    assert found.first <= found.last < day
    assert ended_before(kind, found.first).last == found.first - DAY
    assert ended_before(kind, found.last + DAY) == found
