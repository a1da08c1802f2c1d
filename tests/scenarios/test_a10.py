"""A10: rolling credit of dealers, through REST by its posts; every case of the policy has its test."""

from __future__ import annotations

import pytest

from tests.scenarios.a10_desk import (
    BOSS,
    CLERK,
    DEALER,
    FINANCE,
    LOGISTICS,
    MARKET,
    PLAIN,
    REGION,
    REP,
    SALES,
    STORE,
    Dealer,
    figures,
    rules,
)  # fmt: skip
from tests.scenarios.desk import sweep

POLICY = "A10"


@pytest.fixture
def desk(portal, sign_in) -> Dealer:
    return Dealer(portal, sign_in)


def test_a10_1_and_2_equality_is_inside_the_limit(desk):
    """A10-1: 150,000.00 fills the limit to the cent and is released. A10-2: one fen more is refused with all numbers."""
    desk.dealer()
    row, answer = desk.submit("150000.01", "2025-10-01 09:00", 422)
    told = figures(answer, "within")
    assert told == {"limit": "270000.00", "used": "120000.00", "requested": "150000.01", "excess": "0.01",
                    "headroom": "150000.00", "outstanding": "120000.00"}  # fmt: skip
    assert {error["rule"] for error in answer["errors"]} >= {"within", "first_over", "prepaid"}
    third = next(error for error in answer["errors"] if error["rule"] == "first_over")
    assert "450,000.03" in third["message"]
    assert third["clause"] == "2.2.1"
    assert desk.call(CLERK, "GET", row)["status"] == "draft"
    row, answer = desk.submit("150000.00", "2025-10-01 09:05")
    now = desk.call(CLERK, "GET", row)
    assert (now["status"], now["route"], now["limit_at_check"]) == ("released", "within", "270000.00")
    assert (now["outstanding_at_check"], now["due_on"], now["shipment_no"]) == (
        "120000.00", "2025-10-31", "FH-20251001-001",
    )  # fmt: skip
