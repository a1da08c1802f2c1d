"""Drafts out of values or a whole text, giving drafts up, ending adoptions, going back to a policy's value."""

from __future__ import annotations

import datetime as dt

import pytest
from flask_appbuilder.security.sqla.models import Role

from app.core import access
from app.core.access import Access, Reach
from app.core.db import Model, db
from app.core.errors import Forbidden, Refusal
from app.engines.audit import operations as audit
from app.engines.people.models import Deputy, Holding
from app.engines.policy import checking, drafting, operations
from app.engines.policy.models import DRAFT, RETIRED
from app.packs import schema, text
from tests.small import app  # noqa: F401 - a fixture
from tests.unit.engines.policy.test_versions import TODAY, as_post, only, shipped, units

__all__ = ["as_post", "shipped", "units"]


@pytest.fixture
def base(shipped, monkeypatch):
    """The version in force; the small program has no registers that the pack could misfit."""
    Model.metadata.create_all(db.engine, tables=[Role.__table__, Holding.__table__, Deputy.__table__])
    monkeypatch.setattr(checking, "misfits", lambda _pack: [])
    operations.load_packs()
    return only()


def named(version):
    """The names of the form by the place of each value."""
    return {path: value.name for value in drafting.editable(operations.pack_for(version.id)) for path in value.paths}


def test_text_survives_the_way_there_and_back():
    content = {"a": "yes", "b": ["007", {"zh": "一", "en": "a: b"}], "c": {"d": "12:30", "e": "null", "f": "#x"}}
    assert text.read_text(text.write_text(content)) == content
    assert "&" not in text.write_text({"a": (same := {"x": "1"}), "b": same})


def test_values_become_a_draft_with_the_next_number(base):
    names = named(base)
    bound = names["authority.decision.bands.0.up_to"]
    assert bound == names["authority.decision.bands.1.above"]
    made = drafting.draft_values(base, {names["parameters.days.value"]: "5", bound: "2,000.00"}, "旺季")
    assert (made.version, made.status, made.effective_from) == (2, DRAFT, TODAY)
    pack = operations.pack_for(made.id)
    assert pack.parameters["days"].value == "5"
    assert pack.authority["decision"].bands[0].upper == 2000
    assert base.content["parameters"]["days"]["value"] == "3"
    assert any("旺季" in entry.sentence for entry in audit.history("pack_version", made.id))
    assert drafting.draft_values(made, {names["parameters.days.value"]: "6"}, "再改").version == 3


def test_values_that_do_not_fit_are_all_named(base):
    names = named(base)
    wrong = {names["parameters.days.value"]: "99", names["authority.decision.bands.0.up_to"]: "much"}
    with pytest.raises(Refusal) as refused:
        drafting.draft_values(base, wrong, " ")
    assert {problem.field for problem in refused.value.problems} == {*wrong, "reason"}
    with pytest.raises(Refusal) as refused:
        drafting.draft_values(base, {}, "why")
    assert [problem.rule for problem in refused.value.problems] == ["same"]


def test_a_text_of_another_policy_or_number_is_refused(base):
    written = drafting.as_text(base)
    assert schema.build(schema.parse(written)).version == 2
    with pytest.raises(Refusal) as refused:
        drafting.draft_text(base, written.replace("code: B02", "code: B03"), "x")
    assert refused.value.problems[0].field == "code"
    with pytest.raises(Refusal) as refused:
        drafting.draft_text(base, written.replace("version: '2'", "version: '1'"), "x")
    assert refused.value.problems[0].field == "version"
    with pytest.raises(Refusal) as refused:
        drafting.draft_text(base, "a: [", "x")
    assert refused.value.problems[0].rule == "pack"
    assert drafting.draft_text(base, written, "x").version == 2


def test_a_text_that_the_program_cannot_follow_is_refused(base, monkeypatch):
    fault = schema.Fault("cases.complaint", "there is no register of cases with this name")
    monkeypatch.setattr(checking, "misfits", lambda _pack: [fault])
    with pytest.raises(Refusal) as refused:
        drafting.draft_text(base, drafting.as_text(base), "x")
    assert [(problem.field, problem.rule) for problem in refused.value.problems] == [("cases.complaint", "program")]


