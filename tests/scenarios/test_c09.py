"""C09, customer files, complaints and supervision notes of a company that finances its sales, by REST.

C09-1, -4, -5, -7 and -8 are about schemes, budgets and posts, which are no part of these.
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
    rows = service.call(MANAGER, "GET", "report_snapshot/?period=2026-03")["result"]
    [kept] = [row for row in rows if row["report"] == "C09.complaints_month"]
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


def test_c09_2_the_table_says_who_reviews(service):
    """C09-2: 999,999.99 goes to the department, 1,000,000.00 to the committee; without a row the committee decides."""
    service.now = "2026-03-02 09:00"
    kind = service.call(SUPPORT, "POST", "customer_class/", 201, code="A", name="A类", risk_level="low")["id"]
    chief = service.people["高展"]
    row = {"customer_class_id": kind, "approved_by_id": chief, "effective_from": "2026-01-01"}
    bounds = ({"amount_from": "0.00", "amount_to": "1000000.00", "level": "department"},
              {"amount_from": "1000000.00", "level": "committee"})  # fmt: skip
    for told in bounds:
        service.call(LEADER, "POST", "authority_rule/", 201, **row | told)
    again = service.call(LEADER, "POST", "authority_rule/", 422, **row | bounds[0] | {"amount_from": "5.00"})
    assert ("amount_from", "overlap") in {(error["field"], error["rule"]) for error in again["errors"]}
    service.call(SUPPORT, "POST", "authority_rule/", 403, **row | bounds[0])
    service.call(SUPPORT, "PUT", f"customer/{service.customer}", customer_class_id=kind, demand="稳定供货")
    levels = {}
    for amount in ("999999.99", "1000000.00"):
        levels[amount] = service.contract("2026-03-02 10:00", amount, service.customer)
    other = next(one["id"] for one in service.call(SUPPORT, "GET", "customer/")["result"]
                 if one["id"] != service.customer)  # fmt: skip
    levels["unknown"] = service.contract("2026-03-02 10:00", "1.00", other)
    found = {name: service.call(MANAGER, "GET", f"{row}/explain")["review_level"]["tier"]
             for name, row in levels.items()}  # fmt: skip
    assert found == {"999999.99": "department", "1000000.00": "committee", "unknown": "committee"}


def test_survey_data_categories_and_contracts(service, portal):
    """一.4.1 to 一.4.4: data are surveyed and verified, information has its category, contracts are followed."""
    survey = service.surveyed("2026-03-05 15:00", "产能与用钢计划")
    assert service.row(survey)["survey_no"] == "KHDC-2026-001"
    service.do(TEAM, survey, "verify", "2026-03-06 09:00", 403)
    service.do(SUPPORT, survey, "verify", "2026-03-06 09:00", analysis="需求稳定")
    assert service.row(f"customer/{service.customer}")["last_verified_on"] == "2026-03-06"
    kind = {"code": "I1", "name": "客户联系方式", "level": "service", "retention_years": 5}
    category = f"access_rule/{service.call(SUPPORT, 'POST', 'access_rule/', 201, **kind)['id']}"
    assert service.row(category, MANAGER)["level"] == "service"
    service.call(TEAM, "PUT", category, 403, level="all")
    deal = service.contract("2026-03-06 10:00", "300000.00", service.customer)
    assert service.row(deal)["contract_no"] == "HT-2026-001"
    service.do(SUPPORT, deal, "perform", "2026-03-07 10:00")
    service.do(SUPPORT, deal, "dispute", "2026-03-08 10:00", reason="货期争议")
    sweep(portal, "tasks.open", "2026-04-01 00:10")
    service.now = "2026-04-01 09:00"
    month = service.call(LEADER, "GET", "report/C09.contract_statistics?month=2026-03")["figures"]["measures"]
    assert (month["signed"], month["amount"], month["disputes"]) == ("1", "300000.00", "1")
    quarter = service.call(MANAGER, "GET", "report/C09.customer_analysis?period=2026-Q1")["figures"]["measures"]
    assert (quarter["surveys"], quarter["verified"], quarter["verified_rate"]) == ("1", "1", "33.33")
