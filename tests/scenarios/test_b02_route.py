"""B02 from the form to the decider: numbers, limits, amounts, and who writes what, through REST as each post."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.core import clock
from app.engines.policy import operations as policy
from app.engines.policy.calc import granted
from tests.scenarios.desk import CONTROL, DECIDERS, DEPUTY, GENERAL, MANAGER, OFFICE, RD, REP, at, clocks
from tests.scenarios.routing import adopter, analyse, due, judge, setting

# -- （十一） who decides --------------------------------------------------------------------

AMOUNTS = [
    ("0.01", "0.01", "sales_manager"),
    ("100000.00", "100000.00", "sales_manager"),
    ("100000.01", "100000.01", "deputy_gm"),
    ("100001.00", "100001.00", "deputy_gm"),
    ("149999.99", "149999.99", "deputy_gm"),
    ("150000.00", "150000.00", "deputy_gm"),
    ("150000.01", "150000.01", "general_manager"),
    ("150001.00", "150001.00", "general_manager"),
    ("98000.00", "102000.00", "deputy_gm"),
    ("102000.00", "98000.00", "deputy_gm"),
    ("0.00", "0.00", "sales_manager"),
    ("9999999999.99", "0.01", "general_manager"),
]


def test_b02_1_eight_amounts_and_98000_with_102000(desk):
    """B02-1: every amount of the case in one company, each refused to everybody else with the clause."""
    with at("2025-09-10 10:00"):
        for claimed, proposed, post in AMOUNTS:
            case = desk.accepted(claimed_amount=claimed)
            desk.at_sales(case)
            shown = desk.routed(case, proposed)
            assert (claimed, shown["deciding_post"]) == (claimed, post)
            assert Decimal(shown["authority_amount"]) == max(Decimal(claimed), Decimal(proposed))
            for other in {MANAGER, DEPUTY, GENERAL, CONTROL, REP} - {DECIDERS[post]}:
                refused = desk.as_(other).move(case, "decide", 403, decision="同意", founded=True)
                assert refused["errors"][0]["clause"] == "（十一）"
            explained = desk.as_(CONTROL).call("GET", f"complaint/{case}/explain")["approvals"][-1]
            assert explained["clause"] == "（十一）"
            assert [band["applies"] for band in explained["authority"]["bands"]].count(True) == 1
            assert desk.as_(DECIDERS[post]).move(case, "decide", decision="同意", founded=True)["status"] == "decided"


def test_amounts_that_are_none_are_refused_and_name_the_field(desk):
    with at("2025-09-10 10:00"):
        case = desk.accepted()
        desk.at_sales(case)
        for bad in ("-1", "1.001", "NaN", "Infinity", "1e3x", "", None):
            refused = desk.as_(REP).move(case, "propose", 422, sales_opinion="同意", proposed_settlement_amount=bad)
            assert refused["errors"][0]["field"] == "proposed_settlement_amount"
        assert desk.as_(REP).call("GET", f"complaint/{case}")["status"] == "sales_opinion"


# -- （十）1 the whole ------------------------------------------------------------------------


def test_b02_2_calendar_days_are_a_setting_of_the_unit(portal, desk):
    """B02-2: with the switch on calendar days 2025-10-09 and 2025-10-13; running cases keep their limit."""
    with at("2025-09-25 09:00"):
        before = desk.accepted()
        limit = due(desk, before, "case")
        setting(portal, "day_unit", "calendar_days")
    with at("2025-09-26 14:30"):
        domestic, overseas = desk.accepted(), desk.accepted(market="overseas")
        assert due(desk, domestic, "case") == "2025-10-09T23:59:59"
        assert due(desk, overseas, "case") == "2025-10-13T23:59:59"
        assert due(desk, before, "case") == limit
        assert desk.as_(CONTROL).call("GET", f"complaint/{domestic}")["due_at"].startswith("2025-10-09")


@pytest.mark.parametrize(
    ("accepted", "domestic", "overseas"),
    [
        ("2025-09-26 00:00", "2025-10-21", "2025-10-27"),
        ("2025-09-26 23:59", "2025-10-21", "2025-10-27"),
        ("2025-09-27 10:00", "2025-10-21", "2025-10-27"),
        ("2025-09-28 10:00", "2025-10-22", "2025-10-28"),
        ("2025-10-04 10:00", "2025-10-24", "2025-10-30"),
        ("2025-12-31 23:59", "2026-01-20", "2026-01-26"),
    ],
)
def test_b02_2_the_day_of_acceptance_never_counts(desk, accepted, domestic, overseas):
    """Midnight, a Saturday, a make-up Sunday, a holiday and the end of the year."""
    with at(accepted):
        one, other = desk.accepted(), desk.accepted(market="overseas")
        assert due(desk, one, "case") == f"{domestic}T23:59:59"
        assert due(desk, other, "case") == f"{overseas}T23:59:59"


def test_the_overall_clock_begins_with_acceptance_not_with_the_form(desk):
    with at("2025-09-10 10:00"):
        case = desk.open()
        desk.as_(REP).move(case, "submit")
        assert set(clocks(desk, case)) == {"step_register"}
        assert due(desk, case, "step_register") == "2025-09-10T15:30:00"
    with at("2025-09-10 15:30"):
        desk.as_(CONTROL).move(case, "accept")
        assert clocks(desk, case)["case"]["started_at"].startswith("2025-09-10T15:30")
        desk.as_(CONTROL).move(case, "send_to_qc")
        assert clocks(desk, case)["step_register"]["status"] == "met"


# -- （十）2 the parts ------------------------------------------------------------------------


def test_b02_4_steps_are_capped_and_nothing_grows_without_r_and_d(desk):
    """B02-4: sales opinion 3 and 7 days, execution would end 22 October and ends with the case on the 21st."""
    with at("2025-09-26 14:30"):
        domestic, overseas = desk.accepted(), desk.accepted(market="overseas")
    with at("2025-10-10 09:00"):
        for case in (domestic, overseas):
            desk.at_sales(case)
        assert due(desk, domestic, "step_sales_opinion") == "2025-10-14T23:59:59"
        assert due(desk, overseas, "step_sales_opinion") == "2025-10-20T23:59:59"
    with at("2025-10-14 16:00"):
        desk.routed(domestic, "90000.00")
        desk.decided(domestic)
        found = clocks(desk, domestic)
        assert found["step_execution"]["due_at"].startswith("2025-10-21T23:59:59")
        assert found["step_execution"]["uncapped_at"].startswith("2025-10-22T23:59:59")
        assert found["step_execution"]["capped"]
        assert "step_rd" not in found
        assert not any(row["capped"] for key, row in found.items() if key != "step_execution")


@pytest.mark.parametrize(("market", "whole"), [("domestic", "13"), ("overseas", "17")])
def test_b02_4_the_parts_add_up_to_the_whole(portal, market, whole):
    """B02-4: 0.5+1+1+1+3+0.5+6 = 13, with 7 instead of 3 = 17."""
    parts = ("step_register", "step_qc", "step_manufacturing", "step_rd", "step_sales_opinion", "step_combined",
             "step_execution")
    with portal.app_context(), at("2025-09-10 10:00"):
        version = policy.current_version("B02", clock.today())
        pack = policy.pack_for(version.id)
        settings = policy.settings_for(pack, adopter(portal).id, clock.today())
        given = {key: granted(pack.clocks[key], settings, {"market": market}.get) for key in ("case", *parts)}
        assert {found.unit for found in given.values()} == {"working_days"}
        assert str(sum(given[key].number for key in parts).normalize()) == whole
        assert str(given["case"].number) == whole


def test_each_step_has_its_own_clock(desk):
    """（十）2 with the office hours of the policy, over a lunch break, an evening and a weekend."""
    rows = []
    with at("2025-09-11 15:00"):
        case = desk.open()
        desk.as_(REP).move(case, "submit")
        rows.append(due(desk, case, "step_register"))
        desk.as_(CONTROL).move(case, "accept")
        desk.as_(CONTROL).move(case, "send_to_qc")
        rows.append(due(desk, case, "step_qc"))
    assert rows == ["2025-09-12T09:30:00", "2025-09-12T23:59:59"]
    with at("2025-09-12 17:00"):
        judge(desk, case)
        assert due(desk, case, "step_manufacturing") == "2025-09-15T23:59:59"
    with at("2025-09-15 09:00"):
        analyse(desk, case)
        assert due(desk, case, "step_manufacturing") == "2025-09-15T23:59:59"
        desk.as_(OFFICE).move(case, "ask_rd", manager_office_note="请研发会诊")
        assert clocks(desk, case)["step_manufacturing"]["status"] == "met"
        assert due(desk, case, "step_rd") == "2025-09-16T23:59:59"
    with at("2025-09-17 00:00"):
        desk.as_(RD).move(case, "advise", rd_opinion="同意")
        assert clocks(desk, case)["step_rd"]["status"] == "late_met"
        desk.as_(CONTROL).move(case, "check", gm_office_check="齐全")
        assert due(desk, case, "step_sales_opinion") == "2025-09-22T23:59:59"
        desk.as_(REP).move(case, "propose", sales_opinion="同意", proposed_settlement_amount="1.00")
        assert due(desk, case, "step_combined") == "2025-09-17T12:00:00"
