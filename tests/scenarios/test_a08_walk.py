"""A08 from the call to the closing as its posts take it, what each may see, and what comes of it."""

from __future__ import annotations

import pytest

from tests.scenarios.a08_desk import (
    BOARD,
    BOARD_OFFICE,
    CENTRE,
    DESK,
    DEVELOPER,
    FIRST,
    GM_OFFICE,
    LEADER,
    OFFICE,
    OTHER,
    PERSONNEL,
    WORKS,
    WORKS_HEAD,
    Property,
)  # fmt: skip
from tests.scenarios.desk import sweep

POLICY = "A08"


@pytest.fixture
def home(sign_in) -> Property:
    return Property(sign_in)


def test_a_daily_matter_with_two_departments_from_the_call_to_the_closing(home):
    """Items 1, 2, 4, 5 and 8: done when both departments are; not passed goes back; closed when all is told."""
    case, works = home.dispatched("2025-09-10 09:00", "2025-09-11T18:00", "YT-EN", "YT-SE")
    shown = home.row("complaint", case, FIRST)
    assert (shown["case_no"], shown["status"]) == ("CP-YT01-20250910-001", "dispatched")
    guard = home.lines("case_transfer", case)[1]["id"]
    assert home.row("case_transfer", works)["transfer_no"] == "DP-20250910-001"
    home.as_(WORKS).call("GET", f"case_transfer/{guard}", 404)
    home.do(WORKS, "case_transfer", works, "accept", "2025-09-10 09:30")
    assert home.row("complaint", case)["status"] == "working"
    for who, transfer in ((WORKS, works), ("haoguoqing", guard)):
        if who != WORKS:
            home.do(who, "case_transfer", transfer, "accept", "2025-09-10 10:00")
        assert home.row("complaint", case)["status"] == "working"
        home.do(who, "case_transfer", transfer, "finish", "2025-09-10 11:00", finished_at="2025-09-10T10:30")
        fed = home.do(who, "case_transfer", transfer, "feed_back", "2025-09-10 12:30", work_done="完成")
        assert fed["feedback_in_time"] is True
    assert home.row("complaint", case)["status"] == "done"
    check = home.lines("complaint_verification", case)[0]["id"]
    home.do(CENTRE, "complaint_verification", check, "fail", "2025-09-10 14:00", findings="仍有异响",
            redo_by="2025-09-11T12:00")
    assert home.row("complaint", case)["status"] == "working"
    assert home.clock("case_transfer", works, "finish_dispatch")["due_at"] == "2025-09-11T12:00:00+08:00"
    for who, transfer in ((WORKS, works), ("haoguoqing", guard)):
        home.do(who, "case_transfer", transfer, "finish", "2025-09-11 09:00", finished_at="2025-09-11T08:59")
        late = home.do(who, "case_transfer", transfer, "feed_back", "2025-09-11 10:59:01", work_done="再次处理")
        assert late["feedback_in_time"] is False
    [visit] = home.lines("visit", case)
    assert visit["due_at"] == "2025-09-15T23:59:59+08:00"
    check = home.lines("complaint_verification", case)[1]["id"]
    home.do(CENTRE, "complaint_verification", check, "pass", "2025-09-11 11:00", findings="合格")
    home.step(CENTRE, case, "close", "2025-09-11 11:05", 422)
    values = {"visited_at": "2025-09-11T14:00", "method": "phone", "satisfied": True}
    home.do(CENTRE, "visit", visit["id"], "make", "2025-09-11 14:05", **values)
    early = home.step(CENTRE, case, "close", "2025-09-11 14:10", 422)
    assert (early["errors"][0]["rule"], early["errors"][0]["clause"]) == ("first_contact_told", "5; 8")
    told = home.lines("complaint_step", case)[0]["id"]
    home.do(CENTRE, "complaint_step", told, "tell", "2025-09-11 14:15", text="已办妥")
    home.do(OTHER, "complaint_step", told, "acknowledge", "2025-09-11 14:16", 404)
    home.do(FIRST, "complaint_step", told, "acknowledge", "2025-09-11 14:20")
    assert home.step(CENTRE, case, "close", "2025-09-11 14:30")["status"] == "closed"
    assert {row["status"] for row in home.lines("case_transfer", case)} == {"settled"}
    home.now = "2025-09-11 15:00"
    clocks = home.as_(CENTRE).call("GET", f"complaint/{case}/explain")["clocks"]
    assert {clock["status"] for clock in clocks} == {"met"}


