"""What figures come to, and how they read; periods by name."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.deadlines import periods
from app.engines.reports import calc, measuring, periods_of
from app.packs.figures import Figures

KINDS = ("day", "week", "ten_days", "month", "quarter", "half_year", "year")
DAYS = st.dates(dt.date(2001, 1, 1), dt.date(2090, 12, 31))


@given(st.sampled_from(KINDS), DAYS)
def test_every_period_is_found_again_by_its_name(kind, day):
    period = periods.present(kind, day)
    assert period.first <= day <= period.last
    assert periods_of.named(kind, period.name) == period
    assert periods_of.named(kind, period.name, period.last) == period
    before = periods.previous(kind, period)
    assert before.last == period.first - dt.timedelta(days=1)
    assert periods.since(kind, before.last, day + dt.timedelta(days=400))[0] == before


@given(st.sampled_from(KINDS), DAYS)
def test_a_year_before_is_the_same_stretch_of_the_year(kind, day):
    period = periods.present(kind, day)
    year = periods.year_before(kind, period)
    assert 357 <= (period.last - year.last).days <= 371
    assert kind in ("week", "day") or period.name[4:] == year.name[4:]


@pytest.mark.parametrize(
    ("kind", "name"),
    [("month", "2025-13"), ("month", ""), ("week", "2025-W99"), ("week", "2025-Wxx"), ("day", "2025-02-30"),
     ("quarter", "2025-Q5"), ("year", "0000"), ("year", "20 5"), ("month", "９９９９-01"), ("year", "9999")],
)  # fmt: skip
def test_a_name_that_is_none_leads_nowhere(kind, name):
    assert periods_of.named(kind, name) is None


def test_thirds_of_a_month():
    thirds = periods.since("ten_days", dt.date(2024, 2, 1), dt.date(2024, 3, 1))
    assert [(one.name, one.first.day, one.last.day) for one in thirds] == [
        ("2024-02-T1", 1, 10), ("2024-02-T2", 11, 20), ("2024-02-T3", 21, 29),
    ]  # fmt: skip


def figures(**measures):
    """Measures of complaints, each with a label."""
    labelled = {key: {"label": {"zh": key, "en": key}, **measure} for key, measure in measures.items()}
    return Figures.model_validate({"register": "complaint", "at": "closed_at", "measures": labelled})


def test_parts_become_figures():
    written = figures(
        some={"kind": "count"}, none={"kind": "count"}, mean={"kind": "average", "field": "x"},
        days={"kind": "duration", "since": "a", "to": "b", "unit": "hours"},
        punctual={"kind": "on_time", "clocks": ["c"]},
        rate={"kind": "rate", "of": "some", "among": "mean"}, nothing={"kind": "rate", "of": "some", "among": "none"},
        sum={"kind": "formula", "expression": "some - 2 * mean"},
        wrong={"kind": "formula", "expression": "some / none"},
    )  # fmt: skip
    raw = {"some": (3,), "none": (0,), "mean": (Decimal("10.01"), 4), "days": (5400, 1), "punctual": (2, 3)}
    assert measuring.finish(written, raw) == {
        "some": 3, "none": 0, "mean": Decimal("2.50"), "days": Decimal("1.5"), "punctual": Decimal("66.67"),
        "rate": Decimal("120.00"), "nothing": None, "sum": Decimal("-2.00"), "wrong": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    "measure",
    [
        {"kind": "sum"}, {"kind": "count", "clocks": ["case"]}, {"kind": "rate", "of": "some"},
        {"kind": "rate", "of": "some", "among": "other"}, {"kind": "formula", "expression": "tried + 1"},
        {"kind": "duration", "since": "a", "to": "b"}, {"kind": "count", "register": "sample"},
        {"kind": "on_time", "clocks": ["case"], "at": "closed_at"}, {"kind": "formula", "expression": "some +"},
    ],
)  # fmt: skip
def test_a_measure_that_cannot_be_counted_is_refused(measure):
    figures(some={"kind": "count"})
    with pytest.raises(ValueError, match="tried"):
        figures(some={"kind": "count"}, tried=measure)


def test_parts_of_changes():
    assert calc.part_of(Decimal(-5), Decimal(20)) == Decimal("-25.0")
    assert calc.part_of(Decimal(5), Decimal(0)) is None
