"""A10: rolling credit of dealers, through REST by its posts; every case of the policy has its test."""

from __future__ import annotations

import pytest

from tests.scenarios.a10_desk import (
    BOSS,
    CLERK,
    DEALER,
    FINANCE,
    LOGISTICS,
    MARKET,
    PLAIN,
    REGION,
    REP,
    SALES,
    STORE,
    Dealer,
    figures,
    rules,
)  # fmt: skip
from tests.scenarios.desk import sweep

POLICY = "A10"


@pytest.fixture
def desk(portal, sign_in) -> Dealer:
    return Dealer(portal, sign_in)


def test_a10_1_and_2_equality_is_inside_the_limit(desk):
    """A10-1: 150,000.00 fills the limit to the cent and is released. A10-2: one fen more is refused with numbers."""
    desk.dealer()
    row, answer = desk.submit("150000.01", "2025-10-01 09:00", 422)
    told = figures(answer, "within")
    assert told == {"limit": "270000.00", "used": "120000.00", "requested": "150000.01", "excess": "0.01",
                    "headroom": "150000.00", "outstanding": "120000.00"}  # fmt: skip
    assert {error["rule"] for error in answer["errors"]} >= {"within", "first_over", "prepaid"}
    third = next(error for error in answer["errors"] if error["rule"] == "first_over")
    assert "450,000.03" in third["message"]
    assert third["clause"] == "2.2.1"
    assert desk.call(CLERK, "GET", row)["status"] == "draft"
    row, answer = desk.submit("150000.00", "2025-10-01 09:05")
    now = desk.call(CLERK, "GET", row)
    assert (now["status"], now["route"], now["limit_at_check"]) == ("released", "within", "270000.00")
    assert (now["outstanding_at_check"], now["due_on"], now["shipment_no"]) == (
        "120000.00", "2025-10-31", "FH-20251001-001",
    )  # fmt: skip


def test_a10_4_and_5_first_and_last_order_and_no_third(desk):
    """A10-4: a third itself is refused. A10-5: after first and last only goods against money; each is signed."""
    desk.eligible()
    desk.shipped("2025-09-05", "150000.00")
    desk.shipped("2025-09-20", "120000.00")
    why = {"over_reason": "国庆促销备货"}
    _row, answer = desk.submit("90000.00", "2025-10-01 09:00", 422, **why)
    assert figures(answer, "first_over")["limit"] == "270000.00"
    assert "270,000.00" in next(e["message"] for e in answer["errors"] if e["rule"] == "first_over")
    first, _answer = desk.submit("89999.99", "2025-10-01 09:10", **why)
    waiting = desk.call(CLERK, "GET", first)
    assert (waiting["status"], waiting["route"], waiting["slip_no"]) == ("waiting", "first_over", "CE-2025-001")
    desk.do(STORE, first, "ship", status=404)
    desk.do(CLERK, first, "sign_first", status=403)
    desk.decide(REGION, first, comment="同意首次超额")
    signed = desk.call(REGION, "GET", first)
    assert (signed["status"], signed["signer_id"], signed["one_third"]) == (
        "released", desk.employee(REGION), "90000.00",
    )  # fmt: skip
    last, _answer = desk.submit("80000.00", "2025-10-01 10:00", **why)
    assert desk.call(CLERK, "GET", last)["route"] == "last_over"
    desk.decide(REGION, last)
    assert desk.call(CLERK, "GET", last)["status"] == "waiting"
    desk.decide(SALES, last)
    both = desk.call(SALES, "GET", last)
    assert (both["status"], both["signer_id"]) == ("released", desk.employee(REGION))
    assert both["approver_id"] not in (None, both["signer_id"])
    desk.do(STORE, last, "ship", "2025-10-01 15:00")
    assert desk.call(CLERK, "GET", last)["due_on"] == "2025-10-31"
    episode = desk.call(REGION, "GET", "over_limit_case/")["result"]
    assert [(row["status"], row["last_due_on"]) for row in episode] == [("last_used", "2025-10-31")]
    third, answer = desk.submit("1.00", "2025-10-01 16:00", 422, **why)
    assert "first_over" in {error["rule"] for error in answer["errors"]}
    money, plan = desk.paid("1.00", "2025-10-01 16:10", prepayment_for="DD-9"), desk.plan("1.00", "over_limit")
    edited = {"remittance_id": int(money.split("/")[1]), "payment_plan_id": int(plan.split("/")[1])}
    desk.call(CLERK, "PUT", third, **edited)
    desk.do(CLERK, third, "submit")
    assert desk.call(CLERK, "GET", third)["route"] == "prepaid"
    desk.do(FINANCE, third, "release_paid")
    paid = desk.call(CLERK, "GET", third)
    assert (paid["status"], paid["paid_amount"]) == ("released", "1.00")
    desk.do(LOGISTICS, third, "ship")
    assert desk.call(FINANCE, "GET", third)["status"] == "settled"


