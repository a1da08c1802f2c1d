"""B04 in the order of its clauses: from the call to the feedback, and each way beside it."""

from __future__ import annotations

import pytest

from tests.scenarios import seats
from tests.scenarios.b04_desk import (
    COORDINATOR,
    DESK,
    DESK_MANAGER,
    HANDLER,
    MANAGER,
    PERSONNEL,
    SERVICE,
    SUPERIOR,
    TICKS,
    VERDICT,
    Desk,
    at,
    day_of,
)
from tests.scenarios.desk import sweep

POLICY = "B04"


@pytest.fixture
def east(sign_in, portal) -> Desk:
    """The east branch, with its people signed in."""
    with at("2025-09-01 09:00"):
        return Desk(sign_in, portal)


def test_in_the_order_of_its_clauses(east, portal):
    """A major complaint: recorded, classed, assigned, investigated, answered, approved twice, closed, fed back."""
    with at("2025-09-09 09:00"):
        case = east.draft(business=["repair"], claimed_amount="18200.00", concerns_staff=True)
        refused = east.as_(DESK).move(case, "accept", 422)["errors"]
        assert [problem["field"] for problem in refused] == ["person_complained"]
        shown = east.as_(DESK).move(case, "accept", person_complained="钱某")
        assert (shown["number"], shown["level"], day_of(shown["due_at"])) == ("CP202509001", "major", "2025-09-11")
        wrong = seats.employee_id(portal, PERSONNEL)
        refused = east.as_(COORDINATOR).move(case, "assign", 422, handler_id=wrong)["errors"][0]
        assert refused["rule"] == "handler_in_post"
        shown = east.as_(COORDINATOR).move(case, "assign", handler_id=east.handler)
        assert (shown["owner_id"], shown["handovers"]) == (east.handler, 1)
        east.as_(HANDLER).move(case, "take")
        moved = east.as_(COORDINATOR).call("GET", "case_transfer/")["result"][0]
        assert (moved["transfer_no"], moved["kind"], moved["status"]) == ("LZ202509001", "hand_over", "received")
        assert east.as_(HANDLER).move(case, "contact", 422)["errors"][0]["rule"] == "step_written"
        step = east.as_(HANDLER).call("POST", "complaint_step/", 201, complaint_id=case, text="询问经办人钱某")
        assert (step["status"], step["kind"], step["by_id"]) == ("written", "investigation", east.handler)
        east.as_(HANDLER).move(case, "contact")
        assert day_of(east.clocks(case)["daily_attempt"]["due_at"]) == "2025-09-10"
    with at("2025-09-10 09:30"):
        east.attempt(case)
        assert day_of(east.clocks(case)["daily_attempt"]["due_at"]) == "2025-09-11"
        refused = east.as_(HANDLER).move(case, "submit", 422, truth="is_true", **VERDICT)["errors"]
        assert {problem["field"] for problem in refused} == {"outcome_told_at", "talk_result"}
    with at("2025-09-10 14:00"):
        east.attempt(case, outcome="reached")
        assert east.clocks(case)["daily_attempt"]["status"] == "met"
        shown = east.submitted(case)
        assert (shown["status"], shown["founded"], shown["superior_post"]) == ("submitted", True, "service_manager")
        assert east.clocks(case)["handling_major"]["status"] == "met"
    with at("2025-09-10 16:00"):
        east.as_(HANDLER).move(case, "confirm", 403, **TICKS)
        east.as_(SERVICE).move(case, "confirm", 403, **TICKS)
        bare = east.as_(MANAGER).move(case, "confirm", 422, **TICKS | {"checked_record": False})["errors"][0]
        assert (bare["field"], bare["rule"]) == ("checked_record", "all_ticked")
        east.as_(MANAGER).move(case, "return_case", 422)
        assert east.as_(MANAGER).move(case, "return_case", reason="经过不详")["status"] == "returned"
        assert "第十五条" in str(east.as_(HANDLER).call("GET", f"complaint/{case}/explain"))
        east.as_(HANDLER).move(case, "submit")
        assert east.as_(MANAGER).move(case, "confirm", **TICKS)["status"] == "second_look"
        step = east.as_(SERVICE).call("GET", "approval/inbox")["result"][0]
        assert step["subject"] == "重大投诉复核"
        east.as_(SERVICE).call("POST", f"approval/{step['id']}/approve", values=TICKS)
        assert east.read(case)["status"] == "approved"
        east.as_(COORDINATOR).move(case, "close")
        assert "CP202509001" in str(east.as_(COORDINATOR).call("GET", "report/B04.branch_feedback?month=2025-09"))
        assert east.as_(COORDINATOR).move(case, "feed_back", 422)["errors"][0]["field"] == "feedback"
        assert east.as_(COORDINATOR).move(case, "feed_back", feedback="已返工")["status"] == "fed_back"
        assert east.read(case)["_moves"] == []


