"""The complaint cases of C16: a promised return visit, the answer before the closing, calls that are passed on."""

from __future__ import annotations

import pytest

from app.core.db import session
from app.engines.people.models import OrgUnit
from app.engines.policy import operations as policy
from tests.scenarios.c11_desk import BLASTING, BOTH, CALLER, CLERK, MANAGER, SALES, Centre, rules
from tests.scenarios.desk import at, sweep

POLICY = "C16"
CALL = {"method": "phone", "measure": "转责任部门跟踪", "outcome": "已告知结果"}


@pytest.fixture
def centre(sign_in) -> Centre:
    return Centre(sign_in, MANAGER)


def visit_of(centre: Centre, case: str) -> str:
    """The latest return visit of a complaint."""
    return f"visit/{centre.lines(CALLER, 'visit', case)[-1]['id']}"


def test_c16_1_the_return_visit_is_promised_when_the_complaint_is_written_down(centre):
    """C16-1: without a time it is refused, nothing is kept; with one it is recorded, and the visit waits."""
    refused = centre.called("2026-03-10 09:12", None, status=422)
    assert rules(refused) == {("promised_visit_at", "required")}
    assert rules(centre.called("2026-03-10 09:12", "2026-03-10T09:12", status=422)) == {("promised_visit_at", "ahead")}
    assert centre.call(MANAGER, "GET", "complaint/")["result"] == []
    assert rules(centre.called("2026-03-10 09:12", "2026-03-11T09:00", status=422, complainant_phone=None)) == {
        ("complainant_phone", "required")
    }
    case = centre.called("2026-03-10 09:12", "2026-03-11T09:00")
    shown = centre.call(MANAGER, "GET", case)
    assert (shown["status"], shown["number"]) == ("recorded", "TSJY-202603-001")
    [visit] = centre.lines(CALLER, "visit", case)
    assert (visit["status"], visit["due_at"][:16]) == ("planned", "2026-03-11T09:00")
    # once made, the promise is not moved by an edit
    centre.call(CLERK, "PUT", case, 422, promised_visit_at="2026-03-20T09:00", row_version=shown["row_version"])


def test_c16_2_the_promise_is_the_deadline_to_the_minute(centre, portal):
    """C16-2: begun at 15:00 it is on time, at 15:01 late; the manager hears of the late one."""
    kept, late = (centre.called("2026-03-10 09:00", "2026-03-10T15:00") for _number in range(2))
    sweep(portal, "deadlines.due", "2026-03-10 14:31")
    assert sweep(portal, "deadlines.due", "2026-03-10 15:00").counts.get("hit", 0) == 0
    first, second = visit_of(centre, kept), visit_of(centre, late)
    centre.do(CALLER, first, "begin", "2026-03-10 15:00:40")
    assert centre.clock(CALLER, first, "promised_visit")["status"] == "met"
    found = sweep(portal, "deadlines.due", "2026-03-10 15:01").counts
    assert (found["hit"], found["climbed"]) == (1, 1)
    centre.do(CALLER, second, "begin", "2026-03-10 15:01")
    clock = centre.clock(CALLER, second, "promised_visit")
    assert (clock["status"], clock["due_at"]) == ("late_met", "2026-03-10T15:00:59+08:00")


def test_c16_4_a_question_that_is_not_answered_is_passed_on(centre):
    """C16-4: the clerk names the technical department; the time of the transfer is kept. The calls are counted."""
    centre.now = "2026-03-10 10:00"
    told = {"contacted_at": "2026-03-10T09:58", "direction": "in", "means": "phone", "outcome": "reached",
            "menu_choice": "advice", "business_line": "blasting", "content": "光面爆破孔距"}  # fmt: skip
    refused = centre.call(CLERK, "POST", "contact_log/", 422, answered_directly=False, **told)
    assert rules(refused) == {("transferred_to", "required")}
    passed = {"answered_directly": False, "transferred_to": "爆破技术部"}
    kept = centre.call(CLERK, "POST", "contact_log/", 201, **passed, **told)
    assert kept["transferred_at"] == "2026-03-10T10:00:00+08:00"
    direct = centre.call(CLERK, "POST", "contact_log/", 201, answered_directly=True, **told)
    assert direct["transferred_at"] is None
    counted = centre.call(MANAGER, "GET", "report/C16.call_statistics?period=2026-03-10")["figures"]["measures"]
    assert (counted["calls"], counted["direct"], counted["passed_on"]) == ("2", "1", "1")