def test_a10_7_and_the_month_end(desk, portal):
    """A10-7: shipped on the last day of a month it is due that day; on day 1 the unpaid is charged to the signer."""
    desk.eligible()
    desk.shipped("2025-09-05", "270000.00")
    why = {"over_reason": "客户工程急用"}
    first, _answer = desk.submit("60000.00", "2025-09-29 09:00", **why)
    desk.decide(REGION, first)
    last, _answer = desk.submit("30000.00", "2025-09-29 10:00", **why)
    desk.decide(REGION, last)
    desk.decide(SALES, last)
    desk.do(STORE, last, "ship", "2025-09-30 09:00")
    clock = next(c for c in desk.call(REGION, "GET", f"{last}/explain")["clocks"] if c["key"].endswith("month_end"))
    assert clock["due_at"] == "2025-09-30T23:59:59+08:00"
    assert sweep(portal, "credit.month_end", "2025-09-30 23:59").counts.get("hit", 0) == 0
    assert sweep(portal, "credit.month_end", "2025-10-01 00:05").counts["hit"] == 1
    assert sweep(portal, "credit.month_end", "2025-10-01 00:06").counts.get("hit", 0) == 0
    desk.now = "2025-10-01 09:00"
    episode = desk.call(FINANCE, "GET", "over_limit_case/")["result"][0]
    assert (episode["status"], episode["unpaid_at_due"]) == ("defaulted", "30000.00")
    owed = desk.call(FINANCE, "GET", "credit_liability/")["result"]
    assert [(row["amount"], row["cause"], row["employee_id"]) for row in owed] == [
        ("6000.00", "month_end", desk.employee(REGION)),
    ]  # fmt: skip
    row = f"credit_liability/{owed[0]['id']}"
    desk.do(FINANCE, row, "confirm")
    part = {"liability_id": owed[0]["id"], "pay_month": "2025-10", "amount": "2000.00", "income_of_month": "8000.00"}
    assert desk.call(FINANCE, "POST", "income_deduction/", 201, **part)
    above = desk.call(FINANCE, "POST", "income_deduction/", 422, **part | {"pay_month": "2025-11", "amount": "4000.01"})
    assert rules(above) == {("amount", "at_most")}
    marked = desk.call(FINANCE, "GET", f"income_deduction/?liability_id__eq={owed[0]['id']}")["result"]
    assert [(line["amount"], line["above_share"]) for line in marked] == [("2000.00", True)]
    desk.call(FINANCE, "POST", "income_deduction/", 201, **part | {"pay_month": "2025-11", "amount": "4000.00"})
    assert desk.call(FINANCE, "GET", row)["status"] == "deducted"
    desk.paid("360000.00", "2025-11-20 09:00")
    assert desk.call(FINANCE, "GET", row)["refund"] == "6000.00"
    desk.do(STORE, first, "ship", "2025-11-20 10:00")
    assert sweep(portal, "credit.episodes", "2025-11-21 00:03").counts["hit"] == 1
    assert desk.call(FINANCE, "GET", f"over_limit_case/{episode['id']}")["status"] == "closed"


