"""A10 by clicks alone: an order above the limit, its signature, goods and money, and what the month's end takes."""

from __future__ import annotations

import pytest

from tests.scenarios.a10_desk import CLERK, DEALER, FINANCE, REGION, REP, SALES, STORE, Dealer
from tests.scenarios.desk import sweep
from tests.system.journeys.desk import BOTH_WAYS, Office, Person

POLICY = "A10"
pytestmark = [pytest.mark.browser, pytest.mark.slow]
SHOP = "苏州恒丰家电商行"


@pytest.fixture
def earlier(portal) -> None:
    """The dealer's file and contract are in order, and goods of September are unpaid up to the limit."""
    dealer = Dealer(portal, None)
    dealer.eligible(DEALER)
    dealer.shipped("2025-09-05", "270000.00")


def ordered(office: Office, amount: str) -> str:
    """The clerk writes an order down for the salesperson, sees what it comes to, and puts it to the check."""
    clerk = office.person(CLERK)
    clerk.open_register("shipment")
    clerk.add(customer_id=SHOP, amount=amount, goods="空调 10 台", over_reason="国庆促销备货")
    clerk.reckons("270,000.00")
    clerk.send()
    clerk.take("submit")
    clerk.is_at("waiting", "shipment")
    return clerk.heading()


def signed(office: Office, number: str, clause: str, *accounts: str) -> None:
    """Whoever decides reads limit, use, request and excess with the clause, and agrees."""
    for account in accounts:
        decider = office.person(account)
        decider.open_approval(number)
        decider.sees("270,000.00", clause)
        decider.answer("approve", comment="同意，月底前收回")


def sent(office: Office, number: str) -> None:
    """The store keeper lets the goods out."""
    store = office.person(STORE)
    store.open_case(number, "shipment")
    store.take("ship")
    store.is_at("shipped", "shipment")


def received(office: Office, amount: str, day: str) -> Person:
    """Finance books money and confirms it; it pays the oldest."""
    finance = office.person(FINANCE)
    finance.open_register("receipt")
    finance.add(customer_id=SHOP, received_on=day, amount=amount, method="transfer")
    finance.send()
    finance.take("confirm")
    finance.is_at("confirmed", "receipt")
    return finance


@pytest.mark.parametrize("office", BOTH_WAYS, indirect=True)
def test_an_order_above_the_limit_to_the_month_s_end(office, earlier, portal, at):
    at("2025-09-26 09:00")
    first = ordered(office, "60000.00")
    signed(office, first, "2.2.1", REGION)
    at("2025-09-26 10:00")
    last = ordered(office, "30000.00")
    signed(office, last, "2.2.2", REGION, SALES)
    at("2025-09-26 15:00")
    sent(office, first)
    sent(office, last)
    at("2025-09-29 10:00")
    finance = received(office, "320000.00", "2025-09-29")
    paid = finance.tab("receipt_allocation").inner_text()
    assert "270,000.00" in paid, "the oldest first"
    assert "50,000.00" in paid
    _seen_by_the_salesperson(office)
    sweep(portal, "credit.month_end", "2025-10-01 00:05")
    at("2025-10-08 09:00")
    _charged(office, last)
    _paid_late(office, last)


def _seen_by_the_salesperson(office: Office) -> None:
    """What is owed, by part and by age, on the page of the customer."""
    rep = office.person(REP)
    rep.open_case(SHOP, "customer")
    rep.sees("40,000.00", rep.says("Credit and what is used"), rep.pack["reports"]["ageing"]["label"][office.language])


def _charged(office: Office, last: str) -> None:
    """Finance confirms what the program proposed of the unpaid last order, and takes it from the income."""
    finance = office.person(FINANCE)
    finance.open_case(last, "shipment")
    finance.sees("30,000.00")
    finance.open_register("credit_liability")
    finance.open_only_row()
    finance.sees("6,000.00")
    finance.take("confirm")
    finance.add_here("income_deduction")
    finance.fill(pay_month="2025-09", amount="2500.00", income_of_month="12000.00")
    finance.send()
    finance.open_register("credit_liability")
    finance.open_only_row()
    assert "2,500.00" in finance.value("Deducted")
    signer = office.person(REGION)
    signer.open_register("credit_liability")
    signer.open_only_row()
    signer.sees("6,000.00", "2,500.00")


def _paid_late(office: Office, last: str) -> None:
    """What comes in later settles the order, gives the deduction back, and the salesperson sees it."""
    received(office, "40000.00", "2025-10-08")
    rep = office.person(REP)
    rep.open_case(last, "shipment")
    rep.is_at("settled", "shipment")
    finance = office.person(FINANCE)
    finance.open_register("credit_liability")
    finance.open_only_row()
    assert "6,000.00" in finance.value("To be refunded")
