"""C03, the customer's file: allocation by balanced load, the first contact within a week, daily extracts and updates.

C03-4, -5, -7 and -10 are about return visits, which are no part of the customer's file.
"""

from __future__ import annotations

import re

import pytest

from tests.scenarios.desk import at, sweep
from tests.scenarios.keeping_desk import Department, rules

POLICY = "C03"
SUPERVISOR, A, B, C, KEEPER, MARKET = "zkmeilan", "zkanqi", "zkbeiyu", "zkcenyi", "zkdutao", "zkouyan"


@pytest.fixture
def desk(sign_in, portal) -> Department:
    return Department(sign_in, portal, "C03")


def test_c03_1_and_2_a_week_to_the_first_contact(desk, portal):
    """C03-1: 10 March 23:59:59 is in time, a second later not. C03-2: a try that reached nobody leaves it late."""
    asked = "2026-03-03 16:20"
    first, second, third = (desk.allocated(name, asked, person_id=desk.people[who], override_reason="熟客")
                            for name, who in (("季晨", "安琪"), ("尤佳", "安琪"), ("温雅", "安琪")))  # fmt: skip
    assert desk.row(first)["assignment_no"] == "FP-202603-0001"
    assert desk.clock(first, "first_contact")["due_at"] == "2026-03-10T23:59:59+08:00"
    desk.talk(A, "温雅", "2026-03-06 10:00", "no_answer")
    assert desk.row(third)["status"] == "open"
    desk.talk(A, "季晨", "2026-03-10 23:59:59")
    kept = desk.row(first)
    assert (kept["status"], kept["contact_late"]) == ("contacted", False)
    assert desk.clock(first, "first_contact")["status"] == "met"
    desk.talk(A, "尤佳", "2026-03-11 00:00:00")
    late = desk.row(second)
    assert (late["status"], late["contact_late"]) == ("contacted", True)
    assert desk.clock(second, "first_contact")["status"] == "late_met"
    sweep(portal, "deadlines.due", "2026-03-11 00:10")
    desk.now = "2026-03-11 09:00"
    assert desk.clock(third, "first_contact")["status"] == "breached"
    listed = desk.call(SUPERVISOR, "GET", "report/C03.late_contacts?month=2026-03")["result"]
    assert {row["assignment_no"] for row in listed} == {"FP-202603-0002", "FP-202603-0003"}
    desk.call(B, "GET", first, 404)


def test_c03_8_the_balance_proposes_and_another_needs_a_reason(desk, portal):
    """C03-8: 31.00, 28.33 and 31.11; B is proposed; C needs a reason and is listed as an override."""
    for name, weight, number in (("安琪", "1.00", 30), ("贝瑜", "1.20", 33), ("岑逸", "0.90", 27)):
        desk.keeps(name, number)
        duty = desk.able(name, weight)
    assert rules(desk.able("岑逸", "1.00", 422)) == {("person_id", "unique")}
    assert rules(desk.able("安琪", "2.01", 422)) >= {("capacity_weight", "bounds")}
    facts = {"kind": "specialist", "customer_id": desk.customers["季晨"], "reason": "new"}
    row = desk.add(SUPERVISOR, "customer_assignment", "2026-03-03 10:00", **facts)
    found = desk.row(row)
    assert (found["status"], found["proposed_id"]) == ("proposed", desk.people["贝瑜"])
    assert [line.rpartition(" ")[2] for line in found["balance"].splitlines()] == ["31.00", "28.33", "31.11"]
    chosen = {"person_id": desk.people["岑逸"]}
    assert rules(desk.do(SUPERVISOR, row, "allocate", "2026-03-03 10:10", 422, **chosen)) == {
        ("override_reason", "required"),
    }  # fmt: skip
    strange = desk.do(SUPERVISOR, row, "allocate", "2026-03-03 10:10", 422, person_id=desk.people["欧妍"],
                      override_reason="x")  # fmt: skip
    assert rules(strange) == {("person_id", "post")}
    desk.do(A, row, "allocate", "2026-03-03 10:10", 403, **chosen)
    desk.do(SUPERVISOR, row, "allocate", "2026-03-03 10:10", override_reason="客户要求原专员", **chosen)
    assert desk.row(f"customer/{desk.customers['季晨']}", C)["owner_id"] == desk.people["岑逸"]
    figures = desk.call(SUPERVISOR, "GET", "report/C03.allocation_balance?period=2026-W10")["figures"]["measures"]
    assert (figures["allocated"], figures["overrides"]) == ("1", "1")
    # the most is a bound, and who left is handed over: listed by the sweep, B gets the customer, the old one ends
    full = desk.do(SUPERVISOR, duty, "reweigh", "2026-03-03 11:00", capacity_weight="0.90", max_customers=28)
    assert full["max_customers"] == 28
    again = desk.add(SUPERVISOR, "customer_assignment", "2026-03-03 11:10", **facts | {
        "customer_id": desk.customers["尤佳"]})  # fmt: skip
    crowded = desk.do(SUPERVISOR, again, "allocate", "2026-03-03 11:10", 422, override_reason="x", **chosen)
    assert rules(crowded) == {("person_id", "most")}


