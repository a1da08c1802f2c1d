"""A03 in the order of its clauses, by REST: survey, rating, credit, deals, monthly work, and what follows a breach."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.core.db import session
from app.core.register import registers
from app.engines.audit.models import AuditEntry
from tests.scenarios.a03_desk import (
    CFO,
    CHAIRMAN,
    CONTROLLER,
    FINANCE,
    GM,
    KNOWN,
    MANAGER,
    REVIEWER,
    SALES,
    SUPERVISOR,
    VP,
    Credit,
    day,
    rules,
)  # fmt: skip
from tests.scenarios.desk import at, sweep

POLICY = "A03"
REVIEWS = {"review_truth": "ok", "review_finance": "ok", "review_dealings": "ok"}


@pytest.fixture
def credit(sign_in, portal) -> Credit:
    return Credit(sign_in, portal, "2025-10-09 09:00")


def put_up(credit: Credit, rating: str, when: str, proposed: str, status: int = 200, **over):
    """The manager's first rating, together with the salesperson and the controller."""
    together = [credit.people["徐倩"], credit.people["崔颖"]]
    told = REVIEWS | {"proposed_class": proposed, "attendees": together} | over
    return credit.do(MANAGER, rating, "put_up", when, status, **told)


def rating_of(credit: Credit, customer: int) -> str:
    """The open rating of a customer."""
    rows = credit.call(MANAGER, "GET", f"credit_rating/?customer_id={customer}&status=draft")["result"]
    return f"credit_rating/{rows[-1]['id']}"


