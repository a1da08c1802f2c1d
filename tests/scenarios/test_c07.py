"""C07, complaints at the front desk: the complaint cases of its cases, its limits, and a walk in clause order, by REST.

C07-8 is about release slips, which are no part of the complaints.
"""

from __future__ import annotations

import pytest

from tests.scenarios.c07_desk import CLEANING, DESK, ENGINEERS, FEES, HEAD, OTHER_DESK, VEHICLES, WORKER, FrontDesk
from tests.scenarios.desk import sweep

POLICY = "C07"
VALID = ["record", "judge_kind", "judge_dept", "take_supervisor", "lead_solve", "return_visit"]
TALK = ["record", "confirm_id", "check_fee", "notify_or_answer", "return_visit"]


@pytest.fixture
def desk(sign_in) -> FrontDesk:
    return FrontDesk(sign_in)


def test_c07_1_and_2_kinds_and_the_order_of_the_steps(desk):
    """C07-1: cleaning is valid, help is communicative. C07-2: no step 4 before step 3."""
    monday = "2026-03-09 09:00"
    case = desk.typed(monday, "cleaning")
    talk = desk.typed(monday, "help", room_no="2-0803")
    assert [desk.row(row)["complaint_kind"] for row in (case, talk)] == ["valid", "communicative"]
    assert [step[1] for step in desk.steps(talk)] == TALK
    assert desk.steps(case) == [(n, name, "done" if n < 3 else "open") for n, name in enumerate(VALID, 1)]
    refused = desk.do(DESK, case, "go_on_site", monday, 422)["errors"][0]
    assert (refused["rule"], refused["clause"]) == ("steps_in_order", "一(1)")
    assert "3" in refused["message"]
    assert desk.do(DESK, talk, "answer", monday, 422, answer="x")["errors"][0]["clause"] == "一(2)"
    wrong = desk.department(case, monday, 422, who="沈波")
    assert wrong["errors"][0]["rule"] == "supervisor_in_post"
    desk.department(case, monday)
    assert desk.steps(case)[2] == (3, "judge_dept", "done")


def test_c07_4_a_talk_that_does_not_content_becomes_valid(desk):
    """C07-4: six new steps on the day of the visit, the five old ones stay; the head confirms."""
    case = desk.answered("2026-03-09 10:00")
    bare = desk.do(DESK, f"visit/{desk.lines('visit', case)[0]['id']}", "make", "2026-03-10 10:00", 422,
                   visited_at="2026-03-10T10:00", method="phone", satisfied=False)  # fmt: skip
    assert bare["errors"][0]["field"] == "opinion"
    desk.visit(case, "2026-03-10 10:00", satisfied=False)
    row = desk.row(case)
    assert (row["status"], row["complaint_kind"], row["escalated_from"]) == ("escalated", "valid", True)
    assert row["escalated_at"] == "2026-03-10T10:00:00+08:00"
    steps = desk.steps(case)
    assert steps[:5] == [(n, name, "done") for n, name in enumerate(TALK, 1)]
    assert steps[5:] == [(n, name, "open") for n, name in enumerate(VALID, 1)]
    assert desk.lines("complaint_step", case)[3]["text"] == "已约维修"
    desk.approve(HEAD, case, "2026-03-10 11:00")
    assert desk.row(case)["status"] == "typed"
    assert [state for _n, _name, state in desk.steps(case)[5:]] == ["done", "done", "open", "open", "open", "open"]
    desk.department(case, "2026-03-10 11:30")
    assert desk.clock(case, "on_site")["due_at"] == "2026-03-10T13:30:00+08:00"


def test_c07_5_the_return_visit_across_a_weekend(desk, portal):
    """C07-5: handled on Friday, due Monday 23:59:59; late on Tuesday, told to the head, and not to be closed."""
    case = desk.solved("2026-03-06 15:00")
    visit = f"visit/{desk.lines('visit', case)[0]['id']}"
    assert desk.row(visit)["due_at"] == "2026-03-09T23:59:59+08:00"
    sweep(portal, "deadlines.due", "2026-03-09 23:59:59")
    assert desk.clock(visit, "return_visit")["status"] == "running"
    sweep(portal, "deadlines.due", "2026-03-10 00:10")
    desk.now = "2026-03-10 08:30"
    assert desk.clock(visit, "return_visit")["status"] == "breached"
    late = desk.call(HEAD, "GET", "report/C07.late_visits?month=2026-03")["result"]
    assert [row["complaint_id"] for row in late] == [int(case.split("/")[1])]
    desk.do(HEAD, case, "close", "2026-03-10 08:31", 422)
    desk.visit(case, "2026-03-10 09:00", satisfied=True)
    assert desk.clock(visit, "return_visit")["status"] == "late_met"
    assert desk.do(HEAD, case, "close", "2026-03-10 09:30")["status"] == "closed"