def test_a10_8_day_thirty_one_and_special_credit(desk, portal):
    """A10-8: at 30 days the customer still has credit; at 31 only special credit with a last day, or money before."""
    desk.eligible()
    old = desk.shipped("2025-09-01", "10000.00")
    desk.shipped("2025-09-20", "50000.00", paid=True)
    assert desk.submit("1000.00", "2025-10-01 09:00")[1]
    sweep(portal, "credit.ageing", "2025-10-01 23:59")
    assert desk.call(CLERK, "GET", old)["status"] == "shipped"
    sweep(portal, "credit.ageing", "2025-10-02 00:01")
    sweep(portal, "credit.daily_sheet", "2025-10-02 00:05")
    desk.now = "2025-10-02 09:00"
    assert desk.call(CLERK, "GET", old)["status"] == "overdue"
    sheet = desk.call(FINANCE, "GET", f"daily_credit/?customer_id__eq={desk.customers[DEALER]}")["result"]
    assert [(day["credit_class"], day["oldest_unpaid_days"], day["credit_limit"]) for day in sheet] == [
        ("over_30", 31, "0.00"),
    ]  # fmt: skip
    _row, answer = desk.submit("1000.00", "2025-10-02 09:05", 422)
    assert figures(answer, "special") == {
        "limit": "0.00", "used": "11000.00", "requested": "1000.00", "excess": "12000.00", "headroom": "0.00",
        "outstanding": "11000.00",
    }  # fmt: skip
    asked = {"customer_id": desk.customers[DEALER], "purpose": "special", "requested_limit": "30000.00",
             "reason": "客户承诺本月结清"}  # fmt: skip
    request = f"credit_request/{desk.call(REP, 'POST', 'credit_request/', 201, **asked)['id']}"
    desk.do(REP, request, "submit")
    assert desk.call(REP, "GET", request)["oldest_days"] == 31
    desk.decide(REGION, request)
    bare = desk.decide(SALES, request, status=422)
    assert {("approved_limit", "required"), ("valid_to", "required")} <= rules(bare)
    until = {"approved_limit": "20000.00", "valid_from": "2025-10-02", "valid_to": "2025-10-10"}
    desk.decide(SALES, request, values=until)
    row, _answer = desk.submit("9000.00", "2025-10-02 11:00")
    released = desk.call(CLERK, "GET", row)
    assert (released["status"], released["route"], released["limit_at_check"]) == ("released", "special", "20000.00")
    assert figures(desk.submit("0.01", "2025-10-02 11:10", 422)[1], "special")["excess"] == "0.01"
    assert sweep(portal, "credit.expiry", "2025-10-10 23:59").counts.get("hit", 0) == 0
    assert sweep(portal, "credit.expiry", "2025-10-11 00:04").counts["hit"] == 1
    assert figures(desk.submit("0.01", "2025-10-11 09:00", 422)[1], "special")["limit"] == "0.00"


def test_a10_10_a_contract_counts_with_its_settlement_agreement(desk):
    """A10-10: without the agreement only cash with a plan; from the day it is there the window of 30 days counts."""
    desk.now = "2025-09-01 09:00"
    desk.attach(REP, f"customer/{desk.customers[PLAIN]}", "opener_id_copy")
    contract = desk.contract(PLAIN, settled=False)
    desk.shipped("2025-08-15", "500.00", paid=True, customer=PLAIN)
    desk.shipped("2025-08-16", "40000.00", paid=True, customer=PLAIN)
    desk.shipped("2025-09-14", "2000.00", paid=True, customer=PLAIN)
    _row, answer = desk.submit("1000.00", "2025-09-14 09:00", 422, customer=PLAIN)
    explained = next(error["message"] for error in answer["errors"] if error["rule"] == "within")
    assert "未授信" in explained
    money = desk.paid("1000.00", "2025-09-14 09:10", PLAIN, prepayment_for="现金")
    plan = desk.plan("1000.00", "uncredited", PLAIN)
    told = {"remittance_id": int(money.split("/")[1]), "payment_plan_id": int(plan.split("/")[1])}
    cash, _answer = desk.submit("1000.00", "2025-09-14 09:20", customer=PLAIN, **told)
    desk.do(FINANCE, cash, "release_paid")
    assert desk.call(CLERK, "GET", cash)["route"] == "cash"
    desk.now = "2025-09-15 08:30"
    desk.attach(REP, contract, "settlement_terms")
    row, _answer = desk.submit("42000.00", "2025-09-15 09:00", customer=PLAIN)
    known = desk.call(CLERK, "GET", row)
    assert (known["status"], known["limit_at_check"]) == ("released", "42000.00")


