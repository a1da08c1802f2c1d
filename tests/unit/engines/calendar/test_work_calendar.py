"""Days and office hours of the mainland calendar; the traps that calendar packages fall into."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.calendar.calc import DayRow, Kind, Name, WorkCalendar, read_hours
from tests.china import CHINA, ZONE, local

D = dt.date
DATES = st.dates(D(1900, 1, 1), D(2200, 12, 31))
INSTANTS = st.datetimes(dt.datetime(1900, 1, 2), dt.datetime(2200, 12, 31), timezones=st.just(ZONE))
NUMBERS = st.integers(-400, 400)
HOURS = st.decimals(-400, 400, places=2)


def test_national_day_2025_rests_from_1_to_8_october() -> None:
    assert not any(CHINA.is_working(D(2025, 10, day)) for day in range(1, 9))
    assert CHINA.is_working(D(2025, 9, 30))
    assert CHINA.is_working(D(2025, 10, 9))


@pytest.mark.parametrize("day", [D(2025, 9, 28), D(2025, 10, 11)])
def test_makeup_workdays_count_as_workdays(day: dt.date) -> None:
    assert CHINA.day(day).kind == Kind.MAKEUP
    assert CHINA.day(day).name.zh == "调休上班"
    assert CHINA.is_working(day)


def test_days_say_why_they_are_worked_or_not() -> None:
    days = CHINA.days(D(2025, 9, 26), D(2025, 10, 1))
    assert [day.kind for day in days] == ["workday", "weekend", "makeup", "workday", "workday", "holiday"]
    assert days[-1].name == Name("国庆节", "National Day")
    assert not any(day.provisional for day in days)


def test_first_working_day_after_a_holiday_is_the_next_one() -> None:
    """One well-known package first moves to the next workday and then counts, one day late."""
    calendar = WorkCalendar({}, {}, CHINA.hours, ZONE, fixed=CHINA.fixed)
    assert calendar.add_working_days(D(2010, 1, 1), 1) == D(2010, 1, 4)
    assert CHINA.add_working_days(D(2025, 10, 3), 1) == D(2025, 10, 9)


def test_every_count_agrees_with_the_source() -> None:
    source = holidays.country_holidays("CN", years=range(2017, 2029))
    for ordinal in range(D(2018, 1, 1).toordinal(), D(2026, 11, 1).toordinal(), 3):
        date = D.fromordinal(ordinal)
        for number in (1, 5, 13, 17, -5):
            assert CHINA.add_working_days(date, number) == source.get_nth_working_day(date, number)


def test_new_year_2027_is_a_holiday_and_provisional() -> None:
    """One package calls it a workday, another raises for every date after 31 December 2026."""
    day = CHINA.day(D(2027, 1, 1))
    assert (day.kind, day.provisional) == (Kind.HOLIDAY, True)
    assert CHINA.add_working_days(D(2026, 12, 31), 1) == D(2027, 1, 4)
    assert CHINA.is_provisional(D(2026, 12, 31), D(2027, 1, 4))
    assert not CHINA.is_provisional(D(2026, 12, 1), D(2026, 12, 31))


def test_unknown_years_follow_the_week_and_the_fixed_holidays() -> None:
    assert CHINA.day(D(2061, 10, 3)).kind == Kind.HOLIDAY
    assert CHINA.day(D(2061, 10, 4)).kind == Kind.WORKDAY
    assert CHINA.day(D(2061, 10, 4)).provisional
    assert CHINA.day(D(2061, 10, 8)).kind == Kind.WEEKEND


def test_a_firm_day_in_a_provisional_year_is_not_provisional() -> None:
    row = DayRow(D(2027, 3, 1), working=False, name=Name("厂庆", "Anniversary"))
    calendar = WorkCalendar({row.date.toordinal(): row}, {2027: False}, CHINA.hours, ZONE)
    assert not calendar.is_provisional(row.date, row.date)
    assert calendar.is_provisional(row.date, D(2027, 3, 2))


def test_counting_past_the_end_of_time_stops_there() -> None:
    assert CHINA.add_working_days(D(9999, 12, 30), 400) == dt.date.max
    assert CHINA.add_working_days(D(1, 1, 3), -400) == dt.date.min


def test_trading_days_leave_out_makeup_workdays() -> None:
    assert CHINA.trading.add_working_days(D(2025, 9, 26), 1) == D(2025, 9, 29)
    assert CHINA.trading.add_working_days(D(2025, 9, 30), 1) == D(2025, 10, 9)
    assert CHINA.trading.add_working_days(D(2025, 10, 10), 1) == D(2025, 10, 13)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-02-13 17:00", "8", "2026-02-14 17:00"),  # Saturday 14 February is a make-up workday
        ("2025-09-30 16:00", "4", "2025-10-09 10:30"),
        ("2025-09-26 14:30", "0.5", "2025-09-26 15:00"),
        ("2025-09-26 11:00", "1", "2025-09-26 12:00"),
        ("2025-09-26 12:10", "1", "2025-09-26 14:30"),
        ("2025-09-26 19:00", "8", "2025-09-28 17:30"),
        ("2025-10-03 02:30", "8.5", "2025-10-10 08:30"),
        ("2025-09-26 07:00", "0", "2025-09-26 08:00"),
        ("2025-09-26 12:00", "0", "2025-09-26 12:00"),
        ("2025-09-26 12:01", "0", "2025-09-26 13:30"),
        ("2025-09-26 17:31", "0", "2025-09-28 08:00"),
        ("2025-10-09 10:30", "-4", "2025-09-30 16:00"),
        ("2025-10-03 02:30", "-8", "2025-09-30 08:00"),
    ],
)
def test_office_hours_run_only_while_offices_are_open(start: str, hours: str, end: str) -> None:
    assert CHINA.add_working_hours(local(start), Decimal(hours)) == local(end)


def test_a_part_of_a_working_day_is_measured_by_its_hours() -> None:
    start = local("2025-09-26 17:30")
    assert CHINA.working_days_between(start, local("2025-09-28 12:00")) == Decimal("0.5")
    assert CHINA.working_days_between(start, local("2025-10-11 09:00")) == Decimal("5.125")
    assert CHINA.working_hours_between(local("2025-10-09 09:00"), local("2025-09-30 17:00")) == Decimal("-1.5")


def test_a_policy_may_set_other_office_hours() -> None:
    longer = CHINA.with_hours(read_hours("06:00-24:00"))
    assert longer.hours_per_day == 18
    assert longer.add_working_hours(local("2025-09-26 23:00"), Decimal(2)) == local("2025-09-28 07:00")


@pytest.mark.parametrize("hours", ["12:00-08:00", "08:00-12:00, 11:00-17:00", "08:00-08:00", "08:00", ""])
def test_office_hours_out_of_order_are_refused(hours: str) -> None:
    with pytest.raises(ValueError, match=r"spans in order|Invalid isoformat|unpack"):
        CHINA.with_hours(read_hours(hours))


def test_naive_instants_are_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        CHINA.add_working_hours(dt.datetime(2025, 9, 26, 14, 30), Decimal(1))


def test_instants_of_another_zone_are_read_in_the_calendars_own() -> None:
    instant = dt.datetime(2025, 9, 26, 23, 30, tzinfo=dt.UTC)  # Saturday morning in Shanghai
    assert CHINA.add_working_hours(instant, Decimal(1)) == local("2025-09-28 09:00")
    assert CHINA.local(instant).tzinfo == ZoneInfo("Asia/Shanghai")


@given(DATES, NUMBERS, NUMBERS)
def test_more_days_never_end_earlier(date: dt.date, one: int, other: int) -> None:
    less, more = sorted((one, other))
    assert CHINA.add_working_days(date, less) <= CHINA.add_working_days(date, more)


@given(DATES, DATES, NUMBERS)
def test_a_later_start_never_ends_earlier(one: dt.date, other: dt.date, number: int) -> None:
    first, last = sorted((one, other))
    assert CHINA.add_working_days(first, number) <= CHINA.add_working_days(last, number)


@given(DATES, NUMBERS)
def test_a_count_ends_on_a_working_day_and_can_be_taken_back(date: dt.date, number: int) -> None:
    start = CHINA.add_working_days(date, 0)
    end = CHINA.add_working_days(start, number)
    assert CHINA.is_working(end)
    assert CHINA.add_working_days(end, -number) == start
    assert CHINA.count_working_days(start, end) == number


@given(DATES)
def test_no_days_leave_a_working_day_where_it_is(date: dt.date) -> None:
    end = CHINA.add_working_days(date, 0)
    assert (end == date) == CHINA.is_working(date)
    assert end >= date


@given(DATES, DATES)
def test_counted_days_are_the_days_listed(one: dt.date, other: dt.date) -> None:
    first, last = sorted((one, min(other, one + dt.timedelta(days=400))))
    last = max(first, last)
    listed = sum(day.working for day in CHINA.days(first, last) if day.date < last)
    assert CHINA.count_working_days(first, last) == listed == -CHINA.count_working_days(last, first)


@given(INSTANTS, HOURS, HOURS)
def test_more_hours_never_end_earlier(instant: dt.datetime, one: Decimal, other: Decimal) -> None:
    less, more = sorted((one, other))
    assert wall(CHINA.add_working_hours(instant, less)) <= wall(CHINA.add_working_hours(instant, more))


@given(INSTANTS, INSTANTS, HOURS)
def test_later_instants_never_end_earlier(one: dt.datetime, other: dt.datetime, hours: Decimal) -> None:
    first, last = sorted((one, other), key=wall)
    assert wall(CHINA.add_working_hours(first, hours)) <= wall(CHINA.add_working_hours(last, hours))


@given(INSTANTS, HOURS)
def test_hours_end_in_office_hours_and_are_the_hours_between(instant: dt.datetime, hours: Decimal) -> None:
    end = CHINA.add_working_hours(instant, hours)
    assert CHINA.is_working(end.date())
    assert any(opens <= end.time() <= closes for opens, closes in CHINA.hours)
    assert CHINA.working_hours_between(instant, end) == hours


def wall(instant: dt.datetime) -> dt.datetime:
    """The wall clock, which office hours follow when a zone once put its clocks back."""
    return instant.replace(tzinfo=None)
