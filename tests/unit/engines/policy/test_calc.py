"""What a pack says about one case."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.engines.policy import calc
from app.engines.policy.calc import Settings, decide_authority, granted
from app.packs import schema
from tests.unit.engines.policy.trial import content


@pytest.fixture(scope="module")
def pack():
    return schema.build(content())


@pytest.fixture(scope="module")
def b02():
    return schema.build(schema.parse((schema.FOLDER / "B02.yaml").read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("claimed", "proposed", "post"),
    [
        ("0.01", "0.01", "sales_manager"),
        ("100000.00", "100000.00", "sales_manager"),
        ("100000.01", "100000.01", "deputy_gm"),
        ("100001.00", "100001.00", "deputy_gm"),
        ("149999.99", "149999.99", "deputy_gm"),
        ("150000.00", "150000.00", "deputy_gm"),
        ("150000.01", "150000.01", "general_manager"),
        ("150001.00", "150001.00", "general_manager"),
        ("98000", "102000", "deputy_gm"),
        ("0", None, "sales_manager"),
    ],
)
def test_b02_1_the_larger_amount_falls_into_one_band(b02, claimed, proposed, post):
    values = {"claimed_amount": Decimal(claimed), "proposed_settlement_amount": Decimal(proposed) if proposed else None}
    ruling = decide_authority(b02, "decision", values)
    assert ruling.post == post
    assert [band.post for band in ruling.bands if band.applies] == [post]
    assert all(band.clause == "（十一）" for band in ruling.bands)
    assert ruling.ladder == ("sales_manager", "deputy_gm", "general_manager")


def test_without_an_amount_nobody_decides(b02):
    with pytest.raises(ValueError, match="amount"):
        decide_authority(b02, "decision", {"claimed_amount": None})


def test_the_first_fitting_allowance_counts(pack):
    clock = pack.clocks["whole"]
    far = granted(clock, Settings(pack), {"market": "overseas"}.get)
    near = granted(clock, Settings(pack), {"market": "domestic"}.get)
    assert (far.number, far.unit, near.number) == (Decimal(7), "working_days", Decimal(3))


def test_a_setting_of_the_unit_replaces_the_default(pack):
    settings = Settings(pack, {"days": "5", "day_unit": "calendar_days"})
    found = granted(pack.clocks["whole"], settings, {}.get)
    assert (found.number, found.unit) == (Decimal(5), "calendar_days")
    assert settings.value("days") == 5


def test_field_rules(pack):
    case = pack.cases["complaint"]

    def broken(values, move=""):
        return [(p.field, p.clause) for p in calc.rule_problems(case, values.get, move)]

    founded = {"founded": True, "market": "domestic"}
    assert broken(founded, "decide") == [("category", "三")]
    assert broken(founded) == []
    assert broken(founded | {"category": "quality"}, "decide") == []
    assert broken(founded | {"market": None}, "decide") == []
    assert broken(founded | {"collected_on": 1}) == [("collected_on", "三")]


def test_a_field_with_several_values_needs_one_of_them():
    assert calc.meets({"demand": ("return", "exchange")}, {"demand": ["claim", "return"]}.get)
    assert not calc.meets({"demand": ("return",)}, {"demand": ["claim"]}.get)
    assert not calc.meets({"demand": ("return",)}, {}.get)


def test_a_lifecycle_knows_which_moves_are_decisions(pack):
    life = calc.lifecycle_of(pack, "complaint")
    decide, send, lapse = (life.moves[key] for key in ("decide", "send", "lapse"))
    assert (decide.approval, decide.outcome) == ("decision", "approve")
    assert (send.approval, send.guards) == ("", (calc.RULES_GUARD,))
    assert lapse.system
    assert lapse.when["founded"] == (False,)
    assert [move.key for move in life.leaving("pending")] == ["decide", "lapse"]
    assert life.states["draft"].holder.owner
    assert life.editors["decision"] == ("head", "chief")
    assert decide.sets == {"decided_at": "@now"}


def test_differences_between_versions(pack):
    old, new = content(), content()
    new["posts"]["clerk"]["label"]["zh"] = "承办"
    del new["cases"]["complaint"]["rules"]["category"]
    found = {d.path: (d.old, d.new) for d in calc.differences(old, new)}
    assert found["posts.clerk.label.zh"] == ("经办", "承办")
    assert found["cases.complaint.rules.category.clause"] == ("三", None)
    assert calc.differences(old, old) == []
