"""C01: key accounts of a property developer, through REST by its posts; every case of the policy has its test."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.scenarios.c01_desk import (
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
    assert desk.call(SELLER, "GET", c)["area"] == "199.9900"
    assert desk.call(SELLER, "GET", f"{c}/explain")["clocks"] == []
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
    assert (fallen["customer_class"], fallen["to_review"], fallen["status"]) == ("key_account", True, "transfer_pending")
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
    assert BOSS and MONEY
