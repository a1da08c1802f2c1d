"""A08, complaints of a property-management company: through REST as its posts, in the order of its clauses."""

from __future__ import annotations

import pytest

from tests.scenarios.a08_desk import (
    BOARD,
    CENTRE,
    DESK,
    DEVELOPER,
    FIRST,
    FIVE,
    HEAD,
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


def test_a08_1_a_day_to_the_desk_whatever_the_holiday(home):
    """A08-1: heard 17:00:00, told 17:00:00 the next day is in time, a second later is late."""
    for told, ended in (("2025-10-01 17:00:00", "met"), ("2025-10-01 17:00:01", "late_met")):
        case = home.heard("2025-09-30 17:00:00")
        home.step(FIRST, case, "feed_back", told)
        clock = home.clock("complaint", case, "feed_back")
        assert (clock["status"], clock["due_at"]) == (ended, "2025-10-01T17:00:00+08:00")


def test_a08_2_twelve_hours_to_the_department(home):
    """A08-2: received 20:30, dispatched 08:30:00 is in time, a second later is late."""
    for sent, ended in (("2025-10-01 08:30:00", "met"), ("2025-10-01 08:30:01", "late_met")):
        case = home.at_desk("2025-09-30 20:30")
        times = {"finish_by": "2025-10-02T12:00", "reply_by": "2025-10-02T12:00"}
        home.step(DESK, case, "dispatch", sent, dispatch_to=[home.units["YT-EN"]], **times)
        assert home.clock("complaint", case, "dispatch")["status"] == ended


@pytest.mark.parametrize(("fed_back", "due"), [
    ("2025-09-26 15:00:00", "2025-09-29"), ("2025-09-30 16:00:00", "2025-10-10"), ("2025-10-10 09:00:00", "2025-10-13"),
])  # fmt: skip
def test_a08_4_the_visit_is_due_in_two_working_days(home, fed_back, due):
    """A08-4: make-up workdays count, the holiday does not."""
    visit = home.lines("visit", home.done(fed_back))[0]
    assert visit["due_at"] == f"{due}T23:59:59+08:00"
    assert visit["counted_from"].startswith(fed_back.replace(" ", "T"))


def test_a08_5_three_minutes_to_the_departments(home, portal):
    """A08-5: reported 02:10:00, told 02:13:00 is in time, a second later is late; the sweep alarms in that minute."""
    for told, ended in (("2025-10-02 02:13:00", "met"), ("2025-10-02 02:13:01", "late_met")):
        case = home.emergency("2025-10-02 02:10:00", "urgent_repair")
        home.step(DESK, case, "notify", told, notified_units=[home.units["YT-EN"], home.units["YT-SE"]])
        assert home.clock("complaint", case, "urgent_notify")["status"] == ended
        assert [row["kind"] for row in home.lines("case_transfer", case)] == ["urgent", "urgent"]
    late = home.emergency("2025-10-02 02:10:00", "urgent_repair")
    assert sweep(portal, "deadlines.due", "2025-10-02 02:13:00").counts["hit"] == 0
    found = sweep(portal, "deadlines.due", "2025-10-02 02:14:00").counts
    assert (found["hit"], found["climbed"]) == (1, 1)
    assert sweep(portal, "deadlines.due", "2025-10-02 02:14:01").counts["hit"] == 0
    assert home.clock("complaint", late, "urgent_notify")["status"] == "breached"


def test_a08_7_ten_minutes_to_the_board_and_two_days_for_the_report(home):
    """A08-7: the leader hears at 02:17:00; 02:27:00 and 02:17:00 two days later are in time, a second later is late."""
    for second, ended in (("00", "met"), ("01", "late_met")):
        phoned, reported = f"2025-10-02 02:27:{second}", f"2025-10-04 02:17:{second}"
        case = home.emergency("2025-10-02 02:10:00")
        home.step(DESK, case, "notify", "2025-10-02 02:12:00", notified_units=[home.units["YT-EN"]])
        home.step(OFFICE, case, "report_up", "2025-10-02 02:17:00", handed_up="无法解决")
        assert home.clock("complaint", case, "report_to_leader")["status"] == "met"
        home.step(LEADER, case, "report_board", phoned, handed_up="无法协调")
        assert home.clock("complaint", case, "report_to_board")["status"] == ended
        office, company = home.lines("written_report", case)
        assert (office["kind"], office["due_at"]) == ("office", "2025-10-03T02:12:00+08:00")
        assert company["due_at"] == "2025-10-04T02:17:00+08:00"
        home.do(LEADER, "written_report", company["id"], "submit_board", reported, content="情况报告")
        assert home.clock("written_report", company["id"], "company_written_report")["status"] == ended


def test_a08_8_both_verify_within_eight_hours(home):
    """A08-8: 16:40:00 and 17:00:00 are in time, 17:00:01 is late; the visit is due on the tenth in all three."""
    for signed, ended in (("16:40:00", "met"), ("17:00:00", "met"), ("17:00:01", "late_met")):
        case = home.with_board("2025-10-01 08:00:00")
        home.step(BOARD, case, "decide_board", "2025-10-01 08:30:00", board_decision="由发展商加固")
        home.step(LEADER, case, "finish_board", "2025-10-01 09:00:00", finished_at="2025-10-01T09:00:00")
        check = home.lines("complaint_verification", case)[0]
        assert (check["kind"], check["due_at"]) == ("joint", "2025-10-01T17:00:00+08:00")
        home.approve(DEVELOPER, "complaint_verification", check["id"], "2025-10-01 10:00:00")
        assert home.row("complaint", case)["status"] == "done"
        home.approve(CENTRE, "complaint_verification", check["id"], f"2025-10-01 {signed}")
        assert home.row("complaint", case)["status"] == "verified"
        assert home.clock("complaint_verification", check["id"], "joint_verification")["status"] == ended
        check = home.row("complaint_verification", check["id"])
        assert None not in (check["outside_verifier_id"], check["property_verifier_id"])
        assert check["outside_verifier_id"] != check["property_verifier_id"]
        visit = home.lines("visit", case)[0]
        assert (visit["kind"], visit["due_at"]) == ("joint_visit", "2025-10-10T23:59:59+08:00")


def test_a08_10_two_hours_for_word_to_the_first_contact(home):
    """A08-10: co-ordination finished 18:00, told 20:00:00 is in time, a second later is late."""
    for told, ended in (("2025-09-29 20:00:00", "met"), ("2025-09-29 20:00:01", "late_met")):
        step = home.lines("complaint_step", home.verified("2025-09-29 18:00:00"))[0]
        assert step["due_at"] == "2025-09-29T20:00:00+08:00"
        home.do(CENTRE, "complaint_step", step["id"], "tell", told, text="已处理完毕")
        assert home.clock("complaint_step", step["id"], "feedback_first_contact")["status"] == ended


def test_a08_11_a_bonus_needs_the_department_and_the_board(home):
    """A08-11: refused while the board has not agreed, granted when both have."""
    day = "2025-09-10 10:00"
    home.now = day
    people = home.as_(CENTRE).call("GET", "employee/?size=100")["result"]
    worker = next(row["id"] for row in people if row["name"] == "乔振宇")
    told = {"employee_id": worker, "grade": "bonus", "merit": "连夜抢修"}
    reward = home.as_(CENTRE).call("POST", "reward/", 201, **told)["id"]
    bare = home.do(CENTRE, "reward", reward, "submit", day, 422)
    assert (bare["errors"][0]["field"], bare["errors"][0]["clause"]) == ("amount", "10")
    home.now = day
    version = home.row("reward", reward)["row_version"]
    home.as_(CENTRE).call("PUT", f"reward/{reward}", 200, amount="800.00", row_version=version)
    home.do(CENTRE, "reward", reward, "submit", day)
    refused = home.do(PERSONNEL, "reward", reward, "grant", day, 422)
    assert [problem["field"] for problem in refused["errors"]] == ["department_agreed", "board_agreed"]
    home.approve(WORKS_HEAD, "reward", reward, day)
    refused = home.do(PERSONNEL, "reward", reward, "grant", day, 422)
    assert [(p["field"], p["clause"]) for p in refused["errors"]] == [("board_agreed", "10")]
    home.as_(WORKS).call("GET", f"reward/{reward}", 404)
    home.approve(BOARD, "reward", reward, day)
    assert home.do(PERSONNEL, "reward", reward, "grant", day)["status"] == "granted"
    assert home.row("reward", reward, WORKS)["amount"] == "800.00"


def test_nothing_goes_on_before_the_five_data_are_there(home):
    home.now = "2025-09-10 10:00"
    case = home.as_(FIRST).call("POST", "complaint/", 201, title="投诉", nature="major")["id"]
    for key in ("feed_back", "raise_at_once"):
        refused = home.step(FIRST, case, key, "2025-09-10 10:01", 422)
        missing = {problem["field"] for problem in refused["errors"]}
        assert missing == {"project_id", "complainant", "complainant_address", "complainant_phone", "content"}
    assert set(FIVE) - missing == {"received_at", "title"}
    home.as_(OTHER).call("GET", f"complaint/{case}", 404)


def test_a_delay_is_told_within_two_hours_and_the_customer_hears_of_it(home):
    """Item 4: counted from the receipt; from the dispatch while the department keeps silent."""
    for accepted, told, in_time in (
        ("12:00:00", "14:00:00", True), ("12:00:00", "14:00:01", False),
        (None, "11:00:00", True), (None, "11:00:01", False),
    ):  # fmt: skip
        case, transfer = home.dispatched("2025-09-10 09:00:00", "2025-09-10T18:00")
        if accepted:
            home.do(WORKS, "case_transfer", transfer, "accept", f"2025-09-10 {accepted}")
        why = {"delay_reason": "objective", "delay_explanation": "等配件"}
        early = home.do(WORKS, "case_transfer", transfer, "delay", f"2025-09-10 {told}", 422,
                        new_finish_by="2025-09-10T17:00", **why)
        assert early["errors"][0]["field"] == "new_finish_by"
        row = home.do(WORKS, "case_transfer", transfer, "delay", f"2025-09-10 {told}",
                      new_finish_by="2025-09-12T18:00", **why)
        assert row["delay_in_time"] is in_time
        assert home.row("complaint", case)["status"] == "delayed"
        assert home.clock("case_transfer", transfer, "finish_dispatch")["due_at"] == "2025-09-12T18:00:00+08:00"
        home.do(DESK, "case_transfer", transfer, "tell_customer", "2025-09-10 15:00")
        assert home.row("complaint", case)["status"] == "working"


def test_an_unreasonable_matter_is_explained_then_the_head_comes_forward(home):
    """Item 3."""
    case = home.at_desk("2025-09-10 10:00", nature="unreasonable")
    told = {"judgement": "超出合同约定", "explained_at": "2025-09-10T10:30", "explanation_accepted": False}
    home.step(DESK, case, "explain", "2025-09-10 10:40", 403, **told)
    home.step(CENTRE, case, "explain", "2025-09-10 10:40", **told)
    refused = home.step(CENTRE, case, "close_explained", "2025-09-10 10:50", 422)
    assert (refused["errors"][0]["rule"], refused["errors"][0]["clause"]) == ("accepted_or_head", "3; 8")
    home.step(HEAD, case, "come_forward", "2025-09-10 11:00", explanation_outcome="面谈后表示理解")
    assert home.step(CENTRE, case, "close_explained", "2025-09-10 11:10")["status"] == "closed"
