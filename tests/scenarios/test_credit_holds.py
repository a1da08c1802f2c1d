"""Holds and freedom of credit by REST: put with a reason, shown on documents, ended by whom the pack names."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.core.db import session
from app.engines.credit.models import CreditAccount
from tests.scenarios.a03_desk import CFO, CHAIRMAN, CONTROLLER, MANAGER, SALES, VP, Credit, rules
from tests.scenarios.desk import at

POLICY = "A03"


@pytest.fixture
def credit(sign_in, portal) -> Credit:
    found = Credit(sign_in, portal)
    found.good(found.one)
    found.rated(found.one, "a")
    found.line(found.one, "1000")
    return found


def account(portal):
    with portal.app_context():
        row = session.scalars(sa.select(CreditAccount)).one()
        session.remove()
    return row


def test_a_hold_stops_every_way_until_it_is_released(credit, portal):
    deal = credit.deal(credit.one, "10", "2025-10-09")
    told = {"kind": "hold", "customer_id": credit.one, "reason": "支票退票"}
    credit.call(SALES, "POST", "credit_hold/", 403, **told)
    assert [p["field"] for p in credit.call(CONTROLLER, "POST", "credit_hold/", 422, **told | {"reason": ""})["errors"]]
    made = credit.call(CONTROLLER, "POST", "credit_hold/", 201, **told)
    row = f"credit_hold/{made['id']}"
    held = credit.row(row)
    assert (held["status"], held["begun_at"], held["begun_by_id"]) == (
        "held", "2025-10-09T09:00:00+08:00", credit.people["崔颖"],
    )  # fmt: skip
    assert rules(credit.call(MANAGER, "POST", "credit_hold/", 422, **told)) == ["one_open"]
    refused = credit.do(SALES, deal, "use_credit", "2025-10-09 09:10", 422)
    assert "支票退票" in refused["message"]
    asked = credit.do(SALES, deal, "ask_over_limit", "2025-10-09 09:10", 422, over_reason="急")
    assert "支票退票" in asked["message"], "no approval lifts a hold"
    assert credit.call(SALES, "GET", f"{deal}/explain")["credit"]["now"]["hold"] == "支票退票"
    with at("2025-10-09 09:20"):
        assert "支票退票" in credit.sign_in(SALES).client.get(f"/{deal}").text
        page = credit.sign_in(MANAGER).client.get(f"/customer/{credit.one}").text
    assert "崔颖" in page
    assert "支票退票" in page
    credit.do(CONTROLLER, row, "release", "2025-10-09 09:30", 403, reason="已补款")
    credit.do(CFO, row, "release", "2025-10-09 09:30", 422)
    over = credit.do(CFO, row, "release", "2025-10-09 09:30", reason="已补款")
    assert (over["status"], over["end_reason"], over["ended_by_id"]) == ("over", "已补款", credit.people["宋怡"])
    kept = account(portal)
    assert (kept.held_since, kept.release_reason) == (None, "已补款")
    assert credit.do(SALES, deal, "use_credit", "2025-10-09 09:40")["status"] == "open"


def test_freedom_is_granted_by_the_chairman_and_lifts_the_limit_only(credit, portal):
    big = credit.deal(credit.one, "9000000", "2025-10-09")
    assert rules(credit.do(SALES, big, "use_credit", "2025-10-09 09:00", 422)) == ["within"]
    told = {"kind": "unlimited", "customer_id": credit.one, "reason": "集团内公司"}
    row = f"credit_hold/{credit.call(MANAGER, 'POST', 'credit_hold/', 201, **told)['id']}"
    assert rules(credit.do(SALES, big, "use_credit", "2025-10-09 09:00", 422)) == ["within"], "asked is not granted"
    credit.do(VP, row, "free", "2025-10-09 10:00", 403)
    assert credit.do(CHAIRMAN, row, "free", "2025-10-09 10:00")["status"] == "free"
    kept = account(portal)
    assert (kept.unlimited, kept.unlimited_reason, kept.unlimited_by_id) == (True, "集团内公司", credit.people["江恒"])
    opened = credit.do(SALES, big, "use_credit", "2025-10-09 10:10")
    assert (opened["status"], opened["route"], opened["limit_then"]) == ("open", "within", None)
    credit.do(CHAIRMAN, row, "bind", "2025-10-09 11:00", reason="不再适用")
    more = credit.deal(credit.one, "1", "2025-10-09")
    assert rules(credit.do(SALES, more, "use_credit", "2025-10-09 11:10", 422)) == ["within"]
    assert account(portal).unlimited is False
