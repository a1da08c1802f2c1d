"""B02 at intake: numbers, what the form must say, and for whom sales may write."""

from __future__ import annotations

import pytest

from app.core.db import session
from app.engines.numbering.models import NumberSequence
from tests.scenarios.desk import BOOKS, CONTROL, DEPUTY, GENERAL, MANAGER, OFFICE, QC, RD, REP, SECTION, at
from tests.scenarios.routing import OTHER_REP, adopter

# -- （八） numbers ------------------------------------------------------------------------------


def given_so_far(portal, period: str, n: int) -> None:
    """The month has had so many numbers already."""
    with portal.app_context():
        scope = f"B02.case_no:{adopter(portal).id}"
        session.add(NumberSequence(scope=scope, period=period, n=n))
        session.commit()
        session.remove()


def number_of(desk, case: int) -> str:
    return desk.as_(CONTROL).call("GET", f"complaint/{case}")["case_no"]


def test_b02_16_the_number_after_251031_and_the_first_of_november(portal, desk):
    """B02-16: 251031 was given; 23:59 of the 31st gives 251032, midnight gives 251101."""
    given_so_far(portal, "2025-10", 31)
    with at("2025-10-31 23:59"):
        last = desk.accepted()
        assert number_of(desk, last) == "251032"
    with at("2025-11-01 00:00"):
        assert number_of(desk, desk.accepted()) == "251101"
    with at("2026-10-01 00:00"):
        assert number_of(desk, desk.accepted()) == "261001"


def test_a_form_sent_in_october_and_accepted_in_november_counts_in_november(desk):
    """（九）4: the number is given on acceptance."""
    with at("2025-10-31 23:59"):
        case = desk.open()
        desk.as_(REP).move(case, "submit")
        assert desk.as_(CONTROL).call("GET", f"complaint/{case}")["case_no"] is None
    with at("2025-11-01 08:00"):
        desk.as_(CONTROL).move(case, "accept")
        assert number_of(desk, case) == "251101"


def test_the_hundredth_case_of_a_month_widens_its_number_with_a_warning(portal, desk):
    given_so_far(portal, "2025-09", 98)
    with at("2025-09-10 10:00"):
        assert number_of(desk, desk.accepted()) == "250999"
        wide = desk.accepted()
        assert number_of(desk, wide) == "2509100"
        page = desk.as_(CONTROL).client.get(f"/complaint/{wide}?lang=zh").text
        assert "2509100" in page
        assert "{YY}{MM}{seq:02}" in page


def test_a_refused_acceptance_takes_no_number(desk):
    with at("2025-09-10 10:00"):
        case = desk.accepted()
        for account in (REP, MANAGER, QC, DEPUTY, GENERAL):
            draft = desk.open()
            desk.as_(REP).move(draft, "submit")
            assert desk.as_(account).call("POST", f"complaint/{draft}/move/accept", account_status(account), values={})
        assert (number_of(desk, case), number_of(desk, desk.accepted())) == ("250901", "250902")


def account_status(account: str) -> int:
    """Quality has not been sent the case yet; the others see it but do not hold the post."""
    return 404 if account == QC else 403


# -- （九）1 the form --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"order_no": ""}, "order_no"),
        ({"part_no": None}, "part_no"),
        ({"product": ""}, "product"),
        ({"shipped_on": None}, "shipped_on"),
        ({"shipped_qty": None}, "shipped_qty"),
        ({"defective_qty": None}, "defective_qty"),
        ({"abnormality": ""}, "abnormality"),
        ({"customer_demand": []}, "customer_demand"),
        ({"demand_text": ""}, "demand_text"),
        ({"claimed_amount": None}, "claimed_amount"),
        ({"complaint_reason": ""}, "complaint_reason"),
        ({"sample_attached": None}, "sample_attached"),
        ({"sales_note": ""}, "sales_note"),
    ],
)
def test_a_form_with_a_gap_is_kept_but_not_sent(desk, missing, field):
    """（九）1: what sales must find out before the form goes to the general manager's office."""
    with at("2025-09-10 10:00"):
        case = desk.open(**missing)
        refused = desk.as_(REP).move(case, "submit", 422)
        assert {(e["field"], e["clause"]) for e in refused["errors"]} == {(field, "（九）1")}
        assert desk.as_(REP).call("GET", f"complaint/{case}")["status"] == "draft"


