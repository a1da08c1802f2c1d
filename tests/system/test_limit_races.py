"""Two people and one limit, of a customer or of the company, on both databases: never more than was granted."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.areas.credit.caps import in_use, total_granted
from app.areas.credit.credit_request import CreditRequest
from app.core import clock
from app.core.db import db, session
from tests.company import portal
from tests.portal import enter
from tests.scenarios.a03_desk import CFO, CHAIRMAN, GM, MANAGER, SALES, VP, Credit
from tests.scenarios.conftest import sign_in
from tests.system.test_races import at_once

__all__ = ["portal", "sign_in"]
POLICY = "A03"


@pytest.fixture
def credit(sign_in, portal) -> Credit:
    today = clock.today()
    found = Credit(sign_in, portal, f"{today.isoformat()} 09:00")
    for customer in (found.one, found.three):
        found.surveyed(customer, today.isoformat(), (today + dt.timedelta(days=60)).isoformat())
        found.known(customer, first_deal_on=dt.date(2020, 1, 1))
        found.rated(customer, "a")
    return found


def test_two_deals_for_one_limit(credit, portal):
    today = clock.today()
    credit.line(credit.one, "100000", valid_from=today, valid_to=today + dt.timedelta(days=30))
    pair = [enter(portal, SALES) for _n in range(2)]
    told = {"customer_id": credit.one, "kind": "credit_sale", "amount": "60000", "started_on": today.isoformat()}
    keys = [client.post("/api/v1/credit_deal/", json=told).json["id"] for client in pair]
    answers = at_once(*(
        lambda c=c, key=key: c.post(f"/api/v1/credit_deal/{key}/move/use_credit", json={"values": {}})
        for c, key in zip(pair, keys, strict=True)
    ))  # fmt: skip
    assert sorted(answer.status_code for answer in answers) == [200, 422], [answer.text for answer in answers]
    loser = next(answer for answer in answers if answer.status_code == 422)
    assert [problem["rule"] for problem in loser.json["errors"]] == ["within"]
    with portal.app_context():
        adopter = session.scalar(sa.select(CreditRequest.adopter_id).limit(1))
        assert in_use([credit.one], adopter) == Decimal(60000)
        session.remove()


def test_two_limits_for_the_bound_of_the_company(credit, portal):
    credit.setting("base_year_cap", "300000")
    keys = []
    for customer in (credit.one, credit.three):
        credit.received_lately(customer, "200000")
        keys.append(credit.request(customer, "200000")["id"])
    for key in keys:
        credit.do(MANAGER, f"credit_request/{key}", "submit", credit.now)
        credit.granted(f"credit_request/{key}", credit.now, VP, CFO, GM)
    pair = [enter(portal, CHAIRMAN) for _n in range(2)]
    answers = at_once(*(
        lambda c=c, key=key: c.post(f"/api/v1/credit_request/{key}/move/activate", json={"values": {}})
        for c, key in zip(pair, keys, strict=True)
    ))  # fmt: skip
    assert sorted(answer.status_code for answer in answers) == [200, 422], [answer.text for answer in answers]
    loser = next(answer for answer in answers if answer.status_code == 422)
    assert [problem["rule"] for problem in loser.json["errors"]] == ["company_total"]
    with portal.app_context():
        adopter = session.scalar(sa.select(CreditRequest.adopter_id).limit(1))
        assert total_granted(adopter) == Decimal(200000)
        session.remove()


def test_the_bound_of_the_company_is_the_last_lock(credit, portal):
    """After the row of the bound nothing else is locked or written: one sum, and the commit."""
    credit.setting("base_year_cap", "300000")
    credit.received_lately(credit.one, "200000")
    key = credit.request(credit.one, "200000")["id"]
    credit.do(MANAGER, f"credit_request/{key}", "submit", credit.now)
    credit.granted(f"credit_request/{key}", credit.now, VP, CFO, GM)
    with portal.app_context():
        engine, sent = db.engine, []
    sa.event.listen(engine, "before_cursor_execute", lambda *call: sent.append(call[2]))
    credit.do(CHAIRMAN, f"credit_request/{key}", "activate", credit.now)
    locks = [n for n, text in enumerate(sent) if "credit_cap" in text]
    acts = [n for n, text in enumerate(sent) if text.startswith(("INSERT", "UPDATE", "DELETE")) or "FOR " in text]
    assert locks, "the bound was not looked at"
    after = [sent[n] for n in acts if n > locks[-1]]
    assert after == []
    first = next(n for n, text in enumerate(sent) if "credit_account" in text)
    assert first < min(n for n, text in enumerate(sent) if text.startswith("UPDATE credit_request"))