def test_a_customer_out_of_reach(east, portal):
    """An attempt each working day until the last day; a day without one is red and must be explained."""
    with at("2025-09-08 09:00"):
        case = east.contacting()
    for day in ("09", "10", "12"):
        with at(f"2025-09-{day} 10:00"):
            east.attempt(case)
            refused = east.as_(HANDLER).move(case, "give_up", 422)["errors"][0]
            assert "2025-09-15" in refused["message"]
        if day == "10":
            sweep(portal, "deadlines.due", "2025-09-12 00:05")
            with at("2025-09-12 08:00"):
                assert east.clocks(case)["daily_attempt"]["status"] == "breached"
                assert "CP202509001" in str(east.as_(MANAGER).call("GET", "report/B04.compliance"))
    with at("2025-09-15 10:00"):
        east.attempt(case)
        kept = east.contacts(case)
        assert (kept["missing"], kept["percent"]) == (["2025-09-11"], "80.00")
        refused = east.as_(HANDLER).move(case, "give_up", 422)["errors"][0]
        assert (refused["field"], "2025-09-11" in refused["message"]) == ("missed_reason", True)
        shown = east.as_(HANDLER).move(case, "give_up", missed_reason="当日外出查勘")
        assert [line[:16] for line in shown["attempts_text"].splitlines()] == [
            "2025-09-09 10:00", "2025-09-10 10:00", "2025-09-12 10:00", "2025-09-15 10:00",
        ]  # fmt: skip
        shown = east.as_(HANDLER).move(case, "submit", truth="unverifiable", **VERDICT)
        assert (shown["status"], shown["founded"]) == ("submitted", True)


def test_the_desk_s_own_case_goes_to_its_manager(east, portal):
    """A handler of the front desk is approved by the front-desk manager, nobody else."""
    with at("2025-09-09 09:00"):
        case = east.accepted()
        east.as_(COORDINATOR).move(case, "assign", handler_id=seats.employee_id(portal, DESK))
        desk = east.as_(DESK)
        desk.move(case, "take")
        desk.call("POST", "complaint_step/", 201, complaint_id=case, text="核对预约单")
        desk.move(case, "contact")
        told = {"truth": "is_true", "outcome_told_at": "2025-09-09T09:00", "talk_result": "接受"} | VERDICT
        assert desk.move(case, "submit", **told)["superior_post"] == "front_desk_manager"
        east.as_(MANAGER).move(case, "confirm", 403, **TICKS)
        assert east.as_(DESK_MANAGER).move(case, "confirm", **TICKS)["status"] == "approved"


def test_no_passing_around(east):
    """A refusal goes to the service department; above three hand-overs a case is reported up instead."""
    with at("2025-09-09 09:00"):
        case = east.accepted()
        assert east.as_(COORDINATOR).move(case, "refuse", reason="不属本公司")["status"] == "redirecting"
        names = {"branch_id": east.units["AT-D"], "responsible_unit_id": east.units["AT-D3"]}
        assert east.as_(SERVICE).move(case, "redirect", **names)["handovers"] == 2
        east.as_(COORDINATOR).move(case, "assign", handler_id=east.handler)
        again = east.as_(COORDINATOR).move(case, "reassign", 422, reason="忙", handler_id=east.handler)["errors"][0]
        assert (again["rule"], again["clause"]) == ("handovers", "第十二条")


