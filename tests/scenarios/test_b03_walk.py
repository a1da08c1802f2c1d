"""B03 in the order of its clauses: one complaint from the first call to the closing, and what stands beside it."""

from __future__ import annotations

import pytest

from tests.scenarios import seats
from tests.scenarios.b03_desk import (
    DEPT,
    DESK,
    GENERAL,
    MANAGER,
    MARKETING,
    QUALITY,
    REP,
    STAFF,
    SUN,
    ItService,
    at,
    notices,
    sweep,
)

POLICY = "B03"


@pytest.fixture
def firm(sign_in) -> ItService:
    """The company at work since the first of September 2025."""
    with at("2025-09-01 09:00"):
        return ItService(sign_in)


def received_and_filed(firm) -> int:
    """2.1, 3.2: heard, the customer told how long to wait, filed, the manager telephoned."""
    with at("2025-09-29 10:00"):
        case = firm.received("2025-09-29 09:55")
        firm.as_(DESK).move(case, "promise", 422, wait_until="2025-09-29T09:59")
        firm.as_(DESK).move(case, "promise", wait_until="2025-09-29T15:00")
        edited = firm.as_(DESK).client.put(f"/api/v1/complaint/{case}", json={"content": "存储告警两个多小时无人响应"})
        assert edited.status_code == 200, edited.text
        firm.filed(case, "2025-09-29 10:00")
        locked = firm.as_(DESK).client.put(f"/api/v1/complaint/{case}", json={"content": "x"})
        assert locked.status_code == 403
        sent = firm.lines("case_transfer", case)
        assert [(row["kind"], row["to_unit_id"]) for row in sent] == [("hand_over", firm.units["营销中心"])]
        step = {"complaint_id": case, "text": "客户再次来电催问", "happened_at": "2025-09-29T10:00"}
        made = firm.as_(DESK).call("POST", "complaint_step/", 201, **step)
        assert (made["status"], made["kind"]) == ("written", "progress")
        assert firm.as_(DEPT).call("GET", f"complaint/{case}")["status"] == "filed"
    return case


def coordinated(firm, case: int, portal) -> None:
    """3.3.1, 3.4.2: the representative is informed, the customer called back in time, the department takes over."""
    tracker = seats.employee_id(portal, MARKETING)
    with at("2025-09-29 10:20"):
        firm.as_(MARKETING).move(case, "inform", rep_informed_at="2025-09-29T10:20", tracker_id=tracker)
        assert firm.lines("case_transfer", case)[0]["status"] == "received"
        assert firm.clocks(case)["inform_rep"]["status"] == "met"
        firm.as_(REP).move(case, "hand_over", understood_note="夜班交接遗漏")
        assert firm.clocks(case)["first_action"]["status"] == "met"
    with at("2025-09-29 14:50"):
        assert firm.clocks(case)["told_waiting_time"]["due_at"] == "2025-09-29T15:00:00+08:00"
        firm.as_(DEPT).move(case, "accept")
        firm.as_(MARKETING).move(case, "call_back_dept", wait_word="二线已到场排查")
        assert firm.clocks(case)["told_waiting_time"]["status"] == "met"
        words = [row for row in firm.lines("complaint_step", case) if row["kind"] == "customer_notice"]
        assert len(words) == 1


def solved(firm, case: int) -> None:
    """3.4.4: refused once with the limits explained, accepted in the second version."""
    first = {"measures": "加派值守", "time_needed": "三天", "time_reason": "排班"}
    with at("2025-09-29 16:00"):
        firm.as_(DEPT).move(case, "propose", 422, measures="加派值守")
        firm.as_(DEPT).move(case, "propose", **first)
        refused = firm.as_(MARKETING).move(
            case, "customer_refuses", 422, explained_at="2025-09-29T16:00", limits_explained=False
        )
        assert refused["errors"][0]["rule"] == "limits_told"
        told = {"explained_at": "2025-09-29T16:00", "limits_explained": True}
        assert firm.as_(MARKETING).move(case, "customer_refuses", **told)["status"] == "refused"
        firm.as_(REP).move(case, "propose_again")
        firm.as_(DEPT).move(case, "propose", **(first | {"measures": "双签交接", "time_needed": "一天"}))
        firm.as_(MARKETING).move(case, "customer_accepts", explained_at="2025-09-29T16:00")
        forms = firm.lines("complaint_handling", case)
        assert [(row["form_no"], row["status"]) for row in forms] == [
            ("JJ202509001-1", "refused"), ("JJ202509001-2", "accepted"),
        ]  # fmt: skip
        kept = firm.as_(MARKETING).call("GET", f"complaint_handling/{forms[0]['id']}")
        assert (kept["result"], kept["time_needed"]) == ("加派值守", "三天")


