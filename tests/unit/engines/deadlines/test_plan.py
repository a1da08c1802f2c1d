"""Pauses, extensions and caps on the calendar of autumn 2025."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.engines.deadlines.allowance import Allowance, End, Unit
from app.engines.deadlines.plan import (
    EXTENSION,
    PAUSE,
    Adjustment,
    Plan,
    adjustment_to_json,
    adjustments_from_json,
    from_json,
    reckon,
    to_json,
)
from tests.china import CHINA, local

RECEIVED = local("2025-09-26 14:30")
THREE_DAYS = Allowance(Decimal(3), Unit.WORKING_DAYS)


def due(allowance, *adjustments, start=RECEIVED, cap=None):
    return CHINA.local(reckon(Plan(start, allowance, None, adjustments, cap), CHINA).at)


def pause(first, last):
    return Adjustment(PAUSE, local(first), local(last))


def test_without_adjustments_the_allowance_alone_decides():
    assert due(THREE_DAYS) == local("2025-09-30 23:59:59")


def test_a_pause_moves_working_days_by_the_working_days_it_lasted():
    # 29 and 30 September were lost; the rest days of October do not count
    assert due(THREE_DAYS, pause("2025-09-29 09:00", "2025-10-09 09:00")) == local("2025-10-10 23:59:59")


def test_a_pause_inside_one_day_costs_no_day():
    assert due(THREE_DAYS, pause("2025-09-29 09:00", "2025-09-29 17:00")) == local("2025-09-30 23:59:59")


def test_a_pause_moves_half_a_working_day_by_office_hours():
    half = Allowance(Decimal("0.5"), Unit.WORKING_DAYS)
    assert due(half, start=local("2025-09-29 08:00")) == local("2025-09-29 12:00")
    paused = pause("2025-09-29 10:00", "2025-09-29 15:00")
    assert due(half, paused, start=local("2025-09-29 08:00")) == local("2025-09-29 17:00")


@pytest.mark.parametrize(
    ("allowance", "expected"),
    [
        (Allowance(Decimal(3), Unit.CALENDAR_DAYS), "2025-10-09 23:59:59"),
        (Allowance(Decimal(90), Unit.MINUTES), "2025-10-06 16:00"),
        (Allowance(Decimal(1), Unit.MONTHS), "2025-11-05 23:59:59"),
    ],
)
def test_a_pause_moves_other_units_by_the_time_on_the_wall(allowance, expected):
    assert due(allowance, pause("2025-09-26 15:00", "2025-10-06 15:00")) == local(expected)


def test_an_extension_sets_a_new_end_and_a_later_pause_moves_that():
    granted = Adjustment(EXTENSION, local("2025-09-30 10:00"), local("2025-10-10 17:00"), "test run", 7)
    assert due(THREE_DAYS, granted) == local("2025-10-10 17:00")
    assert due(THREE_DAYS, granted, pause("2025-10-09 09:00", "2025-10-11 09:00")) == local("2025-10-13 17:00")


def test_nothing_outlives_the_cap():
    cap = local("2025-10-09 23:59:59")
    granted = Adjustment(EXTENSION, local("2025-09-30 10:00"), local("2025-10-20 17:00"))
    found = reckon(Plan(RECEIVED, THREE_DAYS, None, (granted,), cap), CHINA)
    assert (CHINA.local(found.at), found.capped) == (cap, True)
    assert not reckon(Plan(RECEIVED, THREE_DAYS, None, (), cap), CHINA).capped


def test_a_day_named_in_a_field_counts_alone_or_when_it_is_earlier():
    monday = local("2025-09-29 23:59:59")
    assert reckon(Plan(RECEIVED, None, monday), CHINA).at == monday
    assert reckon(Plan(RECEIVED, THREE_DAYS, monday), CHINA).at == monday
    assert reckon(Plan(RECEIVED, THREE_DAYS, local("2025-10-31 12:00")), CHINA).at == local("2025-09-30 23:59:59")


@pytest.mark.parametrize(
    "allowance",
    [
        THREE_DAYS,
        Allowance(Decimal("0.5"), Unit.WORKING_DAYS),
        Allowance(Decimal(2), Unit.CALENDAR_DAYS, count_first_day=True, end=End.TO_THE_MINUTE),
        Allowance(
            Decimal(60), Unit.MINUTES, quiet=((local("2025-01-01 22:00").time(), local("2025-01-01 08:00").time()),)
        ),
        Allowance(Decimal(2), Unit.WORKING_DAYS, end=local("2025-01-01 17:30").time()),
    ],
)
def test_what_is_kept_reads_back_the_same(allowance):
    assert from_json(to_json(allowance)) == allowance


def test_adjustments_read_back_the_same():
    granted = Adjustment(EXTENSION, local("2025-09-30 10:00"), local("2025-10-10 17:00"), "test run", 7)
    kept = adjustment_to_json(granted)
    assert [adjustment_to_json(a) for a in adjustments_from_json([kept])] == [kept]
