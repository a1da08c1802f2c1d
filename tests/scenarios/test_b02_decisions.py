"""B02 decided: re-routing, unfounded cases, replies, copies and closing; by REST and screens."""

from __future__ import annotations

import pytest

from tests.scenarios.desk import BOOKS, CONTROL, DEPUTY, GENERAL, MANAGER, OFFICE, QC, REP, SECTION, at, clocks
from tests.scenarios.seats import employee_id, unit_id
from tests.scenarios.talks import DAY, REPLY, YES, act, employee, mine, pending, reply, row, talked

# -- （十一） the amount rises ------------------------------------------------------------------


def test_an_amount_that_rises_while_pending_goes_to_the_higher_post(desk):
    """98,000 becomes 102,000 before anybody decided: the sales manager's step ends, the deputy is asked."""
    with at(DAY):
        case = pending(desk)
        step = mine(desk, MANAGER, case)
        desk.as_(CONTROL).move(case, "revise_amount", 422, proposed_settlement_amount="102000.00")
        shown = desk.as_(CONTROL).move(case, "revise_amount", reason="客户追加", proposed_settlement_amount="102000.00")
        assert (shown["deciding_post"], shown["authority_amount"]) == ("deputy_gm", "102000.00")
        act(desk, MANAGER, step, "approve", 409, **YES)
        low = desk.as_(MANAGER).move(case, "decide", 403, decision="同意", founded=True)
        assert low["errors"][0]["clause"] == "（十一）"
        act(desk, DEPUTY, mine(desk, DEPUTY, case), "approve", **YES)
        assert (row(desk, case)["status"], row(desk, case)["decided_by_id"]) == ("decided", employee(desk, DEPUTY))


def test_an_amount_that_falls_while_pending_changes_no_decider(desk):
    """A split or a smaller settlement does not lower who decides."""
    with at(DAY):
        case = pending(desk, "98000.00", "120000.00")
        shown = desk.as_(CONTROL).move(case, "revise_amount", reason="重算", proposed_settlement_amount="90000.00")
        assert (shown["deciding_post"], shown["authority_amount"]) == ("deputy_gm", "98000.00")
        desk.as_(MANAGER).move(case, "decide", 403, decision="同意", founded=True)
        over = desk.as_(DEPUTY).move(case, "decide", 422, decision="同意", founded=True, decided_amount="98000.01")
        assert (over["errors"][0]["field"], over["errors"][0]["clause"]) == ("decided_amount", "（十一）")
        desk.as_(DEPUTY).move(case, "decide", decision="同意", founded=True, decided_amount="98000.00")


@pytest.mark.parametrize("stage", ["decided", "negotiating", "result_combined"])
def test_an_amount_that_rises_after_the_decision_withdraws_it(desk, stage):
    """102,000 after a decision on 98,000: decided anew by the deputy, and nothing is answered meanwhile."""
    with at(DAY):
        case = pending(desk)
        desk.decided(case)
        if stage != "decided":
            desk.as_(REP).move(case, "negotiate")
        reply(desk, case)
        if stage == "result_combined":
            desk.as_(REP).move(case, "report_result", negotiation_result="要求追加", customer_accepts=False)
            desk.as_(MANAGER).move(case, "confirm_result")
        same = desk.as_(CONTROL).move(case, "raise_settlement", 422, reason="x", proposed_settlement_amount="98000.00")
        assert same["errors"][0]["rule"] == "amount_rises"
        raised = desk.as_(CONTROL).move(case, "raise_settlement", reason="追加", proposed_settlement_amount="102000.00")
        assert (raised["status"], raised["deciding_post"]) == ("pending_decision", "deputy_gm")
        assert [raised[name] for name in ("decision", "decided_at", "decided_amount", "founded")] == [None] * 4
        refused = reply(desk, case, 422)
        assert (refused["errors"][0]["rule"], refused["errors"][0]["clause"]) == ("decided_first", "（九）11")
        desk.as_(MANAGER).move(case, "decide", 403, decision="同意", founded=True)
        desk.as_(DEPUTY).move(case, "decide", decision="同意", founded=True, decided_amount="102000.00")
        reply(desk, case, promised_amount="102000.00")
        requests = desk.as_(CONTROL).call("GET", f"complaint/{case}/explain")["approvals"]
        assert [r["status"] for r in requests if r["route"] == "decision"] == ["withdrawn", "approved"]
        page = desk.as_(CONTROL).client.get(f"/complaint/{case}").text
        assert "102,000.00" in page


