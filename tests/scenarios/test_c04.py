"""C04, the customer's file of a bank: who has a right to a manager, the average of deposits, shares, hand-over.

C04-5, -7, -8 and -10 are about grades and appointments, which are no part of the customer's file.
"""

from __future__ import annotations

import pytest

from tests.scenarios.desk import sweep
from tests.scenarios.keeping_desk import Bank, rules

POLICY = "C04"
HEAD, M1, M2, CLERK, BOOKS, BRANCH = "yhluqi", "yhmengze", "yhningyue", "yhouyang", "yhpanrui", "yhkongming"


@pytest.fixture
def bank(sign_in, portal) -> Bank:
    return Bank(sign_in, portal)


def test_c04_1_and_2_the_line_of_500_000(bank, portal):
    """C04-1: 499,999.99 is not enough, 500,000.00 is. C04-2: a loan alone is enough as well."""
    first, second, third, _fourth = bank.ids
    bank.now = "2026-04-01 09:00"
    for customer, told, right in (
        (first, {"loan_balance": "0.00", "daily_avg_deposit": "499999.99"}, False),
        (second, {"loan_balance": "0.00", "daily_avg_deposit": "500000.00"}, True),
        (third, {"loan_balance": "500000.00", "daily_avg_deposit": "0.00"}, True),
    ):
        bank.call(HEAD, "PUT", f"customer/{customer}", **told)
        assert bank.row(f"customer/{customer}")["eligible"] is right
    assert sweep(portal, "keeping.eligibility", "2026-04-02 01:50").counts["hit"] == 1, "the fourth"
    assert sweep(portal, "keeping.eligibility", "2026-04-03 01:50").counts.get("hit", 0) == 0


def test_c04_4_one_day_moves_the_average_across_the_line(bank, portal):
    """C04-4: 10 days at 700,000 and 21 at 400,000 are 496,774.19; with 11 days 506,451.61; dollars by their rate."""
    bank.averages_by("month")
    customer = bank.ids[0]
    for day, amount in (("2026-03-01", "400000.00"), ("2026-03-22", "700000.00")):
        row = bank.balance(customer, day, amount)
    bank.call(BOOKS, "PUT", row, amount="700000.00")
    sweep(portal, "keeping.eligibility", "2026-03-31 23:00")
    found = bank.row(f"customer/{customer}")
    assert (found["daily_avg_deposit"], found["eligible"]) == ("496774.19", False)
    assert rules(bank.balance(customer, "2026-03-22", "1.00", 422)) == {("balance_on", "unique")}
    assert rules(bank.balance(customer, "2026-03-21", "1.00", 422, currency="USD")) == {("rate", "required")}
    bank.balance(customer, "2026-03-21", "700000.00")
    sweep(portal, "keeping.eligibility", "2026-03-31 23:30")
    found = bank.row(f"customer/{customer}")
    assert (found["daily_avg_deposit"], found["eligible"]) == ("506451.61", True)
    dollars = bank.balance(customer, "2026-03-31", "30000.00", currency="usd", rate="7.2")
    assert (bank.row(dollars, BOOKS)["amount_cny"], bank.row(dollars, BOOKS)["currency"]) == ("216000.00", "USD")
    bank.call(CLERK, "GET", dollars, 403)


def test_assignments_shares_exceptions_and_a_manager_who_leaves(bank, portal):
    """第二、三、九条: managers at the front only, shares of 100 per cent, an exception, five working days anew."""
    first = bank.ids[0]
    bank.now = "2026-03-02 09:30"
    bank.call(HEAD, "PUT", f"customer/{first}", loan_balance="800000.00")
    row = bank.entered(first, "2026-03-02 10:00")
    assert bank.row(row)["proposed_id"] == bank.people["孟泽"], "both keep none: the lower staff number"
    clerk = bank.do(HEAD, row, "assign", "2026-03-02 10:05", 422, person_id=bank.people["欧阳"])
    assert rules(clerk) == {("person_id", "post")}
    early = bank.entered(first, "2026-03-02 10:06", kind="co_manager", share_percent="40")
    alone = bank.do(HEAD, early, "join", "2026-03-02 10:07", 422, person_id=bank.people["宁玥"])
    assert rules(alone) == {("kind", "first")}
    bank.do(HEAD, row, "assign", "2026-03-02 10:10", person_id=bank.people["孟泽"])
    assert (bank.row(row)["share_percent"], bank.row(row)["assignment_no"]) == ("100", "GH-202603-0001")
    bank.call(M2, "GET", f"customer/{first}", 404)
    whole = bank.do(HEAD, early, "join", "2026-03-02 10:20", 422, person_id=bank.people["宁玥"], share_percent="100")
    assert rules(whole) == {("share_percent", "total")}
    bank.do(HEAD, early, "join", "2026-03-02 10:20", person_id=bank.people["宁玥"], share_percent="40")
    assert (bank.row(row)["share_percent"], bank.row(early)["share_percent"]) == ("60", "40")
    assert bank.call(M2, "GET", f"customer/{first}")["owner_id"] == bank.people["孟泽"]
    # 第九条一: below the line only by an exception that the head approves
    won = bank.add(M2, "customer", "2026-03-03 09:00", customer_no="YHT-1", name="云岭文创有限公司", side="buyer",
                   country="CN", opened_on="2026-03-03")  # fmt: skip
    small = int(won.partition("/")[2])
    below = bank.entered(small, "2026-03-03 09:00", who=M2)
    refused = bank.do(HEAD, below, "assign", "2026-03-03 09:10", 422, person_id=bank.people["宁玥"])
    assert rules(refused) == {("customer_id", "eligible")}
    bank.do(M2, below, "ask_exception", "2026-03-03 09:20", exception_reason="成长型客户")
    bank.approve(HEAD, below, "2026-03-03 10:00")
    bank.do(HEAD, below, "assign", "2026-03-03 10:10", person_id=bank.people["宁玥"])
    assert bank.row(f"customer/{small}")["exception_reason"] == "成长型客户"
    # 第三条: the manager leaves the front; listed, due in five working days, assigned anew with the share that is left
    bank.leaves("孟泽")
    assert sweep(portal, "loyalty.ownerless", "2026-03-04 16:10").counts["hit"] == 1
    bank.now = "2026-03-04 17:00"
    [listed] = bank.call(HEAD, "GET", "customer_assignment/?status=ownerless")["result"]
    anew = f"customer_assignment/{listed['id']}"
    assert bank.clock(anew, "transfer_after_leaving")["due_at"] == "2026-03-11T23:59:59+08:00"
    figures = bank.call(BRANCH, "GET", "report/C04.assignment_statistics?month=2026-03")["figures"]["measures"]
    assert (figures["eligible"], figures["without"], figures["exceptions"]) == ("1", "1", "1")
    bank.do(HEAD, early, "end", "2026-03-05 09:00", reason="转为主办")
    bank.do(HEAD, anew, "assign", "2026-03-05 09:10", person_id=bank.people["宁玥"])
    assert (bank.row(anew)["share_percent"], bank.row(row)["status"]) == ("100", "ended")
    told = {"calculation": "shared_customer", "facts": {"result_amount": "1000000.00", "share_percent": "60"}}
    assert bank.call(HEAD, "POST", "policy/C04/calculate", 200, **told)["amount"] == "600000.00"