def test_reported_up_step_by_step(east):
    """Talks that failed twice: the direct superior, then the service department; next time the department above."""
    with at("2025-09-09 09:00"):
        case = east.contacting()
        told = {"unsolved_reason": "客户坚持全额退款"}
        assert east.as_(HANDLER).move(case, "escalate", 422, **told)["errors"][0]["rule"] == "talks"
        east.attempt(case, outcome="reached")
    with at("2025-09-09 14:00"):
        east.attempt(case, outcome="reached")
        shown = east.as_(HANDLER).move(case, "escalate", **told)
        assert (shown["status"], shown["escalated_to"]) == ("escalated", "service_dept")
        for account in (MANAGER, SERVICE):
            step = east.as_(account).call("GET", "approval/inbox")["result"][0]["id"]
            east.as_(account).call("POST", f"approval/{step}/approve", values={"coordination": "退还一半"})
        assert east.read(case)["coordination"] == "退还一半"
        assert east.as_(HANDLER).move(case, "escalate", **told)["escalated_to"] == "superior_dept"
        for account in (MANAGER, SUPERIOR):
            step = east.as_(account).call("GET", "approval/inbox")["result"][0]["id"]
            east.as_(account).call("POST", f"approval/{step}/approve", values={"coordination": "同意退还"})
        shown = east.read(case)
        assert (shown["status"], shown["coordination"]) == ("investigating", "同意退还")


def test_findings_about_people_and_the_team(east, portal):
    """Personnel sees founded findings only; a branch sees its score; trainings are numbered."""
    with at("2025-09-09 09:00"):
        case = east.investigating(nature="attitude", concerns_staff=True, person_complained="钱某")
        told = {"complaint_id": case, "employee_id": east.handler, "checked_facts": "录音核实"}
        handler, personnel = east.as_(HANDLER), east.as_(PERSONNEL)
        for truth, state in (("is_true", "concluded"), ("untrue", "kept")):
            row = handler.call("POST", "staff_finding/", 201, **told, truth=truth)["id"]
            handler.call("POST", f"staff_finding/{row}/move/conclude", values={})
            seen = handler.call("GET", f"staff_finding/{row}")
            assert (seen["status"], seen["founded"]) == (state, truth == "is_true")
            assert personnel.call("GET", "staff_finding/")["count"] == (0 if truth == "is_true" else 1)
            if truth == "is_true":
                east.as_(SERVICE).call("POST", f"staff_finding/{row}/move/tell_hr", values={})
        service = east.as_(SERVICE)
        score = {"kind": "score", "target_unit_id": east.units["AT-D"], "checked_at": "2025-09-09T09:00",
                 "period_from": "2025-07-01", "period_to": "2025-09-09", "findings": "达成", "score": "92"}  # fmt: skip
        row = service.call("POST", "supervision_check/", 201, **score)["id"]
        assert service.call("POST", f"supervision_check/{row}/move/tell", values={})["check_no"] == "KH2025001"
        assert east.as_(COORDINATOR).call("GET", f"supervision_check/{row}")["score"].startswith("92")
        taught = {"topic": "沟通", "held_on": "2025-09-09", "participants": [east.handler]}
        row = service.call("POST", "training_session/", 201, **taught)["id"]
        done = service.call("POST", f"training_session/{row}/move/hold", values={"result": "合格"})
        assert (done["training_no"], done["status"]) == ("PX2025001", "held")
    sweep(portal, "tasks.open", "2025-10-01 00:10")
    with at("2025-10-01 09:00"):
        rows = east.as_(SERVICE).call("GET", "report_snapshot/")["result"]
        assert {(row["report"], row["period"], day_of(row["due_at"])) for row in rows} == {
            ("B04.branch_feedback", "2025-09", "2025-10-14"), ("B04.supervision", "2025-Q3", "2025-10-21"),
        }  # fmt: skip