def test_a_department_that_is_not_concerned_sends_the_dispatch_back(home):
    case, transfer = home.dispatched("2025-09-10 09:00", "2025-09-11T18:00")
    home.do(WORKS, "case_transfer", transfer, "decline", "2025-09-10 09:10", reason="属保洁范围")
    assert home.row("complaint", case)["status"] == "at_desk"
    times = {"finish_by": "2025-09-11T18:00", "reply_by": "2025-09-11T12:00"}
    past = home.step(DESK, case, "dispatch", "2025-09-11 18:00", 422, dispatch_to=[home.units["YT-GR"]], **times)
    assert {problem["field"] for problem in past["errors"]} == {"finish_by", "reply_by"}
    home.step(DESK, case, "dispatch", "2025-09-10 09:30", dispatch_to=[home.units["YT-GR"]], **times)
    assert [row["status"] for row in home.lines("case_transfer", case)] == ["returned", "sent"]


def test_a_customer_who_is_not_content_begins_again(home):
    case = home.verified("2025-09-10 10:00:00")
    visit = home.lines("visit", case)[0]["id"]
    values = {"visited_at": "2025-09-10T11:00", "method": "visit", "satisfied": False}
    bare = home.do(CENTRE, "visit", visit, "make", "2025-09-10 11:05", 422, **values)
    assert bare["errors"][0]["field"] == "opinion"
    home.do(CENTRE, "visit", visit, "make", "2025-09-10 11:05", opinion="仍有异响", **values)
    again = home.step(CENTRE, case, "reopen", "2025-09-10 11:30", reason="顾客反映未解决")
    assert (again["status"], again["satisfied"]) == ("at_desk", None)
    assert home.clock("complaint", case, "dispatch")["due_at"] == "2025-09-10T23:30:00+08:00"


def test_an_emergency_goes_up_only_as_far_as_it_must(home):
    """Item 6: what the office can solve stays there; each level alone hands it up."""
    case = home.emergency("2025-09-10 02:00:00", "urgent_repair")
    home.step(DESK, case, "notify", "2025-09-10 02:02", notified_units=[home.units["YT-EN"]])
    home.as_(BOARD).call("GET", f"complaint/{case}", 404)
    home.step(LEADER, case, "report_up", "2025-09-10 02:03", 403, handed_up="x")
    home.step(OFFICE, case, "take_on_office", "2025-09-10 02:04")
    assert home.clock("complaint", case, "report_to_leader")["status"] == "met"
    future = home.step(OFFICE, case, "finish_office", "2025-09-10 05:00", 422, finished_at="2025-09-10T05:01")
    assert future["errors"][0]["field"] == "finished_at"
    done = home.step(OFFICE, case, "finish_office", "2025-09-10 05:00", finished_at="2025-09-10T04:50")
    assert done["status"] == "done"
    assert home.lines("complaint_verification", case)[0]["kind"] == "centre"
    assert home.lines("visit", case)[0]["kind"] == "return_visit"
    assert home.lines("written_report", case) == []


