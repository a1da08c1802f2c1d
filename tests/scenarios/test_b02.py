"""B02, complaints of a printed-circuit-board maker: through REST as its posts, in the order of its clauses."""

from __future__ import annotations

import pytest

from tests.scenarios.desk import BOOKS, CONTROL, DECIDERS, DEPUTY, GENERAL, MANAGER, RD, REP, SECTION, at, clocks


@pytest.mark.parametrize(
    ("claimed", "proposed", "post"),
    [
        ("0.01", "0.01", "sales_manager"),
        ("100000.00", "100000.00", "sales_manager"),
        ("100000.01", "100000.01", "deputy_gm"),
        ("150000.00", "150000.00", "deputy_gm"),
        ("150000.01", "150000.01", "general_manager"),
        ("98000", "102000", "deputy_gm"),
    ],
)
def test_b02_1_the_larger_amount_names_the_decider(desk, claimed, proposed, post):
    with at("2025-09-10 10:00"):
        case = desk.accepted(claimed_amount=claimed)
        desk.at_sales(case)
        shown = desk.routed(case, proposed)
        assert shown["deciding_post"] == post
        assert shown["authority_amount"] == f"{max(float(claimed), float(proposed)):.2f}"
        for other in {MANAGER, DEPUTY, GENERAL, CONTROL, REP} - {DECIDERS[post]}:
            refused = desk.as_(other).move(case, "decide", 403, decision="同意", founded=True)
            assert refused["errors"][0]["clause"] == "（十一）"


def test_b02_2_the_case_limit_over_the_national_day_holiday(desk):
    with at("2025-09-26 14:30"):
        domestic, overseas = desk.accepted(), desk.accepted(market="overseas")
        found = clocks(desk, domestic)["case"]
        assert found["due_at"] == "2025-10-21T23:59:59+08:00"
        assert clocks(desk, overseas)["case"]["due_at"] == "2025-10-27T23:59:59+08:00"
    days = {day["date"]: day["status"] for day in found["days"]}
    assert days["2025-09-28"] == "makeup"
    assert days["2025-10-11"] == "makeup"
    assert all(days[f"2025-10-0{day}"] == "skipped" for day in range(1, 9))
    assert sum(status in ("counted", "makeup") for status in days.values()) == 13


def test_b02_4_a_step_never_outlives_its_case(desk):
    with at("2025-09-26 14:30"):
        domestic, overseas = desk.accepted(), desk.accepted(market="overseas")
    with at("2025-10-10 09:00"):
        desk.at_sales(domestic)
        desk.at_sales(overseas)
        assert clocks(desk, domestic)["step_sales_opinion"]["due_at"] == "2025-10-14T23:59:59+08:00"
        assert clocks(desk, overseas)["step_sales_opinion"]["due_at"] == "2025-10-20T23:59:59+08:00"
        assert "step_rd" not in clocks(desk, domestic)
    with at("2025-10-14 16:00"):
        desk.routed(domestic, "90000.00")
        desk.decided(domestic)
        execution = clocks(desk, domestic)["step_execution"]
        assert execution["due_at"] == "2025-10-21T23:59:59+08:00"
        assert execution["capped"]


def test_b02_16_numbers_start_again_each_month(desk):
    with at("2025-10-31 23:59"):
        assert desk.as_(CONTROL).call("GET", f"complaint/{desk.accepted()}")["case_no"] == "251001"
    with at("2025-11-01 00:00"):
        assert desk.as_(CONTROL).call("GET", f"complaint/{desk.accepted()}")["case_no"] == "251101"


def test_a_rise_after_the_decision_goes_to_the_higher_post(desk):
    with at("2025-09-10 10:00"):
        case = desk.accepted()
        desk.at_sales(case)
        assert desk.routed(case, "98000.00")["deciding_post"] == "sales_manager"
        desk.decided(case)
        low = desk.as_(CONTROL).move(case, "raise_settlement", 422, reason="x", proposed_settlement_amount="98000.00")
        assert low["errors"][0]["field"] == "proposed_settlement_amount"
        raised = desk.as_(CONTROL).move(
            case, "raise_settlement", reason="客户追加", proposed_settlement_amount="102000.00"
        )
        assert (raised["status"], raised["deciding_post"]) == ("pending_decision", "deputy_gm")


