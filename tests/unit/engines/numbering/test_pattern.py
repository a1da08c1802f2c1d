from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.numbering.calc import SIGNS, Number, Pattern, Period, drawn

DAY = dt.date(2025, 10, 31)


@pytest.mark.parametrize(
    ("pattern", "parts", "n", "text"),
    [
        ("{YY}{MM}{seq:02}", {}, 32, "251032"),
        ("{YY}{MM}{seq:02}", {}, 7, "251007"),
        ("{case}-C{seq}", {"case": "251031"}, 2, "251031-C2"),
        ("TS-{unit}-{YYYY}{MM}{DD}-{seq:03}", {"unit": "{QC}"}, 5, "TS-{QC}-20251031-005"),
    ],
)
def test_numbers_as_written(pattern, parts, n, text):
    assert Pattern.parse(pattern).write(DAY, n, parts) == Number(text, n)


@pytest.mark.parametrize(("n", "text", "widened"), [(99, "251099", False), (100, "2510100", True)])
def test_a_counter_that_outgrows_its_digits_widens(n, text, widened):
    assert Pattern.parse("{YY}{MM}{seq:02}").write(DAY, n, {}) == Number(text, n, widened)


def test_a_counter_without_digits_never_widens():
    assert not Pattern.parse("{case}-C{seq}").write(DAY, 10**6, {"case": "1"}).widened


@pytest.mark.parametrize(
    "pattern",
    [
        "{YY}{MM}", "{seq}{seq}", "{seq", "seq}", "{}", "{seq:2}", "{seq:00}", "{case.__class__}{seq}", "{0}{seq}",
        "{MM:02}{seq}",
    ],
)
def test_patterns_that_cannot_be_read_are_refused(pattern):
    with pytest.raises(ValueError, match="number pattern"):
        Pattern.parse(pattern)


@pytest.mark.parametrize("parts", [{}, {"case": ""}, {"unit": "QC"}])
def test_a_missing_part_is_named(parts):
    with pytest.raises(ValueError, match="needs case"):
        Pattern.parse("{case}-C{seq}").check(parts)


def test_periods_start_anew():
    assert [period.key(DAY) for period in Period] == ["2025-10-31", "2025-10", "2025", ""]


@given(st.dates(), st.dates())
def test_a_number_never_returns_in_another_month(one, other):
    form = Pattern.parse("{YYYY}{MM}{seq:02}")
    same = Period.MONTH.key(one) == Period.MONTH.key(other)
    assert (form.write(one, 1, {}) == form.write(other, 1, {})) is same


def test_a_drawn_code_follows_from_nothing():
    signs = iter("AC7QX3")
    assert drawn("M{random:06}", lambda known: next(signs) if known == SIGNS else "") == "MAC7QX3"
    assert not set("0O1IL2Z5S8B") & set(SIGNS)
    for pattern in ("M{random}", "M{random:06}{random:02}", "M{seq:06}"):
        with pytest.raises(ValueError, match="code pattern"):
            drawn(pattern, lambda known: known[0])