def test_a10_11_a_bypass_is_borne_by_three(desk):
    """A10-11: only a verified finding is charged: two times 33,333.33 and 33,333.34 for the head of the market dept."""
    desk.now = "2025-10-09 09:00"
    three = {"logistics_specialist_id": desk.employee(LOGISTICS), "warehouse_keeper_id": desk.employee(STORE),
             "market_head_id": desk.employee(MARKET)}  # fmt: skip
    found = {"kind": "no_invoice", "found_on": "2025-10-08", "customer_id": desk.customers[DEALER],
             "amount": "100000.00", "facts": "盘点发现未开票出库"}  # fmt: skip
    row = f"credit_violation/{desk.call(FINANCE, 'POST', 'credit_violation/', 201, **found | three)['id']}"
    assert rules(desk.do(FINANCE, row, "verify", status=422)) == {("evidence", "required")}
    assert desk.call(FINANCE, "GET", "credit_liability/")["result"] == []
    desk.attach(FINANCE, row, "evidence")
    desk.do(FINANCE, row, "verify")
    shares = desk.call(FINANCE, "GET", "credit_liability/")["result"]
    by_person = {share["employee_id"]: share["amount"] for share in shares}
    assert by_person == dict(zip(three.values(), ("33333.33", "33333.33", "33333.34"), strict=True))
    desk.call(MARKET, "PUT", row, 403, amount="1.00")
    told = {"kind": "legal", "violation_id": int(row.split("/")[1]), "reason": "经手人拒不配合", "measure": "notice"}
    legal = f"case_disposition/{desk.call(FINANCE, 'POST', 'case_disposition/', 201, **told)['id']}"
    bare = desk.do(FINANCE, legal, "submit", status=422)
    assert rules(bare) == {(None, "paper")}
    assert {error["clause"] for error in bare["errors"]} == {"1.1.1", "1.1.2"}
    desk.attach(REP, f"customer/{desk.customers[DEALER]}", "opener_id_copy")
    desk.contract()
    desk.do(FINANCE, legal, "submit")
    desk.decide(BOSS, legal)
    assert desk.call(FINANCE, "GET", legal)["opened_on"] == "2025-10-09"


def test_money_pays_the_oldest_and_is_taken_back(desk, portal):
    """4: a receipt pays the oldest first or what finance names; reversed, what is owed rises again."""
    desk.dealer()
    newer = desk.shipped("2025-09-25", "50000.00")
    money = desk.paid("130000.00", "2025-09-28 09:00")
    assert desk.call(CLERK, "GET", desk.unpaid)["status"] == "settled"
    assert desk.call(CLERK, "GET", newer)["paid_amount"] == "10000.00"
    desk.do(FINANCE, money, "reverse", reason="银行退票")
    assert desk.call(CLERK, "GET", desk.unpaid)["status"] == "shipped"
    lines = desk.call(FINANCE, "GET", f"receipt_allocation/?receipt_id__eq={money.split('/')[1]}")["result"]
    assert sorted(line["amount"] for line in lines) == ["-10000.00", "-120000.00", "10000.00", "120000.00"]
    kept = desk.paid("60000.00", "2025-09-28 10:00", prepayment_for="DD-1")
    number = desk.call(CLERK, "GET", newer)["shipment_no"]
    above = desk.do(FINANCE, kept, "pay_chosen", status=422, pay_shipment_no=number, pay_amount="50000.01")
    assert rules(above) == {("pay_amount", "above_owed")}
    desk.do(FINANCE, kept, "pay_chosen", pay_shipment_no=number, pay_amount="50000.00")
    assert desk.call(CLERK, "GET", newer)["status"] == "settled"
    assert desk.call(FINANCE, "GET", kept)["unapplied"] == "10000.00"