def test_a_refusal_comes_back_as_version_two(desk):
    with at("2025-09-10 10:00"):
        case = desk.accepted()
        desk.at_sales(case)
        desk.routed(case, "98000.00")
        desk.decided(case)
        rep = desk.as_(REP)
        rep.move(case, "negotiate")
        early = rep.move(case, "report_result", 422, negotiation_result="不接受", customer_accepts=False)
        assert early["errors"][0]["rule"] == "reply_recorded"
        promised = rep.call(
            "POST",
            "customer_reply/",
            422,
            complaint_id=case,
            means="phone",
            replied_at="2025-09-10T10:00",
            content="x",
            promised_amount="98000.01",
            promised_return_qty=0,
            customer_response="refused",
        )
        assert promised["errors"][0]["rule"] == "within_decision"
        rep.call(
            "POST",
            "customer_reply/",
            201,
            complaint_id=case,
            means="phone",
            replied_at="2025-09-10T10:00",
            content="说明",
            promised_amount="90000.00",
            promised_return_qty=0,
            customer_response="refused",
        )
        rep.move(case, "report_result", negotiation_result="不接受", customer_accepts=False)
        desk.as_(MANAGER).move(case, "confirm_result")
        desk.as_(CONTROL).move(case, "combine_result", combined_opinion="客户不接受")
        assert rep.call("GET", f"complaint/{case}")["status"] == "refused"
        rep.move(case, "new_form")
        rows = rep.call("GET", "complaint/")["result"]
        second = next(row for row in rows if row["version"] == 2)
        first = next(row for row in rows if row["id"] == case)
        assert (second["case_no"], second["previous_id"], second["status"]) == (first["case_no"], case, "draft")
        assert all(row["status"] in ("met", "late_met") for row in clocks(desk, case).values())
    with at("2025-09-17 09:00"):
        rep.move(second["id"], "submit")
        desk.as_(CONTROL).move(second["id"], "accept")
        assert clocks(desk, second["id"])["case"]["started_at"].startswith("2025-09-17T09:00")


def test_closing_sends_five_copies_and_sales_may_not_print(desk):
    with at("2025-09-10 10:00"):
        case = desk.accepted()
        desk.at_sales(case)
        desk.routed(case, "98000.00")
        decider = desk.decided(case)
        rep = desk.as_(REP)
        rep.move(case, "negotiate")
        rep.call(
            "POST",
            "customer_reply/",
            201,
            complaint_id=case,
            means="letter",
            replied_at="2025-09-10T10:00",
            content="说明",
            promised_amount="90000.00",
            promised_return_qty=0,
            customer_response="accepted",
        )
        rep.move(case, "report_result", negotiation_result="接受", customer_accepts=True)
        desk.as_(MANAGER).move(case, "confirm_result")
        desk.as_(CONTROL).move(case, "combine_result", combined_opinion="建议结案")
        assert desk.as_(decider).move(case, "close", needs_tracking=False)["status"] == "closed"
        copies = desk.as_(CONTROL).call("GET", "delivery_receipt/")["result"]
        assert sorted(copy["copy_no"] for copy in copies) == [1, 2, 3, 4, 5]
        assert rep.client.get(f"/complaint/{case}/print").status_code == 403
        assert desk.as_(BOOKS).client.get(f"/complaint/{case}/print").status_code == 200


def test_departments_see_what_was_sent_to_them_and_nothing_else(desk):
    with at("2025-09-10 10:00"):
        case = desk.accepted()
        desk.as_(SECTION).call("GET", f"complaint/{case}", 404)
        desk.as_("linjiahao").call("GET", f"complaint/{case}", 404)
        desk.at_sales(case)
        assert desk.as_(SECTION).call("GET", f"complaint/{case}")["id"] == case
        desk.as_("taoyong").call("GET", f"complaint/{case}", 404)
        assert desk.as_(RD).call("GET", "complaint/")["result"] == []


def test_bad_input_is_a_sentence_that_names_the_field(desk):
    with at("2025-09-10 10:00"):
        rep = desk.as_(REP)
        for name, value in {
            "claimed_amount": "1.001",
            "shipped_qty": "NaN",
            "customer_id": 999,
            "market": "moon",
        }.items():
            refused = rep.call("POST", "complaint/", 422, **desk.intake(**{name: value}))
            assert refused["errors"][0]["field"] == name
        more = rep.call("POST", "complaint/", 422, **desk.intake(defective_qty=9999))
        assert more["errors"][0]["clause"] == "（九）1"
        rep.call("GET", "complaint/?page=-1", 400)
        rep.call("GET", "complaint/?amount__near=1", 400)
        rep.call("GET", "complaint/?order=created_by_id", 400)