def completed_and_told(firm, case: int, portal) -> None:
    """3.3.1, 3.4.5: the representative declares it complete, the general manager hears; the customer is asked."""
    with at("2025-09-30 09:30"):
        firm.as_(DEPT).move(case, "carry_out", carried_out="交接已双签")
        firm.as_(DEPT).move(case, "complete", 403)
        firm.decided(REP)
        done = firm.as_(GENERAL).call("GET", f"complaint/{case}")
        assert (done["status"], done["gm_informed_at"]) == ("done", done["done_at"])
        assert firm.clocks(case)["tell_result"]["due_at"] == "2025-10-09T23:59:59+08:00"
        told = {"told_at": "2025-09-30T09:30", "satisfaction": "acceptable", "apology_given": True}
        firm.as_(MARKETING).move(case, "tell", **told)
    assert notices(portal, GENERAL, case) >= 1


def learnt_from(firm, case: int, portal) -> None:
    """3.5, 3.3.1: root cause, corrective action and its limit, fault, case study, discussion; then it closes."""
    sun = seats.employee_id(portal, SUN)
    with at("2025-09-30 10:00"):
        action = firm.action(case, sun, "2025-10-09")
        firm.as_(QUALITY).move(case, "analyse")
        firm.as_(REP).move(case, "judge_fault", fault="ours", fault_reason="交接无记录")
        assert firm.clocks(action, SUN, "corrective_action")["corrective_due"]["due_at"] == "2025-10-09T23:59:59+08:00"
    sweep(portal, "deadlines.due", "2025-10-10 00:05")
    with at("2025-10-10 09:00"):
        assert firm.clocks(action, SUN, "corrective_action")["corrective_due"]["status"] == "breached"
        firm.step("corrective_action", action, "carry_out", SUN, progress="已执行", done_on="2025-10-09")
        firm.decided(QUALITY)
        study = firm.study(case)["id"]
        firm.step("case_study", study, "submit", MARKETING)
        firm.decided(MANAGER)
        meeting = firm.lines("meeting", study, field="case_study_id")[0]["id"]
        firm.step("meeting", meeting, "conclude", MARKETING, held_at="2025-10-10T09:00", participants=[sun],
                  content="讨论", decision="交接双签")  # fmt: skip
        seen = firm.as_(STAFF).call("GET", f"case_study/{study}")
        assert (seen["status"], seen["conclusion"]) == ("discussed", "交接双签")
        closed = firm.as_(MARKETING).move(case, "close")
        assert (closed["status"], closed["case_no"]) == ("closed", "SC202509001")


def checked(firm, case: int) -> None:
    """3.4: the conduct of the receiver is scored by somebody else, item by item of a stage."""
    with at("2025-10-11 09:00"):
        told = {"complaint_id": case, "stage": "receiving", "items_kept": 3}
        gap = firm.as_(QUALITY).call("POST", "conduct_check/", 422, **told)
        assert gap["errors"][0]["field"] == "broken"
        found = firm.as_(QUALITY).call("POST", "conduct_check/", 201, **told, broken="未先安抚客户")
        assert (found["items_asked"], found["score"], found["status"]) == (4, "75", "recorded")
        firm.as_(QUALITY).call("POST", "conduct_check/", 422, **(told | {"items_kept": 5}))


def test_b03_in_the_order_of_its_clauses(firm, portal):
    """A complaint that ends well, with one refusal, one late measure and one lesson for everybody."""
    case = received_and_filed(firm)
    coordinated(firm, case, portal)
    solved(firm, case)
    completed_and_told(firm, case, portal)
    learnt_from(firm, case, portal)
    checked(firm, case)
