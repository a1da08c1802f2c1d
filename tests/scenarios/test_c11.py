"""The complaint part of C11: important complaints belong to the supervisor, ordinary ones to after-sales service."""

from __future__ import annotations

import pytest

from tests.scenarios.c11_desk import (
    AFTERSALE,
    PRESALE,
    PRINTS,
    SHOP,
    STORE,
    SUPERIOR,
    SUPERVISOR,
    Centre,
    rules,
)  # fmt: skip
from tests.scenarios.desk import sweep

POLICY = "C11"
DONE = {"measure": "通知仓库补发", "result": "致歉并补发"}


@pytest.fixture
def shop(sign_in) -> Centre:
    return Centre(sign_in, SUPERVISOR)


def test_an_important_complaint_is_the_supervisors(shop):
    """(一)1④: staff cannot answer it, only hand it over; the supervisor settles it and closes it with the buyer."""
    assert rules(shop.chatted("2026-03-10 10:00", None, status=422, buyer_account=None)) == {
        ("important", "required"), ("buyer_account", "required"),
    }  # fmt: skip
    case = shop.chatted("2026-03-10 10:00", True)
    assert shop.call(PRESALE, "GET", case)["number"] == "ZYTS-202603-001"
    refused = shop.do(AFTERSALE, case, "answer", "2026-03-10 10:02", 422, result="x")
    assert rules(refused) == {(None, "when")}
    shop.do(PRESALE, case, "hand_over", "2026-03-10 10:10")
    assert shop.clock(SUPERVISOR, case, "hand_over")["status"] == "met"
    shop.do(AFTERSALE, case, "take", "2026-03-10 10:12", 403)
    shop.do(SUPERVISOR, case, "take", "2026-03-10 10:15")
    bare = shop.do(SUPERVISOR, case, "settle", "2026-03-10 11:00", 422)
    assert rules(bare) == {("measure", "required"), ("result", "required")}
    shop.do(SUPERVISOR, case, "settle", "2026-03-10 11:00", **DONE)
    shop.do(AFTERSALE, case, "close_above", "2026-03-10 12:00", 403, customer_accepts=True)
    shop.do(SUPERVISOR, case, "go_on", "2026-03-10 12:00", reason="买家要求补偿运费")
    shop.do(SUPERVISOR, case, "settle", "2026-03-10 14:00", **DONE)
    closed = shop.do(SUPERVISOR, case, "close_above", "2026-03-10 15:00", customer_accepts=True)
    assert (closed["status"], closed["closed_at"][:16]) == ("closed", "2026-03-10T15:00")


def test_an_ordinary_complaint_is_answered_and_may_become_important(shop):
    """(二)2⑤, (二)1③: after-sales service answers; what the buyer does not accept goes to the supervisor."""
    case = shop.chatted("2026-03-10 10:00", False)
    assert rules(shop.do(PRESALE, case, "hand_over", "2026-03-10 10:05", 422)) == {(None, "when")}
    shop.do(PRESALE, case, "answer", "2026-03-10 10:05", 403, result="x")
    shop.do(AFTERSALE, case, "answer", "2026-03-10 11:00", **DONE)
    raised = shop.do(AFTERSALE, case, "raise", "2026-03-10 13:40", reason="买家要投诉平台")
    assert (raised["status"], raised["important"], raised["answered_at"]) == ("with_supervisor", True, None)
    second = shop.chatted("2026-03-10 14:00", False, who=AFTERSALE)
    shop.do(AFTERSALE, second, "answer", "2026-03-10 14:30", **DONE)
    shop.do(AFTERSALE, second, "close", "2026-03-10 15:00", customer_accepts=True)
    measures = shop.call(SHOP, "GET", "report/C11.important_complaints?month=2026-03")["figures"]["measures"]
    assert (measures["received"], measures["important"], measures["accepted"]) == ("2", "1", "1")


def test_limits_of_handing_over_and_of_the_answer(shop, portal):
    """Assumed: 10 minutes to the supervisor, 24 hours to the answer; the superior hears of a late answer."""
    case = shop.chatted("2026-03-14 10:00", True)
    ordinary = shop.chatted("2026-03-14 10:00", False)
    assert shop.clock(SUPERVISOR, case, "hand_over")["due_at"] == "2026-03-14T10:10:00+08:00"
    known = shop.call(SUPERVISOR, "GET", f"{ordinary}/explain")["clocks"]
    assert [clock["key"] for clock in known] == ["C11.answer"]
    assert sweep(portal, "deadlines.due", "2026-03-14 10:10").counts.get("hit", 0) == 0
    assert sweep(portal, "deadlines.due", "2026-03-14 10:11").counts["hit"] == 1
    shop.do(PRESALE, case, "hand_over", "2026-03-14 10:12")
    shop.do(SUPERVISOR, case, "take", "2026-03-14 10:20")
    assert shop.call(SUPERVISOR, "GET", case)["due_at"] == "2026-03-15T10:00:00+08:00"
    shop.do(AFTERSALE, ordinary, "answer", "2026-03-15 10:00", **DONE)
    assert shop.clock(SUPERVISOR, ordinary, "answer")["status"] == "met"
    found = sweep(portal, "deadlines.due", "2026-03-15 10:01").counts
    assert (found["hit"], found["climbed"]) == (1, 1)
    listed = shop.call(SUPERIOR, "GET", "report/C11.late?period=2026-03-15")
    assert "ZYTS-202603-001" in {row["number"] for row in listed["result"]}


def test_a_sudden_event_is_co_ordinated_with_a_department(shop):
    """(一)1④: kind, time and department are written down; the department asked answers, or the result is recorded."""
    shop.now = "2026-03-10 10:00"
    told = {"subject": "拦截包裹", "content": "包裹是否已出库", "department_id": shop.units["WS-CK"]}
    item = f"coordination_item/{shop.call(SUPERVISOR, 'POST', 'coordination_item/', 201, **told)['id']}"
    bare = shop.do(SUPERVISOR, item, "ask", "2026-03-10 10:01", 422)
    assert rules(bare) == {("kind", "required"), ("occurred_at", "required")}
    shop.do(SUPERVISOR, item, "ask", "2026-03-10 10:01", kind="emergency", occurred_at="2026-03-10T09:50")
    shop.call(PRINTS, "GET", item, 404)
    assert shop.do(STORE, item, "reply", "2026-03-10 10:20", answer="已拦截")["item_no"] == "BMXT-202603-001"
    assert shop.call(SUPERVISOR, "GET", item)["status"] == "answered"
