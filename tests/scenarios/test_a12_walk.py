"""A12 in the order of its clauses: both routes to the end, suggestions, measures, penalties, reports, who sees what."""

from __future__ import annotations

import pytest

from tests.scenarios import seats
from tests.scenarios.a12_desk import (
    ADVISER,
    BOOKS,
    GENERAL,
    MECHANIC,
    RELATIONS,
    SALES,
    SERVICE,
    SPECIALIST,
    SUPERVISOR,
    Dealer,
    at,
    sweep,
)

POLICY = "A12"


@pytest.fixture
def dealer(sign_in, portal) -> Dealer:
    """The company at work since the first of September 2025."""
    with at("2025-09-01 09:00"):
        return Dealer(sign_in, portal)


def test_the_ordinary_route(dealer, portal):
    """4N-1 to 4N-7: recorded, judged, proposed, sent back once, agreed, told, asked, reviewed, closed, reported."""
    with at("2025-09-10 09:00"):
        case = dealer.recorded("2025-09-10 08:50")
        shown = dealer.read(case, ADVISER)
        assert (shown["case_no"], shown["status"]) == ("TS-202509-001", "recorded")
        assert shown["complainant_phone"] == "138****0001"
        assert dealer.clocks(case)["judgement"]["due_at"] == "2025-09-10T14:30:00+08:00"
        dealer.as_(ADVISER).move(case, "judge", 403)
        shown = dealer.judged(case)
        assert (shown["handler_id"], shown["status"]) == (dealer.who(SERVICE), "judged")
        dealer.as_(SALES).call("GET", f"complaint/{case}", 404)
        dealer.as_(RELATIONS).move(case, "take_over", 403)
        dealer.as_(SERVICE).move(case, "take_over")
        assert {error["field"] for error in dealer.proposed(case, 422, responsible_person_id=None)["errors"]} == {
            "responsible_person_id"}  # fmt: skip
        dealer.proposed(case)
        assert dealer.clocks(case)["gm_decision"]["due_at"] == "2025-09-11T23:59:59+08:00"
        assert dealer.as_(RELATIONS).call("GET", "approval/inbox")["result"] == []
        dealer.decided(action="return", decision="须赔偿代步费")
        assert dealer.read(case)["status"] == "refused"
        dealer.proposed(case, step="propose_again", solution="换油并赔代步费", proposed_settlement_amount="900.00")
        dealer.decided(decision="同意")
        dealer.told(case, "2025-09-10 09:00")
        rows = dealer.lines("complaint_handling", case)
        forms = [dealer.as_(RELATIONS).call("GET", f"complaint_handling/{row['id']}") for row in rows]
        for row, status in zip(rows, (404, 200), strict=True):
            dealer.as_(SPECIALIST).call("GET", f"complaint_handling/{row['id']}", status)
        assert [(row["status"], row["cost"], row["gm_comment"]) for row in forms] == [
            ("refused", "600.00", "须赔偿代步费"), ("approved", "900.00", "同意")]  # fmt: skip
        dealer.asked(case, "2025-09-10 09:00", "very")
        dealer.as_(RELATIONS).move(case, "summarise", 422)
        report = dealer.reviewed(case)
        dealer.as_(RELATIONS).move(case, "summarise")
        assert dealer.as_(RELATIONS).move(case, "close")["status"] == "closed"
        done = dealer.as_(RELATIONS).call("POST", f"written_report/{report}/move/carry_out", values={})
        assert (done["status"], done["improved_on"]) == ("done", "2025-09-10")
        assert "客户投诉处理表" in dealer.as_(RELATIONS).client.get(f"/complaint_handling/{forms[1]['id']}/print").text
    sweep(portal, "tasks.open", "2025-10-01 00:10")
    with at("2025-10-09 09:00"):
        kept = {row["report"]: row for row in dealer.as_(RELATIONS).call("GET", "report_snapshot/")["result"]}
        assert kept["A12.complaint_statistics"]["due_at"] == "2025-10-14T23:59:59+08:00"
        found = dealer.as_(GENERAL).call("GET", "report/A12.complaint_statistics?month=2025-09")
        assert "TS-202509-001" in str(found)


def test_the_major_route(dealer):
    """4M-1 to 4M-5: meeting with three, solution of two stations, negotiated by two, asked, reviewed."""
    with at("2025-09-10 14:00"):
        case = dealer.recorded("2025-09-10 13:55")
        dealer.judged(case, outside_body=True)
        dealer.as_(RELATIONS).move(case, "convene")
        meeting = dealer.lines("meeting", case)[0]["id"]
        assert "紧急会议" in dealer.as_(GENERAL).client.get("/notices/").text
        dealer.proposed(case, 422, "propose_jointly", RELATIONS)
        there = [dealer.who(account) for account in (RELATIONS, SERVICE)]
        held = {"held_at": "2025-09-10T14:00", "participants": there, "decision": "更换总成"}
        refused = dealer.as_(RELATIONS).call("POST", f"meeting/{meeting}/move/hold", 422, values=held)["errors"]
        assert [(error["field"], error["clause"]) for error in refused] == [("participants", "4M-2")]
        held["participants"] = [*there, dealer.who(GENERAL)]
        dealer.as_(RELATIONS).call("POST", f"meeting/{meeting}/move/hold", values=held)
        dealer.proposed(case, 200, "propose_jointly", RELATIONS)
        assert dealer.clocks(case)["emergency_meeting"]["status"] == "met"
        dealer.decided(SERVICE)
        dealer.decided(GENERAL)
        assert dealer.read(case)["status"] == "approved"
        dealer.told(case, "2025-09-10 14:00", 422, "inform_jointly", RELATIONS)
        talk = {"kind": "negotiation", "complaint_id": case, "met_at": "2025-09-10T14:00",
                "leader_id": dealer.who(SERVICE), "members": [dealer.who(SERVICE)], "customer_position": "同意更换",
                "result": "agreed", "agreement": "更换变速箱总成"}  # fmt: skip
        row = dealer.as_(RELATIONS).call("POST", "joint_investigation/", 201, **talk)["id"]
        dealer.as_(RELATIONS).call("POST", f"joint_investigation/{row}/move/conclude", 422, values={})
        both = {"members": [dealer.who(SERVICE), dealer.who(RELATIONS)]}
        dealer.as_(RELATIONS).call("POST", f"joint_investigation/{row}/move/conclude", values=both)
        dealer.told(case, "2025-09-10 14:00", 403, "inform_jointly", SPECIALIST)
        dealer.told(case, "2025-09-10 14:00", 200, "inform_jointly", RELATIONS)
        dealer.asked(case, "2025-09-10 14:00", "yes")
        dealer.reviewed(case)
        dealer.as_(RELATIONS).move(case, "summarise")
        assert dealer.as_(RELATIONS).move(case, "close")["status"] == "closed"


