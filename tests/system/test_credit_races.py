"""Two sessions and one headroom, on both databases: one is granted, the other told all numbers; others run on."""

from __future__ import annotations

import datetime as dt
import threading
import time
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.areas.credit.shipment import Shipment
from app.core import clock
from app.core.db import session
from app.engines.credit import accounts
from app.engines.credit.models import CreditAccount
from app.engines.credit.operations import exposure_of
from app.engines.policy import operations as policy
from tests.company import portal
from tests.scenarios.a10_desk import CLERK, DEALER, FINANCE, PLAIN, SOUTH, Dealer, figures
from tests.scenarios.conftest import sign_in
from tests.system.test_races import at_once

__all__ = ["portal", "sign_in"]
POLICY = "A10"
PAIRS = 5


@pytest.fixture
def desk(portal, sign_in) -> Dealer:
    found = Dealer(portal, sign_in, f"{clock.today():%Y-%m-%d} 09:00")
    found.eligible(DEALER, PLAIN, SOUTH)
    day = (clock.today() - dt.timedelta(days=3)).isoformat()
    for number in (DEALER, PLAIN, SOUTH):
        found.shipped(day, "100000.00", paid=True, customer=number)
    return found


def draft(desk, client, amount, customer=DEALER):
    told = {"customer_id": desk.customers[customer], "amount": amount, "goods": "空调"}
    made = client.post("/api/v1/shipment/", json=told)
    assert made.status_code == 201, made.text
    return made.json["id"]


def submitted(client, key):
    return client.post(f"/api/v1/shipment/{key}/move/submit", json={"values": {}})


def clients(portal, number, who=CLERK):
    from tests.portal import enter

    return [enter(portal, who) for _n in range(number)]


def test_of_two_for_one_headroom_one_is_granted(portal, desk):
    pair = clients(portal, 2)
    for n in range(PAIRS):
        keys = [draft(desk, client, f"{60000 - n * 2000}.00") for client in pair]
        answers = at_once(*(lambda c=c, key=key: submitted(c, key) for c, key in zip(pair, keys, strict=True)))
        codes = sorted(answer.status_code for answer in answers)
        assert codes == [200, 422], [answer.text for answer in answers]
        loser = next(answer for answer in answers if answer.status_code == 422)
        told = figures(loser.json, "within")
        used, requested, limit, excess = (Decimal(told[name]) for name in ("used", "requested", "limit", "excess"))
        assert used + requested - limit == excess > 0
        assert next(e["clause"] for e in loser.json["errors"] if e["rule"] == "within") == "2.1"
        with portal.app_context():
            for row in session.scalars(sa.select(Shipment).filter_by(status="released")):
                row.paid_amount = row.amount
            session.commit()
            session.remove()


def test_many_at_once_never_pass_the_limit(portal, desk):
    """Six orders of 30,000.00 for 100,000.00: three are let go, whatever their order; every loser knows why."""
    many = clients(portal, 6)
    keys = [draft(desk, client, "30000.00") for client in many]
    answers = at_once(*(lambda c=c, key=key: submitted(c, key) for c, key in zip(many, keys, strict=True)))
    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [422] * 3
    with portal.app_context():
        row = session.scalars(sa.select(Shipment).filter_by(status="released")).first()
        credit = policy.pack_for(row.pack_version_id).credit
        assert exposure_of(credit, row.adopter_id, row.customer_id) == Decimal("90000.00")
        assert session.scalar(sa.select(sa.func.count()).select_from(CreditAccount)) == 1
        session.remove()


def test_an_order_and_a_reversed_receipt(portal, desk):
    """A reversal raises what is owed; an order beside it counts before or after, never half."""
    day = (clock.today() - dt.timedelta(days=2)).isoformat()
    desk.shipped(day, "80000.00")
    money = desk.paid("80000.00", desk.now).split("/")[1]
    clerk, books = clients(portal, 1)[0], clients(portal, 1, FINANCE)[0]
    key = draft(desk, clerk, "150000.00")
    reverse = {"values": {}, "reason": "退票"}
    answers = at_once(lambda: submitted(clerk, key),
                      lambda: books.post(f"/api/v1/receipt/{money}/move/reverse", json=reverse))  # fmt: skip
    assert answers[1].status_code == 200, answers[1].text
    assert answers[0].status_code in (200, 422)
    if answers[0].status_code == 422:
        assert figures(answers[0].json, "within")["used"] == "80000.00"


@pytest.mark.parametrize("portal", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_another_customer_does_not_wait(portal, desk):
    """While one customer's account is locked, orders of another and rows that refer to the customer go on."""
    first, second = clients(portal, 2)
    mine, other = draft(desk, first, "10.00"), draft(desk, second, "10.00", PLAIN)
    locked, done = threading.Event(), threading.Event()

    def hold():
        with portal.app_context():
            adopter = session.scalar(sa.select(Shipment.adopter_id).limit(1))
            accounts.lock("customer", desk.customers[DEALER], adopter)
            locked.set()
            done.wait(20)
            session.rollback()
            session.remove()

    keeper = threading.Thread(target=hold)
    keeper.start()
    assert locked.wait(10)
    waits = threading.Thread(target=submitted, args=(first, mine))
    waits.start()
    began = time.monotonic()
    assert submitted(second, other).status_code == 200
    assert draft(desk, second, "5.00") > 0, "a new order of the locked customer is written without waiting"
    assert time.monotonic() - began < 10
    assert waits.is_alive()
    done.set()
    keeper.join(20)
    waits.join(20)
    with portal.app_context():
        assert session.get_one(Shipment, mine).status == "released"
        session.remove()
