"""How much of an allowance is used, as the screens show it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.deadlines.calc import Allowance, Unit, due_at, progress
from tests.china import CHINA, local


@pytest.mark.parametrize(
    ("number", "unit", "now", "used", "total", "left"),
    [
        ("13", Unit.WORKING_DAYS, "2025-09-26 18:00", "0", "13", "13"),
        ("13", Unit.WORKING_DAYS, "2025-09-28 12:00", "0.5", "13", "12.5"),
        ("13", Unit.WORKING_DAYS, "2025-10-03 12:00", "3", "13", "10"),
        ("13", Unit.WORKING_DAYS, "2025-10-20 12:00", "11.5", "13", "1.5"),
        ("13", Unit.WORKING_DAYS, "2025-10-21 23:59:59", "13", "13", "0"),
        ("13", Unit.WORKING_DAYS, "2025-10-23 17:30", "15", "13", "-2"),
        ("13", Unit.CALENDAR_DAYS, "2025-09-28 12:00", "1.5", "13", "11.5"),
        ("10", Unit.TRADING_DAYS, "2025-09-28 12:00", "0", "10", "10"),
        ("0.5", Unit.WORKING_DAYS, "2025-09-26 16:30", "0.3", "0.5", "0.2"),
        ("4", Unit.WORKING_HOURS, "2025-09-26 16:30", "2", "4", "2"),
        ("24", Unit.HOURS, "2025-09-27 16:30", "26", "24", "-2"),
        ("60", Unit.MINUTES, "2025-09-26 14:45", "15", "60", "45"),
        ("1", Unit.MONTHS, "2025-10-07 00:00", "10", "30", "20"),
    ],
)
def test_used_total_and_left(number: str, unit: Unit, now: str, used: str, total: str, left: str) -> None:
    start, allowance = local("2025-09-26 14:30"), Allowance(Decimal(number), unit)
    found = progress(start, due_at(start, allowance, CHINA), local(now), allowance, CHINA)
    assert (found.used, found.total, found.left) == (Decimal(used), Decimal(total), Decimal(left))
    assert found.unit == (Unit.CALENDAR_DAYS if unit == Unit.MONTHS else unit)


def test_a_capped_step_shows_the_days_it_really_has() -> None:
    start, allowance = local("2025-10-14 16:00"), Allowance(Decimal(6), Unit.WORKING_DAYS)
    cap = local("2025-10-21 23:59:59")
    found = progress(start, due_at(start, allowance, CHINA, cap=cap), local("2025-10-16 12:00"), allowance, CHINA)
    assert (found.used, found.total, found.left) == (Decimal("1.5"), Decimal(5), Decimal("3.5"))


def test_counting_the_first_day_begins_in_the_morning() -> None:
    start = local("2025-09-26 14:30")
    allowance = Allowance(Decimal(2), Unit.WORKING_DAYS, count_first_day=True)
    found = progress(start, due_at(start, allowance, CHINA), local("2025-09-26 17:30"), allowance, CHINA)
    assert (found.used, found.total) == (1, 2)


@given(st.integers(1, 60), st.integers(0, 90 * 24), st.integers(0, 90 * 24))
def test_used_time_only_grows_and_adds_up(number: int, one: int, other: int) -> None:
    start, allowance = local("2025-09-26 14:30"), Allowance(Decimal(number), Unit.WORKING_DAYS)
    limit = due_at(start, allowance, CHINA)
    first, last = (
        progress(start, limit, start + dt.timedelta(hours=hours), allowance, CHINA) for hours in sorted((one, other))
    )
    assert first.used <= last.used
    assert first.total == last.total == number
    assert first.used + first.left == first.total
