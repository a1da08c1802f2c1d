"""Contact rules: spacing, quiet hours, windows, days owed; any rules against a search minute by minute."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.calendar.calc import WorkCalendar, read_spans
from app.engines.contacts.calc import Rules, Window, compliance, in_window, judge, next_contact

MINUTE = dt.timedelta(minutes=1)
RULES = Rules(dt.timedelta(hours=2), read_spans((("22:00", "08:30"), ("12:00", "13:30"))))
NOON = Window(dt.time(12, 15), dt.time(12, 45), dt.date(2025, 10, 10))


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2025-10-{text}")


@pytest.mark.parametrize(
    ("last", "following"),
    [
        ("10 10:00", "10 13:30"), ("10 11:00", "10 13:30"), ("10 18:00", "10 20:00"), ("10 20:00", "11 08:30"),
        ("10 19:59", "10 21:59"), ("10 20:30", "11 08:30"), ("10 09:59", "10 11:59"), ("10 11:30", "10 13:30"),
    ],
)  # fmt: skip
def test_two_hours_and_quiet_hours_together(last, following):
    assert next_contact(at(last), at(last), RULES).at == at(following)


def test_a_window_lifts_quiet_hours_and_never_the_spacing():
    assert judge(at("10 12:15"), [], RULES, [NOON]) is None
    assert judge(at("10 12:45"), [], RULES, [NOON]) is None
    assert judge(at("10 12:46"), [], RULES, [NOON]).earliest == at("10 13:30")
    assert judge(at("11 12:15"), [], RULES, [NOON]).rule == "quiet"
    near = judge(at("10 12:20"), [at("10 10:30")], RULES, [NOON])
    assert (near.rule, near.since, near.earliest) == ("spacing", dt.timedelta(minutes=110), at("10 12:30"))
    late = Window(dt.time(22, 30), dt.time(23, 0), weekdays=frozenset({6}))
    assert judge(at("11 22:30"), [], RULES, [late]) is None
    assert judge(at("12 22:30"), [], RULES, [late]).rule == "quiet"


def test_the_way_to_the_next_attempt_is_told():
    found = next_contact(at("10 10:05"), at("10 10:00"), RULES, [NOON])
    assert found.steps == (("spacing", at("10 12:00")), ("window", at("10 12:15")))
    assert next_contact(at("10 09:00"), None, RULES).steps == ()


def test_an_attempt_entered_later_keeps_its_distance_to_both_sides():
    others = [at("10 09:00"), at("10 15:00")]
    assert judge(at("10 13:30"), others, RULES).since == dt.timedelta(minutes=90)
    assert judge(at("10 10:59"), others, RULES).earliest == at("10 11:00")
    assert judge(at("10 11:00"), others, RULES) is None


def test_rules_that_leave_no_time_are_refused():
    with pytest.raises(ValueError, match="no time"):
        Rules(dt.timedelta(0), read_spans((("08:00", "20:00"), ("20:00", "08:00"))))
    with pytest.raises(ValueError, match="apart"):
        Rules(dt.timedelta(hours=-1))


PLAIN = WorkCalendar.read((), {2025: True}, hours="09:00-17:00", zone="Asia/Shanghai", weekend=("6", "7"), fixed={})


def test_days_owed_are_working_days_after_the_acceptance():
    first, last = dt.date(2025, 10, 13), dt.date(2025, 10, 20)
    tried = [dt.date(2025, 10, day) for day in (13, 14, 15, 16, 18, 20)]
    found = compliance(PLAIN, first, last, tried)
    assert [day.day for day in found.owed] == [14, 15, 16, 17, 20]
    assert [day.day for day in found.missing] == [17]
    assert found.percent == Decimal("80.00")
    assert compliance(PLAIN, first, first, tried).percent == 100


times = st.times().map(lambda time: time.replace(second=0, microsecond=0))
instants = st.datetimes(dt.datetime(2025, 10, 6), dt.datetime(2025, 10, 12)).map(
    lambda found: found.replace(second=0, microsecond=0)
)
spans = st.lists(st.tuples(times, times).filter(lambda span: span[0] != span[1]), max_size=3)
windows_ = st.lists(
    st.builds(
        lambda a, b, day: Window(min(a, b), max(a, b), weekdays=frozenset({day}) if day else frozenset()),
        times, times, st.integers(0, 7),
    ),
    max_size=2,
)  # fmt: skip


@given(instants, st.none() | st.integers(0, 600), st.integers(0, 300), spans, windows_)
def test_the_next_attempt_is_allowed_and_none_before_it(now, ago, spacing, quiet, windows):
    try:
        rules = Rules(spacing * MINUTE, tuple(quiet))
    except ValueError:
        return
    last = None if ago is None else now - ago * MINUTE
    found = next_contact(now, last, rules, windows)

    def allowed(moment: dt.datetime) -> bool:
        spaced = last is None or moment >= last + rules.spacing
        return spaced and (rules.quiet_until(moment) is None or in_window(moment, windows))

    assert found.at >= now
    assert allowed(found.at)
    assert not any(allowed(now + n * MINUTE) for n in range(int((found.at - now) / MINUTE)))
    assert judge(found.at, [] if last is None else [last], rules, windows) is None
    assert next_contact(found.at, last, rules, windows).at == found.at
