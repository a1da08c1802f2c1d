"""What the policies ask for, and how much of it is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.engines.policy.coverage import Coverage, State, coverages, homes, runs, short_table, table
from app.packs.citing import citations

ROOT = Path(__file__).parents[4]
PAGE = ROOT / "docs" / "policies.md"
COMPLAINTS = (
    "A01", "A04", "A06", "A08", "A11", "A12", "A14", "B01", "B02", "B03", "B04", "B05", "C07", "C09", "C11", "C16",
    "C17", "D01", "D02", "E01",
)  # fmt: skip


def item(home: str | None) -> dict[str, str | None]:
    return {"kind": "register", "key": "a", "clause": "一", "home": home, "issue": "later"}


def covered(*homes: str | None) -> Coverage:
    title = {"zh": "试", "en": "Trial"}
    return Coverage.model_validate({"code": "Z01", "slug": "z", "title": title, "items": [item(h) for h in homes]})


def test_the_state_follows_from_the_homes():
    assert covered("complaint", "clocks.case").state == State.RUNS
    assert covered("complaint", None).state == State.PARTLY
    assert covered(None, None).state == State.NOT_YET
    assert covered("complaint", None, None).missing_by_issue == {"later": 2}


def test_every_policy_is_covered():
    groups = {"A": 15, "B": 5, "C": 17, "D": 6, "E": 1}
    codes = [f"{group}{number:02}" for group, last in groups.items() for number in range(1, last + 1)]
    assert list(coverages()) == codes
    assert coverages()["D05"].state == coverages()["A06"].state
    assert all(coverage.items or coverage.same_as for coverage in coverages().values())


def test_second_sources_repeat_what_their_coverage_says():
    found = {code: known.same_as for code, known in coverages().items() if known.same_as}
    assert {code: text.same_as for code, text in citations().items()} == found
    assert all(str(text.title) and text.differences for text in citations().values())


def test_only_what_does_something_can_be_adopted():
    assert coverages()["B02"].state == State.RUNS
    assert runs("B02")
    assert not runs("A02")
    assert not runs("Z99")


@pytest.mark.parametrize("code", COMPLAINTS)
def test_what_a_policy_says_of_complaints_has_its_home(code):
    assert [item.key for item in coverages()[code].missing if item.issue == "complaints"] == []


def test_items_are_named_once():
    for coverage in coverages().values():
        keys = [(item.kind, item.key) for item in coverage.items]
        assert len(keys) == len(set(keys)), coverage.code


def test_the_page_of_policies_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == table()
    assert PAGE.with_name("homes.md").read_text(encoding="utf-8") == homes()


@pytest.mark.parametrize(("name", "language"), [("README.md", "en"), ("README.zh-CN.md", "zh")])
def test_the_readme_states_every_policy(name, language):
    assert short_table(language) in (ROOT / name).read_text(encoding="utf-8")
