"""A05, customer loyalty of a store: VIP classes, the 66 questions, referrals, hand-overs and the month's figures."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.scenarios.a05_desk import (
    BACKUP,
    GUIDE,
    MANAGER,
    OTHER,
    OWNER,
    PLANNER,
    STEWARD,
    TRAINER,
    Store,
    answer_many,
    file_many,
    rules,
)
from tests.scenarios.desk import sweep

POLICY = "A05"


@pytest.fixture
def store(sign_in) -> Store:
    return Store(sign_in)


def test_a05_1_how_much_of_the_profile_is_filled_in(store, portal):
    """A05-1: 33, 65 and 66 of 66 answers; sensitive ones wait for the consent that the data steward confirms."""
    profile = store.add(GUIDE, "customer_profile", "2025-09-02 10:00", customer_id=store.customers["纪雅琴"])
    asked = store.call(GUIDE, "GET", "profile_question/?size=100&order=question_no")["result"]
    plain = [row["id"] for row in asked if not row["sensitive"]]
    sealed = [row["id"] for row in asked if row["sensitive"]]
    assert (len(asked), len(sealed)) == (66, 10)
    number = int(profile.partition("/")[2])

    def answer(question: int, status: int = 201, **told: str):
        facts = {"profile_id": number, "question_id": question, "source": "told_by_customer"}
        return store.add(GUIDE, "profile_answer", store.now, status, **facts | told)

    assert rules(answer(plain[0], 422, answer="  ")) == {("answer", "required")}
    answer_many(portal, number, plain[:32])
    answer(plain[32], answer="已了解")
    assert store.row(profile)["completion"] == "50"
    assert rules(answer(plain[0], 422, answer="再填")) == {("question_id", "unique")}
    assert rules(answer(sealed[0], 422, sealed_answer="花粉过敏")) == {("question_id", "consent")}
    store.do(GUIDE, profile, "ask_consent", "2025-09-02 11:00", reason="顾客本人签署敏感信息同意书")
    store.approve(STEWARD, profile, "2025-09-02 15:00")
    assert rules(answer(sealed[0], 422, answer="花粉过敏")) == {("sealed_answer", "required"), ("answer", "sealed")}
    answer_many(portal, number, plain[33:])
    answer_many(portal, number, sealed[:-2], "sealed_answer")
    answer(sealed[-2], sealed_answer="花粉过敏")
    assert (store.row(profile)["filled_count"], store.row(profile)["completion"]) == (65, "98.5")
    last = answer(sealed[-1], sealed_answer="花粉过敏")
    assert store.row(profile)["completion"] == "100"
    assert "过敏" not in str(store.row(last, MANAGER)["sealed_answer"])
    store.call(OWNER, "GET", profile, 403)
    store.call(OTHER, "GET", profile, 404)
    store.do(STEWARD, profile, "withdraw_consent", "2025-09-03 10:00", reason="顾客撤回同意")
    assert (store.row(profile)["filled_count"], store.row(profile)["sensitive_consent"]) == (56, False)


def test_a05_2_the_thresholds_are_inclusive(store, portal):
    """A05-2: 20,000 / 10,000 / 3,000 and one fen less each; the night proposes, a second night writes nothing."""
    spends = ("20000.00", "19999.99", "10000.00", "9999.99", "3000.00", "2999.99")
    bought = [store.customer(number) for number in range(6)]
    for customer, amount in zip(bought, spends, strict=True):
        store.sell(customer, amount, "2025-09-10 15:00")
    sweep(portal, "loyalty.customers", "2025-09-11 01:20")
    store.now = "2025-09-11 10:00"
    found = [store.row(store.grade(customer))["computed_class"] for customer in bought]
    assert found == ["a", "b", "b", "c", "c", "d"]
    assert sweep(portal, "loyalty.customers", "2025-09-12 01:20").counts["hit"] == 0
    store.refer(store.customer(7), bought[3], "2025-09-12 10:00")
    store.sell(store.customer(8, referred_by_id=bought[1]), "100.00", "2025-09-12 11:00")
    sweep(portal, "loyalty.customers", "2025-09-13 01:20")
    lifted = [store.row(store.grade(bought[place]))["computed_class"] for place in (1, 3)]
    assert lifted == ["a", "c"], "a referral lifts one class once the new customer has bought"


def test_a05_4_and_5_the_lines_of_the_month(store, portal):
    """A05-4: 60 and 59 of 100 by referral; A05-5: 0.2000 meets one fifth, 0.2001 is above; the owner reads both."""
    guide, unit, referrer = store.people["贺霞"], store.units["LF-DP"], store.customers["纪雅琴"]
    for month, referred, spent in ((9, 60, "20000.00"), (10, 59, "20010.00")):
        file_many(portal, guide, unit, 100, first_deal_on=lambda n, m=month: dt.date(2025, m, 15),
                  referred_by_id=lambda n, r=referred: referrer if n < r else None)  # fmt: skip
        when = f"2025-{month:02}-20"
        for purpose, amount, heads in (("retention", spent, 100), ("acquisition", "50000.00", 50)):
            facts = {"purpose": purpose, "amount": amount, "headcount": heads, "spent_on": when}
            store.add(MANAGER, "expense_record", f"{when} 10:00", **facts)
    found = {}
    for month, opened in (("2025-09", "2025-10-01"), ("2025-10", "2025-11-01")):
        sweep(portal, "tasks.open", f"{opened} 00:10")
        store.now = f"{opened} 09:40"
        rows = store.call(MANAGER, "GET", f"report_snapshot/?period={month}")["result"]
        [kept] = [row for row in rows if row["report"] == "A05.loyalty_month"]
        found[month] = store.call(MANAGER, "GET", f"kept_report/{kept['id']}")["figures"]
        store.do(MANAGER, f"report_snapshot/{kept['id']}", "submit", store.now, evaluation="已阅")
    september, october = found["2025-09"], found["2025-10"]
    assert (september["measures"]["referral_share"], september["lines"]["referral_share"]["holds"]) == ("60.00", True)
    assert (october["measures"]["referral_share"], october["lines"]["referral_share"]["holds"]) == ("59.00", False)
    assert (september["measures"]["cost_ratio"], september["lines"]["cost_ratio"]["holds"]) == ("20.00", True)
    assert (october["measures"]["cost_ratio"], october["lines"]["cost_ratio"]["holds"]) == ("20.01", False)
    for amount, ratio in (("20000", "0.2000"), ("20010", "0.2001")):
        facts = {"retention_amount": amount, "retention_customers": 100, "acquisition_amount": "50000",
                 "customers_won": 50}  # fmt: skip
        told = store.call(OWNER, "POST", "policy/A05/calculate", 200, calculation="cost_ratio", facts=facts)
        assert told["amount"] == ratio
    assert store.call(OWNER, "GET", f"kept_report/{kept['id']}")["figures"]["measures"]["new_customers"] == "100"
    store.call(OWNER, "GET", "customer/", 403)


def test_a05_7_a_vip_of_class_a_has_two_guides(store, portal):
    """A05-7: class A without a backup guide is refused, class C accepted; the backup is not taken away again."""
    rich, small = store.customers["纪雅琴"], store.customers["卫晓燕"]
    store.sell(rich, "20000.00", "2025-09-10 15:00")
    store.sell(small, "3000.00", "2025-09-10 15:00", OTHER)
    sweep(portal, "loyalty.customers", "2025-09-11 01:20")
    refused = store.decide(rich, "2025-09-11 10:00", "a", 422)
    assert rules(refused) == {("decided_class", "backup")}
    assert store.decide(small, "2025-09-11 10:00", "c")["status"] == "decided"
    store.call(BACKUP, "GET", f"customer/{rich}", 404)
    store.edit(GUIDE, f"customer/{rich}", "2025-09-11 10:30", backup_id=store.people["田蓓"])
    assert rules(store.decide(rich, "2025-09-11 11:00", "b", 422)) == {("adjust_reason", "required")}
    store.decide(rich, "2025-09-11 11:00", "a")
    row = store.row(f"customer/{rich}", BACKUP)
    assert (row["vip_class"], row["is_vip"]) == ("a", True)
    assert "20,000.00" in row["class_reason"]
    for taken in (None, store.people["贺霞"]):
        answer = store.edit(GUIDE, f"customer/{rich}", "2025-09-11 12:00", 422, backup_id=taken)
        assert rules(answer) == {("backup_id", "backup")}
    assert store.edit(OTHER, f"customer/{small}", "2025-09-11 12:00", backup_id=None)


def test_a05_8_customers_of_a_guide_who_left(store, portal):
    """A05-8: listed on 30 September, due on 11 October (a make-up working day); transferred one by one."""
    leaver, unit = store.people["邬月"], store.units["LF-DP"]
    file_many(portal, leaver, unit, 11, first_deal_on=lambda n: dt.date(2025, 9, 1))
    store.edit(TRAINER, f"employee/{leaver}", "2025-09-30 16:00", active=False)
    assert sweep(portal, "loyalty.ownerless", "2025-09-30 16:10").counts["hit"] == 12
    assert sweep(portal, "loyalty.ownerless", "2025-09-30 16:20").counts.get("hit", 0) == 0
    store.now = "2025-09-30 17:00"
    listed = store.call(MANAGER, "GET", "report/A05.guide_change")["result"]
    rows = store.call(MANAGER, "GET", "customer_assignment/?status=ownerless&size=50&order=id")["result"]
    assert (len(listed), len(rows)) == (12, 12)
    first = f"customer_assignment/{rows[0]['id']}"
    assert store.clock(first, "transfer_after_leaving")["due_at"] == "2025-10-11T23:59:59+08:00"
    facts = {"person_id": store.people["罗绮"], "notes": "偏好电话联系"}
    store.do(OTHER, first, "hand_over", "2025-10-09 10:00", 404, **facts)
    bare = store.do(MANAGER, first, "hand_over", "2025-10-09 10:00", 422, person_id=store.people["罗绮"])
    assert ("notes", "required") in rules(bare)
    strange = store.do(MANAGER, first, "hand_over", "2025-10-09 10:00", 422, person_id=store.people["史钰"], notes="无")
    assert rules(strange) == {("person_id", "post")}
    store.do(MANAGER, first, "hand_over", "2025-10-09 10:00", **facts)
    assert store.row(f"customer/{rows[0]['customer_id']}", OTHER)["owner_id"] == store.people["罗绮"]
    assert store.clock(first, "transfer_after_leaving")["status"] == "met"
    sweep(portal, "deadlines.due", "2025-10-12 00:00:01")
    store.now = "2025-10-12 09:00"
    second = f"customer_assignment/{rows[1]['id']}"
    assert store.clock(second, "transfer_after_leaving")["status"] == "breached"
    assert len(store.call(MANAGER, "GET", "report/A05.guide_change")["result"]) == 11


def test_a05_10_no_self_referral_and_no_circle(store, portal):
    """A05-10: a new customer who recommends himself is refused, and so is whatever closes a circle, however long."""
    one, two, three = (store.customer(number) for number in (1, 2, 3))
    assert rules(store.refer(one, one, "2025-09-02 10:00", 422)) == {("referrer_id", "self_referral")}
    store.refer(two, one, "2025-09-02 10:00")
    assert rules(store.refer(one, two, "2025-09-02 10:10", 422)) == {("referrer_id", "circular_referral")}
    row = store.refer(three, two, "2025-09-02 10:20")
    assert rules(store.refer(one, three, "2025-09-02 10:30", 422)) == {("referrer_id", "circular_referral")}
    assert store.row(f"customer/{three}")["referred_by_id"] == two
    store.do(GUIDE, row, "verify", "2025-09-02 11:00", 403)
    store.do(MANAGER, row, "reject", "2025-09-02 11:00", reason="顾客自行到店")
    assert store.row(f"customer/{three}")["referred_by_id"] is None
    assert store.refer(one, three, "2025-09-02 11:30")


def test_the_policy_from_its_first_sentence_to_its_last(store, portal):
    """引言 to 5: referral, approach, sale, survey, class, profile, concern, contact, activity, training, hand-over."""
    # 引言: a customer recommends another; the manager verifies it
    old, new = store.customers["沈若兰"], store.customer(1)
    store.do(MANAGER, store.refer(new, old, "2025-09-02 10:00"), "verify", "2025-09-02 11:00")
    # 1: an approach, the purchase that followed, its satisfaction
    approach = store.add(GUIDE, "sales_lead", "2025-09-02 15:00", kind="approach", customer_id=new, buyer="new",
                         sold=True, came_at="2025-09-02T15:00")  # fmt: skip
    assert store.row(approach)["status"] == "noted"
    early = store.add(GUIDE, "sales_order", "2025-09-02 15:00", 422, customer_id=new, total="1.00", goods="袜子",
                      selling="single", sold_at="2025-09-02T16:00")  # fmt: skip
    assert ("sold_at", "not_future") in rules(early)
    sale = store.row(store.sell(new, "3600.00", "2025-09-02 16:00"))
    assert (sale["order_no"], sale["first_purchase"]) == ("20250902-0001", True)
    store.sell(old, "9000.00", "2025-09-02 17:00", selling="upsell")
    asked = {"customer_id": new, "surveyed_on": "2025-09-03", "score": 59}
    survey = store.add(GUIDE, "survey_response", "2025-09-03 10:00", **asked)
    assert (store.row(survey)["below_floor"], store.row(f"customer/{new}")["satisfaction"]) == (True, "59")
    # 2: the night proposes B for C's money and a referral; the manager decides once there is a second guide
    sweep(portal, "loyalty.customers", "2025-09-04 01:20")
    assert store.row(store.grade(old))["computed_class"] == "b"
    store.edit(GUIDE, f"customer/{old}", "2025-09-04 10:00", backup_id=store.people["田蓓"], channels=["phone"])
    rating = store.grade(old)
    store.decide(old, "2025-09-04 10:30", "b")
    assert store.row(rating)["few_channels"] is True
    store.edit(GUIDE, f"customer/{old}", "2025-09-04 10:40", channels=["phone", "wechat"])
    assert store.row(rating)["few_channels"] is False
    assert store.clock(rating, "vip_review")["due_at"] == "2025-12-04T23:59:59+08:00"
    assert store.clock(rating, "vip_contact")["due_at"] == "2025-10-04T23:59:59+08:00"
    session = store.add(TRAINER, "training_session", "2025-09-05 10:00", topic="顾客沟通", held_on="2025-09-05",
                        participants=[store.people["贺霞"]])  # fmt: skip
    store.do(TRAINER, session, "hold", "2025-09-05 18:00", result="全员通过", score=92)
    # 3 and 4: a concern of the customer is due in three working days
    care = store.add(GUIDE, "visit_task", "2025-09-05 19:00", kind="complaint", customer_id=new, content="袖口起球")
    assert store.clock(care, "complaint_followup")["due_at"] == "2025-09-10T23:59:59+08:00"
    store.do(GUIDE, care, "finish", "2025-09-08 10:00", result="已换新")
    # 5: contact moves the limit; whoever is not reached in time becomes a care task, once
    talk = {"customer_id": old, "direction": "out", "means": "phone", "outcome": "reached", "content": "问候",
            "contacted_at": "2025-09-20T10:00"}  # fmt: skip
    store.add(GUIDE, "contact_log", "2025-09-20 10:05", **talk)
    assert store.clock(rating, "vip_contact")["due_at"] == "2025-10-20T23:59:59+08:00"
    sweep(portal, "deadlines.due", "2025-10-21 00:00:01")
    assert sweep(portal, "loyalty.at_risk", "2025-10-21 01:40").counts["hit"] == 1
    assert sweep(portal, "loyalty.at_risk", "2025-10-22 01:40").counts.get("hit", 0) == 0
    store.now = "2025-10-22 09:40"
    [risk] = store.call(GUIDE, "GET", "visit_task/?kind=at_risk")["result"]
    assert (risk["customer_id"], risk["due_on"]) == (old, "2025-10-28")
    assert [row["id"] for row in store.call(MANAGER, "GET", "report/A05.vip_late")["result"]]
    store.add(GUIDE, "contact_log", "2025-10-22 10:00", **talk | {"contacted_at": "2025-10-22T09:50"})
    assert store.clock(rating, "vip_contact")["status"] == "running"
    sweep(portal, "tasks.open", "2025-11-01 00:10")
    store.now = "2025-11-03 10:00"
    [planned] = store.call(PLANNER, "GET", "customer_event/?period=2025-11")["result"]
    event = f"customer_event/{planned['id']}"
    assert store.clock(event, "activity_regular")["due_at"] == "2025-11-30T23:59:59+08:00"
    store.do(PLANNER, event, "hold", "2025-11-15 18:00", held_at="2025-11-15T15:00", channels=["store", "wechat"],
             invited=30, attended=18, cost="2400.00")  # fmt: skip
    # 5: the customer goes to another guide, with the manager's word; class and care go along
    given = store.add(GUIDE, "customer_assignment", "2025-11-17 10:00", customer_id=old, mode="one_to_one",
                      reason="transfer", person_id=store.people["罗绮"], notes="")  # fmt: skip
    assert rules(store.do(GUIDE, given, "propose", "2025-11-17 10:10", 422)) == {("notes", "field_rule")}
    store.do(GUIDE, given, "propose", "2025-11-17 10:10", notes="喜欢素色，周末到店")
    store.approve(MANAGER, given, "2025-11-17 11:00")
    assert store.row(f"customer/{old}", OTHER)["owner_id"] == store.people["罗绮"]
    assert store.row(rating, OTHER)["owner_id"] == store.people["罗绮"]
    store.call(GUIDE, "GET", f"customer/{old}", 404)
    # 2: before three months are over the night puts the class up again
    sweep(portal, "loyalty.customers", "2025-11-21 01:20")
    store.decide(old, "2025-11-21 10:00", "b")
    assert store.row(rating)["status"] == "replaced"
    assert store.row(f"customer/{old}")["standing"] == "new"