def test_the_decider_sends_back_for_more_investigation(desk):
    with at(DAY):
        case = pending(desk)
        desk.as_(MANAGER).move(case, "investigate_more", 422)
        assert desk.as_(MANAGER).move(case, "investigate_more", reason="原因不明")["status"] == "qc"
        told = desk.as_(CONTROL).call("GET", f"complaint/{case}/explain")
        assert [asked["status"] for asked in told["approvals"]] == ["returned"]
        running = sorted(clock["key"] for clock in told["clocks"] if clock["status"] == "running")
        assert running == ["B02.case", "B02.step_qc"]


# -- （九）14 unfounded --------------------------------------------------------------------------


def test_an_unfounded_case_is_closed_by_collection(desk):
    """（九）14: the collection day is compulsory; it runs as a clock; the case ends when the money is in."""
    with at(DAY):
        case = pending(desk)
        for over in ({}, {"collection_due_on": "2025-09-09"}):
            bare = desk.as_(MANAGER).move(case, "decide", 422, decision="不成立", founded=False, **over)
            assert (bare["errors"][0]["field"], bare["errors"][0]["clause"]) == ("collection_due_on", "（九）14")
        shown = desk.as_(MANAGER).move(case, "decide", decision="不成立", founded=False, collection_due_on="2025-09-30")
        assert shown["status"] == "unfounded"
        found = clocks(desk, case)
        assert found["collection"]["due_at"] == "2025-09-30T23:59:59+08:00"
        assert found["case"]["status"] == "met"
        assert "explain_to_customer" not in found
        desk.as_(REP).move(case, "negotiate", 422)
        early = desk.as_(CONTROL).move(case, "close_unfounded", 422)
        assert early["errors"][0]["rule"] == "collected_or_settled"
        future = desk.as_(REP).call("PUT", f"complaint/{case}", 422, collected_on="2025-09-11")
        assert future["errors"][0]["field"] == "collected_on"
        desk.as_(REP).call("PUT", f"complaint/{case}", collected_on="2025-09-10")
        for account in (REP, MANAGER, DEPUTY, GENERAL):
            desk.as_(account).move(case, "close_unfounded", 403)
        closed = desk.as_(CONTROL).move(case, "close_unfounded")
        assert (closed["status"], closed["needs_tracking"]) == ("closed", None)
        assert clocks(desk, case)["collection"]["status"] == "met"
        assert desk.as_(CONTROL).call("GET", "delivery_receipt/")["count"] == 5


def test_a_dispute_needs_an_unfounded_case(desk):
    with at(DAY):
        case = pending(desk)
        memo = {"kind": "unfounded_dispute", "complaint_id": case, "subject": "x", "content": "x"}
        paper = desk.as_(REP).call("POST", "petition/", 201, **memo)["id"]
        refused = desk.as_(REP).call("POST", f"petition/{paper}/move/submit", 422, values={})
        assert (refused["errors"][0]["rule"], refused["errors"][0]["clause"]) == ("unfounded", "（九）14")


# -- （九）5, 11 talks and replies ----------------------------------------------------------------


def test_a_reply_promises_no_more_than_the_decision(desk):
    """（九）11: nothing before the decision, to the fen and to the piece afterwards."""
    with at(DAY):
        case = pending(desk, customer_demand=["claim", "return"])
        assert reply(desk, case, 422)["errors"][0]["rule"] == "decided_first"
        desk.decided(case, approved_return_qty=40)
        for over, field in (
            ({"promised_amount": "90000.01"}, "promised_amount"),
            ({"promised_return_qty": 41}, "promised_return_qty"),
            ({"replied_at": "2025-09-10T09:59"}, "replied_at"),
            ({"replied_at": "2025-09-10T10:01"}, "replied_at"),
            ({"means": "copy"}, "means"),
            ({"means": None}, "means"),
            ({"customer_response": None}, "customer_response"),
        ):
            assert field in {error["field"] for error in reply(desk, case, 422, **over)["errors"]}
        kept = reply(desk, case, promised_return_qty=40)
        desk.as_(REP).call("PUT", f"customer_reply/{kept['id']}", 405, promised_amount="1")
        for account in (CONTROL, QC, MANAGER, DEPUTY):
            answer = desk.as_(account).client.post("/api/v1/customer_reply/", json=REPLY | {"complaint_id": case})
            assert answer.status_code == (201 if account == MANAGER else 403), account


