"""A14 in the order of its clauses, and what people may see and do, through HTTP on both databases."""

from __future__ import annotations

import pytest

from tests.scenarios import seats
from tests.scenarios.a14_desk import (
    ADMIN,
    ASSISTANT,
    CLERK,
    LOGISTICS,
    MANAGER,
    RECEPTION,
    SALES,
    SOUTH,
    SUPERVISOR,
    Franchise,
    at,
    sweep,
)

POLICY = "A14"


@pytest.fixture
def shops(sign_in) -> Franchise:
    """The company at work since the first of September 2025."""
    with at("2025-09-01 09:00"):
        return Franchise(sign_in)


def test_a_walk_in_the_order_of_the_clauses(shops, portal):
    """3.2, 4, 5.1, 5.3: received, contacted, raised, reviewed, archived, in the weekly report, closed."""
    with at("2025-09-24 09:00"):
        case = shops.received("2025-09-24 08:50", who=RECEPTION)
        shown = shops.as_(RECEPTION).call("GET", f"complaint/{case}")
        assert (shown["case_no"], shown["status"]) == ("TS-202509-0001", "new")
        assert shown["complainant_phone"] == "137****0101"
        shops.contacted(case, "2025-09-24 09:00", 422, RECEPTION, explained_flow=False)
        shops.contacted(case, "2025-09-24 09:30", 422, RECEPTION)
        shown = shops.contacted(case, "2025-09-24 09:00", who=RECEPTION)
        assert shown["status"] == "handling"
        assert shops.clocks(case)["weekly_contact"]["due_at"] == "2025-10-01T23:59:59+08:00"
    with at("2025-09-26 10:00"):
        told = {"contacted_at": "2025-09-26T09:55", "direction": "out", "means": "phone", "outcome": "reached",
                "complaint_id": case, "content": "您的维修已寄出，我不知道具体哪天到"}  # fmt: skip
        logged = shops.as_(RECEPTION).call("POST", "contact_log/", 201, **told)
        assert (logged["forbidden_used"], logged["forbidden_found"]) == (False, None)
        shops.as_(CLERK).call("POST", "service_script/", 201, code="S3-1", kind="forbidden", scene="禁忌语言",
                              text="我不知道", required=False, version="1", active=True)  # fmt: skip
        logged = shops.as_(RECEPTION).call("POST", "contact_log/", 201, **told)
        assert (logged["forbidden_used"], logged["forbidden_found"]) == (True, "我不知道")
        assert shops.clocks(case)["weekly_contact"]["due_at"] == "2025-10-03T23:59:59+08:00"
        shops.as_(RECEPTION).move(case, "raise_2", 422)
        assert shops.as_(RECEPTION).move(case, "raise_2", reason="客户要求赔偿")["level"] == "l2"
        assert shops.clocks(case)["contact_l2"]["due_at"] == "2025-09-29T23:59:59+08:00"
        assert shops.as_(SUPERVISOR).move(case, "take_over")["handler_id"]
        shops.answered(case, RECEPTION, "answer_2", "2", 403)
        assert shops.answered(case, SUPERVISOR, "answer_2", "2")["status"] == "review"
        assert [row["level"] for row in map(shops.form, shops.lines("complaint_handling", case))] == ["l2"]
        shops.decided(SALES, action="return")
        shown = shops.as_(SUPERVISOR).call("GET", f"complaint/{case}")
        assert (shown["status"], shown["satisfaction"]) == ("handling_2", None)
        shops.answered(case, SUPERVISOR, "answer_2", "1")
        shops.decided(SALES)
        shops.as_(SUPERVISOR).move(case, "archive", 403)
        assert shops.as_(CLERK).move(case, "archive")["status"] == "archived"
        form = shops.form(shops.lines("complaint_handling", case)[0])
        assert (form["status"], form["answer"], form["reviewed_on"]) == ("archived", "1", "2025-09-26")
        assert "投诉处理单" in shops.as_(CLERK).client.get(f"/complaint_handling/{form['id']}/print").text
    sweep(portal, "tasks.open", "2025-09-29 00:10")
    with at("2025-09-29 09:00"):
        weekly = next(row for row in shops.as_(CLERK).call("GET", "report_snapshot/")["result"]
                      if row["report"] == "A14.weekly_report")  # fmt: skip
        assert (weekly["period"], weekly["due_at"]) == ("2025-W39", "2025-09-29T23:59:59+08:00")
        shops.as_(CLERK).call("POST", f"report_snapshot/{weekly['id']}/move/submit", values={})
        assert shops.as_(CLERK).call("GET", f"complaint/{case}")["status"] == "closed"
        assert shops.as_(CLERK).client.get("/reports/A14.weekly").status_code == 200


def test_a_late_contact_is_told_up(shops, portal):
    """5.3.1.5: the supervisor is told of a week without contact, once."""
    with at("2025-09-10 09:30"):
        case = shops.received("2025-09-10 09:00")
        shops.contacted(case, "2025-09-10 09:20")
    sweep(portal, "deadlines.due", "2025-09-18 00:05")
    outcome = sweep(portal, "deadlines.due", "2025-09-18 00:06")
    assert outcome.counts["hit"] == 0
    with at("2025-09-18 09:00"):
        assert shops.clocks(case)["weekly_contact"]["status"] == "breached"
        assert shops.as_(MANAGER).call("GET", "penalty_notice/")["result"] == []
        assert "每周主动联系" in shops.as_(SUPERVISOR).client.get("/notices/").text


