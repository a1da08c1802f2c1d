"""B02 returns: the recovery rate, the reports, and slips that race."""

from __future__ import annotations

import pytest

from tests.scenarios.papers import BOOKS, CONTROL, MANAGER, REP, at, at_once, rules
from tests.scenarios.returning import desk

__all__ = ["desk"]

POSTGRES = [pytest.param("postgresql", marks=pytest.mark.postgres)]


def test_receivables_of_complaints_are_left_out_of_the_recovery_rate(desk):
    with at("2025-09-10 10:00"):
        case = desk.settled(receivable_amount="20000.00")
        person = desk.get(CONTROL, "complaint", case)["owner_id"]
        other = desk.settled(receivable_amount="5000.00")
        rate = desk.add(BOOKS, "recovery_rate", employee_id=person, month="2025-09", receivable_due="100000.00",
                        collected="72000.00")  # fmt: skip
        assert (rate["rate_percent"], rate["excluded_amount"]) == ("72", "0.00")
        more = {"complaint_id": case, "month": "2025-09", "excluded_amount": "20000.01"}
        above = desk.add(BOOKS, "recovery_exclusion", 422, **more)
        assert rules(above) == {("excluded_amount", "receivable")}
        for wrong in ("2025-13", "2025-9", "2025-10"):
            refused = desk.add(BOOKS, "recovery_exclusion", 422, complaint_id=case, month=wrong, excluded_amount="1")
            assert {field for field, _rule in rules(refused)} == {"month"}
        made = desk.add(BOOKS, "recovery_exclusion", complaint_id=case, month="2025-09", excluded_amount="20000.00")
        assert (made["part_no"], made["employee_id"]) == ("HD10-5028", person)
        twice = desk.add(BOOKS, "recovery_exclusion", 422, complaint_id=case, month="2025-09", excluded_amount="1")
        assert rules(twice) == {("month", "unique")}
        shown = desk.get(BOOKS, "recovery_rate", rate["id"])
        assert (shown["rate_percent"], shown["excluded_amount"]) == ("90", "20000.00")
        assert shown["basis"]["text"] == "min(1, 72,000.00 ÷ (100,000.00 − 20,000.00)) = 90 %"
        desk.as_(BOOKS).call("PUT", f"recovery_rate/{rate['id']}", collected="80000.01")
        assert desk.get(BOOKS, "recovery_rate", rate["id"])["rate_percent"] == "100"
        desk.as_(BOOKS).call("PUT", f"recovery_exclusion/{made['id']}", released_on="2025-09-30")
        assert desk.get(BOOKS, "recovery_rate", rate["id"])["rate_percent"] == "80"
        desk.as_(BOOKS).call("PUT", f"recovery_rate/{rate['id']}", receivable_due="0.00")
        nothing = desk.step(BOOKS, "recovery_rate", rate["id"], "confirm", 422)
        assert rules(nothing) == {("receivable_due", "rate_known")}
        desk.as_(BOOKS).call("PUT", f"recovery_rate/{rate['id']}", receivable_due="90000.00")
        desk.step(BOOKS, "recovery_rate", rate["id"], "confirm")
        late = desk.add(BOOKS, "recovery_exclusion", 422, complaint_id=other, month="2025-09", excluded_amount="1")
        assert rules(late) == {("month", "confirmed")}
        assert [row["id"] for row in desk.rows(REP, "recovery_rate")] == [rate["id"]]
        assert desk.rows("linjiahao", "recovery_rate") == []
        desk.add(REP, "recovery_rate", 403, employee_id=person, month="2025-08", receivable_due="1", collected="1")


def test_the_reports_list_differences_missing_proofs_and_recovery(desk):
    with at("2025-09-10 10:00"):
        case = desk.settled()
        short, proven = desk.received(case, 200, 199), desk.received(case, 100)
        desk.proof(proven, 100)
        certificate = desk.signed(case)
        missing, paper = desk.get(REP, "goods_return", short), desk.get(REP, "return_certificate", certificate)
        late, done = missing["slip_no"], desk.get(REP, "goods_return", proven)["slip_no"]
        person = desk.get(CONTROL, "complaint", case)["owner_id"]
        rate = desk.add(BOOKS, "recovery_rate", employee_id=person, month="2025-09", receivable_due="100.00",
                        collected="72.00")  # fmt: skip

        def report(key: str, who: str = BOOKS, month: str = "") -> str:
            answer = desk.as_(who).client.get(f"/reports/B02.{key}?month={month}")
            assert answer.status_code == 200, answer.text
            return answer.text

        assert late in report("return_differences")
        assert done in report("return_differences", MANAGER, "2025-09")
        assert late not in report("return_differences", BOOKS, "2025-08")
        assert late in report("missing_proofs", MANAGER)
        assert done not in report("missing_proofs")
        assert paper["cert_no"] in report("missing_discount_proofs")
        assert rate["rate_no"] in report("recovery_exclusions")
        assert rate["rate_no"] not in report("recovery_exclusions", BOOKS, "2025-08")
        assert desk.as_("luojianguo").client.get("/reports/B02.missing_proofs").status_code == 403


@pytest.mark.parametrize("portal", POSTGRES, indirect=True)
def test_slips_race_for_the_rest_of_the_quantity_and_are_posted_once(portal, desk):
    with at("2025-09-10 10:00"):
        case = desk.settled(approved=500)
        body = {"complaint_id": case, "handling": "return", "return_reason": "x", "return_basis": "x", "slip_qty": 300,
                "unit_price": "1.00"}  # fmt: skip
        assert sorted(at_once(portal, REP, 3, "/api/v1/goods_return/", body)) == [201, 422, 422]
        made = desk.received(desk.settled())
        desk.proof(made, 500)
        answers = at_once(portal, BOOKS, 3, f"/api/v1/goods_return/{made}/move/post", {"values": {}})
        assert sorted(answers) == [200, 422, 422]
        assert len(desk.rows(BOOKS, "accounting_voucher")) == 1