def test_a_draft_may_wait_for_its_market_and_customer_but_is_not_sent_without(desk):
    with at("2025-09-10 10:00"):
        case = desk.open(market=None, customer_id=None)
        refused = desk.as_(REP).move(case, "submit", 422)
        assert {error["field"] for error in refused["errors"]} == {"market", "customer_id"}


def test_quantities_and_days_that_cannot_be(desk):
    with at("2025-09-10 10:00"):
        for over, field in (
            ({"defective_qty": 3201}, "defective_qty"),
            ({"shipped_qty": 0}, "shipped_qty"),
            ({"defective_qty": -1}, "defective_qty"),
            ({"shipped_on": "2025-09-11"}, "shipped_on"),
            ({"shipped_on": "2025-02-30"}, "shipped_on"),
            ({"return_qty_requested": 3201}, "return_qty_requested"),
            ({"return_qty_undetermined": True, "return_qty_requested": 5}, "return_qty_requested"),
            ({"customer_demand": ["money"]}, "customer_demand"),
            ({"case_no": "251001"}, "case_no"),
            ({"status": "closed"}, "status"),
            ({"decision": "同意"}, "decision"),
            ({"title": "长" * 121}, "title"),
        ):
            refused = desk.as_(REP).client.post("/api/v1/complaint/", json=desk.intake(**over))
            assert refused.status_code == 422
            assert field in {error["field"] for error in refused.json["errors"]}
        assert desk.open(defective_qty=3200, shipped_on="2025-09-10")


def test_b02_16_an_unknown_return_quantity_says_so(desk):
    """B02-16: return_qty_requested stays empty and the fixed remark stands on page and print."""
    with at("2025-09-10 10:00"):
        case = desk.accepted(customer_demand=["return"], return_qty_undetermined=True)
        shown = desk.as_(REP).call("GET", f"complaint/{case}")
        assert shown["return_qty_requested"] is None
        assert shown["_remarks"] == {"return_qty_requested": "客户加工中未确定"}
        assert "客户加工中未确定" in desk.as_(REP).client.get(f"/complaint/{case}").text
        assert "客户加工中未确定" in desk.as_(CONTROL).client.get(f"/complaint/{case}/print").text
        known = desk.accepted(customer_demand=["return"], return_qty_requested=30)
        assert desk.as_(CONTROL).call("GET", f"complaint/{known}")["_remarks"] == {}
        assert "客户加工中未确定" not in desk.as_(CONTROL).client.get(f"/complaint/{known}/print").text


def test_sales_writes_only_for_own_customers(desk):
    """Permission of sales_rep: own customers only; a colleague's row does not exist for him."""
    with at("2025-09-10 10:00"):
        foreign = desk.as_(OTHER_REP).call("GET", "customer/")["result"][0]["id"]
        refused = desk.as_(REP).call("POST", "complaint/", 422, **desk.intake(customer_id=foreign))
        assert refused["errors"][0]["field"] == "customer_id"
        case = desk.open()
        desk.as_(OTHER_REP).call("GET", f"complaint/{case}", 404)
        desk.as_(OTHER_REP).call("PUT", f"complaint/{case}", 404, title="x")
        desk.as_(OTHER_REP).move(case, "submit", 404)
        assert desk.as_(MANAGER).call("GET", f"complaint/{case}")["id"] == case


def test_only_sales_opens_a_complaint(desk):
    with at("2025-09-10 10:00"):
        for account in (CONTROL, QC):
            refused = desk.as_(account).call("POST", "complaint/", 422, **desk.intake())
            assert ("post", "（九）") in {(error["rule"], error["clause"]) for error in refused["errors"]}
        for account in (SECTION, OFFICE, RD, DEPUTY, GENERAL, BOOKS):
            desk.as_(account).call("POST", "complaint/", 403, **desk.intake())
