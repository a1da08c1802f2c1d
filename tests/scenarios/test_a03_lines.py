"""Limits that follow one another: an adjustment from a later day, and the limits of two files that become one."""

from __future__ import annotations

import pytest

from app.areas.credit import caps
from app.areas.credit.credit_request import CreditRequest
from app.areas.customers.operations import Customer
from app.core.db import session
from app.engines.credit import accounts
from app.engines.merging import operations as merging
from tests.scenarios.a03_desk import CHAIRMAN, GM, MANAGER, SALES, VP, Credit, day, rules
from tests.scenarios.desk import at, sweep

POLICY = "A03"
GRANTORS = (VP, GM, CHAIRMAN)


@pytest.fixture
def credit(sign_in, portal) -> Credit:
    found = Credit(sign_in, portal)
    found.good(found.one)
    found.rated(found.one, "a")
    for slug in ("shipment", "receipt"):
        found.moved(slug, found.one, 12, "400000")
    return found


def put_up(credit: Credit, limit: str, **over: str) -> str:
    made = credit.request(credit.one, limit, purpose="adjustment", **over)
    row = f"credit_request/{made['id']}"
    credit.do(MANAGER, row, "submit", "2025-10-09 09:10")
    return row


def test_a_limit_goes_on_until_the_first_day_of_the_one_that_follows(credit, portal):
    old = f"credit_request/{credit.line(credit.one, '300000')}"
    new = put_up(credit, "280000", valid_from="2025-11-01")
    credit.granted(new, "2025-10-09 10:00", *GRANTORS)
    assert (credit.row(old)["status"], credit.row(old)["valid_to"]) == ("active", "2025-10-31")
    assert (credit.row(new)["status"], credit.row(new)["valid_from"]) == ("active", "2025-11-01")
    first = credit.deal(credit.one, "290000", "2025-10-09")
    assert credit.do(SALES, first, "use_credit", "2025-10-09 11:00")["limit_then"] == "300000.00"
    sweep(portal, "credit.lines", "2025-11-01 00:10")
    assert (credit.row(old)["status"], credit.row(old)["ended_on"]) == ("ended", "2025-10-31")


def test_limits_that_follow_one_another_count_once_under_the_bound_of_the_company(credit):
    credit.setting("base_year_cap", "4800000")
    credit.line(credit.one, "300000")
    credit.line(credit.two, "4500000")
    row = put_up(credit, "280000", valid_from="2025-11-01")
    credit.granted(row, "2025-10-09 10:00", *GRANTORS)
    assert credit.row(row)["status"] == "active"
    credit.good(credit.three)
    credit.rated(credit.three, "a")
    for slug in ("shipment", "receipt"):
        credit.moved(slug, credit.three, 12, "400000")
    refused = credit.request(credit.three, "0.01", 422)
    assert rules(refused) == ["company_total"]
    assert "4,800,000.00" in refused["errors"][0]["message"], "300,000 count until the last of October"


@pytest.mark.parametrize(("mine", "theirs"), [("300000", "200000"), ("200000", "300000")])
def test_of_two_limits_of_merged_customers_the_lower_stays(credit, portal, mine, theirs):
    keep, gone = credit.line(credit.one, mine), credit.line(credit.two, theirs)
    later = credit.line(credit.two, "500000", valid_from=day("2026-01-01"), valid_to=day("2026-06-30"))
    with portal.app_context(), at("2025-10-09 12:00"):
        for customer in (credit.one, credit.two):
            accounts.lock("customer", customer, session.get_one(CreditRequest, keep).adopter_id)
        merging.merge(session.get_one(Customer, credit.one), session.get_one(Customer, credit.two))
        session.commit()
        line = session.execute(caps.line_in_force([credit.one])).first()
        assert str(line.approved_limit) == "200000.00"
        states = [session.get_one(CreditRequest, key).status for key in (keep, gone, later)]
    assert sorted(states[:2]) == ["active", "ended"]
    assert states[2] == "active", "its days meet no other's"


def test_the_inbox_names_the_amount_that_asks_for_credit(credit):
    credit.line(credit.one, "1000")
    deal = credit.deal(credit.one, "1234.5", "2025-10-09")
    credit.do(SALES, deal, "ask_over_limit", "2025-10-09 09:10", over_reason="旺季")
    with at("2025-10-09 09:20"):
        text = credit.sign_in(MANAGER).client.get("/approvals/").text
    assert '<span class="end kz-num">1,234.50</span>' in text