def test_an_earlier_year_and_a_bad_debt(desk, portal):
    """1.1.3, 3.1: what an earlier year left unpaid ends the credit; a lost shipment is shared out by rules."""
    desk.eligible()
    old = desk.shipped("2025-12-20", "40000.00")
    desk.shipped("2025-12-28", "90000.00", paid=True)
    desk.submit("1000.00", "2025-12-31 09:00")
    _row, answer = desk.submit("1000.00", "2026-01-01 09:00", 422)
    assert "未授信" in next(error["message"] for error in answer["errors"] if error["rule"] == "within")
    sweep(portal, "credit.daily_sheet", "2026-01-01 00:05")
    day = desk.call(FINANCE, "GET", f"daily_credit/?customer_id__eq={desk.customers[DEALER]}")["result"][0]
    assert (day["eligible"], day["ineligible_reason"], day["credit_limit"]) == (False, ["prior_year"], "0.00")
    year = {"kind": "prior_year", "customer_id": desk.customers[DEALER], "year": 2025}
    row = f"account_reconciliation/{desk.call(FINANCE, 'POST', 'account_reconciliation/', 201, **year)['id']}"
    assert rules(desk.do(FINANCE, row, "confirm", status=422)) == {("unpaid_balance", "cleared")}
    desk.now = "2026-02-10 09:00"
    told = {"shipment_id": int(old.split("/")[1]), "amount": "40000.01", "grounds": "客户倒闭"}
    assert rules(desk.call(FINANCE, "POST", "bad_debt/", 422, **told)) == {("amount", "at_most")}
    debt = f"bad_debt/{desk.call(FINANCE, 'POST', 'bad_debt/', 201, **told | {'amount': '40000.00'})['id']}"
    desk.do(FINANCE, debt, "declare")
    desk.decide(BOSS, debt)
    assert desk.call(CLERK, "GET", old)["status"] == "bad_debt"
    assert rules(desk.do(FINANCE, debt, "allocate", status=422)) == {(None, "shares")}
    for post, percent in (("regional_manager", "10"), ("sales_rep", "20")):
        rule = {"kind": "share", "origin": "within", "bearer": post, "percent": percent, "effective_from": "2026-01-01"}
        desk.call(FINANCE, "POST", "conduct_rule/", 201, **rule)
    desk.do(FINANCE, debt, "allocate")
    shares = desk.call(FINANCE, "GET", "credit_liability/")["result"]
    assert {share["employee_id"]: share["amount"] for share in shares} == {
        desk.employee(REGION): "4000.00", desk.employee(REP): "8000.00",
    }  # fmt: skip


def test_goods_that_come_back_are_always_taken(desk):
    """A return lowers what is owed, also of a customer who is over the limit; taken back, it may not pass it."""
    desk.eligible()
    old = desk.shipped("2025-08-10", "50000.00")
    desk.now = "2025-09-20 09:00"
    assert desk.call(FINANCE, "PUT", old, returned_amount="20000.00")["returned_amount"] == "20000.00"
    assert desk.call(FINANCE, "GET", f"{old}/explain")["credit"]["now"] is None
    refused = desk.call(FINANCE, "PUT", old, 422, returned_amount="50000.01")
    assert rules(refused) == {("returned_amount", "at_most")}
    over = desk.call(FINANCE, "PUT", old, 422, returned_amount="0.00")
    assert "within" in {error["rule"] for error in over["errors"]}
