"""Classes by bands and by criteria, with the figures of B02's table of sanctions."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.policy.calc import Settings
from app.engines.tiering.calc import classify, figures_of, rank
from app.packs.schema import FOLDER, build, parse

PACK = build(parse((FOLDER / "B02.yaml").read_text(encoding="utf-8")))
RESOLVE = Settings(PACK).resolve
GRADES = PACK.tiers["sanction_grade"]
ORDER = [None, *GRADES.classes]


def graded(burden):
    return classify(GRADES, {"burden": Decimal(burden)}.get, RESOLVE)


@pytest.mark.parametrize(
    ("burden", "grade"),
    [
        ("0", None),
        ("0.01", "repentance"),
        ("10000.00", "repentance"),
        ("10000.01", "reprimand_1"),
        ("50000", "reprimand_1"),
        ("50000.01", "reprimand_2"),
        ("100000.01", "minor_1"),
        ("200000.01", "minor_2"),
        ("400000.01", "major_1"),
        ("1000000.00", "major_1"),
        ("1000000.01", "major_2plus"),
    ],
)
def test_b02_7_bands_have_no_gap_of_a_cent(burden, grade):
    found = graded(burden)
    assert found.tier == grade
    assert [line.tier for line in found.lines if line.applies] == ([grade] if grade else [])


@given(st.decimals(0, 10**7, places=2), st.decimals(0, 10**7, places=2))
def test_who_bears_more_is_never_graded_lower(one, other):
    lower, higher = sorted((one, other))
    assert rank(GRADES, graded(lower).tier) <= rank(GRADES, graded(higher).tier)


def test_why_and_why_not_the_next():
    found = graded("10000.00")
    assert (found.why.tier, found.why_not_next.tier) == ("repentance", "reprimand_1")
    assert found.clause == "行政处罚准则（三）"
    assert graded("0").why_not_next.tier == "repentance"
    assert graded("2000000").why_not_next is None


def test_the_head_is_one_row_lower_from_the_fourth_row_on():
    joint = {grade: figures_of(GRADES, grade, RESOLVE).get("joint") for grade in GRADES.classes}
    order = list(GRADES.classes)
    assert [joint[grade] for grade in order[:3]] == [None, None, None]
    assert [joint[grade] for grade in order[3:]] == order[2:6]


def test_figures_take_the_unit_s_own_settings():
    own = Settings(PACK, {"reprimand_fine": "500"}).resolve
    assert figures_of(GRADES, "reprimand_2", own) == {"fine": Decimal(500), "times": Decimal(2)}


def test_criteria_are_tried_in_order_and_then_the_default_counts():
    table = PACK.tiers["cause_category"]
    human = classify(table, {"fault_item": "item_8"}.get, RESOLVE)
    unknown = classify(table, {"fault_item": "item_15"}.get, RESOLVE)
    assert (human.tier, human.why.tier, len(human.lines)) == ("non_quality", "non_quality", 1)
    assert (unknown.tier, unknown.why, unknown.why_not_next.tier) == ("quality", None, "non_quality")
