"""The complaint part of C17: 24 hours for the answer, the floor's opinion, the head's decision, the call afterwards."""

from __future__ import annotations

import pytest

from tests.scenarios.c11_desk import DESK, DESK_2, FINANCE, FLOOR_1, FLOOR_2, GUARD, HEAD, Centre, rules
from tests.scenarios.desk import sweep

POLICY = "C17"


@pytest.fixture
def mall(sign_in) -> Centre:
    return Centre(sign_in, HEAD)


def test_the_answer_is_due_24_hours_after_the_complaint(mall, portal):
    """Opening line (assumed, Q2): to the second, nights and rest days included; the head hears of a late one."""
    in_time = mall.heard("2026-03-07 18:40", received="2026-03-07 18:30")
    late = mall.heard("2026-03-07 18:40", received="2026-03-07 18:30")
    due = "2026-03-08T18:30:00+08:00"
    assert mall.clock(DESK, late, "complaint_answer")["due_at"] == mall.call(DESK, "GET", late)["due_at"] == due
    mall.do(DESK, in_time, "answer", "2026-03-08 18:30", result="同意换货")
    assert mall.clock(DESK, in_time, "complaint_answer")["status"] == "met"
    assert sweep(portal, "deadlines.due", "2026-03-08 18:30").counts.get("hit", 0) == 0
    found = sweep(portal, "deadlines.due", "2026-03-08 18:31").counts
    assert (found["hit"], found["climbed"]) == (1, 1)
    listed = mall.call(HEAD, "GET", "report/C17.late_answers?period=2026-03-08")
    assert [row["number"] for row in listed["result"]] == ["KSDJ-20260307-002"]
    mall.do(DESK, late, "to_floor", "2026-03-08 18:32")
    mall.do(FLOOR_1, late, "floor_reply", "2026-03-08 18:33", floor_opinion="属实")
    mall.do(DESK, late, "answer", "2026-03-08 18:34", result="同意换货")
    assert mall.clock(DESK, late, "complaint_answer")["status"] == "late_met"


def test_from_the_desk_to_the_floor_and_the_telephone_visit(mall):
    """Opening line: what is missing is named; only the floor concerned answers; closed when the customer agrees."""
    assert rules(mall.heard("2026-03-10 10:00", status=422, complainant_phone=None, matter=None)) == {
        ("complainant_phone", "required"), ("matter", "required"),
    }  # fmt: skip
    case = mall.heard("2026-03-10 10:00")
    mall.call(FLOOR_1, "GET", case, 404)
    mall.do(DESK, case, "to_floor", "2026-03-10 10:05")
    mall.call(FLOOR_2, "GET", case, 404)
    mall.do(DESK, case, "floor_reply", "2026-03-10 10:06", 403, floor_opinion="x")
    assert rules(mall.do(FLOOR_1, case, "floor_reply", "2026-03-10 11:00", 422)) == {("floor_opinion", "required")}
    mall.do(FLOOR_1, case, "floor_reply", "2026-03-10 11:00", floor_opinion="焊点脱开，同意换货")
    mall.do(DESK_2, case, "answer", "2026-03-10 11:20", 200, result="同意换货")
    refused = mall.do(DESK, case, "close", "2026-03-10 11:30", 422, customer_accepts=False)
    assert rules(refused) == {("customer_accepts", "all_ticked")}
    assert mall.do(DESK, case, "close", "2026-03-10 11:30", customer_accepts=True)["status"] == "closed"
    [planned] = mall.lines(HEAD, "visit", case)
    visit = f"visit/{planned['id']}"
    assert mall.clock(HEAD, visit, "phone_visit")["due_at"] == "2026-03-17T23:59:59+08:00"
    told = {"visited_at": "2026-03-12T10:00", "topics": "换货后的使用情况", "outcome": "使用正常", "satisfied": True}
    assert mall.do(DESK, visit, "make", "2026-03-12 10:10", **told)["status"] == "made"
    counted = mall.call(HEAD, "GET", "report/C17.complaint_visit_statistics?month=2026-03")["figures"]["measures"]
    assert {key: counted[key] for key in ("received", "closed", "agreed_rate", "answered_on_time", "content_rate")} == {
        "received": "1", "closed": "1", "agreed_rate": "100.00", "answered_on_time": "100.00", "content_rate": "100.00",
    }  # fmt: skip


def test_what_the_customer_does_not_agree_to_is_decided_by_the_head(mall):
    """Opening line: handled again, or closed by the head with the decision written down; no clerk closes it."""
    case = mall.heard("2026-03-10 10:00")
    mall.do(DESK, case, "answer", "2026-03-10 10:30", result="按规定不予退货")
    assert rules(mall.do(DESK, case, "not_agreed", "2026-03-10 10:40", 422)) == {("reason", "required")}
    mall.do(DESK, case, "not_agreed", "2026-03-10 10:40", reason="坚持退货")
    mall.do(DESK, case, "end", "2026-03-10 10:50", 403, head_opinion="x")
    mall.do(HEAD, case, "try_again", "2026-03-10 11:00", head_opinion="请楼层再核实")
    mall.do(DESK, case, "answer", "2026-03-10 14:00", result="折价处理")
    mall.do(DESK, case, "not_agreed", "2026-03-10 14:10", reason="坚持退货")
    ended = mall.do(HEAD, case, "end", "2026-03-10 15:00", head_opinion="已按规定处理")
    assert (ended["status"], ended["customer_accepts"]) == ("closed", False)


def test_a_partner_department_answers_what_was_handed_over(mall):
    """Opening line: the department asked sees the matter, and nobody else answers it."""
    case = mall.heard("2026-03-10 10:00", matter="refund")
    told = {"subject": "退款查询", "complaint_id": int(case.split("/")[1]), "content": "请查退款是否已发起"}
    empty = mall.call(DESK, "POST", "coordination_item/", 201, department_id=mall.units["SC"], **told)["id"]
    refused = mall.do(DESK, f"coordination_item/{empty}", "ask", "2026-03-10 10:05", 422)
    assert rules(refused) == {("department_id", "department_answers")}
    made = mall.call(DESK, "POST", "coordination_item/", 201, department_id=mall.units["SC-CW"], **told)["id"]
    item = f"coordination_item/{made}"
    mall.call(FINANCE, "GET", item, 404)
    mall.do(DESK, item, "ask", "2026-03-10 10:06")
    mall.call(GUARD, "GET", item, 404)
    mall.do(HEAD, item, "reply", "2026-03-10 10:30", 403, answer="x")
    answered = mall.do(FINANCE, item, "reply", "2026-03-10 11:00", answer="已于三月九日原路退回")
    assert (answered["status"], answered["answered_at"][:16]) == ("answered", "2026-03-10T11:00")