def test_from_the_survey_to_the_limit_and_its_deals(credit, portal):
    """第8–35条: surveyed, contradictions answered, rated by four, granted by four, used up to the limit and above."""
    customer = credit.one
    credit.good(customer)
    credit.moved("receipt", customer, 12, "300000")
    credit.moved("shipment", customer, 12, "300000")
    other = credit.call(SUPERVISOR, "POST", "customer_financial/", 201, customer_id=customer, channel="agency",
                        agency="信和事务所", obtained_on="2025-10-09", year=2024, revenue="90.00", net_profit="10.00")
    row = f"credit_survey/{credit.call(SUPERVISOR, 'POST', 'credit_survey/', 201, customer_id=customer, **KNOWN)['id']}"
    credit.do(SUPERVISOR, row, "submit", "2025-10-09 09:10")
    credit.do(MANAGER, row, "review", "2025-10-09 09:20", manager_opinion="属实", law_abiding=True)
    found = credit.call(REVIEWER, "GET", f"{row}/explain")["contradictions"]
    assert ["customer_financial", other["id"]] in found[0]["papers"]
    answers = {"review_dealings": "一致", "review_credit_record": "良好"}
    bare = credit.do(REVIEWER, row, "pass_review", "2025-10-09 09:30", 422, contradiction_result="none", **answers)
    assert [(p["field"], p["rule"]) for p in bare["errors"]] == [("contradictions", "required")]
    credit.do(REVIEWER, row, "pass_review", "2025-10-09 09:30", contradiction_result="explained",
              contradictions="事务所口径不含税", **answers)  # fmt: skip
    credit.do(FINANCE, row, "file", "2025-10-09 09:40")
    rating = rating_of(credit, customer)
    facts = credit.row(rating)
    assert (facts["computed_class"], facts["status"]) == ("b", "draft")  # 90 of the agency, 110 of the year before
    assert credit.call(MANAGER, "GET", f"{rating}/explain")["tier"]["why_not"] == ["a4"]
    raised = put_up(credit, rating, "2025-10-09 10:00", "a", 422)
    assert "never_raised" in rules(raised)
    alone = put_up(credit, rating, "2025-10-09 10:00", "b", 422, attendees=[credit.people["徐倩"]])
    assert rules(alone) == ["rated_together"]
    put_up(credit, rating, "2025-10-09 10:00", "b")
    credit.granted(rating, "2025-10-09 11:00", CFO, VP, GM)
    done = credit.row(rating)
    assert (done["status"], done["final_class"], done["rating_no"]) == ("approved", "b", "RT-2025-0001")
    assert credit.call(SALES, "GET", f"customer/{customer}")["credit_class"] == "b"
    with at("2025-10-09 11:10"):
        printed = credit.sign_in(MANAGER).client.get(f"/{rating}/print").text
        shown = credit.sign_in(MANAGER).client.get(f"/{rating}").text
    assert all(word in printed for word in ("第15条(4)", "最近连续2年经营状况良好", "方浩"))
    assert "未评为A级，因为不符合：最近连续2年经营状况良好" in shown

    told = {"customer_id": customer, "kind": "real_estate", "description": "厂房", "appraised_value": "100000",
            "certificate_no": "苏房 9", "registered_on": "2025-10-01"}  # fmt: skip
    credit.call(FINANCE, "POST", "collateral/", 201, **told)
    asked = f"credit_request/{credit.request(customer, '100000.00', kind='long_term')['id']}"
    credit.do(MANAGER, asked, "submit", "2025-10-09 13:30")
    credit.granted(asked, "2025-10-09 14:00", VP, CFO, GM)
    assert credit.row(asked)["status"] == "deciding"
    credit.granted(asked, "2025-10-09 15:00", CHAIRMAN)
    line = credit.row(asked)
    assert (line["status"], line["approved_limit"], line["valid_to"]) == ("active", "100000.00", "2026-10-08")

    first = credit.deal(customer, "60000", "2025-10-09")
    opened = credit.do(SALES, first, "use_credit", "2025-10-09 15:10")
    assert (opened["status"], opened["limit_then"], opened["used_then"]) == ("open", "100000.00", "0.00")
    second = credit.deal(customer, "40000.01", "2025-10-09")
    refused = credit.do(SALES, second, "use_credit", "2025-10-09 15:20", 422)
    assert rules(refused) == ["within"]
    assert refused["errors"][0]["clause"] == "第32条"
    credit.do(SALES, second, "ask_over_limit", "2025-10-09 15:30", over_reason="客户急单")
    credit.granted(second, "2025-10-09 16:00", MANAGER, VP, CFO, GM)
    above = credit.row(second)
    assert (above["status"], above["excess"]) == ("open", "0.01")
    paper = credit.row(f"over_limit_case/{above['over_limit_case_id']}")
    assert (paper["case_no"], len(paper["approved_by"])) == ("OL-2025-001", 4)
    sweep(portal, "credit.deals", "2025-11-10 00:02")
    late = credit.deal(customer, "1", "2025-10-09")
    assert "no_new_before_cleared" in rules(credit.do(SALES, late, "use_credit", "2025-11-10 09:00", 422))


def test_changed_facts_open_the_rating_anew_and_c_ends_the_limit(credit, portal):
    """第16条、第28条: a verified breach opens the rating; approved as C it ends the limit; nothing new is granted."""
    customer = credit.one
    credit.good(customer)
    credit.rated(customer, "a")
    line = f"credit_request/{credit.line(customer, '50000')}"
    told = {"kind": "bad_debt", "found_on": "2025-10-01", "customer_id": customer, "facts": "货款拖欠半年"}
    event = f"credit_violation/{credit.call(SUPERVISOR, 'POST', 'credit_violation/', 201, **told)['id']}"
    assert credit.call(MANAGER, "GET", "credit_rating/?status=draft")["result"] == []
    credit.do(MANAGER, event, "verify", "2025-10-09 09:10")
    rating = rating_of(credit, customer)
    row = credit.row(rating)
    assert (row["computed_class"], row["previous_class"]) == ("c", "a")
    assert "leads_to_c" in rules(credit.request(customer, "1.00", 422))
    explained = credit.call(MANAGER, "GET", f"{rating}/explain")["tier"]
    assert explained["why_not"] == ["c1"]
    [c1] = [each for each in explained["lines"] if each["key"] == "c1"]
    assert c1["papers"] == [["credit_violation", int(event.split("/")[1])]]
    put_up(credit, rating, "2025-10-09 10:00", "c")
    credit.granted(rating, "2025-10-09 11:00", VP, CFO, GM)
    assert credit.row(line)["status"] == "ended"
    assert rules(credit.request(customer, "1.00", 422)) == ["class_c"]
    with portal.app_context():
        audit = session.scalars(sa.select(AuditEntry.clause).where(AuditEntry.register == "credit_request")).all()
        session.remove()
    assert "第28条" in audit