def test_c07_7_no_promise_before_the_head_confirmed_it(desk):
    """C07-7: an answer with a promise is refused until the head confirms; a refused one is taken out."""
    day = "2026-03-09 10:00"
    case = desk.typed(day, "help")
    desk.do(DESK, case, "confirm_identity", day, identity_confirmed=True)
    desk.do(DESK, case, "check_fees", day, in_arrears=True)
    words = {"answer": "明日上门", "promised": True, "promise": "明日九点前修好"}
    refused = desk.do(DESK, case, "answer", day, 422, **words)["errors"][0]
    assert (refused["field"], refused["rule"], refused["clause"]) == ("promised", "promise_confirmed", "一(2)④")
    desk.do(DESK, case, "put_promise", day, promise="明日九点前修好")
    desk.do(DESK, case, "answer", day, 422, **words)
    desk.approve(HEAD, case, day, "reject", comment="配件未到")
    row = desk.row(case)
    assert (row["status"], row["promised"], row["promise"]) == ("judged", False, None)
    desk.do(DESK, case, "put_promise", day, promise="明日九点前修好")
    desk.approve(HEAD, case, "2026-03-09 10:30")
    assert desk.row(case)["promise_confirmed_at"] == "2026-03-09T10:30:00+08:00"
    other = words | {"promise": "今天修好"}
    assert desk.do(DESK, case, "answer", "2026-03-09 10:40", 422, **other)["errors"][0]["rule"] == "promise_confirmed"
    assert desk.do(DESK, case, "answer", "2026-03-09 10:40", **words)["status"] == "handled"
    arrears = desk.call(FEES, "GET", "report/C07.units_arrears?month=2026-03")["result"]
    assert [line["room_no"] for line in arrears] == ["3-1201"]


def test_c07_10_at_the_place_within_two_hours(desk):
    """C07-10: judged at 09:00; 11:00:00 is in time, 11:00:01 late and listed to the head."""
    for came, ended in (("2026-03-09 11:00:00", "met"), ("2026-03-09 11:00:01", "late_met")):
        case = desk.typed("2026-03-09 08:50", "cleaning", room_no=came)
        desk.department(case, "2026-03-09 09:00")
        assert desk.clock(case, "on_site")["due_at"] == "2026-03-09T11:00:00+08:00"
        desk.do(DESK, case, "go_on_site", came)
        assert desk.clock(case, "on_site")["status"] == ended
    late = desk.call(HEAD, "GET", "report/C07.late_steps?month=2026-03")["result"]
    assert [row["room_no"] for row in late] == ["2026-03-09 11:00:01"]


def test_recording_within_thirty_minutes_and_answering_within_a_working_day(desk):
    """Limits of the steps ① and ④: the half hour counts from the call, the working day skips the weekend."""
    for recorded, ended in (("2026-03-06 10:30:00", "met"), ("2026-03-06 10:30:01", "late_met")):
        case = desk.taken("2026-03-06 10:00", room_no=recorded)
        assert desk.clock(case, "record")["due_at"] == "2026-03-06T10:30:00+08:00"
        desk.do(DESK, case, "judge", "2026-03-06 10:10", 422, sub_kind="consult")
        desk.do(DESK, case, "record", recorded)
        assert desk.clock(case, "record")["status"] == ended
    desk.do(DESK, case, "judge", "2026-03-06 11:00", sub_kind="consult")
    desk.do(DESK, case, "confirm_identity", "2026-03-06 11:00", identity_confirmed=True)
    desk.do(DESK, case, "check_fees", "2026-03-06 11:00", in_arrears=False)
    assert desk.clock(case, "answer")["due_at"] == "2026-03-09T23:59:59+08:00"
    desk.do(DESK, case, "answer", "2026-03-09 23:59:59", answer="已说明")
    assert desk.clock(case, "answer")["status"] == "met"
    known = desk.call(HEAD, "GET", f"{valid(desk)}/explain")["clocks"]
    assert {one["key"] for one in known} == {"C07.record", "C07.on_site"}
    letter = desk.taken("2026-03-06 10:00", channel="letter")
    assert "clocks" not in desk.call(HEAD, "GET", f"{letter}/explain")


def valid(desk: FrontDesk) -> str:
    """A valid complaint whose department is known."""
    case = desk.typed("2026-03-06 10:00", "vehicle")
    desk.department(case, "2026-03-06 10:00", unit="WY-CL", who="沈波")
    return case


def test_a_doubtful_complaint_and_a_promise_at_the_place(desk):
    """The head judges anew: the other list begins, no answer is owed any more; a promise waits at the place too."""
    day = "2026-03-09 10:00"
    case = desk.typed(day, "vent")
    desk.do(DESK, case, "reclassify", day, 403, sub_kind="maintenance", reason="设备确有故障")
    desk.do(HEAD, case, "reclassify", "2026-03-09 10:30", sub_kind="maintenance", reason="设备确有故障")
    assert desk.row(case)["complaint_kind"] == "valid"
    assert [state for _n, _name, state in desk.steps(case)[:6]] == ["done", *["dropped"] * 4, "done"]
    assert desk.clock(case, "answer")["status"] == "met"
    desk.department(case, day, unit="WY-GC", who="冯健")
    desk.do(DESK, case, "go_on_site", "2026-03-09 11:00")
    desk.do(ENGINEERS, case, "put_promise_on_site", "2026-03-09 11:10", promise="周五前更换")
    desk.approve(HEAD, case, "2026-03-09 11:20")
    assert desk.row(case)["status"] == "on_site"
    words = {"answer": "已报修", "promised": True, "promise": "周五前更换"}
    assert desk.do(ENGINEERS, case, "solve", "2026-03-09 11:30", **words)["status"] == "handled"