def test_the_file_from_the_extract_to_the_archive(desk, portal):
    """一.1 to 二.2: extracts and updates of the day, their summary, stale ones on the board, filing, one leaves."""
    desk.able("安琪", "1.00")
    duty = desk.add(SUPERVISOR, "duty_assignment", "2026-03-06 09:00", kind="material", material_type="会员资料",
                    person_id=desk.people["杜涛"], from_date="2026-03-06")  # fmt: skip
    other = {"kind": "material", "material_type": "会员资料", "person_id": desk.people["安琪"],
             "from_date": "2026-03-06"}  # fmt: skip
    assert rules(desk.add(SUPERVISOR, "duty_assignment", "2026-03-06 09:00", 422, **other)) == {
        ("material_type", "unique"),
    }  # fmt: skip
    # 一.1: an extract of a working day; the next is due on Monday
    told = {"kind": "extract", "sheet_on": "2026-03-06", "new_count": 3, "updated_count": 0, "content": "新办卡"}
    sheet = desk.add(A, "information_sheet", "2026-03-06 17:00", **told)
    assert (desk.row(sheet)["status"], desk.row(sheet)["sheet_no"]) == ("submitted", "XX-202603-0001")
    assert rules(desk.add(A, "information_sheet", "2026-03-06 17:10", 422, **told)) == {("sheet_on", "unique")}
    mine = desk.call(A, "GET", "duty_assignment/")["result"]
    assert [row["due_on"] for row in mine] == ["2026-03-09"]
    # 一.2: the update of the day; nobody else's material; the supervisor sums up
    entry = {"kind": "update", "sheet_on": "2026-03-06", "duty_id": int(duty.partition("/")[2]), "updated_count": 0}
    assert rules(desk.add(A, "information_sheet", "2026-03-06 17:20", 422, **entry))
    desk.add(KEEPER, "information_sheet", "2026-03-06 17:30", **entry)
    assert desk.row(duty)["due_on"] == "2026-03-07"
    summed = {"kind": "summary", "sheet_on": "2026-03-06", "extracts": [int(sheet.partition("/")[2])],
              "analysis": "以新客为主"}  # fmt: skip
    assert ("kind", "post") in rules(desk.add(A, "information_sheet", "2026-03-06 18:00", 422, **summed))
    grade = desk.add(SUPERVISOR, "customer_class", "2026-03-06 18:00", code="A", name="活跃会员")
    desk.call(SUPERVISOR, "PUT", f"customer/{desk.customers['温雅']}", customer_class_id=int(grade.partition("/")[2]))
    summary = desk.row(desk.add(SUPERVISOR, "information_sheet", "2026-03-06 18:10", **summed))
    assert (summary["classified_count"], "活跃会员 1" in summary["class_counts"]) == (1, True)
    assert (desk.row(sheet)["status"], desk.row(sheet)["received_by_id"]) == ("merged", desk.people["梅岚"])
    # the sweep finds what was not entered: the material of Saturday, the extract of Monday
    for day, late in (("2026-03-08", {"material"}), ("2026-03-10", {"material", "capacity"})):
        sweep(portal, "deadlines.due", f"{day} 00:00:01")
        desk.now = f"{day} 09:00"
        board = desk.call(SUPERVISOR, "GET", "report/C03.daily_board?month=2026-03")["result"]
        assert {line["kind"] for line in board} == late
    desk.add(KEEPER, "information_sheet", "2026-03-10 10:00", **entry | {"sheet_on": "2026-03-10"})
    assert desk.clock(duty, "daily_update")["status"] == "running"
    # 二.2: filed by the data keeper
    item = desk.add(KEEPER, "archive_item", "2026-03-10 11:00", title="三月上旬客户信息汇总", contents="汇总表一份")
    assert desk.do(KEEPER, item, "store", "2026-03-10 11:10", location="甲柜")["archive_no"] == "KFGD-2026-0001"
    # a specialist leaves: the customers are listed, one is given to another, the class statistics reach marketing
    row = desk.allocated("季晨", "2026-03-11 09:00", person_id=desk.people["安琪"])
    desk.leaves("安琪")
    hit = sweep(portal, "loyalty.ownerless", "2026-03-11 16:10").counts["hit"]
    desk.now = "2026-03-11 16:20"
    waiting = desk.call(SUPERVISOR, "GET", "customer_assignment/?status=ownerless&size=50")["result"]
    assert len(waiting) == hit == 2
    mine = next(one for one in waiting if one["customer_id"] == desk.customers["季晨"])
    again = f"customer_assignment/{mine['id']}"
    assert desk.clock(again, "transfer_after_leaving")["due_at"] == "2026-03-16T23:59:59+08:00"
    desk.do(SUPERVISOR, again, "allocate", "2026-03-12 09:00", person_id=mine["proposed_id"])
    ended = desk.row(row)
    assert (ended["status"], ended["to_date"]) == ("ended", "2026-03-12")
    sweep(portal, "tasks.open", "2026-04-01 00:10")
    desk.now = "2026-04-01 09:00"
    [kept] = desk.call(SUPERVISOR, "GET", "report_snapshot/?period=2026-03")["result"]
    desk.do(SUPERVISOR, f"report_snapshot/{kept['id']}", "submit", desk.now, evaluation="已阅")
    figures = desk.call(MARKET, "GET", f"kept_report/{kept['id']}")["figures"]["measures"]
    assert (figures["customers"], figures["won"]) == ("5", "0")