def test_a_manager_lowers_with_a_reason(credit):
    """第18条、第20条: below the facts only with the reason; without a survey nobody is rated."""
    credit.good(credit.one)
    made = credit.call(MANAGER, "POST", "credit_rating/", 201, customer_id=credit.one)
    rating = f"credit_rating/{made['id']}"
    assert made["computed_class"] == "a"
    assert rules(put_up(credit, rating, "2025-10-09 10:00", "b", 422)) == ["required"]
    put_up(credit, rating, "2025-10-09 10:00", "b", manual_reason="担保不足")
    bare = credit.call(MANAGER, "POST", "credit_rating/", 201, customer_id=credit.two)
    refused = put_up(credit, f"credit_rating/{bare['id']}", "2025-10-09 10:30", "b", 422)
    assert rules(refused) == ["survey_filed"]


def test_the_sweep_rates_everybody_and_writes_nothing_the_second_time(credit, portal):
    """第13条: every customer is rated with one run; unchanged ratings write nothing; a changed one is written alone."""
    credit.good(credit.one)
    sweep(portal, "credit.ratings", "2025-10-09 01:00")
    rows = credit.call(MANAGER, "GET", "credit_rating/?size=100")["result"]
    assert sorted((row["customer_id"], row["computed_class"]) for row in rows) == [
        (credit.one, "a"), *((key, "b") for key in sorted((credit.two, credit.three, credit.four, credit.five))),
    ]  # fmt: skip
    stamp = written(portal)
    sweep(portal, "credit.ratings", "2025-10-10 01:00")
    assert written(portal) == stamp
    credit.lay_in("credit_violation", customer_id=credit.one, kind="serious_breach", verified=True, status="verified",
                  found_on=day("2025-10-09"))  # fmt: skip
    sweep(portal, "credit.ratings", "2025-10-11 01:00")
    changed = [row for row in credit.call(MANAGER, "GET", "credit_rating/?size=100")["result"]
               if row["computed_class"] == "c"]  # fmt: skip
    assert [row["customer_id"] for row in changed] == [credit.one]


def written(portal):
    """How many ratings there are and when the last was written, and how long the history is."""
    with portal.app_context():
        row = registers()["credit_rating"].model
        found = session.execute(sa.select(sa.func.count(), sa.func.max(row.changed_at))).one()
        history = session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
        session.remove()
    return tuple(found), history


