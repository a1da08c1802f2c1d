"""Classes by criteria with numbers: B04's tests for a major complaint, and a pack whose rules of contact are wrong."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engines.policy.calc import Settings
from app.engines.tiering.calc import classify, met, rank
from app.packs.schema import FOLDER, PackError, build, parse

TEXT = (FOLDER / "B04.yaml").read_text(encoding="utf-8")
PACK = build(parse(TEXT))
LEVEL = PACK.tiers["level"]
SETTINGS = Settings(PACK)
PLAIN = {"group_size": 1, "media_involved": False, "threat": False, "important_customer": False, "source": "phone"}


def judged(settings=SETTINGS, **facts):
    read = (PLAIN | facts).get
    return classify(LEVEL, read, settings.resolve).tier, met(LEVEL, read, settings.resolve)


def test_every_test_that_holds_is_named():
    found = judged(group_size=3, threat=True, business=["motor", "repair"], claimed_amount=Decimal("10000.00"))
    assert found == ("major", ("t1", "t4", "t5_motor", "t5_repair"))
    assert judged() == ("general", ())
    assert judged(business=["motor"]) == ("general", ())


def test_the_numbers_are_settings():
    own = Settings(PACK, {"repair_amount": "500", "group_size": "10"})
    assert judged(own, business=["repair"], claimed_amount=Decimal(500)) == ("major", ("t5_repair",))
    assert judged(own, group_size=9) == ("general", ())


@given(
    st.sampled_from(["motor", "property", "accident_health", "repair"]),
    st.decimals(0, 100_000, places=2), st.decimals(0, 100_000, places=2), st.integers(1, 9),
)  # fmt: skip
def test_more_is_never_less(business, one, other, group):
    low, high = sorted((one, other))
    below, above = (judged(business=[business], claimed_amount=a, group_size=group)[0] for a in (low, high))
    assert rank(LEVEL, below) <= rank(LEVEL, above)


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        (('start: "22:00"', 'start: "25:00"'), "contacts.customer.quiet.0.start"),
        (("    states: [contacting]\n    log", "    states: [nowhere]\n    log"), "contacts.customer.states"),
        (("keeps: {register: complaint, moves: [accept]", "keeps: {register: complaint, moves: [never]"),
         "tiers.level.keeps.moves"),
        (("at_least: {group_size: $group_size}", "at_least: {group_size: $nothing}"),
         "tiers.level.criteria.0.at_least.group_size"),
    ],
)  # fmt: skip
def test_a_wrong_pack_names_the_place(wrong, path):
    assert wrong[0] in TEXT
    with pytest.raises(PackError) as refused:
        build(parse(TEXT.replace(*wrong)))
    assert path in {fault.path for fault in refused.value.faults}