def test_all_customers_of_a_keeper_go_over_by_weight(desk):
    """一.3: the bulk hand-over weighs ability too, and an allocation in force goes over with its time."""
    for name, weight in (("安琪", "1.00"), ("贝瑜", "2.00"), ("岑逸", "0.50")):
        desk.able(name, weight)
    row = desk.allocated("季晨", "2026-03-03 10:00", person_id=desk.people["安琪"], override_reason="熟客")
    client = desk.sign_in(SUPERVISOR).client
    body = {"keeper": desk.people["安琪"], "takers": [desk.people["岑逸"], desk.people["贝瑜"]], "reason": "调岗"}
    with at("2026-03-04 10:00"):
        [seen] = re.findall(r'name="seen" value="([^"]*)"', client.post("/handover/", data=body).text)
        assert client.post("/handover/", data=body | {"seen": seen}).status_code == 302
    desk.now = "2026-03-04 10:10"
    assert {desk.row(f"customer/{desk.customers[name]}")["owner_id"] for name in ("罗婉清", "季晨")} == {
        desk.people["贝瑜"],
    }  # fmt: skip
    assert desk.row(row, B)["person_id"] == desk.people["贝瑜"]
    desk.talk(B, "季晨", "2026-03-05 10:00")
    assert (desk.row(row)["status"], desk.clock(row, "first_contact")["status"]) == ("contacted", "met")


def test_the_channels_of_the_file_bind_whoever_calls(desk):
    """一.1, C03-10 for contacts: what the file does not allow is refused; 24 hours or not, an entry stays as it is."""
    facts = {"channels": ["phone", "sms"]}
    desk.call(SUPERVISOR, "PUT", f"customer/{desk.customers['罗婉清']}", **facts)
    answer = desk.talk(A, "罗婉清", "2026-03-03 10:00", status=422, means="email")
    assert rules(answer) == {("means", "channel")}
    entry = desk.talk(A, "罗婉清", "2026-03-03 10:00", means="sms")
    desk.call(A, "PUT", entry, 405, content="改写")
