"""C01: key accounts of a property developer, through REST by its posts; every case of the policy has its test."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.scenarios.c01_desk import (
    ADMIN,
    AFTER,
    BOSS,
    FLOOR,
    HEAD,
    KEEPER,
    MANAGER,
    MONEY,
    OTHER,
    SECOND,
    SELLER,
    Developer,
    rules,
)  # fmt: skip
from tests.scenarios.desk import sweep

POLICY = "C01"


@pytest.fixture
def desk(portal, sign_in) -> Developer:
    return Developer(portal, sign_in)


def test_c01_1_and_2_the_line_is_reached_by_the_sum_at_the_instant(desk, portal):
    """C01-1: 199.99 is ordinary, 200.00 a key account. C01-2: a storage room of 0.01 reaches the line; time begins."""
    a, b = desk.intent("199.99"), desk.intent("200.00")
    plain, key = desk.call(SELLER, "GET", a), desk.call(SELLER, "GET", b)
    assert (plain["key_account"], plain["transfer_status"], plain["status"]) == (False, "not_needed", "received")
    assert (key["key_account"], key["transfer_status"], key["status"]) == (True, "pending", "transfer_pending")
    assert plain["lead_no"] == "YX-202603-0001"
    c = desk.intent()
    desk.unit(c, "1-801", "120.00")
    desk.unit(c, "1-802", "79.99")
    assert desk.call(SELLER, "GET", c)["area"] == "199.99"
    assert not desk.call(SELLER, "GET", f"{c}/explain").get("clocks")
    wrong = desk.call(SELLER, "PUT", c, 422, area="500.00")
    assert rules(wrong) == {("area", "adds_up")}
    desk.now = "2026-03-03 10:00"
    room = desk.unit(c, "B-012", "0.01", use="storage")
    reached = desk.call(SELLER, "GET", c)
    assert (reached["customer_class"], reached["transfer_status"], reached["status"]) == (
        "key_account", "pending", "transfer_pending",
    )  # fmt: skip
    assert reached["reached_at"].startswith("2026-03-03T10:00")
    [clock] = desk.call(SELLER, "GET", f"{c}/explain")["clocks"]
    assert (clock["key"], clock["due_at"]) == ("C01.transfer", "2026-03-04T23:59:59+08:00")
    desk.now = "2026-03-03 11:00"
    desk.call(SELLER, "DELETE", room)
    fallen = desk.call(SELLER, "GET", c)
    assert (fallen["customer_class"], fallen["to_review"], fallen["status"]) == (
        "key_account",
        True,
        "transfer_pending",
    )
    desk.do(FLOOR, b, "correct", reason="误录", status=422)
    desk.do(FLOOR, c, "correct", reason="不要储藏室")
    assert desk.call(SELLER, "GET", c)["transfer_status"] == "not_needed"
    sweep(portal, "deadlines.due", "2026-03-04 00:00")
    desk.now = "2026-03-04 08:00"
    assert desk.call(SELLER, "GET", f"{b}/explain")["clocks"][0]["status"] == "breached"


def test_c01_4_and_5_the_members_of_the_signing_date_share_the_pool(desk):
    """C01-4: 0.2 % and 0.1 % by three, one fen to the lowest number. C01-5: 0.3 % and 0.1 % by seven, four fen."""
    desk.members("DK004", "DK005", "DK006", "DK007", since=dt.date(2026, 4, 1))
    found = desk.assisted("3456789.00", "mortgage", "2026-03-10")
    assert found["lines"] == {
        ("DK011", "consultant"): "6913.58", ("DK001", "pool"): "1152.27", ("DK002", "pool"): "1152.26",
        ("DK003", "pool"): "1152.26",
    }  # fmt: skip
    sheet = found["sheet"]
    assert (sheet["pool_amount"], sheet["total"], sheet["member_count"]) == ("3456.79", "10370.37", 3)
    later = desk.assisted("5000000.00", "one_off", "2026-04-10")
    pool = {number: amount for (number, basis), amount in later["lines"].items() if basis == "pool"}
    assert pool == {f"DK00{n}": "714.29" if n <= 4 else "714.28" for n in range(1, 8)}
    assert later["lines"]["DK011", "consultant"] == "15000.00"
    assert later["sheet"]["pool_amount"] == "5000.00"


def test_c01_7_and_8_outings_are_shared_and_own_customers_are_not(desk):
    """C01-7: an outing of 002 and 005 shares 12,000.01, no pool. C01-8: 004 alone gets 3,000.00 of 0.3 %."""
    desk.now = "2026-03-03 09:00"
    staff = [desk.staff["DK002"], desk.staff["DK005"]]
    outing = desk.add(HEAD, "customer_event", kind="outing", due_on="2026-03-03", regular=True, staff=staff,
                      segment="soho", place="滨江商会")  # fmt: skip
    desk.do(HEAD, outing, "hold_outing", "2026-03-03 17:00", held_at="2026-03-03T14:00", result="获客三组")
    assert desk.call(HEAD, "GET", outing)["event_no"] == "WX-20260303-1"
    lead = desk.intent("120.00", MANAGER, "joint_outing", event_id=int(outing.split("/")[1]))
    assert desk.call(HEAD, "GET", outing)["leads_count"] == 1
    deal = desk.deal(lead, "4000003.33", "mortgage", "2026-03-12")
    joint = desk.sheet(deal)
    assert joint["lines"] == {("DK002", "joint"): "6000.01", ("DK005", "joint"): "6000.00"}
    assert (joint["sheet"]["pool_amount"], joint["sheet"]["total"]) == ("0.00", "12000.01")
    own = desk.intent("300.00", SECOND, "self_developed")
    served = desk.call(SECOND, "GET", own)
    assert (served["status"], served["manager_id"]) == ("in_service", desk.staff["DK004"])
    deal = desk.deal(own, "1000000.00", "mortgage", "2026-03-13", SECOND, developer_id=desk.staff["DK004"])
    alone = desk.sheet(deal)
    assert alone["lines"] == {("DK004", "own"): "3000.00"}
    assert (alone["sheet"]["pool_amount"], alone["sheet"]["sole_id"]) == ("0.00", desk.staff["DK004"])


def test_c01_10_a_file_is_seen_with_permission_and_as_long_as_it_lasts(desk, portal):
    """C01-10: refused and logged before the grant; shown with its number within 24 hours; refused after, expired."""
    lead = desk.intent("260.00")
    desk.handed_over(lead)
    [file] = desk.call(KEEPER, "GET", "customer_profile/")["result"]
    row, number = f"customer_profile/{file['id']}", file["file_no"]
    assert number == "DKH-00001"
    desk.now = "2026-03-10 17:00"
    asked = desk.add(SELLER, "access_request", file_wanted=number, purpose="补办按揭资料")
    desk.do(SELLER, asked, "submit")
    desk.now = "2026-03-11 08:59"
    before = len(desk.looks(row))
    desk.call(SELLER, "GET", row, 404)
    assert desk.looks(row)[before:] == [("view", False, "none", None)]
    desk.now = "2026-03-11 09:00"
    desk.decide(HEAD, asked)
    granted = desk.call(SELLER, "GET", asked)
    assert (granted["status"], granted["access_to"][:16]) == ("granted", "2026-03-12T09:00")
    desk.now = "2026-03-12 08:59"
    assert desk.call(SELLER, "GET", row)["file_no"] == number
    assert desk.looks(row)[-1] == ("view", True, "request", granted["request_no"])
    assert len(desk.call(SELLER, "GET", "customer_profile/")["result"]) == 1
    desk.call(SELLER, "PUT", row, 404, preferences="高层")
    desk.call(OTHER, "GET", row, 404)
    sweep(portal, "privacy.permissions", "2026-03-12 09:00")
    desk.now = "2026-03-12 09:01"
    desk.call(SELLER, "GET", row, 404)
    assert desk.looks(row)[-1] == ("view", False, "none", None)
    assert desk.call(SELLER, "GET", asked)["status"] == "expired"
    assert desk.call(SELLER, "GET", "customer_profile/")["result"] == []
    log = desk.call(HEAD, "GET", "access_log/?of_register=customer_profile&order=id&size=100")["result"]
    named = [(line["_labels"]["account_id"], line["granted"], line["request_no"]) for line in log
             if line["record_id"] == file["id"]]  # fmt: skip
    assert {(SELLER, True, granted["request_no"]), (SELLER, False, None), (OTHER, False, None)} <= set(named)
    assert named[-1] == (SELLER, False, None)
    desk.call(SELLER, "GET", "access_log/", 403)


def test_a_year_in_clause_order(desk, portal):
    """二 to 五: plan, channel, cards, the missed outing, hand-over, file, service, forum, terms, deal, commission."""
    plan = desk.add(HEAD, "customer_plan", kind="development", period="2026", product="SOHO", title="年度规划",
                    positioning="SOHO 客群", segments="商会企业主", objectives="20 组")  # fmt: skip
    desk.do(HEAD, plan, "submit")
    desk.approved(plan, BOSS)
    assert desk.call(HEAD, "GET", plan)["status"] == "approved"
    channel = desk.add(MANAGER, "vendor", name="滨江商会", channel="chamber",
                       person_id=desk.staff["DK002"])  # fmt: skip
    desk.do(MANAGER, channel, "begin")
    card = desk.add(HEAD, "stock_movement", person_id=desk.staff["DK002"], card_title="大客户经理",
                    quantity=2, ordered_on="2026-03-01")  # fmt: skip
    desk.do(HEAD, card, "receive", received_on="2026-03-02")
    assert sweep(portal, "retail.outings", "2026-03-04 00:06").counts["hit"] == 1
    assert sweep(portal, "retail.outings", "2026-03-04 00:07").counts.get("hit", 0) == 0
    assert sweep(portal, "retail.outings", "2025-10-08 00:06").counts.get("hit", 0) == 0
    [missed] = desk.call(HEAD, "GET", "customer_event/?status__eq=missed")["result"]
    assert (missed["event_no"], missed["due_on"]) == ("WX-20260304-1", "2026-03-03")
    _handed_over_and_filed(desk, int(channel.split("/")[1]))
    _served(desk)
    _sold(desk)


def _handed_over_and_filed(desk: Developer, channel: int) -> None:
    desk.now = "2026-03-04 09:00"
    brought = desk.intent("210.00", MANAGER, "channel", vendor_id=channel)
    assert desk.call(MANAGER, "GET", brought)["status"] == "in_service"
    assert desk.call(MANAGER, "GET", f"vendor/{channel}")["leads_count"] == 1
    desk.do(MANAGER, brought, "lose", reason="预算不足")
    desk.lead = desk.intent("260.00", phone="13805710001")
    again = desk.add(OTHER, "sales_lead", 422, origin="walk_in", phone="13805710001", area="1.00")
    assert rules(again) == {("phone", "unique")}
    lead = int(desk.lead.split("/")[1])
    told = {"lead_id": lead, "rooms": "1-801", "area": "260.00", "total": "2600000.00", "payment": "mortgage",
            "signed_on": "2026-03-04", "consultant_id": desk.staff["DK011"]}  # fmt: skip
    deal = desk.add(SELLER, "sales_order", **told)
    assert rules(desk.do(SELLER, deal, "sign", status=422)) == {("lead_id", "not_transferred")}
    waiver = desk.add(SELLER, "customer_assignment", lead_id=lead, waive_reason="老客户")
    desk.do(SELLER, waiver, "ask_waiver")
    desk.decide(FLOOR, waiver, "reject", comment="应转接")
    desk.handed_over(desk.lead)
    served = desk.call(SELLER, "GET", desk.lead)
    assert (served["status"], served["manager_id"]) == ("in_service", desk.staff["DK002"])
    assert rules(desk.do(SELLER, deal, "sign", status=422)) == {("lead_id", "owner")}
    file = desk.call(MANAGER, "GET", "customer_profile/")["result"][0]
    row = f"customer_profile/{file['id']}"
    assert rules(desk.do(MANAGER, row, "complete", status=422)) == {
        ("address", "required"), ("characteristics", "required"), ("preferences", "required"),
    }  # fmt: skip
    clock = desk.call(MANAGER, "GET", f"{row}/explain")["clocks"][0]
    assert clock["due_at"] == "2026-03-09T23:59:59+08:00"
    desk.call(MANAGER, "PUT", row, address="杭州市滨江区", characteristics="果断", preferences="高层、朝南")
    desk.do(MANAGER, row, "complete")
    for who, status in ((HEAD, 200), (KEEPER, 200), (BOSS, 200), (SECOND, 404), (FLOOR, 404), (AFTER, 404)):
        desk.call(who, "GET", row, status)
    desk.call(ADMIN, "GET", row, 403)
    assert desk.call(SECOND, "GET", "customer_profile/")["count"] == 0
    number, stranger = file["file_no"], desk.sign_in(SECOND).client
    customer = f"customer/{desk.customers['DK-0001']}"
    for path in ("customer_profile/", f"lookup/customer_profile?q={number}", f"find?q={number}", customer):
        assert f"/{row}" not in stranger.get(f"/{path}").text, path
    for path in (f"{row}", f"{row}/edit", f"{row}/print", f"api/v1/{row}/explain"):
        assert stranger.get(f"/{path}").status_code == 404, path
    page = desk.sign_in(SELLER).client.get(f"/{row}/print")
    assert page.status_code == 404
    assert desk.sign_in(KEEPER).client.get(f"/{row}/print").status_code == 200
    assert desk.looks(row)[-1][0] == "print"
    desk.call(KEEPER, "DELETE", row, 405)


def _served(desk: Developer) -> None:
    customer = desk.customers["DK-0001"]
    order = desk.add(MANAGER, "work_order", kind="door_service", customer_id=customer, business="mortgage_papers",
                     place="客户公司", appointment_at="2026-03-05T10:00")  # fmt: skip
    desk.do(MANAGER, order, "finish", result="已办妥", satisfaction="satisfied", finished_at="2026-03-04T09:00")
    forum = desk.add(HEAD, "customer_event", kind="forum", title="一季度恳谈会", due_on="2026-03-06")
    desk.do(HEAD, forum, "hold_forum", "2026-03-06 17:00", held_at="2026-03-06T14:00", place="会所",
            guests=[customer], minutes="意见三条", status=200)  # fmt: skip
    [clock] = [c for c in desk.call(HEAD, "GET", f"{forum}/explain")["clocks"] if c["key"] == "C01.forum_cycle"]
    assert clock["due_at"] == "2026-06-06T23:59:59+08:00"
    opinion = desk.add(MANAGER, "customer_opinion", source="forum", kind="suggestion", customer_id=customer,
                       subject="product", content="增加临时停车位", received_at="2026-03-06T15:00")  # fmt: skip
    desk.do(MANAGER, opinion, "reply", result="已列入整改", told_text="已答复")
    assert rules(desk.do(MANAGER, opinion, "close", status=422)) == {("adopted", "required")}
    desk.do(MANAGER, opinion, "close", adopted="yes")
    reward = desk.add(MANAGER, "reward", customer_id=customer, merit="停车建议", grade="gift", amount="500.00")
    desk.do(MANAGER, reward, "submit")
    desk.approved(reward, HEAD, BOSS)
    desk.do(MONEY, reward, "give", given_on="2026-03-06")
    plan = desk.add(
        MANAGER, "customer_plan", kind="service", customer_id=customer, needs="资料代办", measures="专人对接"
    )
    desk.do(MANAGER, plan, "begin")


def _sold(desk: Developer) -> None:
    desk.now = "2026-03-09 09:00"
    customer = desk.customers["DK-0001"]
    terms = desk.add(MANAGER, "payment_plan", customer_id=customer, reason="special_terms", total="2600000.00",
                     instalments="2026-03-10 1300000.00\n2026-06-10 1300000.00", proposed_terms="两期各半",
                     grounds="资金回笼周期", commission_class="one_off")  # fmt: skip
    desk.do(MANAGER, terms, "submit")
    told = {"payment_plan_id": int(terms.split("/")[1]), "consultant_id": desk.staff["DK011"]}
    draft = {"lead_id": int(desk.lead.split("/")[1]), "rooms": "1-801", "area": "260.00", "total": "2600000.00",
             "payment": "special", "signed_on": "2026-03-09"}  # fmt: skip
    deal = desk.add(MANAGER, "sales_order", **draft | told)
    assert rules(desk.do(MANAGER, deal, "sign", status=422)) == {("payment_plan_id", "not_approved")}
    desk.approved(terms, HEAD, MONEY, BOSS)
    desk.do(MANAGER, deal, "sign")
    made = desk.sheet(deal)
    assert (made["sheet"]["payment"], made["sheet"]["own_amount"], made["sheet"]["pool_amount"]) == (
        "one_off", "7800.00", "2600.00",
    )  # fmt: skip
    assert desk.call(MANAGER, "GET", desk.lead)["status"] == "signed"
    desk.approved(made["row"], HEAD, MONEY, BOSS)
    assert desk.call(MONEY, "GET", desk.lead)["status"] == "commissioned"
    own = desk.call(SELLER, "GET", "commission_line/")["result"]
    assert [(line["staff_no"], line["amount"]) for line in own] == [("DK011", "7800.00")]
    desk.do(MONEY, made["row"], "pay", paid_on="2026-03-31")
    assert desk.call(MONEY, "GET", desk.lead)["status"] == "closed"
    desk.do(MONEY, deal, "cancel", "2026-04-20 10:00", reason="客户退房")
    back = desk.call(MONEY, "GET", "commission_sheet/?kind__eq=reversal")["result"][0]
    assert (back["sheet_no"], back["total"], back["status"]) == ("YJ-2026-0002R", "-10400.00", "booked")
    desk.now = "2026-04-21 09:00"
    rate = desk.add(MONEY, "commission_rate", source="self_developed", payment="mortgage", side="developer", rate="0.5",
                    valid_from="2026-05-01")  # fmt: skip
    desk.do(MONEY, rate, "submit")
    desk.approved(rate, MONEY, BOSS)
    desk.now = "2026-05-06 09:00"
    lead = desk.intent("300.00", SECOND, "self_developed")
    deal = desk.deal(lead, "1000000.00", "mortgage", "2026-05-06", SECOND, developer_id=desk.staff["DK004"])
    assert desk.sheet(deal)["lines"] == {("DK004", "own"): "5000.00"}