def test_who_sees_what(home):
    """Permissions: own cases, own dispatches, own project, no personnel records for the developer."""
    case, transfer = home.dispatched("2025-09-10 09:00", "2025-09-11T18:00")
    assert home.row("complaint", case, FIRST)["complainant"] != "冯玉梅"
    assert home.row("complaint", case, OFFICE)["id"] == home.row("complaint", case, WORKS)["id"] == case
    for who in (OTHER, "wanxiulan", "tianyuzhen", DEVELOPER, BOARD):
        home.as_(who).call("GET", f"complaint/{case}", 404)
    home.as_("tianyuzhen").call("GET", f"case_transfer/{transfer}", 404)
    for slug in ("sanction", "reward"):
        assert home.as_(DEVELOPER).call("GET", f"{slug}/")["result"] == []
    home.now = "2025-09-10 10:00"
    note = {"complaint_id": case, "text": "已询问前台，配件明日到货"}
    made = home.as_(FIRST).call("POST", "complaint_step/", 201, **note)
    assert (made["kind"], made["status"]) == ("progress_check", "noted")
    home.as_(OTHER).call("POST", "complaint_step/", 422, **note)


def test_a_sanction_is_weighed_by_people_and_decided_by_personnel(home):
    """Item 10: one of the five grades; the head, then personnel; then the person sees it."""
    day = "2025-09-10 10:00"
    home.now = day
    people = home.as_(CENTRE).call("GET", "employee/?size=100")["result"]
    worker = next(row["id"] for row in people if row["name"] == "乔振宇")
    told = {"employee_id": worker, "harm": "conflict_worsened", "fault_text": "拒不配合"}
    wrong = home.as_(CENTRE).call("POST", "sanction/", 422, grade="reprimand_1", **told)
    assert (wrong["errors"][0]["field"], wrong["errors"][0]["rule"]) == ("grade", "choice")
    made = home.as_(CENTRE).call("POST", "sanction/", 201, grade="demerit", **told)
    form = home.as_(CENTRE).page("/sanction/add")
    assert "记大过" in form
    assert "小过一次" not in form
    assert (made["sanction_no"], made["conversion_fine"]) == ("WYCF-2025-001", "0.00")
    home.do(CENTRE, "sanction", made["id"], "submit", day)
    home.do(PERSONNEL, "sanction", made["id"], "approve", day, 403)
    home.approve(WORKS_HEAD, "sanction", made["id"], day)
    home.as_(WORKS).call("GET", f"sanction/{made['id']}", 404)
    home.approve(PERSONNEL, "sanction", made["id"], day)
    assert home.row("sanction", made["id"], WORKS)["status"] == "approved"


def test_the_week_and_the_month_are_counted_evaluated_and_sent_to_three(home, portal):
    """Item 9: due on the first and the third working day; for the two offices and the developer."""
    home.verified("2025-09-24 10:00:00")
    home.at_desk("2025-09-25 10:00", nature="unreasonable")
    sweep(portal, "tasks.open", "2025-09-29 00:10")
    sweep(portal, "tasks.open", "2025-10-01 00:10")
    home.now = "2025-10-09 09:00"
    found = home.as_(CENTRE).call("GET", "report_snapshot/")["result"]
    due = {(row["report"], row["period"]): row["due_at"][:10] for row in found}
    assert due["A08.weekly_report", "2025-W39"] == "2025-09-29"
    assert due["A08.monthly_report", "2025-09"] == "2025-10-11"
    week = next(row for row in found if row["period"] == "2025-W39")
    bare = home.do(CENTRE, "report_snapshot", week["id"], "submit", "2025-10-09 09:00", 422)
    assert bare["errors"][0]["field"] == "evaluation"
    home.do(CENTRE, "report_snapshot", week["id"], "submit", "2025-10-09 09:00", evaluation="平稳")
    for who in (BOARD_OFFICE, GM_OFFICE, DEVELOPER):
        copies = home.as_(who).call("GET", "delivery_receipt/")["result"]
        assert [copy["copy_no"] for copy in copies] != []
        assert home.row("report_snapshot", week["id"], who)["evaluation"] == "平稳"
    listed = home.as_(LEADER).call("GET", "report/A08.weekly_complaints?month=2025-09", 403)
    assert listed["errors"] or listed["message"]
    listed = home.as_(CENTRE).call("GET", "report/A08.monthly_complaints?month=2025-09")
    assert {group["count"] for group in listed["groups"]} == {1}
