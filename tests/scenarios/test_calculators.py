"""Calculators with the figures of B02's cases, on each database: by REST and on the screen, and nothing is saved."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.core.db import Model, session
from app.engines.people.models import OrgUnit
from app.engines.policy import operations as policies
from app.engines.policy.models import PackVersion
from tests.scenarios.desk import CONTROL, at
from tests.scenarios.trying import BIG, START, ask, look

__all__ = ["ask", "look"]


# -- by REST -----------------------------------------------------------------------------------------------------------


LIMITS = (
    ("domestic", "2025-10-21", 13), ("overseas", "2025-10-27", 17),
)


def test_due_over_national_day(ask):
    for market, due, counted in LIMITS:
        found = ask("due", clock="case", start=START, facts={"market": market})
        (one,) = found["result"]
        assert one["due_at"] == f"{due}T23:59:59+08:00"
        assert (one["counts"]["counted"], one["counts"]["makeup"], one["clause"]) == (counted, 2, "（十）1")
        kinds = {day["date"]: (day["kind"], day["status"]) for day in one["days"]}
        assert kinds["2025-09-26"] == ("workday", "first_day")
        assert kinds["2025-09-28"] == kinds["2025-10-11"] == ("makeup", "makeup")
        assert kinds["2025-10-01"] == ("holiday", "skipped")
        assert found["version"] == 2
        assert f"{counted} working days are given." in one["why"]


def test_the_clock_of_a_real_case_is_the_same(ask, desk):
    with at("2025-09-26 14:30"):
        case = desk.accepted(market="overseas")
        real = {one["key"]: one for one in desk.as_(CONTROL).call("GET", f"complaint/{case}/explain")["clocks"]}
    tried = {one["clock"]: one for one in ask("due", register="complaint", start=START,
                                              facts={"market": "overseas", "founded": True})["result"]}
    for key in ("case", "step_register"):
        row = real[f"B02.{key}"]
        assert (row["clause"], row["capped"]) == (tried[key]["clause"], tried[key]["capped"])
    assert real["B02.case"]["due_at"] == tried["case"]["due_at"]
    told = [(day["date"], day["status"], day["count"]) for day in tried["case"]["days"]]
    assert told == [(day["date"], day["status"], day["count"]) for day in real["B02.case"]["days"]]


def test_a_step_ends_with_its_case(ask):
    body = {"clock": "step_execution", "start": "2025-10-14T16:00", "facts": {"market": "domestic"}}
    (alone,) = ask("due", **body)["result"]
    (capped,) = ask("due", whole_start=START, **body)["result"]
    assert alone["due_at"][:10] == "2025-10-22"
    assert (capped["due_at"][:10], capped["uncapped_at"][:10], capped["capped"]) == ("2025-10-21", "2025-10-22", True)


def test_what_has_no_limit_says_so(ask):
    (found,) = ask("due", clock="explain_to_customer", start=START, facts={"founded": False})["result"]
    assert found["due_at"] is None
    assert found["why"] == ["No limit: none of the conditions holds."]


DECIDERS = (
    ("0.01", "0.01", "sales_manager"), ("100000.00", "100000.00", "sales_manager"),
    ("100000.01", "100000.01", "deputy_gm"), ("149999.99", "149999.99", "deputy_gm"),
    ("150000.00", "150000.00", "deputy_gm"), ("150000.01", "150000.01", "general_manager"),
    ("98000.00", "102000.00", "deputy_gm"), ("150001.00", None, "general_manager"),
)


def test_authority_by_amount(ask):
    for claimed, proposed, post in DECIDERS:
        facts = {"claimed_amount": claimed, "proposed_settlement_amount": proposed}
        found = ask("authority", table="decision", facts=facts)
        assert found["post"] == f"B02.{post}"
        assert [band["post"] for band in found["bands"] if band["applies"]] == [f"B02.{post}"]
        assert all(band["clause"] == "（十一）" for band in found["bands"])


GRADES = (
    ("0", None, {}), ("0.01", "repentance", {"deduction": "200", "letter": "1"}),
    ("10000.00", "repentance", {"deduction": "200", "letter": "1"}),
    ("10000.01", "reprimand_1", {"fine": "400", "times": "1"}),
    ("100000", "reprimand_2", {"fine": "400", "times": "2"}),
    ("100001", "minor_1", {"joint": "reprimand_2", "fine_per_base": "800", "times": "1"}),
    ("1000001", "major_2plus", {"joint": "major_1", "forfeit_percent": "100"}),
)


def test_grade_of_sanction(ask):
    for burden, grade, figures in GRADES:
        found = ask("classify", tier="sanction_grade", facts={"burden": burden})
        assert (found["tier"], found["figures"]) == (grade, figures)
        assert sum(line["applies"] for line in found["lines"]) == (grade is not None)


def test_classes_by_criteria(ask):
    one = ask("classify", tier="tracking", facts={"category": "non_quality", "systemic_cause": False})
    other = ask("classify", tier="tracking", facts={"category": "non_quality", "systemic_cause": True})
    assert (one["tier"], other["tier"]) == ("not_tracked", "tracked")
    assert one["clause"] == "（九）7"


LOSSES = (
    ("claim", {"actual_amount": "12000.00"}, "12000.00"), ("discount", {"actual_amount": "3500.00"}, "3500.00"),
    ("return", {"quantity": 500, "unit_price": "86.00"}, "8600.00"),
    ("resend", {"quantity": 40, "unit_price": "120.00"}, "4800.00"),
    ("rework", {"processing_cost": "2300.00", "freight": "450.00"}, "2750.00"),
)


def test_losses_by_kind(ask):
    for kind, facts, amount in LOSSES:
        found = ask("calculate", calculation=f"loss_{kind}", facts=facts)
        assert found["amount"] == amount
        assert found["clause"] == "损失金额核算标准"


def test_a_limit_tells_what_is_left_of_it(ask):
    facts = {"bonus": "1000.00", "requested": "300.00"}
    kept = ask("calculate", limit="monthly_cap", facts=facts)
    assert (kept["holds"], kept["limit"], kept["headroom"]) == (True, "500.00", "500.00")
    missed = ask("calculate", limit="monthly_cap", facts=facts | {"used": "250.00"})
    assert (missed["holds"], missed["excess"], missed["headroom"]) == (False, "50.00", "250.00")
    assert "50.00 is too much" in missed["why"][-1] or "50.00 too much" in missed["why"][-1]


REFUSED = (
    ("due", {"clock": "case", "start": START}, "market", "case", "（十）1"),
    ("due", {"clock": "case", "start": "soon", "facts": {"market": "domestic"}}, "start", "datetime", "（十）1"),
    ("due", {"clock": "case", "facts": {"market": "domestic"}}, "start", "required", "（十）1"),
    ("due", {"clock": "case", "start": "9999-12-31T23:00"}, "start", "period", "（十）1"),
    ("due", {"clock": "case", "start": START, "facts": {"market": "moon"}}, "market", "choice", "（十）1"),
    ("due", {"clock": "nothing", "start": START}, "clock", "unknown", None),
    ("due", {"register": "nothing", "start": START}, "register", "unknown", None),
    ("due", {"start": START}, "clock", "one_of", None),
    ("due", {"clock": "case", "register": "complaint"}, "clock", "one_of", None),
    ("due", {"clock": "case", "start": START, "unit_id": 999999}, "unit_id", "adopted", None),
    ("due", {"clok": "case"}, "clok", "unknown", None),
    ("authority", {"table": "decision"}, "claimed_amount", "authority", "（十一）"),
    ("authority", {"table": "decision", "facts": {"claimed_amount": "1.001"}}, "claimed_amount", "money", "（十一）"),
    ("authority", {"table": "decision", "facts": {"claimed_amount": "NaN"}}, "claimed_amount", "money", "（十一）"),
    ("classify", {"tier": "sanction_grade"}, "burden", "required", "行政处罚准则（三）"),
    ("classify", {"tier": "return_proofs"}, "tier", "unknown", None),
    ("calculate", {"calculation": "loss_return"}, "quantity", "loss_return", "损失金额核算标准"),
    ("calculate", {"calculation": "loss_return", "facts": {"weight": 1}}, "weight", "field", "损失金额核算标准"),
    ("calculate", {"calculation": "recovery_rate", "facts": {"collected": "1"}}, None, "recovery_rate",
     "（十三）2(3)"),
    ("calculate", {"limit": "monthly_cap", "facts": {"bonus": "1"}}, "requested", "required", "经济处罚准则（三）4"),
    ("calculate", {"facts": {}}, "calculation", "one_of", None),
)


def test_refusals_name_field_rule_and_clause(ask):
    for what, body, field, rule, clause in REFUSED:
        refused = ask(what, 422, **body)
        assert {"field": field, "rule": rule, "clause": clause}.items() <= refused["errors"][0].items()
        assert refused["message"]


def test_what_cannot_be_read_or_is_not_there(ask):
    ask("due", 400, clock="case", facts=["market"])
    ask("due", 400, clock="case", version=True)
    ask("due", 404, clock="case", version=77)
    ask("due", 404, code="Z99", clock="case")
    ask("due", 404, code="A02", clock="case")  # known, but without a pack


# -- whose settings, which version -------------------------------------------------------------------------------------


@pytest.fixture
def calendar_days(portal):
    """The company counts calendar days from the first of October on; its id, and that of a department."""
    with portal.app_context(), at("2025-09-20 09:00"):
        unit = session.scalars(sa.select(OrgUnit).where(OrgUnit.code == "HX")).one()
        policies.set_parameter(unit, "B02", "day_unit", "calendar_days", "董事会决议", None)
        below = session.scalars(sa.select(OrgUnit.id).where(OrgUnit.code == "HX-SA")).one()
        session.commit()
        return unit.id, below


def test_a_units_own_settings_count(ask, look, calendar_days):
    company, department = calendar_days
    body = {"clock": "case", "start": START, "facts": {"market": "domestic"}}
    assert ask("due", **body)["result"][0]["due_at"][:10] == "2025-10-21"
    for unit in (company, department):
        found = ask("due", unit_id=unit, **body)
        assert (found["unit_id"], found["result"][0]["due_at"][:10]) == (company, "2025-10-09")
    before = body | {"start": "2025-09-19T14:30"}
    assert ask("due", unit_id=company, **before)["result"][0]["limit"] == "13 working days"
    page = look(policy="B02", what="due", item="case", f_start=START, f_market="domestic")
    assert BIG.search(page)[1].startswith("2025-10-09")  # one's own company is chosen
    assert "the unit's own" in page


def test_any_version_can_be_tried(ask, look, portal):
    with portal.app_context(), at("2025-09-26 14:00"):
        old = session.scalars(sa.select(PackVersion).where(PackVersion.code == "B02")).one()
        content = {**old.content, "version": "3"}
        content["authority"] = {**content["authority"], "decision": {**content["authority"]["decision"], "bands": [
            {"up_to": "50000.00", "post": "sales_manager", "clause": "（十一）", "basis": "stated"},
            {"above": "50000.00", "post": "general_manager", "clause": "（十一）", "basis": "stated"},
        ]}}
        from app.packs.text import write_text

        policies.draft(write_text(content))
        session.commit()
    facts = {"claimed_amount": "60000.00"}
    assert ask("authority", table="decision", facts=facts)["post"] == "B02.sales_manager"
    assert ask("authority", table="decision", version=3, facts=facts)["post"] == "B02.general_manager"
    page = look(policy="B02/3", what="authority", item="decision", f_claimed_amount="60000")
    assert BIG.search(page)[1] == "General manager"
    assert "v3 Draft" in page
    assert 'href="/policy/B02/3?at=（十一）#（十一）"' in page


def test_nothing_is_saved(ask, look, portal):
    def counted():
        with portal.app_context():
            tables = [t for t in Model.metadata.sorted_tables if t.name not in ("account_session",)]
            return {t.name: session.scalar(sa.select(sa.func.count()).select_from(t)) for t in tables}

    look()  # signs in
    before = counted()
    ask("due", register="complaint", start=START, facts={"market": "domestic"})
    ask("authority", table="decision", facts={"claimed_amount": "160000.00"})
    ask("classify", tier="sanction_grade", facts={"burden": "100001"})
    ask("calculate", calculation="loss_return", facts={"quantity": 5, "unit_price": "86.00"})
    look(policy="B02", what="due", item="case", f_start=START, f_market="domestic")
    assert counted() == before
