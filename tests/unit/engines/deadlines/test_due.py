"""Due instants: the figures of the policies, and what holds for every allowance."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.calendar.calc import read_hours, read_spans
from app.engines.deadlines.calc import Allowance, End, Roll, Unit, due, due_at, is_late, warn_at
from tests.china import CHINA, ZONE, local

QUIET = read_spans([("12:00", "13:30"), ("22:00", "08:30")])
ACCEPTED = local("2025-09-26 14:30")


def allow(number: str | int, unit: Unit = Unit.WORKING_DAYS, **options: object) -> Allowance:
    """An allowance with its options."""
    return Allowance(Decimal(number), unit, **options)  # type: ignore[arg-type]


def ends(start: str, allowance: Allowance, **limits: dt.datetime) -> str:
    """The local due time of a local start."""
    return f"{due(local(start), allowance, CHINA, **limits).at.astimezone(ZONE):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("number", "unit", "end"),
    [
        (13, Unit.WORKING_DAYS, "2025-10-21 23:59:59"),
        (17, Unit.WORKING_DAYS, "2025-10-27 23:59:59"),
        (13, Unit.CALENDAR_DAYS, "2025-10-09 23:59:59"),
        (17, Unit.CALENDAR_DAYS, "2025-10-13 23:59:59"),
    ],
)
def test_b02_2_overall_limit_across_national_day(number: int, unit: Unit, end: str) -> None:
    assert ends("2025-09-26 14:30", allow(number, unit)) == end


def test_b02_2_explanation_names_every_day() -> None:
    found = due(ACCEPTED, allow(13), CHINA).explanation
    counted = [(f"{day.day.date:%m-%d}", day.count) for day in found.days if day.status in ("counted", "makeup")]
    assert counted == [
        ("09-28", 1), ("09-29", 2), ("09-30", 3), ("10-09", 4), ("10-10", 5), ("10-11", 6), ("10-13", 7),
        ("10-14", 8), ("10-15", 9), ("10-16", 10), ("10-17", 11), ("10-20", 12), ("10-21", 13),
    ]  # fmt: skip
    assert [f"{day.day.date:%m-%d}" for day in found.days if day.status == "makeup"] == ["09-28", "10-11"]
    assert found.days[0].status == "first_day"
    assert {day.day.name.en for day in found.days if day.day.date == dt.date(2025, 10, 6)} == {"Mid-Autumn Festival"}
    assert {piece.key: piece.values for piece in found.rule} == {
        "start": {"at": ACCEPTED},
        "count": {"number": 13, "unit": "working_days"},
        "first_day": {"counts": False},
        "end": {"end": "end_of_day"},
    }


def test_b02_4_steps_are_capped_by_the_case() -> None:
    case = due_at(ACCEPTED, allow(13), CHINA)
    assert ends("2025-10-10 09:00", allow(3), cap=case) == "2025-10-14 23:59:59"
    assert ends("2025-10-10 09:00", allow(7)) == "2025-10-20 23:59:59"
    execution = due(local("2025-10-14 16:00"), allow(6), CHINA, cap=case)
    assert execution.at == case == local("2025-10-21 23:59:59")
    assert execution.explanation.capped
    assert execution.explanation.uncapped == local("2025-10-22 23:59:59")
    counted = [day.day.date.day for day in execution.explanation.days if day.status == "counted"]
    assert counted == [15, 16, 17, 20, 21, 22]
    assert execution.explanation.rule[-1].values == {"at": case, "applied": True}


def test_b02_4_half_a_day_is_four_office_hours() -> None:
    half = allow("0.5")
    assert ends("2025-09-26 10:00", half) == "2025-09-26 15:30:00"
    assert ends("2025-09-30 16:00", half) == "2025-10-09 10:30:00"
    assert ends("2025-09-30 16:00", allow(4, Unit.WORKING_HOURS)) == "2025-10-09 10:30:00"
    found = due(local("2025-09-30 16:00"), half, CHINA).explanation
    hours = {day.day.date.day: day.count for day in found.days if day.status != "skipped"}
    assert hours == {30: Decimal("1.5"), 9: Decimal(4)}
    assert [piece.key for piece in found.rule] == ["start", "count", "part_of_day", "office_hours"]


def test_b02_14_one_working_day_over_the_holiday() -> None:
    limit = due_at(local("2025-09-30 10:00"), allow(1), CHINA)
    assert limit == local("2025-10-09 23:59:59")
    assert not is_late(limit, local("2025-10-09 00:05"))
    assert is_late(limit, local("2025-10-10 00:05"))


def test_b02_16_tenth_of_the_next_month_is_not_moved() -> None:
    assert ends("2025-09-30 23:59:59", allow(10, Unit.DAY_OF_NEXT_MONTH)) == "2025-10-10 23:59:59"
    assert ends("2025-12-05 00:00", allow(10, Unit.DAY_OF_NEXT_MONTH)) == "2026-01-10 23:59:59"
    assert ends("2026-01-31 00:00", allow(31, Unit.DAY_OF_NEXT_MONTH)) == "2026-02-28 23:59:59"


@pytest.mark.parametrize(
    ("start", "allowance", "end"),
    [
        ("2025-10-03 02:30", allow(5), "2025-10-14 23:59:59"),
        ("2025-09-26 16:00", allow(6, Unit.CALENDAR_DAYS), "2025-10-02 23:59:59"),
        ("2025-09-30 23:10", allow(24, Unit.HOURS), "2025-10-01 23:10:00"),
        ("2025-09-30 20:30", allow(12, Unit.HOURS), "2025-10-01 08:30:00"),
        ("2025-10-02 02:17", allow(48, Unit.HOURS), "2025-10-04 02:17:00"),
        ("2025-10-02 02:10", allow(3, Unit.MINUTES), "2025-10-02 02:13:00"),
        ("2025-12-06 23:50", allow(30, Unit.MINUTES), "2025-12-07 00:20:00"),
        ("2025-10-03 22:00", allow(0, Unit.CALENDAR_DAYS), "2025-10-03 23:59:59"),
        ("2026-01-31 09:00", allow(3, Unit.MONTHS), "2026-04-30 23:59:59"),
        ("2025-09-28 23:59", allow(1, Unit.MONTHS), "2025-10-28 23:59:59"),
        ("2025-09-26 10:00", allow(1, Unit.TRADING_DAYS, end=dt.time(15)), "2025-09-29 15:00:00"),
        ("2025-09-30 10:00", allow(1, Unit.TRADING_DAYS, end=dt.time(11, 30)), "2025-10-09 11:30:00"),
        ("2025-09-26 10:00", allow(2, end=End.TO_THE_MINUTE), "2025-09-29 10:00:00"),
        ("2025-09-26 10:00", allow(3, count_first_day=True), "2025-09-29 23:59:59"),
        ("2025-10-03 10:00", allow(2, count_first_day=True), "2025-10-10 23:59:59"),
        ("2025-09-26 10:00", allow(3, Unit.CALENDAR_DAYS, count_first_day=True), "2025-09-28 23:59:59"),
        ("2025-09-26 10:00", allow("1.5", Unit.CALENDAR_DAYS), "2025-09-27 22:00:00"),
        ("2025-10-09 00:00", allow(-1, Unit.CALENDAR_DAYS), "2025-10-08 23:59:59"),
        ("2025-10-09 00:00", allow(-1), "2025-09-30 23:59:59"),
        ("2025-10-03 00:00", allow(0), "2025-10-09 23:59:59"),
    ],
)
def test_figures_of_other_policies(start: str, allowance: Allowance, end: str) -> None:
    assert ends(start, allowance) == end


def test_last_day_rolls_forward_only_where_the_policy_says_so() -> None:
    ten = allow(10, Unit.CALENDAR_DAYS)
    assert ends("2025-09-22 09:00", ten) == "2025-10-02 23:59:59"
    rolled = due(local("2025-09-22 09:00"), replace(ten, roll=Roll.FORWARD), CHINA)
    assert rolled.at == local("2025-10-09 23:59:59")
    assert [day.status for day in rolled.explanation.days][-8:] == ["counted", *["skipped"] * 6, "rolled"]
    assert rolled.explanation.rule[-1].key == "rolled"


def test_rolling_a_month_lists_only_the_days_passed_over() -> None:
    found = due(local("2025-09-04 09:00"), allow(1, Unit.MONTHS, roll=Roll.FORWARD), CHINA)
    assert [(day.day.date.day, day.status) for day in found.explanation.days] == [
        *((day, "skipped") for day in range(4, 9)),
        (9, "rolled"),
    ]


@pytest.mark.parametrize(
    ("last", "next_"),
    [
        ("2025-10-10 10:00", "2025-10-10 13:30:00"),
        ("2025-10-10 11:00", "2025-10-10 13:30:00"),
        ("2025-10-10 18:00", "2025-10-10 20:00:00"),
        ("2025-10-10 20:00", "2025-10-11 08:30:00"),
        ("2025-10-10 19:59", "2025-10-10 21:59:00"),
        ("2025-10-10 20:30", "2025-10-11 08:30:00"),
    ],
)
def test_quiet_hours_hold_back_until_they_end(last: str, next_: str) -> None:
    assert ends(last, allow(2, Unit.HOURS, quiet=QUIET)) == next_


def test_agreed_time_counts_when_it_is_earlier() -> None:
    agreed = local("2025-10-02 10:00")
    found = due(local("2025-09-30 16:00"), allow(3, Unit.CALENDAR_DAYS), CHINA, earlier_of=agreed)
    assert found.at == agreed
    assert found.explanation.rule[-1].key == "earlier_of"
    later = due(local("2025-09-30 16:00"), allow(3, Unit.CALENDAR_DAYS), CHINA, earlier_of=local("2025-10-05 10:00"))
    assert later.at == local("2025-10-03 23:59:59")
    assert not later.explanation.capped


def test_due_is_provisional_only_where_an_announcement_may_move_it() -> None:
    start = local("2026-12-28 09:00")
    assert due(start, allow(5), CHINA).provisional
    assert due(start, allow(5, Unit.CALENDAR_DAYS, roll=Roll.FORWARD), CHINA).provisional
    assert not due(start, allow(5, Unit.CALENDAR_DAYS), CHINA).provisional
    assert not due(start, allow(90, Unit.HOURS), CHINA).provisional
    assert not due(start, allow(2), CHINA).provisional


def test_the_whole_second_of_the_due_instant_is_in_time() -> None:
    limit = due_at(local("2025-09-26 10:20"), allow(3, Unit.CALENDAR_DAYS), CHINA)
    assert not is_late(limit, local("2025-09-29 23:59:59.999"))
    assert is_late(limit, local("2025-09-30 00:00"))


@pytest.mark.parametrize(
    ("before", "at"),
    [
        (allow(1), "2025-10-20 08:00"),
        (allow(7), "2025-10-11 08:00"),
        (allow(2, Unit.CALENDAR_DAYS), "2025-10-19 08:00"),
        (allow(4, Unit.WORKING_HOURS), "2025-10-21 13:30"),
        (allow("0.5"), "2025-10-21 13:30"),
        (allow(24, Unit.HOURS), "2025-10-20 23:59:59"),
    ],
)
def test_warnings_come_that_much_before(before: Allowance, at: str) -> None:
    assert warn_at(due_at(ACCEPTED, allow(13), CHINA), before, CHINA) == local(at)


def test_a_longer_office_day_moves_hours_but_not_days() -> None:
    longer = CHINA.with_hours(read_hours("08:00-20:00"))
    assert due_at(ACCEPTED, allow(13), longer) == due_at(ACCEPTED, allow(13), CHINA)
    assert due_at(ACCEPTED, allow(4, Unit.WORKING_HOURS), longer) == local("2025-09-26 18:30")


@pytest.mark.parametrize(
    ("number", "unit", "options", "why"),
    [
        ("100001", Unit.MINUTES, {}, "out of reach"),
        ("1.5", Unit.MONTHS, {}, "whole numbers"),
        ("32", Unit.DAY_OF_NEXT_MONTH, {}, "no month has"),
        ("0", Unit.DAY_OF_NEXT_MONTH, {}, "no month has"),
        ("2", Unit.HOURS, {"roll": Roll.FORWARD}, "last day can roll"),
        ("2", Unit.WORKING_DAYS, {"quiet": QUIET}, "hours and minutes"),
        ("2", Unit.HOURS, {"quiet": read_spans([("08:00", "20:00"), ("20:00", "08:00")])}, "no time of the day"),
    ],
)
def test_allowances_that_contradict_themselves_are_refused(
    number: str, unit: Unit, options: dict[str, object], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        allow(number, unit, **options)


STARTS = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2200, 12, 31), timezones=st.just(ZONE))
WHOLE_DAYS = st.builds(
    Allowance,
    st.integers(0, 250).map(Decimal),
    st.sampled_from([Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.TRADING_DAYS]),
    st.booleans(),
    st.sampled_from([*End, dt.time(15)]),
    st.sampled_from(Roll),
)
MONTHS = st.builds(Allowance, st.integers(1, 31).map(Decimal), st.sampled_from([Unit.MONTHS, Unit.DAY_OF_NEXT_MONTH]))
BY_THE_CLOCK = st.builds(
    Allowance,
    st.decimals(0, 200, places=1),
    st.sampled_from([Unit.WORKING_HOURS, Unit.HOURS, Unit.MINUTES]),
    quiet=st.sampled_from([(), QUIET]),
)
ALLOWANCES = WHOLE_DAYS | MONTHS | BY_THE_CLOCK


@given(STARTS, ALLOWANCES)
def test_the_explanation_changes_nothing_and_ends_on_the_due_day(start: dt.datetime, allowance: Allowance) -> None:
    found = due(start, allowance, CHINA)
    assert found.at == due_at(start, allowance, CHINA)
    assert found.at.tzinfo is dt.UTC
    if found.explanation.days:
        assert found.explanation.days[-1].day.date == found.at.astimezone(ZONE).date() or allowance.quiet


@given(STARTS, ALLOWANCES, STARTS, STARTS)
def test_limits_are_never_exceeded(
    start: dt.datetime, allowance: Allowance, cap: dt.datetime, agreed: dt.datetime
) -> None:
    found = due(start, allowance, CHINA, cap=cap, earlier_of=agreed)
    assert found.at == min(found.explanation.uncapped, cap, agreed)
    assert found.explanation.capped == (found.at < found.explanation.uncapped)


@given(STARTS, WHOLE_DAYS, st.integers(0, 250))
def test_more_time_is_never_due_earlier(start: dt.datetime, allowance: Allowance, number: int) -> None:
    other = replace(allowance, number=Decimal(number))
    less, more = sorted((allowance, other), key=lambda one: one.number)
    assert due_at(start, less, CHINA) <= due_at(start, more, CHINA)


@given(STARTS, STARTS, WHOLE_DAYS)
def test_a_later_day_is_never_due_earlier(one: dt.datetime, other: dt.datetime, allowance: Allowance) -> None:
    first, last = sorted((one, other), key=lambda start: start.date())
    by_day = replace(allowance, end=End.END_OF_DAY)
    assert due_at(first, by_day, CHINA) <= due_at(last, by_day, CHINA)


@given(STARTS, st.integers(1, 250), st.booleans())
def test_working_days_are_as_many_as_listed_and_end_on_one(start: dt.datetime, number: int, first: bool) -> None:
    found = due(start, allow(number, count_first_day=first), CHINA)
    listed = [day for day in found.explanation.days if day.status in ("counted", "makeup")]
    assert len(listed) == number == listed[-1].count
    assert all(day.day.working for day in listed)
    assert listed[-1] is found.explanation.days[-1]


@given(STARTS, st.decimals(0, 200, places=1))
def test_quiet_hours_never_hold_a_due_instant(start: dt.datetime, hours: Decimal) -> None:
    found = due_at(start, allow(str(hours), Unit.HOURS, quiet=QUIET), CHINA)
    time = found.astimezone(ZONE).time()
    assert dt.time(8, 30) <= time < dt.time(12) or dt.time(13, 30) <= time < dt.time(22)