def test_a_customer_out_of_reach(shops):
    """Three attempts on three days, then the supervisor may archive; it is no answer."""
    with at("2025-09-10 09:30"):
        case = shops.received("2025-09-10 09:00")
    for day in ("10", "11", "12"):
        with at(f"2025-09-{day} 11:00"):
            shops.as_(SUPERVISOR).move(case, "unreachable", 422, reason="无人接听")
            shops.as_(ASSISTANT).call(
                "POST", "contact_log/", 201, contacted_at=f"2025-09-{day}T10:59", direction="out", means="phone",
                outcome="no_answer", complaint_id=case, content="无人接听",
            )  # fmt: skip
    with at("2025-09-12 14:00"):
        shops.as_(ASSISTANT).move(case, "unreachable", 403, reason="无人接听")
        shown = shops.as_(SUPERVISOR).move(case, "unreachable", reason="无人接听")
        assert (shown["status"], shown["satisfaction"], shown["unreachable"]) == ("archived", None, True)


def test_another_department_is_asked(shops, portal):
    """5.3.1.4: the department sees the facts it is asked for and answers; nothing else of the case is open to it."""
    logistics, clerk = seats.unit_id(portal, "YM-LG"), seats.employee_id(portal, LOGISTICS)
    with at("2025-09-10 09:30"):
        said = {"complainant_type": "franchisee", "cause": "freight", "customer_id": shops.shop()}
        case = shops.received("2025-09-10 09:00", **said)
        shops.contacted(case, "2025-09-10 09:20")
        told = {"subject": "少两箱", "complaint_id": case, "department_id": logistics, "content": "请核对装箱数",
                "person_id": clerk, "expected_at": "2025-09-11T18:00"}  # fmt: skip
        item = shops.as_(ASSISTANT).call("POST", "coordination_item/", 201, **told)["id"]
        shops.as_(LOGISTICS).call("GET", f"coordination_item/{item}", 404)
        shops.as_(ASSISTANT).call("POST", f"coordination_item/{item}/move/ask", values={})
        seen = shops.as_(LOGISTICS).call("GET", f"coordination_item/{item}")
        assert (seen["content"], seen["_moves"]) == ("请核对装箱数", ["reply"])
        for register in ("complaint", "complaint_handling", "contact_log", "meeting"):
            assert shops.as_(LOGISTICS).client.get(f"/api/v1/{register}/").status_code == 403
        due = shops.clocks(item, ASSISTANT, "coordination_item")["department_answer"]["due_at"]
        assert due == "2025-09-11T18:00:00+08:00"
        answer = shops.as_(LOGISTICS).call("POST", f"coordination_item/{item}/move/reply", values={"answer": "漏装"})
        assert answer["status"] == "answered"
        assert [row["id"] for row in shops.lines("coordination_item", case, SUPERVISOR)] == [item]


def test_each_region_sees_its_own(shops):
    """4.2.1: an assistant sees the own region; nobody but receivers opens a case; the clerk handles nothing."""
    with at("2025-09-10 09:30"):
        north, south = shops.received("2025-09-10 09:00"), shops.received("2025-09-10 09:00", who=SOUTH)
        shops.as_(SOUTH).call("GET", f"complaint/{north}", 404)
        assert [row["id"] for row in shops.as_(ASSISTANT).call("GET", "complaint/")["result"]] == [north]
        assert {row["id"] for row in shops.as_(SUPERVISOR).call("GET", "complaint/")["result"]} == {north, south}
        refused = shops.as_(SUPERVISOR).call("POST", "complaint/", 422, title="x", channel="phone")
        assert refused["errors"][0]["clause"] == "5.1.1"
        shops.contacted(north, "2025-09-10 09:20", 403, who=CLERK)
        shops.as_(CLERK).call("POST", "complaint/", 403, title="x")


def test_a_fine_is_confirmed_and_seen_by_its_person(shops, portal):
    """5.4: the manager proposes, the director confirms; then the person sees it, and others do not."""
    person = seats.employee_id(portal, ASSISTANT)
    with at("2025-09-10 09:30"):
        told = {"employee_id": person, "breach": "no_survey", "occurred_on": "2025-09-09", "amount": "50.00",
                "reason_item": "未询问满意度"}  # fmt: skip
        fine = shops.as_(MANAGER).call("POST", "penalty_notice/", 201, **told)["id"]
        shops.as_(MANAGER).call("POST", f"penalty_notice/{fine}/move/submit", values={})
        shops.as_(ASSISTANT).call("GET", f"penalty_notice/{fine}", 404)
        shops.decided(SALES)
        seen = shops.as_(ASSISTANT).call("GET", f"penalty_notice/{fine}")
        assert (seen["status"], seen["amount"], seen["notice_no"]) == ("confirmed", "50.00", "FJL-202509-001")
        shops.as_(SOUTH).call("GET", f"penalty_notice/{fine}", 404)
        report = shops.as_(SALES).call("GET", "report/A14.fines?month=2025-09")
        assert "50.00" in str(report)
        shops.as_(ADMIN).call("POST", f"penalty_notice/{fine}/move/revoke", 403, reason="x", values={})
        done = shops.as_(SALES).call("POST", f"penalty_notice/{fine}/move/revoke", reason="非其责任", values={})
        assert (done["status"], done["approved_at"]) == ("revoked", None)
