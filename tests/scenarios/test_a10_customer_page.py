"""A10's dealer in one view: limit and use by part, the class with its criteria, ageing that leads to its rows."""

from __future__ import annotations

import re

import pytest

from tests.portal import counted
from tests.scenarios.a10_desk import DEALER, FINANCE, PLAIN, REP, SALES, STORE, Dealer
from tests.scenarios.desk import at, sweep

POLICY = "A10"


@pytest.fixture
def desk(portal, sign_in) -> Dealer:
    return Dealer(portal, sign_in)


def page(desk: Dealer, who: str, path: str) -> str:
    """A page as somebody sees it now."""
    with at(desk.now):
        answer = desk.sign_in(who).client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_limit_use_class_and_ageing_stand_on_the_page(desk):
    """1.2, 1.4, 2.1: what is used by part, why the class, and each band of ages leads to the list of its orders."""
    desk.dealer()
    desk.shipped("2025-08-01", "30000.00")
    desk.now = "2025-10-08 09:00"
    text = page(desk, REP, f"/customer/{desk.customers[DEALER]}")
    for words in ("额度与占用", "已发货未收", "120,000.00", "为什么是“超三十天款期”", "应收账龄表", "30,000.00"):
        assert words in text, words
    bands = [link.replace("&amp;", "&") for link in re.findall(r'href="(/shipment/\?[^"]+due_on[^"]+)"', text)]
    assert len(bands) == 2
    [late] = [link for link in bands if "due_on__lte" in link]
    with at(desk.now):
        rows = desk.sign_in(REP).call("GET", late.strip("/").replace("shipment/?", "shipment/?", 1))["result"]
    assert [row["amount"] for row in rows] == ["30000.00"]
    report = page(desk, FINANCE, "/reports/A10.ageing")
    assert late.replace("&", "&amp;") in report
    assert "150,000.00" in report
    desk.sign_in(SALES).call("GET", "report/A10.ageing")
    with at(desk.now):
        assert desk.sign_in(STORE).client.get("/reports/A10.ageing").status_code == 403


def test_the_page_costs_the_same_whatever_there_is(desk, portal):
    """A hundred orders more cost no statement more."""
    desk.eligible(DEALER, PLAIN)
    desk.shipped("2025-09-10", "1000.00")
    desk.now = "2025-10-01 09:00"
    before = statements(desk, portal)
    for number in range(25):
        desk.shipped(f"2025-09-{number % 28 + 1:02}", "100.00", paid=number % 2 == 0)
    assert statements(desk, portal) == before


def test_plans_are_looked_at_every_night(desk, portal):
    """1.4.1, 2.2.3: what came in counts for a plan; kept in full it is met, an instalment behind it is missed."""
    desk.eligible(DEALER, PLAIN)
    desk.shipped("2025-08-20", "30000.00")
    desk.now = "2025-09-01 09:00"
    kept, broken = desk.plan("30000.00", "overdue"), desk.plan("20000.00", "overdue", customer=PLAIN)
    desk.paid("30000.00", "2025-09-01 11:00")
    assert sweep(portal, "credit.plans", "2025-09-01 23:00").counts["hit"] == 1
    desk.now = "2025-09-02 09:00"
    assert desk.call(FINANCE, "GET", kept)["status"] == "met"
    assert desk.call(FINANCE, "GET", broken)["status"] == "open"
    sweep(portal, "credit.plans", "2025-09-02 23:00")
    late = desk.call(FINANCE, "GET", broken)
    assert (late["status"], late["missed_on"], late["paid"]) == ("missed", "2025-09-02", "0.00")


def statements(desk: Dealer, portal) -> list[str]:
    """What the page of the dealer sends; the first time of a process fills its caches."""
    path = f"/customer/{desk.customers[DEALER]}"
    page(desk, REP, path)
    with portal.app_context(), counted() as sent:
        page(desk, REP, path)
    return [re.sub(r"IN \([^)]*\)", "IN (…)", one) for one in sent if one.startswith("SELECT")]
