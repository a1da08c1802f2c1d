"""Facts of a rating: anniversaries, years in a row, falls month by month, quarters."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.areas.credit import rating_calc as calc
from app.areas.credit.rating_calc import Event, Figures

DAY = dt.date(2025, 10, 9)
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1))


@pytest.mark.parametrize(
    ("first", "years"),
    [("2024-10-10", 0), ("2024-10-09", 1), ("2020-02-29", 5), ("2025-10-10", 0), (None, 0)],
)
def test_the_anniversary_counts(first, years):
    assert calc.full_years(dt.date.fromisoformat(first) if first else None, DAY) == years


@given(DAYS, st.integers(1, 10))
def test_years_before_and_full_years_agree(day, years):
    back = calc.years_before(day, years)
    assert calc.full_years(back, day) >= years - (back.month == 2 and back.day == 29 and day.day != 29)
    assert calc.full_years(back + dt.timedelta(days=2), day) < years + 1


def test_the_look_back_takes_in_its_first_day():
    events = [Event(1, "bad_debt", dt.date(2023, 10, 9)), Event(2, "bad_debt", dt.date(2023, 10, 8))]
    since = calc.years_before(DAY, 2)
    assert [event.id for event in calc.counted(events, calc.SERIOUS, since, DAY)] == [1]


def test_an_event_stands_until_it_is_over():
    order = Event(1, "closure_order", dt.date(2025, 9, 1), dt.date(2025, 10, 9))
    assert calc.standing([order], ("closure_order",), dt.date(2025, 10, 8)) == [order]
    assert calc.standing([order], ("closure_order",), DAY) == []


def years(*rows):
    return {
        year: Figures(n, year, 0, Decimal(revenue), Decimal(profit))
        for n, (year, revenue, profit) in enumerate(rows)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "good"),
    [
        (((2022, 100, 1), (2023, 100, 1), (2024, 101, 1)), 2),
        (((2022, 100, 1), (2023, 99, 1), (2024, 101, 1)), 1),
        (((2022, 100, 1), (2023, 100, 1), (2024, 101, 0)), 0),
        (((2021, 90, 1), (2022, 100, 1), (2023, 100, 1)), 2),
        (((2023, 100, 1), (2024, 101, 1)), 1),
        ((), 0),
    ],
)  # fmt: skip
def test_good_years_in_a_row(rows, good):
    assert calc.good_years(years(*rows), DAY) == good


def months(*revenues):
    return {(2025, n): Figures(n, 2025, n, Decimal(revenue)) for n, revenue in enumerate(revenues, start=1)}


@pytest.mark.parametrize(
    ("revenues", "falling", "severe"),
    [((100, 80, 64, 51), 3, 3), ((100, 80, 64, 52), 3, 0), ((100, 90, 80, 80), 0, 0), ((100,), 0, 0), ((), 0, 0),
     ((50, 100, 99, 98), 2, 0)],
)  # fmt: skip
def test_falls_in_a_row_up_to_the_latest_month(revenues, falling, severe):
    assert calc.falls(months(*revenues)) == falling
    assert calc.falls(months(*revenues), Decimal(20)) == severe


def test_ratios_are_unknown_without_both_numbers():
    assert calc.ratio(Decimal(60), Decimal(100)) == Decimal("0.6")
    assert calc.ratio(None, Decimal(100)) is calc.ratio(Decimal(60), Decimal(0)) is None
    assert calc.loss_percent(Figures(1, 2024, 0, Decimal(5), Decimal(-21), Decimal(100))) == 21
    assert calc.loss_percent(Figures(1, 2024, 0, Decimal(5), Decimal(3), Decimal(100))) == 0


@pytest.mark.parametrize(
    ("day", "quarter", "renewed"),
    [("2025-09-30", "2025Q3", "2025-12-31"), ("2025-07-01", "2025Q3", "2025-12-31"),
     ("2025-06-30", "2025Q2", "2025-09-30"), ("2025-10-01", "2025Q4", "2026-03-31")],
)  # fmt: skip
def test_a_survey_is_good_until_the_end_of_the_next_quarter(day, quarter, renewed):
    at = dt.date.fromisoformat(day)
    assert (calc.quarter_of(at), calc.end_of_next_quarter(at).isoformat()) == (quarter, renewed)


@given(DAYS, st.integers(0, 40))
def test_months_back(day, number):
    first = calc.month_back(day, number)
    assert first.day == 1
    assert calc.months_between(first, day) == number