def test_the_same_matter_again_within_thirty_days_is_valid(desk):
    """The second complaint of a room about one matter is valid, and the earlier talk is not settled."""
    first = desk.answered("2026-02-07 10:00")
    number = desk.row(first)["number"]
    again = desk.taken("2026-03-09 10:00")
    desk.do(DESK, again, "record", "2026-03-09 10:00")
    refused = desk.do(DESK, again, "judge", "2026-03-09 10:01", 422, sub_kind="help")["errors"][0]
    assert refused["field"] == "repeats_id"
    assert number in refused["message"]
    linked = {"sub_kind": "help", "repeats_id": int(first.split("/")[1])}
    desk.do(DESK, again, "judge", "2026-03-09 10:02", **linked)
    row, earlier = desk.row(again), desk.row(first)
    assert (row["complaint_kind"], row["repeated"]) == ("valid", True)
    assert (earlier["status"], earlier["complaint_kind"]) == ("escalated", "valid")
    assert desk.lines("visit", first)[0]["status"] == "dropped"
    assert desk.steps(first)[4] == (5, "return_visit", "dropped")
    other = desk.taken("2026-03-10 10:00")
    desk.do(DESK, other, "record", "2026-03-10 10:00")
    desk.do(DESK, other, "judge", "2026-03-10 10:00", sub_kind="help", other_matter=True)
    assert desk.row(other)["complaint_kind"] == "communicative"
    late = desk.typed("2026-04-10 10:00", "help", room_no="3-1201")
    assert desk.row(late)["complaint_kind"] == "communicative"


def test_a_walk_in_the_order_of_the_clauses(desk, portal):
    """一(1): six steps by their people, numbers, who sees what, and the month's figures."""
    case = desk.typed("2026-03-09 09:00", "cleaning")
    for who in (CLEANING, WORKER, VEHICLES):
        desk.call(who, "GET", case, 404)
    desk.department(case, "2026-03-09 09:10")
    assert desk.row(case, WORKER)["complainant"] != "杜丽华"
    desk.call(VEHICLES, "GET", case, 404)
    desk.do(CLEANING, case, "go_on_site", "2026-03-09 09:40")
    desk.do(DESK, case, "solve", "2026-03-09 10:00", 403, answer="x")
    solved = desk.do(CLEANING, case, "solve", "2026-03-09 11:00", answer="已清运")
    assert (solved["number"], solved["status"]) == ("TS-20260309-01", "handled")
    desk.do(OTHER_DESK, case, "come_back", "2026-03-09 11:05", 403, reason="x")
    desk.visit(case, "2026-03-09 16:00", satisfied=False)
    assert desk.row(case)["status"] == "visited"
    desk.do(HEAD, case, "redo", "2026-03-09 16:10", reason="仍有异味")
    desk.department(case, "2026-03-09 16:20")
    desk.do(DESK, case, "go_on_site", "2026-03-09 16:40")
    desk.do(CLEANING, case, "solve", "2026-03-09 17:00", answer="再次清洗")
    desk.visit(case, "2026-03-10 09:00", satisfied=True)
    assert desk.do(HEAD, case, "close", "2026-03-10 09:30")["status"] == "closed"
    assert {state for _n, _name, state in desk.steps(case)} == {"done"}
    assert [row["visit_no"] for row in desk.lines("visit", case)] == ["HF-202603-001", "HF-202603-002"]
    talk = desk.answered("2026-03-10 10:00", room_no="1-0101")
    desk.do(HEAD, talk, "come_back", "2026-03-10 15:00", reason="业主再次来前台")
    assert desk.row(talk)["complaint_kind"] == "valid"
    sweep(portal, "tasks.open", "2026-04-01 00:10")
    desk.now = "2026-04-01 09:00"
    kept = {row["report"]: row for row in desk.call(HEAD, "GET", "report_snapshot/")["result"]}
    assert kept["C07.complaints_month"]["due_at"] == "2026-04-08T23:59:59+08:00"
    figures = desk.call(HEAD, "GET", f"kept_report/{kept['C07.complaints_month']['id']}")["figures"]
    assert {m: figures["measures"][m] for m in ("received", "valid", "upgraded")} == {
        "received": "2", "valid": "2", "upgraded": "1"}  # fmt: skip


def test_figures_of_the_calculators(desk):
    """57 of 60 visited are 95.0 %, 4 of 50 that became valid are 8.0 %."""
    for key, inputs, result in (
        ("visit_rate", {"visited_complaints": 57, "handled_complaints": 60}, "95.00"),
        ("upgrade_rate", {"upgraded_complaints": 4, "communicative_complaints": 50}, "8.00"),
    ):
        found = desk.call(HEAD, "POST", "policy/C07/calculate", calculation=key, facts=inputs)
        assert found["amount"] == result
