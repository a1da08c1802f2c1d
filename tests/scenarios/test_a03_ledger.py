"""A03's ledger, by REST: statements of a month, collection, plans kept or missed, contracts cleared before the next."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.scenarios.a03_desk import FINANCE, MANAGER, SALES, SUPERVISOR, Credit, day, rules
from tests.scenarios.desk import sweep

POLICY = "A03"


@pytest.fixture
def credit(sign_in, portal) -> Credit:
    return Credit(sign_in, portal, "2025-10-09 09:00")


def open_deal(credit: Credit, customer: int, amount: int, started: str, **over) -> str:
    """A deal in force as it stands."""
    told = {"customer_id": customer, "amount": amount, "outstanding": amount, "started_on": day(started),
            "status": "open", "owner_id": credit.people["徐倩"]}  # fmt: skip
    return f"credit_deal/{credit.lay_in('credit_deal', **told | over)}"


def test_a_statement_of_each_month(credit, portal):
    """第35条: who owed or moved something gets a statement; a difference has its reason; cleared is what is paid."""
    old = {"deal_no": "CD-1", "settled_amount": 20000, "settled_on": day("2025-10-20"), "status": "settled"}
    open_deal(credit, credit.one, 20000, "2025-09-10", **old)
    open_deal(credit, credit.one, 30000, "2025-10-09", deal_no="CD-2")
    open_deal(credit, credit.two, 7000, "2025-11-03", deal_no="CD-3")
    sweep(portal, "tasks.open", "2025-11-01 00:10")
    sweep(portal, "tasks.open", "2025-11-01 00:20")
    credit.now = "2025-11-03 09:00"
    [made] = credit.call(FINANCE, "GET", "account_reconciliation/")["result"]
    assert (made["customer_id"], made["as_of"], made["our_balance"]) == (credit.one, "2025-10-31", "30000.00")
    row = f"account_reconciliation/{made['id']}"
    assert credit.clock(row, "statement_due")["due_at"] == "2025-11-07T23:59:59+08:00"
    paper = credit.sign_in(FINANCE).client.get(f"/{row}/print?copy=1").text
    assert all(text in paper for text in ("20,000.00", "CD-1", "CD-2", "30,000.00"))
    credit.do(FINANCE, row, "send", "2025-11-03 10:00")
    refused = credit.do(FINANCE, row, "compare", "2025-11-05 10:00", 422, partner_balance="29500.00")
    assert rules(refused) == ["difference_explained"]
    credit.do(FINANCE, row, "differ", "2025-11-05 10:00", partner_balance="29500.00")
    assert credit.row(row, FINANCE)["difference"] == "500.00"
    credit.do(FINANCE, row, "compare", "2025-11-06 10:00", partner_balance="29500.00", variance_reason="运费未入账")
    assert "nothing_outstanding" in rules(
        credit.do(FINANCE, row, "clear", "2025-11-06 11:00", 422, cleared_on="2025-11-06")
    )


def test_what_is_overdue_is_collected(credit, portal):
    """第36条: a task per overdue deal, chased every week, ended when the money is in; a second run opens nothing."""
    due = dt.datetime(2025, 11, 9, 15, 59, 59, tzinfo=dt.UTC)
    row = open_deal(credit, credit.one, 30000, "2025-10-09", due_at=due, deal_no="CD-7")
    sweep(portal, "credit.deals", "2025-11-10 00:02")
    assert sweep(portal, "credit.collections", "2025-11-10 00:15").counts["hit"] == 1
    assert sweep(portal, "credit.collections", "2025-11-10 00:16").counts.get("hit", 0) == 0
    credit.now = "2025-11-10 09:00"
    [task] = credit.call(SALES, "GET", "collection_task/")["result"]
    assert (task["target_amount"], task["next_chase_on"], task["chase_no"]) == ("30000.00", "2025-11-10", None)
    mine = f"collection_task/{task['id']}"
    credit.do(SALES, mine, "chase", "2025-11-10 10:00", chased_at="2025-11-10T09:30", method="phone", action="电话催收",
              promised_on="2025-11-14")  # fmt: skip
    chased = credit.row(mine, SALES)
    assert (chased["chase_no"], chased["next_chase_on"]) == (1, "2025-11-14")
    credit.do(SALES, mine, "chase", "2025-11-14 10:00", chased_at="2025-11-14T09:30", method="visit", action="上门催收")
    assert credit.row(mine, SALES)["next_chase_on"] == "2025-11-21"
    assert credit.clock(mine, "next_chase")["due_at"] == "2025-11-21T23:59:59+08:00"
    credit.do(FINANCE, row, "settle", "2025-11-17 09:00", settled_on="2025-11-17")
    sweep(portal, "credit.collections", "2025-11-18 00:15")
    done = credit.row(mine, SALES)
    assert (done["status"], done["recovered"], done["done_on"]) == ("done", "30000.00", "2025-11-17")


def test_a_plan_that_brings_an_excess_down(credit, portal):
    """第33条: an instalment not kept puts the plan behind; the aim reached ends it."""
    deal = open_deal(credit, credit.one, 50000, "2025-09-01", deal_no="CD-9")
    plan = {"customer_id": credit.one, "reason": "over_exposure", "start_exposure": "50000", "target": "20000",
            "total": "30000", "instalments": "2025-10-31 10000\n2025-11-30 20000"}  # fmt: skip
    row = f"payment_plan/{credit.call(MANAGER, 'POST', 'payment_plan/', 201, **plan)['id']}"
    credit.do(MANAGER, row, "begin", "2025-10-09 10:00")
    sweep(portal, "credit.plans", "2025-10-31 00:16")
    assert credit.row(row)["status"] == "running"
    assert sweep(portal, "credit.plans", "2025-11-01 00:16").counts["hit"] == 1
    behind = credit.row(row)
    assert (behind["status"], behind["missed_on"], behind["paid"]) == ("behind", "2025-11-01", "0.00")
    credit.now = "2025-11-05 09:00"
    credit.do(FINANCE, deal, "settle", "2025-11-05 09:00", settled_on="2025-11-05")
    sweep(portal, "credit.plans", "2025-11-06 00:16")
    assert (credit.row(row)["status"], credit.row(row)["paid"]) == ("reached", "50000.00")


def test_no_contract_follows_one_that_was_never_cleared(credit, portal):
    """第36条: a contract in its last month that was not cleared to zero once is not renewed."""
    credit.line(credit.one, "100000", valid_to=day("2026-12-31"))
    old = {"customer_id": credit.one, "contract_no": "GS-2024-009", "status": "in_force", "stated_limit": 100000,
           "valid_from": day("2024-11-01"), "valid_to": day("2025-10-31")}  # fmt: skip
    credit.lay_in("contract", **old)
    told = {"customer_id": credit.one, "contract_type": "purchase_sale", "title": "续签", "signed_on": "2025-10-09",
            "valid_from": "2025-11-01", "valid_to": "2026-10-31", "stated_limit": "100000"}  # fmt: skip
    contract = f"contract/{credit.call(SUPERVISOR, 'POST', 'contract/', 201, **told)['id']}"
    refused = credit.do(SUPERVISOR, contract, "sign", "2025-10-09 10:00", 422)
    assert "earlier_contract_cleared" in rules(refused)
    assert "GS-2024-009" in next(e["message"] for e in refused["errors"] if e["rule"] == "earlier_contract_cleared")
