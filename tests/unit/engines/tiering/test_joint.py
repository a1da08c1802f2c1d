"""Classes that need all of their criteria, and bounds of every kind: the classes A, B and C of A03."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.policy.calc import Settings
from app.engines.tiering.calc import classify, prepared, reached
from app.engines.tiering.operations import reason
from app.packs.schema import FOLDER, PackError, build, parse

TEXT = (FOLDER / "A03.yaml").read_text(encoding="utf-8")
PACK = build(parse(TEXT))
TABLE, SETTINGS = PACK.tiers["customer_class"], Settings(PACK)
SOUND = {
    "full_years_together": 1, "key_data_complete": True, "law_abiding": True, "receipts_of_the_year": Decimal(0),
    "deliveries_of_the_year": Decimal(0), "serious_breaches": 0, "dishonest_acts": 0, "broken_promises": 0,
    "open_disputes": 0, "unfair_acts": 0, "illegal_operations": 0, "closure_orders": 0, "freeze_risks": 0,
    "good_years": 2, "debt_ratio": Decimal("0.6"), "current_ratio": Decimal("1.2"), "loss_percent": Decimal(0),
    "falling_months": 0, "severe_months": 0,
}  # fmt: skip


def found(settings=SETTINGS, **facts):
    return classify(TABLE, (SOUND | facts).get, settings.resolve)


def test_all_criteria_together_lead_to_a():
    assert found().tier == "a"
    assert found().why.key == "a1"


@pytest.mark.parametrize(
    ("facts", "tier", "key"),
    [
        ({"full_years_together": 0}, "b", "a1"), ({"law_abiding": False}, "b", "a3"), ({"good_years": 1}, "b", "a4"),
        ({"debt_ratio": Decimal("0.6001")}, "b", "a5"), ({"current_ratio": None}, "b", "a5"),
        ({"key_data_complete": False}, "b", "a_known"), ({"serious_breaches": 1}, "c", "c1"),
        ({"broken_promises": 3}, "c", "c2"), ({"debt_ratio": Decimal("0.8001")}, "c", "c4"),
        ({"current_ratio": Decimal("0.9999")}, "c", "c4"), ({"loss_percent": Decimal("20.01")}, "c", "c5"),
        ({"falling_months": 3}, "c", "c5"), ({"unfair_acts": 1}, "c", "c6"), ({"severe_months": 3}, "c", "c6"),
        ({"illegal_operations": 1}, "c", "c7"), ({"closure_orders": 1}, "c", "c8"), ({"freeze_risks": 1}, "c", "c9"),
    ],
)  # fmt: skip
def test_one_criterion_decides(facts, tier, key):
    judged = found(**facts)
    assert judged.tier == tier
    lines = {line.key: line.applies for line in judged.lines}
    assert lines[key] is (tier == "c")
    assert len(lines) == len(TABLE.criteria)


def test_bounds_themselves():
    assert found(debt_ratio=Decimal("0.8"), current_ratio=Decimal(1), loss_percent=Decimal(20)).tier == "b"
    assert found(broken_promises=2, dishonest_acts=2).tier == "b"


def test_the_bounds_are_settings():
    own = Settings(PACK, {"broken_promise_count_c2": "5", "debt_ratio_max_a": "0.7"})
    assert found(own, broken_promises=4, dishonest_acts=0, debt_ratio=Decimal("0.7")).tier == "a"


def test_the_reason_names_a_criterion_that_fails():
    assert str(TABLE.criteria[-1].rule) not in reason(found(good_years=0))
    assert "2" in reason(found(good_years=0))


@given(st.sets(st.sampled_from([test.key for test in TABLE.criteria])))
def test_many_rows_are_judged_alike(held):
    tests = prepared(TABLE, SETTINGS.resolve)
    bad = any(test.tier == "c" and test.key in held for test in tests)
    good = all(test.key in held for test in tests if test.tier == "a")
    assert reached(TABLE, tests, held) == ("c" if bad else "a" if good else "b")


def test_a_joint_class_without_criteria_is_refused():
    with pytest.raises(PackError) as wrong:
        build(parse(TEXT.replace("joint: [a]", "joint: [b]")))
    assert "tiers.customer_class.joint" in str(wrong.value)
