"""C11, complaints and accounts of an online shop: who answers what, and which account receives customers."""

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


def test_c11_1_the_main_account_receives_no_customer(shop):
    """C11-1: a session at the main account is refused, a transfer to pre-sale is kept, one to after-sales refused."""
    shop.now = "2026-03-09 08:50"
    accounts = {}
    for name, kind, who in (("shop-main", "main", SUPERVISOR), ("presale-2", "presale", PRESALE),
                            ("aftersale-1", "aftersale", AFTERSALE)):  # fmt: skip
        told = {"account_name": name, "kind": kind, "shop": "织梦旗舰店", "person_id": shop.person(who)}
        accounts[name] = shop.call(SUPERVISOR, "POST", "access_grant/", 201, **told)["id"]
    main = shop.call(SUPERVISOR, "GET", f"access_grant/{accounts['shop-main']}")
    assert (main["receives_customers"], main["account_no"], main["status"]) == (False, "WW-001", "in_use")
    assert rules(shop.call(PRESALE, "POST", "account_login/", 422, account_id=accounts["shop-main"])) == {
        ("account_id", "own"),
    }  # fmt: skip
    asked = {"direction": "in", "means": "im", "outcome": "reached", "content": "这款有现货吗", "topic": "presale",
             "buyer_account": "b001", "account_id": accounts["shop-main"], "contacted_at": "2026-03-09T09:00"}
    shop.now = "2026-03-09 09:00"
    early = shop.call(SUPERVISOR, "POST", "contact_log/", 422, **asked)
    assert rules(early) == {("account_id", "login"), ("account_id", "receives")}
    login = shop.call(SUPERVISOR, "POST", "account_login/", 201, account_id=accounts["shop-main"])["id"]
    assert rules(shop.call(SUPERVISOR, "POST", "contact_log/", 422, **asked)) == {("account_id", "receives")}
    passed = asked | {"transfer_reason": "wrong_account"}
    wrong = shop.call(SUPERVISOR, "POST", "contact_log/", 422, **passed, to_account_id=accounts["aftersale-1"])
    assert rules(wrong) == {("to_account_id", "topic")}
    buyer = shop.customers(SUPERIOR)[0]
    kept = shop.call(SUPERVISOR, "POST", "contact_log/", 201, **passed, to_account_id=accounts["presale-2"],
                     customer_id=buyer)["id"]  # fmt: skip
    row = shop.call(PRESALE, "GET", f"contact_log/{kept}")
    assert (row["transferred_to"], row["transferred_at"][:16]) == ("presale-2", "2026-03-09T09:00")
    assert shop.call(PRESALE, "GET", f"customer/{buyer}")["id"] == buyer
    shop.call(PRESALE, "POST", "account_login/", 201, account_id=accounts["presale-2"])
    shop.call(PRESALE, "POST", "contact_log/", 201, **asked | {"account_id": accounts["presale-2"]})
    shop.now = "2026-03-09 18:00"
    shop.call(SUPERVISOR, "PUT", f"account_login/{login}", logout_at="2026-03-09T18:00")
    shop.do(SUPERVISOR, f"access_grant/{accounts['aftersale-1']}", "close", "2026-03-09 18:05")
    closed = shop.call(AFTERSALE, "POST", "account_login/", 422, account_id=accounts["aftersale-1"])
    assert rules(closed) == {("account_id", "state")}
    figures = shop.call(SHOP, "GET", "report/C11.transfers?month=2026-03")["figures"]["measures"]
    assert (figures["transfers"], figures["wrong"]) == ("1", "1")
