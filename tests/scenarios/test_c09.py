"""C09, complaints and supervision notes of a company that finances its sales, by REST.

C09-1, -2, -4, -5, -7 and -8 are about schemes, budgets and posts, which are no part of the complaints.
"""

from __future__ import annotations

import pytest

from tests.scenarios.c07_desk import LEADER, MANAGER, OTHER_SUPPORT, SUPPORT, TEAM, Service
from tests.scenarios.desk import sweep

POLICY = "C09"


@pytest.fixture
def service(sign_in) -> Service:
    return Service(sign_in)


def test_c09_10_the_hours_run_through_the_weekend(service, portal):
    """C09-10: received on Friday at 16:00; Saturday 16:00:00 is in time, 16:00:01 late and listed to the manager."""
    for answered, ended in (("2026-03-07 16:00:00", "met"), ("2026-03-07 16:00:01", "late_met")):
        case = service.registered("2026-03-06 16:00")
        assert service.clock(case, "complaint_reply")["due_at"] == "2026-03-07T16:00:00+08:00"
        service.do(SUPPORT, case, "answer", answered, answer="已协调补货")
        assert service.clock(case, "complaint_reply")["status"] == ended
    late = service.call(MANAGER, "GET", "report/C09.late_answers?month=2026-03")["result"]
    assert [row["number"] for row in late] == ["KS-2026-002"]


def test_a_complaint_from_receipt_to_the_satisfied_customer(service, portal):
    """一.4.1: the answer, the satisfaction, the manager when the customer is not content, and the month's figures."""
    case = service.registered("2026-03-09 09:00")
    service.call(TEAM, "GET", case, 403)
    service.do(OTHER_SUPPORT, case, "answer", "2026-03-09 10:00", 422)
    assert service.do(OTHER_SUPPORT, case, "take_over", "2026-03-09 10:00")["handler_id"] == service.people["白婷"]
    service.do(OTHER_SUPPORT, case, "answer", "2026-03-09 11:00", answer="已说明")
    bare = service.do(SUPPORT, case, "ask", "2026-03-09 15:00", 422, satisfied=False)
    assert bare["errors"][0]["field"] == "opinion"
    referred = service.do(SUPPORT, case, "ask", "2026-03-09 15:00", satisfied=False, opinion="未说明原因")
    assert referred["status"] == "dissatisfied"
    service.do(SUPPORT, case, "answer_again", "2026-03-09 15:30", 403, answer="x")
    service.do(MANAGER, case, "answer_again", "2026-03-09 16:00", answer="经理已当面说明")
    assert service.do(SUPPORT, case, "ask", "2026-03-10 09:00", satisfied=True)["status"] == "closed"
    sweep(portal, "tasks.open", "2026-04-01 00:10")
    service.now = "2026-04-01 09:00"
    [kept] = service.call(MANAGER, "GET", "report_snapshot/")["result"]
    figures = service.call(MANAGER, "GET", f"kept_report/{kept['id']}")["figures"]["measures"]
    assert (figures["received"], figures["in_time"], figures["satisfaction_rate"]) == ("1", "100.00", "100.00")
    service.do(MANAGER, f"report_snapshot/{kept['id']}", "submit", "2026-04-01 09:10", evaluation="平稳")
    assert service.row(f"report_snapshot/{kept['id']}", LEADER)["evaluation"] == "平稳"


def test_a_supervision_note_from_its_issue_to_the_verification(service, portal):
    """二(一)7: due on its very day; late is listed to the management; marketing puts right, the manager verifies."""
    row = service.note("2026-03-06 10:00", "2026-03-09")
    assert service.clock(row, "supervision_due")["due_at"] == "2026-03-09T23:59:59+08:00"
    assert service.row(row, TEAM)["action_no"] == "DZ-2026-001"
    service.do(MANAGER, row, "rectify", "2026-03-07 10:00", 403, progress="x")
    sweep(portal, "deadlines.due", "2026-03-09 23:59:59")
    assert service.clock(row, "supervision_due")["status"] == "running"
    sweep(portal, "deadlines.due", "2026-03-10 00:00:01")
    service.now = "2026-03-10 08:30"
    listed = service.call(LEADER, "GET", "report/C09.late_notes?month=2026-03")["result"]
    assert [line["action_no"] for line in listed] == ["DZ-2026-001"]
    service.do(TEAM, row, "rectify", "2026-03-10 09:00", progress="已改回承兑")
    service.do(TEAM, row, "verify", "2026-03-10 09:05", 403)
    service.do(MANAGER, row, "urge_again", "2026-03-10 09:10", reason="第二笔未改", due_on="2026-03-12")
    assert service.clock(row, "supervision_due")["due_at"] == "2026-03-12T23:59:59+08:00"
    service.do(TEAM, row, "rectify", "2026-03-12 23:59:59", progress="全部改回承兑")
    done = service.do(MANAGER, row, "verify", "2026-03-13 09:00")
    assert (done["status"], done["effect_confirmed_on"]) == ("verified", "2026-03-13")
