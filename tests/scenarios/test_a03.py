"""A03, trade credit by classes A, B and C, by REST: every acceptance case on both databases."""

from __future__ import annotations

import pytest

from tests.scenarios.a03_desk import FINANCE, KNOWN, MANAGER, REVIEWER, SALES, SUPERVISOR, Credit, day, rules
from tests.scenarios.desk import sweep

POLICY = "A03"


@pytest.fixture
def credit(sign_in, portal) -> Credit:
    return Credit(sign_in, portal)


def test_a03_1_a_newcomer_of_class_a_gets_its_average_receipts_for_a_time(credit):
    """A03-1: 3,600,000 in twelve months are 300,000.00 a month; a fen more is refused, and so is a long-term line."""
    credit.good(credit.one)
    credit.rated(credit.one, "a")
    credit.moved("receipt", credit.one, 12, "300000")
    first = credit.request(credit.one, "300000.00")
    assert (first["cap"], first["term_number"], first["term_unit"]) == ("300000.00", 1, "month")
    assert (first["avg_month_receipt"], first["existing_credit"]) == ("300000.00", "0.00")
    more = credit.request(credit.one, "300000.01", 422)
    assert rules(more) == ["class_a_newcomer"]
    assert more["errors"][0]["clause"] == "第26条1"
    assert rules(credit.request(credit.one, "1000.00", 422, kind="long_term")) == ["credit_route"]


def test_a03_2_the_lowest_of_deliveries_receipts_and_earlier_credit_binds(credit):
    """A03-2: 280,000 delivered and 300,000 received a month; earlier 350,000 do not bind, earlier 250,000 do."""
    for customer, existing, cap in ((credit.one, "350000", "280000.00"), (credit.two, "250000", "250000.00")):
        credit.good(customer)
        credit.rated(customer, "a")
        credit.moved("shipment", customer, 12, "280000")
        credit.moved("receipt", customer, 12, "300000")
        credit.line(customer, existing)
        made = credit.request(customer, "1000", kind="long_term", reduction_plan="每季减一成")
        assert (made["cap"], made["cap_route"], made["avg_month_delivery"]) == (cap, "class_a_existing", "280000.00")
    bare = credit.request(credit.two, "1000", 422, kind="long_term")
    assert [problem["field"] for problem in bare["errors"]] == ["reduction_plan"]


def test_a_supplier_is_measured_by_what_it_delivers(credit):
    """第23条、第26条: for a prepayment goods come in, not money; who has no receipts still has its average."""
    credit.good(credit.one)
    credit.rated(credit.one, "a")
    credit.moved("shipment", credit.one, 12, "80000")
    made = credit.request(credit.one, "80000.00", direction="prepayment")
    assert (made["cap"], made["avg_month_receipt"]) == ("80000.00", "0.00")
    assert rules(credit.request(credit.one, "80000.01", 422, direction="prepayment")) == ["class_a_newcomer"]
    assert rules(credit.request(credit.one, "0.01", 422, direction="credit_sale")) == ["class_a_newcomer"]


def test_b_needs_collateral_whose_formalities_are_done(credit):
    """第27条: nothing without a pledge; with one its value binds; released or ended ones do not count; pledged once."""
    credit.good(credit.one)
    credit.rated(credit.one, "b")
    credit.moved("shipment", credit.one, 12, "280000")
    credit.moved("receipt", credit.one, 12, "300000")
    assert rules(credit.request(credit.one, "1.00", 422)) == ["class_b"]
    told = {"customer_id": credit.one, "kind": "real_estate", "description": "仓库一栋", "purpose": "new_credit",
            "appraised_value": "200000", "certificate_no": "苏常 房-001", "registered_on": "2025-09-01"}  # fmt: skip
    pledge = credit.call(MANAGER, "POST", "collateral/", 201, **told)
    made = credit.request(credit.one, "200000.00")
    assert (made["cap"], made["term_number"], made["term_unit"]) == ("200000.00", 15, "day")
    assert rules(credit.request(credit.one, "200000.01", 422)) == ["class_b"]
    twice = told | {"customer_id": credit.two, "certificate_no": "苏常房001"}
    assert rules(credit.call(MANAGER, "POST", "collateral/", 422, **twice)) == ["pledged_once"]
    credit.call(MANAGER, "PUT", f"collateral/{pledge['id']}", 200, released_on="2025-10-08")
    assert rules(credit.request(credit.one, "1.00", 422)) == ["class_b"]
    credit.call(MANAGER, "POST", "collateral/", 201, **twice)


def test_a03_4_class_c_gets_nothing_and_no_approval_is_offered(credit):
    """A03-4: a prepayment of 1.00 for a customer of class C is refused when saved, as a request and as a deal."""
    credit.good(credit.one)
    credit.rated(credit.one, "c")
    refused = credit.request(credit.one, "1.00", 422, direction="prepayment")
    assert rules(refused) == ["class_c"]
    assert refused["errors"][0]["clause"] == "第28条"
    told = {"customer_id": credit.one, "kind": "prepayment", "amount": "1.00", "started_on": "2025-10-09"}
    assert rules(credit.call(SALES, "POST", "credit_deal/", 422, **told)) == ["class_c"]
    assert credit.call(MANAGER, "GET", "credit_request/")["result"] == []