def test_c16_7_no_closing_without_the_answer(centre):
    """C16-7 and the walk: passed on, handled, refused to close, called back, answered, closed."""
    case = centre.called("2026-03-10 09:12", "2026-03-11T09:00")
    assert centre.clock(CLERK, case, "pass_on")["due_at"] == "2026-03-10T11:12:00+08:00"
    centre.call(BLASTING, "GET", case, 404)
    centre.do(CLERK, case, "pass_on", "2026-03-10 09:30")
    assert centre.clock(CLERK, case, "handling")["due_at"] == "2026-03-13T23:59:59+08:00"
    centre.call(SALES, "GET", case, 404)
    centre.do(CLERK, case, "handle", "2026-03-10 16:00", 403, handling_result="x")
    assert rules(centre.do(BLASTING, case, "handle", "2026-03-10 16:00", 422)) == {("handling_result", "required")}
    centre.do(BLASTING, case, "handle", "2026-03-10 16:00", handling_result="调整孔网参数")
    refused = centre.do(MANAGER, case, "close", "2026-03-10 16:05", 422)
    assert rules(refused) == {("answered_at", "return_visit_made")}
    visit = visit_of(centre, case)
    centre.do(CALLER, visit, "begin", "2026-03-11 08:58")
    bare = centre.do(CALLER, visit, "make", "2026-03-11 09:05", 422)
    assert {field for field, _rule in rules(bare)} == {"method", "measure", "outcome", "rating"}
    centre.do(CALLER, visit, "make", "2026-03-11 09:05", rating="yes", **CALL)
    shown = centre.call(MANAGER, "GET", case)
    assert (shown["status"], shown["satisfied"], shown["answered_at"][:16]) == ("answered", True, "2026-03-11T09:05")
    centre.do(CLERK, case, "close", "2026-03-11 10:00", 403)
    assert centre.do(MANAGER, case, "close", "2026-03-11 10:00")["status"] == "closed"
    counted = centre.call(MANAGER, "GET", "report/C16.complaint_statistics?month=2026-03")["figures"]["measures"]
    assert (counted["recorded"], counted["promise_kept"], counted["satisfaction"]) == ("1", "100.00", "100.00")


def test_the_department_is_not_done_when_the_promised_time_comes(centre):
    """4.1B: the caller is told so and promised another call, 24 hours later where no time is named."""
    case = centre.called("2026-03-10 09:00", "2026-03-10T15:00")
    centre.do(CLERK, case, "pass_on", "2026-03-10 09:30")
    visit = visit_of(centre, case)
    centre.do(CALLER, visit, "begin", "2026-03-10 14:50")
    refused = centre.do(CALLER, visit, "make", "2026-03-10 14:55", 422, rating="yes", **CALL)
    assert rules(refused) == {(None, "case_handled")}
    said = {"method": "phone", "outcome": "仍在处理"}
    past = centre.do(CALLER, visit, "promise_again", "2026-03-10 14:55", 422, next_at="2026-03-10T14:00", **said)
    assert rules(past) == {("next_at", "ahead")}
    centre.do(CALLER, visit, "promise_again", "2026-03-10 14:55", **said)
    following = visit_of(centre, case)
    assert following != visit
    assert centre.clock(CALLER, following, "promised_visit")["due_at"] == "2026-03-11T14:55:59+08:00"
    assert centre.call(MANAGER, "GET", case)["promised_visit_at"] == "2026-03-11T14:55:00+08:00"


def test_a_dissatisfied_customer_is_the_managers_decision(centre):
    """4.1: passed on again with a new promise, or closed with the manager's decision; nobody else closes."""
    case = centre.called("2025-09-29 17:00", "2025-10-11T10:00")
    # half an hour is left on Monday, the rest counts from Tuesday 08:30
    assert centre.clock(CLERK, case, "pass_on")["due_at"] == "2025-09-30T10:00:00+08:00"
    centre.do(CLERK, case, "pass_on", "2025-09-29 17:10")
    # 30 September, then 9 and 10 October: the holidays of 1-8 October do not count
    assert centre.clock(CLERK, case, "handling")["due_at"] == "2025-10-10T23:59:59+08:00"
    for round_, answer in enumerate(("return", "approve")):
        day = f"2025-10-1{1 + 2 * round_}"
        centre.do(BLASTING, case, "handle", f"{day} 08:40", handling_result="已处理")
        visit = visit_of(centre, case)
        centre.do(CALLER, visit, "begin", f"{day} 09:50")
        centre.do(CALLER, visit, "make", f"{day} 09:55", rating="no", opinion="不认可", **CALL)
        assert centre.call(MANAGER, "GET", case)["status"] == "dissatisfied"
        values = {"return": {"promised_visit_at": "2025-10-13T10:00"}, "approve": {"manager_decision": "已尽责"}}
        bare = centre.decide(MANAGER, case, f"{day} 10:30", answer, 422, values={}, comment="再查")
        assert bare["errors"]
        centre.decide(MANAGER, case, f"{day} 10:30", answer, values=values[answer], comment="再查")
        shown = centre.call(MANAGER, "GET", case)
        assert shown["status"] == {"return": "passed_on", "approve": "closed"}[answer]
    assert len(centre.lines(MANAGER, "visit", case)) == 2


def test_one_person_may_do_both_until_the_setting_says_no(centre, portal):
    """二.2: at the start one person takes down and calls back; with the setting at no, somebody else calls."""
    case = centre.called("2026-03-10 09:00", "2026-03-10T15:00", who=BOTH)
    centre.do(BOTH, visit_of(centre, case), "begin", "2026-03-10 14:58")
    with portal.app_context(), at("2026-03-10 16:00"):
        unit = session.get_one(OrgUnit, centre.units["JF"])
        policy.set_parameter(unit, "C16", "allow_combined_role", "no", "人手已增")
        session.commit()
        session.remove()
    later = centre.called("2026-03-11 09:00", "2026-03-11T15:00", who=BOTH)
    visit = visit_of(centre, later)
    assert rules(centre.do(BOTH, visit, "begin", "2026-03-11 14:50", 422)) == {(None, "visitor_apart")}
    assert centre.do(CALLER, visit, "begin", "2026-03-11 14:51")["status"] == "calling"