def test_a_decision_without_an_amount_allows_no_amount(desk):
    with at(DAY):
        case = pending(desk)
        desk.decided(case, decided_amount=None)
        assert reply(desk, case, 422, promised_amount="0.01")["errors"][0]["field"] == "promised_amount"
        reply(desk, case, promised_amount="0")


def test_the_customer_is_told_within_a_day_and_the_result_is_reviewed(desk):
    with at(DAY):
        case = pending(desk)
        desk.decided(case)
        found = clocks(desk, case)
        assert found["explain_to_customer"]["due_at"].startswith("2025-09-11T23:59:59")
        desk.as_(REP).move(case, "negotiate")
        assert clocks(desk, case)["explain_to_customer"]["status"] == "met"
        reply(desk, case)
        gaps = (({"customer_accepts": True}, "negotiation_result"), ({"negotiation_result": "x"}, "customer_accepts"))
        for values, field in gaps:
            assert field in {e["field"] for e in desk.as_(REP).move(case, "report_result", 422, **values)["errors"]}
        desk.as_(REP).move(case, "report_result", negotiation_result="接受", customer_accepts=True)
        desk.as_(MANAGER).move(case, "return_result", reason="写清楚")
        assert row(desk, case)["status"] == "negotiating"
        desk.as_(REP).move(case, "report_result", negotiation_result="客户接受赔偿", customer_accepts=True)
        desk.as_(REP).move(case, "confirm_result", 403)
        shown = desk.as_(MANAGER).move(case, "confirm_result")
        assert (shown["status"], shown["result_reviewed_by_id"]) == ("result_combined", employee(desk, MANAGER))
        assert clocks(desk, case)["result_combined"]["due_at"].startswith("2025-09-11T23:59:59")


# -- （九）6-8 closing and copies ------------------------------------------------------------------


@pytest.mark.parametrize("demand", ["return", "exchange"])
def test_b02_16_a_return_is_not_closed_without_its_approved_quantity(desk, demand):
    """B02-16: unknown at first, approved at last; zero is an answer, more than was shipped is not."""
    with at(DAY):
        case = pending(desk, customer_demand=[demand], return_qty_undetermined=True)
        decider = talked(desk, case)
        open_ = desk.as_(decider).move(case, "close", 422, needs_tracking=False)
        assert open_["errors"][0]["field"] == "approved_return_qty"
        assert open_["errors"][0]["rule"] == "return_quantity_decided"
        more = desk.as_(decider).move(case, "close", 422, needs_tracking=False, approved_return_qty=3201)
        assert more["errors"][0]["field"] == "approved_return_qty"
        assert desk.as_(decider).move(case, "close", needs_tracking=False, approved_return_qty=0)["status"] == "closed"