def test_a03_5_a_year_together_counts_on_its_anniversary(credit):
    """A03-5: first deal on 10 October 2024 is a day short on 9 October 2025; on the ninth it is a year, so A."""
    for customer, first, found in ((credit.one, "2024-10-10", "b"), (credit.two, "2024-10-09", "a")):
        credit.good(customer, first)
        made = credit.call(MANAGER, "POST", "credit_rating/", 201, customer_id=customer)
        assert made["computed_class"] == found
        told = credit.call(MANAGER, "GET", f"credit_rating/{made['id']}/explain")["tier"]
        lines = {line["key"]: line for line in told["lines"]}
        assert lines["a1"]["holds"] is (found == "a")
        assert lines["a2"]["holds"]
        assert lines["a1"]["facts"]["full_years_together"] == (1 if found == "a" else 0)
        assert (told["why_not"] == []) is (found == "a")
    assert rules(credit.call(MANAGER, "POST", "credit_rating/", 422, customer_id=credit.two)) == ["one_open"]


def test_a03_7_terms_are_fifteen_days_or_a_month_and_do_not_roll(credit, portal):
    """A03-7: B temporary from 20 September is due on Sunday 5 October; A long term from 30 September on 30 October."""
    credit.now = "2025-09-30 10:00"
    for customer, found, kind in ((credit.one, "b", "temporary"), (credit.three, "a", "long_term")):
        credit.good(customer)
        credit.rated(customer, found)
        credit.line(customer, "500000", kind)
    short = credit.deal(credit.one, "1000", "2025-09-20")
    long_ = credit.deal(credit.three, "1000", "2025-09-30")
    for row, due in ((short, "2025-10-05"), (long_, "2025-10-30")):
        opened = credit.do(SALES, row, "use_credit", "2025-09-30 10:30")
        assert opened["due_at"] == f"{due}T23:59:59+08:00"
    for when, one, other in (
        ("2025-10-05 23:59:59", "open", "open"), ("2025-10-06 00:02", "overdue", "open"),
        ("2025-10-30 23:59:59", "overdue", "open"), ("2025-10-31 00:02", "overdue", "overdue"),
    ):  # fmt: skip
        sweep(portal, "credit.deals", when)
        credit.now = when
        assert (credit.row(short)["status"], credit.row(long_)["status"]) == (one, other)
    done = credit.do(FINANCE, short, "settle", "2025-11-03 09:00", settled_on="2025-10-09")
    assert (done["status"], done["outstanding"], done["overdue_days"]) == ("settled", "0.00", 4)


def test_a03_8_all_limits_together_stay_within_the_receivables_of_january(credit):
    """A03-8: 4,600,000 granted of 4,800,000; 200,000.00 fit, a fen more does not."""
    credit.setting("base_year_cap", "4800000")
    credit.good(credit.one)
    credit.rated(credit.one, "a")
    credit.moved("receipt", credit.one, 12, "300000")
    credit.line(credit.two, "4600000")
    credit.request(credit.one, "200000.00")
    refused = credit.request(credit.one, "200000.01", 422)
    assert rules(refused) == ["company_total"]
    assert refused["errors"][0]["clause"] == "第24条2"
    assert "4,600,000.00" in refused["errors"][0]["message"]


def test_a03_10_adjustments_go_down(credit):
    """A03-10: 300,000 may become 280,000; 300,000 is no change; 320,000 needs the exception."""
    credit.good(credit.one)
    credit.rated(credit.one, "a")
    credit.moved("shipment", credit.one, 12, "400000")
    credit.moved("receipt", credit.one, 12, "400000")
    old = credit.line(credit.one, "300000")
    made = credit.request(credit.one, "280000", purpose="adjustment")
    assert (made["old_limit"], made["previous_id"], made["kind"]) == ("300000.00", old, "long_term")
    assert rules(credit.request(credit.one, "300000", 422, purpose="adjustment")) == ["no_change"]
    raised = credit.request(credit.one, "320000", 422, purpose="adjustment")
    assert (rules(raised), raised["errors"][0]["clause"]) == (["adjust_down"], "第42条")
    credit.request(credit.one, "320000", purpose="adjustment", upward_exception="新增年度合同")


@pytest.mark.parametrize(
    ("updated", "refresh", "stale"),
    [("2025-09-30", "2025-12-31", False), ("2025-07-01", "2025-12-31", False), ("2025-06-30", "2025-09-30", True)],
)
def test_a03_11_a_survey_is_renewed_every_quarter(credit, portal, updated, refresh, stale):
    """A03-11: what was last updated in the second quarter is out of date on 1 October, and new credit waits."""
    credit.now = f"{updated} 09:00"
    credit.rated(credit.one, "a")
    credit.known(credit.one, first_deal_on=day("2020-01-01"))
    told = KNOWN | {"customer_id": credit.one}
    row = f"credit_survey/{credit.call(SUPERVISOR, 'POST', 'credit_survey/', 201, **told)['id']}"
    when = f"{updated} 10:00"
    credit.do(SUPERVISOR, row, "submit", when)
    credit.do(MANAGER, row, "review", when, manager_opinion="属实", law_abiding=True)
    credit.do(REVIEWER, row, "pass_review", when, contradiction_result="explained", contradictions="年报未出",
              review_dealings="一致", review_credit_record="良好")  # fmt: skip
    filed = credit.do(FINANCE, row, "file", when)
    assert filed["refresh_by"] == refresh
    credit.now = "2025-10-01 09:00"
    credit.moved("receipt", credit.one, 12, "300000")
    sweep(portal, "credit.surveys", "2025-10-01 00:05")
    assert credit.row(row)["stale"] is stale
    answer = credit.request(credit.one, "1000.00", 422 if stale else 201)
    if stale:
        assert rules(answer) == ["survey_current"]