def test_only_whoever_writes_policies_drafts(base, as_post):
    as_post("B02.chief")
    with pytest.raises(Forbidden):
        drafting.draft_text(base, drafting.as_text(base), "x")


def test_a_draft_is_given_up_for_a_reason_and_stays_to_be_read(base):
    made = drafting.draft_text(base, drafting.as_text(base), "x")
    with pytest.raises(Refusal):
        drafting.discard(made, "")
    drafting.discard(made, "不改了")
    assert made.status == RETIRED
    with pytest.raises(Refusal):
        drafting.discard(made, "again")


# -- adoption and settings -------------------------------------------------------------------------------------------


def test_an_adoption_ends_with_a_day_and_one_to_come_is_taken_back(units):
    operations.load_packs()
    adoption = operations.adopt(units[0], "B02", dt.date(2025, 1, 1))
    with pytest.raises(Refusal) as refused:
        operations.end_adoption(adoption, TODAY - dt.timedelta(days=1))
    assert refused.value.problems[0].rule == "not_past"
    operations.end_adoption(adoption, TODAY)
    assert adoption.valid_to == TODAY
    assert operations.adopted(units[2].id, TODAY)
    assert not operations.adopted(units[2].id, TODAY + dt.timedelta(days=1))
    with pytest.raises(Refusal) as refused:
        operations.end_adoption(adoption, TODAY)
    assert refused.value.problems[0].rule == "period"
    later = operations.adopt(units[0], "B02", dt.date(2026, 1, 1))
    operations.end_adoption(later, TODAY)
    assert not operations.ever_adopted(units[1].id, "B02")
    assert operations.ever_adopted(units[0].id, "B02")
    with pytest.raises(Refusal) as refused:
        operations.adopt(units[1], "B02", dt.date(2026, 2, 1), dt.date(2026, 1, 1))
    assert refused.value.problems[0].rule == "period"


@pytest.mark.parametrize(
    ("scope", "unit", "may"),
    [("all", 0, True), ("unit", 1, True), ("unit", 2, False), ("unit_and_below", 2, True), ("unit_and_below", 0, False),
     ("units", 2, True), ("units", 1, False), ("own", 1, False)],
)  # fmt: skip
def test_a_permission_counts_in_the_units_of_its_holding(units, monkeypatch, scope, unit, may):
    operations.load_packs()
    reach = Reach(scope, units[1].id, units[1].path, (units[2].id,))
    grants = {(slug, "write"): frozenset({reach}) for slug in ("policy_adoption", "policy_parameter")}
    monkeypatch.setattr(access, "current", lambda: Access(grants=grants))
    if may:
        operations.adopt(units[unit], "B02", TODAY)
        operations.set_parameter(units[unit], "B02", "days", "5", "x")
    else:
        with pytest.raises(Forbidden):
            operations.adopt(units[unit], "B02", TODAY)
        with pytest.raises(Forbidden):
            operations.set_parameter(units[unit], "B02", "days", "5", "x")


def test_a_setting_goes_back_to_what_the_policy_says(units):
    operations.load_packs()
    operations.adopt(units[0], "B02", TODAY)
    operations.set_parameter(units[0], "B02", "days", "5", "旺季")
    operations.reset_parameter(units[0], "B02", "days", "淡季", dt.date(2025, 10, 8))
    pack = operations.pack_for(only().id)
    over_time = operations.settings_over_time(pack, [units[0].id])
    assert [over_time.on(units[0].id, day).value("days") for day in (TODAY, dt.date(2025, 10, 8))] == [5, 3]
    assert over_time.on(units[1].id, TODAY).value("days") == 3
    with pytest.raises(Refusal) as refused:
        operations.reset_parameter(units[0], "B02", "days", " ")
    assert [problem.field for problem in refused.value.problems] == ["reason"]