def test_b02_16_five_copies_go_to_their_holders_who_acknowledge_them(desk, portal):
    """B02-16, （九）8: quality, the manufacturing unit concerned, sales, accounting, general manager's office."""
    with at(DAY):
        second = unit_id(portal, "HX-M2")
        case = desk.accepted()
        desk.as_(CONTROL).move(case, "send_to_qc")
        desk.as_(QC).move(case, "judge", category="quality", qc_cause="x", responsible_unit_id=second,
                          production_unit_id=second)
        desk.as_("taoyong").move(case, "analyse", production_cause="x", countermeasure="y", shift="甲",
                                 produced_on="2025-08-01", production_unit_id=second, operators=[desk.operator])
        desk.as_(OFFICE).move(case, "instruct", manager_office_note="同意")
        desk.as_(CONTROL).move(case, "check", gm_office_check="齐全")
        desk.routed(case, "98000.00")
        desk.as_(BOOKS).call("GET", f"complaint/{case}", 404)
        decider = talked(desk, case)
        desk.as_(decider).move(case, "close", 422)
        desk.as_(decider).move(case, "close", needs_tracking=False)
        copies = {copy["copy_no"]: copy for copy in desk.as_(CONTROL).call("GET", "delivery_receipt/")["result"]}
        homes = {1: "HX-QC", 2: "HX-M2", 3: "HX-SA", 4: "HX-AC", 5: "HX-PC"}
        assert {number: copy["unit_id"] for number, copy in copies.items()} == {
            number: unit_id(portal, code) for number, code in homes.items()
        }
        desk.as_(SECTION).call("GET", f"delivery_receipt/{copies[2]['id']}", 404)
        foreign = desk.as_(CONTROL).call("POST", f"delivery_receipt/{copies[1]['id']}/move/acknowledge", 403, values={})
        assert foreign["errors"][0]["rule"] == "holder"
        for number, account in {1: QC, 2: "taoyong", 3: REP, 4: BOOKS, 5: CONTROL}.items():
            here = f"delivery_receipt/{copies[number]['id']}/move/acknowledge"
            assert desk.as_(account).call("POST", here)["acknowledged_by_id"] == employee_id(portal, account)
            desk.as_(account).call("POST", here, 422)
        assert desk.as_(BOOKS).call("GET", f"complaint/{case}")["status"] == "closed"
        page = desk.as_(CONTROL).client.get(f"/complaint/{case}").text
        assert "第四联 会计科存" in page


def test_sales_may_not_print_the_form_and_everybody_else_leaves_a_mark(desk):
    """（九）11, in HTML and as PDF; the print names who printed it, and the action is not offered to sales."""
    with at(DAY):
        case = pending(desk)
        for account in (REP, MANAGER):
            for path in ("print", "print?copy=3", "print?format=pdf"):
                answer = desk.as_(account).client.get(f"/complaint/{case}/{path}")
                assert answer.status_code == 403
                assert "不得影印送客户" in answer.text
            assert f"/complaint/{case}/print" not in desk.as_(account).client.get(f"/complaint/{case}").text
        for account in (CONTROL, QC, SECTION, OFFICE, DEPUTY, GENERAL):
            page = desk.as_(account).client.get(f"/complaint/{case}/print?copy=1")
            assert page.status_code == 200
            assert account in page.text
        assert "打印" in desk.as_(CONTROL).client.get(f"/complaint/{case}").text


def test_tracking_opens_an_improvement_for_the_responsible_unit(desk):
    with at(DAY):
        case = pending(desk)
        decider = talked(desk, case)
        desk.as_(decider).move(case, "close", needs_tracking=True)
        found = desk.as_(CONTROL).call("GET", "corrective_action/")["result"]
        assert [(a["complaint_id"], a["owner_unit_id"], a["due_on"], a["action_no"]) for a in found] == [
            (case, desk.section, "2025-10-10", "GS250901")
        ]
        other = pending(desk)
        desk.as_(talked(desk, other)).move(other, "close", needs_tracking=False)
        assert desk.as_(CONTROL).call("GET", "corrective_action/")["count"] == 1


def test_the_final_decision_is_for_the_same_authority_and_may_go_back(desk):
    with at(DAY):
        case = pending(desk, "120000.00", "120000.00")
        decider = talked(desk, case)
        assert decider == DEPUTY
        desk.as_(MANAGER).move(case, "close", 403, needs_tracking=False)
        assert desk.as_(DEPUTY).move(case, "return_final", reason="数字不符")["status"] == "result_combined"
        desk.as_(CONTROL).move(case, "combine_result", combined_opinion="已核", needs_tracking=True)
        assert desk.as_(DEPUTY).move(case, "close")["needs_tracking"] is True
        assert all(c["status"] in ("met", "late_met") for c in clocks(desk, case).values())
        gone = desk.as_(DEPUTY).move(case, "return_final", 403, reason="x")
        assert gone["message"]