def test_a_suggestion_is_answered(dealer):
    """1(5): it needs no approval; it goes on in the register of suggestions, and the customer is answered."""
    with at("2025-09-10 09:00"):
        case = dealer.recorded("2025-09-10 08:50", title="建议延长营业时间", content="周末延长到八点")
        assert dealer.as_(RELATIONS).move(case, "pass_on")["status"] == "passed_on"
        row = dealer.lines("customer_opinion", case)[0]
        assert row["opinion_no"] == "JY-2025-001"
        path = f"customer_opinion/{row['id']}/move"
        dealer.as_(RELATIONS).call("POST", f"{path}/weigh", values={"adopted": "yes"})
        told = {"told_by": "phone", "told_at": "2025-09-10T09:00", "told_text": "下月起延长"}
        assert dealer.as_(SPECIALIST).call("POST", f"{path}/tell", values=told)["status"] == "closed"


def test_a_measure_by_four_people(dealer):
    """3: drafted, approved, noted by the supervisor alone, implemented, supervised, checked."""
    with at("2025-09-10 10:00"):
        told = {"measure_kind": "corrective", "measure": "设备校准", "owner_unit_id": dealer.workshop,
                "due_on": "2025-12-31"}  # fmt: skip
        row = dealer.as_(SERVICE).call("POST", "corrective_action/", 201, **told)["id"]

        def step(who: str, key: str, status: int = 200, **values: object) -> str:
            answer = dealer.as_(who).call("POST", f"corrective_action/{row}/move/{key}", status, values=values)
            return str(answer.get("status"))

        step(SERVICE, "submit")
        dealer.decided(RELATIONS)
        dealer.decided(GENERAL, supervisor_id=dealer.who(SUPERVISOR))
        due = dealer.clocks(row, "corrective_action")["measure_due"]["due_at"]
        assert due == "2025-10-10T23:59:59+08:00"
        step(RELATIONS, "note", 403, supervision_note="已看")
        assert step(SUPERVISOR, "note", supervision_note="已看现场") == "approved"
        step(SERVICE, "implement", progress="已校准")
        step(RELATIONS, "supervise")
        step(GENERAL, "check", 422)
        assert step(GENERAL, "check", took_effect=True) == "gm_checked"


def test_penalties_by_loss(dealer, portal):
    """6(1): 20,000.00 costs the person 2,000.00 and the head 1,000.00; nobody sees another's."""
    with at("2025-09-10 10:00"):
        told = {"occurred_on": "2025-09-09", "reason_item": "操作失误", "loss_amount": "20000.00"}
        made = {}
        for account, breach, amount in ((MECHANIC, "loss_person", "2000.00"), (SERVICE, "loss_head", "1000.00")):
            who = {"employee_id": dealer.who(account), "breach": breach}
            refused = dealer.as_(RELATIONS).call("POST", "penalty_notice/", 422, amount="999.00", **who, **told)
            assert [error["field"] for error in refused["errors"]] == ["amount"]
            fine = dealer.as_(RELATIONS).call("POST", "penalty_notice/", 201, **who, **told)
            assert fine["amount"] == amount
            made[account] = fine["id"]
        missing = dealer.as_(RELATIONS).call("POST", "penalty_notice/", 422, **who, **(told | {"loss_amount": None}))
        assert [error["field"] for error in missing["errors"]] == ["loss_amount"]
        row = made[MECHANIC]
        dealer.as_(RELATIONS).call("POST", f"penalty_notice/{row}/move/submit", values={"appeal": "首次"})
        dealer.as_(MECHANIC).call("GET", f"penalty_notice/{row}", 404)
        dealer.decided(GENERAL)
        assert dealer.as_(MECHANIC).call("GET", f"penalty_notice/{row}")["amount"] == "2000.00"
        dealer.as_(MECHANIC).call("GET", f"penalty_notice/{made[SERVICE]}", 404)
        assert dealer.as_(BOOKS).call("GET", f"penalty_notice/{row}")["status"] == "confirmed"
        answer = dealer.as_(RELATIONS).call(
            "POST", "policy/A12/calculate", calculation="satisfaction_rate", facts={"satisfied": 38, "asked": 40}
        )
        assert answer["amount"] == "95.0"
        assert seats.unit_id(portal, "CD")