def test_the_month_on_limits(credit, portal):
    """第37–41条: forms for every customer with a limit, figures by the program, signed, copies sent."""
    credit.good(credit.one)
    credit.rated(credit.one, "a")
    credit.line(credit.one, "100000")
    credit.now = "2025-10-09 09:00"
    row = credit.deal(credit.one, "30000", "2025-10-09")
    credit.do(SALES, row, "use_credit", "2025-10-09 09:10")
    sweep(portal, "tasks.open", "2025-11-01 00:10")
    credit.now = "2025-11-03 09:00"
    forms = {form["kind"]: f"credit_check/{form['id']}"
             for form in credit.call(MANAGER, "GET", "credit_check/?size=100")["result"]}  # fmt: skip
    assert set(forms) == {"business", "execution", "monthly", "quarterly", "audit"}
    execution = credit.row(forms["execution"])
    figures = [execution[name] for name in ("status", "approved_limit", "used_max", "month_end_outstanding")]
    assert figures == ["filling", "100000.00", "30000.00", "30000.00"]
    assert credit.clock(forms["execution"], "execution_form")["due_at"] == "2025-11-07T23:59:59+08:00"
    credit.do(FINANCE, forms["execution"], "fill", "2025-11-03 10:00", 422, declared_true=False)
    credit.do(FINANCE, forms["execution"], "fill", "2025-11-03 10:00", declared_true=True)
    credit.do(SUPERVISOR, forms["business"], "report", "2025-11-03 10:30", operating_state="订单饱满",
              declared_true=True)  # fmt: skip
    for kind in ("execution", "business"):
        credit.do(MANAGER, forms[kind], "sign", "2025-11-04 09:00", manager_opinion="属实")
    found = credit.do(MANAGER, forms["monthly"], "finish_check", "2025-11-04 10:00", 422, result="占用偏高",
                      problem_found=True)  # fmt: skip
    assert [problem["field"] for problem in found["errors"]] == ["measures"]
    credit.do(MANAGER, forms["monthly"], "finish_check", "2025-11-04 10:00", result="占用偏高", problem_found=True,
              measures="控制新增")  # fmt: skip
    credit.do(CONTROLLER, forms["audit"], "finish_audit", "2025-11-05 09:00", scope="全部授信", findings="无")
    assert credit.row(forms["business"], VP)["status"] == "done"
    summaries = credit.call(MANAGER, "GET", "report_snapshot/?size=100")["result"]
    [summary] = [each for each in summaries if each["report"] == "A03.prepay_summary"]
    figures = credit.call(MANAGER, "GET", f"kept_report/{summary['id']}")["figures"]["measures"]
    assert (figures["limits"], figures["sold"], figures["in_use"]) == ("100000.00", "30000.00", "30000.00")
    report = f"report_snapshot/{summary['id']}"
    credit.do(MANAGER, report, "put_up", "2025-11-05 10:00")
    credit.granted(report, "2025-11-05 11:00", GM, CHAIRMAN)
    assert credit.row(report)["status"] == "archived"


def test_contracts_custody_plans_and_sanctions(credit):
    """第24条2、第30条、第33–36条、第43条: the stated limit, clearing, custody, the sanction put right."""
    credit.good(credit.one)
    credit.rated(credit.one, "a")
    credit.line(credit.one, "100000")
    told = {"customer_id": credit.one, "contract_type": "purchase_sale", "title": "年度", "signed_on": "2025-10-09",
            "valid_from": "2025-10-09", "valid_to": "2026-10-08", "stated_limit": "90000"}  # fmt: skip
    contract = f"contract/{credit.call(SUPERVISOR, 'POST', 'contract/', 201, **told)['id']}"
    refused = credit.do(SUPERVISOR, contract, "sign", "2025-10-09 10:00", 422)
    assert "limit_as_granted" in rules(refused)
    plan = {"customer_id": credit.one, "reason": "no_limit", "start_exposure": "50000", "target": "0",
            "instalments": "2025-11-15 50000"}  # fmt: skip
    made = f"payment_plan/{credit.call(MANAGER, 'POST', 'payment_plan/', 201, **plan)['id']}"
    bare = credit.do(MANAGER, made, "begin", "2025-10-09 10:10", 422)
    assert [problem["field"] for problem in bare["errors"]] == ["security_measure"]
    fault = {"employee_id": credit.people["林波"], "grade": "economic", "offence": "越权赊销", "loss": "5000",
             "correct_by": "2025-10-23"}  # fmt: skip
    bare = credit.call(MANAGER, "POST", "sanction/", 422, **fault)
    assert [problem["field"] for problem in bare["errors"]] == ["sanction_amount"]
    sanction = credit.call(MANAGER, "POST", "sanction/", 201, **fault | {"sanction_amount": "500"})
    row = f"sanction/{sanction['id']}"
    credit.do(MANAGER, row, "submit", "2025-10-09 11:00")
    credit.granted(row, "2025-10-09 12:00", GM)
    assert credit.clock(row, "correction")["due_at"] == "2025-10-22T23:59:59+08:00"
    done = credit.do(MANAGER, row, "correct", "2025-10-22 10:00", corrected_on="2025-10-22")
    assert done["status"] == "corrected"
