"""What a pack may hold: every fault is found at once, with its path."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.packs import schema
from app.packs.text import UnreadableText, read_text
from tests.unit.engines.policy.trial import content, faults, spoiled


def test_scalars_stay_text():
    assert read_text("{a: no, b: 007, c: 12:30:45, d: 50000.10, e: 2025-01-01, f: ~}") == {
        "a": "no",
        "b": "007",
        "c": "12:30:45",
        "d": "50000.10",
        "e": "2025-01-01",
        "f": None,
    }


@pytest.mark.parametrize("text", ["a: 1\na: 2", "a: [1", "x: {y: 1, y: 2}"])
def test_unreadable_text_is_refused(text):
    with pytest.raises(UnreadableText):
        read_text(text)


def test_a_pack_in_order_has_no_faults():
    assert faults(content()) == {}
    band = schema.build(content()).authority["decision"].bands[0]
    assert band.up_to == Decimal("1000.00")


def test_every_fault_is_listed_with_its_path():
    found = faults(
        spoiled(
            posts__clerk__label__en=None,
            posts__head__clause=None,
            posts__chief__basis="guessed",
            cases__complaint__moves__send__frum=["draft"],
            authority__decision__bands__1__above="1000.01",
            clocks__whole__allowances__0__number=7,
            title__zh=" ",
        )
    )
    assert set(found) == {
        "posts.clerk.label.en",
        "posts.head.clause",
        "posts.chief.basis",
        "cases.complaint.moves.send.frum",
        "authority.decision.bands",
        "clocks.whole.allowances.0.number",
        "title.zh",
    }
    assert "gap from 1000.00 to 1000.01" in found["authority.decision.bands"]


@pytest.mark.parametrize(
    ("second", "word"),
    [
        ({"above": "999.99"}, "overlap"),
        ({"start": "1000.00"}, "overlap"),
        ({"above": "1000.01"}, "gap"),
        ({}, "overlap"),
        ({"above": "1000.00", "start": "1000.00"}, "two bounds"),
        ({"above": "1000.00", "up_to": "1000.00"}, "empty"),
    ],
)
def test_bands_leave_no_gap_and_never_overlap(second, word):
    band = {"post": "chief", "clause": "五", "basis": "stated"} | second
    assert word in faults(spoiled(authority__decision__bands__1=band))["authority.decision.bands"]


@pytest.mark.parametrize(("first", "second"), [({"up_to": "5"}, {"above": "5"}), ({"below": "5"}, {"start": "5"})])
def test_bands_meet_in_one_bound(first, second):
    entry = {"clause": "五", "basis": "stated"}
    bands = [entry | {"post": "head"} | first, entry | {"post": "chief"} | second]
    assert faults(spoiled(authority__decision__bands=bands)) == {}


def test_an_authority_covers_every_amount():
    found = faults(spoiled(authority__decision__bands__1__up_to="5000"))
    assert "last no upper bound" in found["authority.decision"]


def test_names_lead_somewhere():
    found = faults(
        spoiled(
            cases__complaint__may_open=["nobody"],
            cases__complaint__moves__send__to="nowhere",
            cases__complaint__states__draft__holder__post="ghost",
            clocks__whole__register="letter",
            clocks__whole__cap="missing",
            clocks__whole__allowances__1__number="$nothing",
            clocks__whole__allowances__0__unit="$days",
            approvals__decision__outcomes={"approve": "vanish"},
            authority__decision__bands__0__post="ghost",
        )
    )
    assert set(found) >= {
        "cases.complaint.may_open",
        "cases.complaint.moves.send",
        "cases.complaint.states.draft.holder",
        "clocks.whole.register",
        "clocks.whole.cap",
        "clocks.whole.allowances.1.number",
        "clocks.whole.allowances.0.unit",
        "approvals.decision.outcomes",
        "authority.decision.bands",
    }


def test_a_field_is_written_by_its_own_post_only():
    found = faults(spoiled(cases__complaint__moves__send__writes=["decision"]))
    assert found == {"cases.complaint.moves.send": "“decision” belongs to head, chief"}


def test_every_state_is_reached_and_left():
    lost = {"label": {"zh": "失", "en": "Lost"}, "clause": "三", "basis": "stated"}
    found = faults(spoiled(cases__complaint__states__lost=lost))
    assert found == {"cases.complaint.states.lost": "no case ever leaves this state"}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("cases__complaint__moves__send__posts", []),
        ("cases__complaint__moves__lapse__when", {}),
        ("cases__complaint__moves__send__sets", {"x": "@later"}),
        ("clocks__whole__stop", None),
        ("clocks__whole__allowances", []),
        ("approvals__decision__stations__0", {"posts": ["head"], "authority": "decision"}),
        ("parameters__days__value", "3.5"),
        ("parameters__days__value", "10"),
        ("parameters__day_unit__value", "weeks"),
        ("version", "0"),
        ("code", "b2"),
    ],
)
def test_contradictions_are_refused(path, value):
    assert faults(spoiled(**{path: value}))


ROUNDS = {"register": "complaint", "opens": ["send"], "fills": {}, "number": "{number}-{round}", "clause": "三",
          "basis": "stated"}  # fmt: skip


def test_rounds_name_what_the_pack_has():
    assert faults(spoiled(cases__complaint__rounds=ROUNDS)) == {}
    wrong = ROUNDS | {"register": "form", "opens": ["sent"], "number": "{case}-{round}"}
    assert set(faults(spoiled(cases__complaint__rounds=wrong))) == {
        "cases.complaint.rounds.register", "cases.complaint.rounds.opens", "cases.complaint.rounds.number"}  # fmt: skip
    assert set(faults(spoiled(cases__complaint__rounds=ROUNDS | {"most": "0"}))) == {"cases.complaint.rounds.most"}
    assert faults(spoiled(cases__complaint__rounds=ROUNDS | {"most": "$days"})) == {}
    unit = ROUNDS | {"most": "$day_unit"}
    assert set(faults(spoiled(cases__complaint__rounds=unit))) == {"cases.complaint.rounds.most"}


def test_procedures_name_steps_that_the_pack_has():
    step = {"key": "record", "label": {"zh": "记", "en": "Record"}, "moves": ["send"]}
    known = {"label": {"zh": "步", "en": "Steps"}, "register": "complaint", "begins": ["send"], "steps": [step],
             "clause": "三", "basis": "stated"}  # fmt: skip
    assert faults(spoiled(cases__complaint__procedures={"short": known})) == {}
    wrong = known | {"register": "form", "begins": ["sent"], "steps": [step | {"moves": ["sent"]}]}
    here = "cases.complaint.procedures.short"
    assert set(faults(spoiled(cases__complaint__procedures={"short": wrong}))) == {
        f"{here}.register", f"{here}.begins", f"{here}.steps.0.moves"}  # fmt: skip


def test_fines_take_amounts_or_settings_and_name_clocks():
    fine = {"label": {"zh": "迟", "en": "Late"}, "least": "30", "most": "$days", "clocks": ["whole"], "clause": "五",
            "basis": "stated"}  # fmt: skip
    assert faults(spoiled(fines={"late": fine})) == {}
    wrong = fine | {"least": "$day_unit", "clocks": ["none"]}
    assert set(faults(spoiled(fines={"late": wrong}))) == {"fines.late.least", "fines.late.clocks"}


def test_a_pack_knows_its_clauses():
    assert {"一", "二", "三", "四"} <= schema.build(content()).own_clauses
