"""Trials of clocks: the due instants of cases without a case, and nothing kept."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.core.db import session
from app.engines.deadlines import operations, trial
from app.engines.deadlines.explain import Status
from app.engines.deadlines.models import DeadlineClock
from app.engines.deadlines.rules import Rules
from app.engines.policy import operations as policies
from app.engines.policy.calc import Settings
from tests.unit.engines.deadlines.conftest import Cases, at, local, shown

START = "2025-09-26 14:30"


@pytest.fixture
def rules(portal):
    with at(START):
        return Rules(Settings(policies.pack_for(policies.current_version("B02", dt.date(2025, 9, 26)).id)))


def facts(**known):
    return known.get


@pytest.mark.parametrize(
    ("unit", "market", "due"),
    [
        ("working_days", "domestic", "2025-10-21 23:59:59"), ("working_days", "overseas", "2025-10-27 23:59:59"),
        ("calendar_days", "domestic", "2025-10-09 23:59:59"), ("calendar_days", "overseas", "2025-10-13 23:59:59"),
    ],
)
def test_the_closing_limit_over_national_day(rules, unit, market, due):
    rules = Rules(Settings(rules.pack, {"day_unit": unit}))
    found = trial.try_clock(rules, "case", local(START), facts(market=market))
    assert shown(found.reckoned.at) == due


def test_every_day_is_told_as_counted_or_skipped(rules):
    found = trial.try_clock(rules, "case", local(START), facts(market="domestic"))
    days = found.reckoned.allowed.explanation.days
    assert [d.day.date.isoformat()[5:] for d in days if d.status == Status.MAKEUP] == ["09-28", "10-11"]
    counted = [d.day.date.day for d in days if d.status in (Status.COUNTED, Status.MAKEUP)]
    assert counted == [28, 29, 30, 9, 10, 11, 13, 14, 15, 16, 17, 20, 21]
    assert days[-1].count == 13


@pytest.mark.parametrize(
    ("key", "begins", "market", "due", "capped"),
    [
        ("step_sales_opinion", "2025-10-10 09:00", "domestic", "2025-10-14 23:59:59", False),
        ("step_sales_opinion", "2025-10-10 09:00", "overseas", "2025-10-20 23:59:59", False),
        ("step_execution", "2025-10-14 16:00", "domestic", "2025-10-21 23:59:59", True),
        ("step_register", START, "domestic", "2025-09-28 09:00:00", False),
    ],
)
def test_a_step_never_outlives_the_case(rules, key, begins, market, due, capped):
    found = trial.try_clock(rules, key, local(begins), facts(market=market), local(START))
    assert (shown(found.reckoned.at), found.reckoned.capped) == (due, capped)


def test_without_the_start_of_the_whole_a_step_stands_alone(rules):
    found = trial.try_clock(rules, "step_execution", local("2025-10-14 16:00"), facts(market="domestic"))
    assert shown(found.reckoned.at) == "2025-10-22 23:59:59"
    assert found.cap is None


def test_a_clock_counts_from_its_field(rules):
    found = trial.try_clock(rules, "report", local(START), facts(investigated_on=dt.date(2025, 9, 26)))
    assert shown(found.start) == "2025-09-26 23:59:59"
    assert shown(found.reckoned.at) == "2025-09-30 23:59:59"


def test_no_condition_and_no_day_give_no_limit(rules):
    unknown = trial.try_clock(rules, "case", local(START), facts())
    assert (unknown.granted, unknown.reckoned) == (None, None)
    open_end = trial.try_clock(rules, "collection", local(START), facts())
    assert open_end.granted is not None
    assert open_end.reckoned is None


def test_all_clocks_of_a_register_by_their_end(rules):
    found = trial.try_all(rules, "complaint", local(START), facts(market="domestic", founded=True))
    ends = [one.reckoned.at for one in found if one.reckoned]
    assert ends == sorted(ends)
    assert found[-1].spec.key == "collection"
    assert len(found) == sum(spec.register_ == "complaint" for spec in rules.pack.clocks.values())
    assert all(one.reckoned.at <= ends[-1] for one in found if one.spec.cap)


def test_a_trial_says_what_the_clocks_of_a_case_say_and_keeps_nothing(rules):
    with at(START):
        before = session.scalar(sa.select(sa.func.count(DeadlineClock.id)))
        told = trial.try_clock(rules, "case", local(START), facts(market="overseas"))
        assert session.scalar(sa.select(sa.func.count(DeadlineClock.id))) == before
        case = Cases().accepted("overseas")
        row = next(row for row in operations.clocks_of("complaint", case.id) if row.key == "B02.case")
    assert row.due_at == told.reckoned.at
    assert operations.explain(row).allowed == told.reckoned.allowed
    assert told.granted.number == Decimal(17)
