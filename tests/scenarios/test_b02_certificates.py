"""B02 （十三）1(1), 2(5): discount certificates through REST, from the closed case to the voucher."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.core.db import session
from app.engines.people.models import OrgUnit
from app.engines.policy.models import PolicyParameter
from tests.portal import unreached
from tests.scenarios.papers import (
    BOOKS,
    CONTROL,
    DEPUTY,
    GENERAL,
    MANAGER,
    REP,
    STORE,
    Papers,
    at,
    at_once,
    rules,
)

POSTGRES = [pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture
def desk(sign_in) -> Papers:
    with at("2025-09-01 09:00"):
        return Papers(sign_in)


def test_b02_13_a_certificate_from_the_closed_case_to_the_voucher(desk):
    with at("2025-09-10 10:00"):
        case = desk.accepted()
        desk.at_sales(case)
        desk.routed(case, "90000.00")
        decider = desk.decided(case, decided_amount="3500.00")
        assert rules(desk.certificate(case, status=422)) == {("complaint_id", "before_closing")}
        assert rules(desk.slip(case, status=422)) == {("complaint_id", "before_closing")}
        desk.finish(case, decider, 500)
        above = desk.certificate(case, "3500.01", status=422)
        assert rules(above) == {("discount_amount", "decision_ceiling")}
        assert all(text in above["errors"][0]["message"] for text in ("3,500.00", "0.00", "3,500.01", "0.01"))
        assert above["errors"][0]["clause"] == "（九）11; （十三）1"
        made = desk.signed(case)
        unsealed = desk.step(BOOKS, "return_certificate", made, "post", 422)
        assert rules(unsealed) == {
            ("customer_sealed_on", "discount_without_proof"), ("proof_type", "discount_without_proof"),
        }  # fmt: skip
        desk.step(REP, "return_certificate", made, "seal", customer_sealed_on="2025-09-10")
        unproven = desk.step(BOOKS, "return_certificate", made, "post", 422)
        assert rules(unproven) == {("proof_type", "discount_without_proof")}
        third = desk.as_(REP).call("PUT", f"return_certificate/{made}", 422, proof_type="original_invoice_recovered")
        assert rules(third) == {("proof_type", "proofs")}
        no_net = desk.as_(REP).call(
            "PUT", f"return_certificate/{made}", 422, proof_type="invoice_copy_sealed", net_amount=None
        )
        assert rules(no_net) == {("net_amount", "net_figures")}
        desk.as_(REP).call("PUT", f"return_certificate/{made}", proof_type="certificate_sealed")
        paperless = desk.step(BOOKS, "return_certificate", made, "post", 422)
        assert rules(paperless) == {("proof_file", "discount_without_proof")}
        desk.file(REP, "return_certificate", made, "proof_file")
        posted = desk.step(BOOKS, "return_certificate", made, "post")
        assert posted["status"] == "posted"
        voucher = desk.rows(BOOKS, "accounting_voucher", source_certificate_id=made)
        assert [(row["amount"], row["quantity"], row["voucher_no"]) for row in voucher] == [
            ("3500.00", None, posted["voucher_no"])
        ]
        copies = [row for who in (MANAGER, BOOKS) for row in desk.rows(who, "delivery_receipt")]
        mine = {(row["copy_no"], row["unit_id"]) for row in copies if row["subject"].startswith(posted["cert_no"])}
        assert mine == {(1, desk.unit["业务部"]), (2, desk.unit["会计科"])}


def test_the_sum_of_all_certificates_stays_within_the_decision(desk):
    with at("2025-09-10 10:00"):
        case = desk.settled("3500.00")
        first = desk.certificate(case, "2000.00")["id"]
        above = desk.certificate(case, "1500.01", status=422)
        assert rules(above) == {("discount_amount", "decision_ceiling")}
        assert all(text in above["errors"][0]["message"] for text in ("3,500.00", "2,000.00", "1,500.01", "0.01"))
        second = desk.certificate(case, "1500.00", kind="indemnity")["id"]
        more = desk.as_(REP).call("PUT", f"return_certificate/{first}", 422, discount_amount="2000.01")
        assert rules(more) == {("discount_amount", "decision_ceiling")}
        desk.as_(REP).call("PUT", f"return_certificate/{first}", discount_amount="1999.99")
        desk.certificate(case, "0.01")
        desk.step(REP, "return_certificate", second, "void", reason="改以退货处理")
        desk.certificate(case, "1500.00")
        assert rules(desk.certificate(case, "0.01", status=422)) == {("discount_amount", "decision_ceiling")}
        assert rules(desk.certificate(case, "0", status=422)) == {("discount_amount", "money")}


@pytest.mark.parametrize(
    ("amount", "second", "other"), [("150000.00", DEPUTY, GENERAL), ("150000.01", GENERAL, DEPUTY)]
)
def test_the_second_signature_follows_the_amount(desk, amount, second, other):
    with at("2025-09-10 10:00"):
        case = desk.accepted(claimed_amount="200000.00")
        desk.at_sales(case)
        desk.routed(case, "200000.00")
        desk.finish(case, desk.decided(case, decided_amount="180000.00"), 0)
        made = desk.certificate(case, amount)["id"]
        desk.step(REP, "return_certificate", made, "submit")
        early = desk.step(second, "return_certificate", made, "sign", 403)
        assert early["errors"]
        desk.approve(MANAGER, "return_certificate", made)
        desk.step(other, "return_certificate", made, "sign", 403)
        assert desk.step(second, "return_certificate", made, "sign")["status"] == "signed"


def test_the_seal_lies_between_the_signatures_and_today(desk):
    with at("2025-09-10 10:00"):
        made = desk.signed(desk.settled())
        for day, rule in (("2025-09-09", "seal_dated"), ("2025-09-11", "not_future")):
            refused = desk.step(REP, "return_certificate", made, "seal", 422, customer_sealed_on=day)
            assert rules(refused) == {("customer_sealed_on", rule)}
        missing = desk.step(REP, "return_certificate", made, "seal", 422)
        assert rules(missing) == {("customer_sealed_on", "required")}


def test_forms_offer_two_proofs_of_a_discount_and_the_third_by_the_flag(portal, desk):
    with at("2025-09-10 10:00"):
        made = desk.signed(desk.settled())
        page = desk.as_(REP).client.get(f"/return_certificate/{made}/edit").text
        assert 'value="certificate_sealed"' in page
        assert 'value="invoice_copy_sealed"' in page
        assert 'value="original_invoice_recovered"' not in page
    with portal.app_context(), at("2025-09-10 11:00"):
        unit = session.scalars(sa.select(OrgUnit).filter_by(code="HX")).one()
        session.add(PolicyParameter(unit_id=unit.id, policy="B02", key="third_discount_proof", value="yes",
                                    valid_from=dt.date(2025, 9, 10), reason="公司规定"))  # fmt: skip
        session.commit()
        session.remove()
    with at("2025-09-10 12:00"):
        page = desk.as_(REP).client.get(f"/return_certificate/{made}/edit").text
        assert 'value="original_invoice_recovered"' in page
        desk.as_(REP).call("PUT", f"return_certificate/{made}", proof_type="original_invoice_recovered")


def test_only_a_counter_voucher_takes_a_posting_back(desk):
    with at("2025-09-10 10:00"):
        made = desk.sealed(desk.settled())
        desk.step(BOOKS, "return_certificate", made, "post")
        again = desk.step(BOOKS, "return_certificate", made, "post", 422)
        assert "state" in {rule for _field, rule in rules(again)}
        first = desk.rows(BOOKS, "accounting_voucher")[0]["id"]
        assert rules(desk.step(BOOKS, "accounting_voucher", first, "reverse", 422)) == {("reason", "required")}
        for method, path in (("PUT", f"accounting_voucher/{first}"), ("DELETE", f"accounting_voucher/{first}"),
                             ("POST", "accounting_voucher/")):  # fmt: skip
            answer = desk.as_(BOOKS).client.open(f"/api/v1/{path}", method=method, json={"amount": "1.00"})
            assert answer.status_code == 405, path
        desk.step(BOOKS, "accounting_voucher", first, "reverse", reason="金额误植")
        rows = {row["id"]: row for row in desk.rows(BOOKS, "accounting_voucher")}
        counter = next(row for row in rows.values() if row["reverses_id"] == first)
        assert (rows[first]["status"], counter["amount"], counter["in_force"]) == ("reversed", "-3500.00", False)
        refused = desk.step(BOOKS, "accounting_voucher", counter["id"], "reverse", 422, reason="再冲")
        assert rules(refused) == {("reverses_id", "no_counter_voucher")}
        certificate = desk.get(REP, "return_certificate", made)
        assert (certificate["status"], certificate["voucher_no"]) == ("sealed", None)
        desk.step(BOOKS, "return_certificate", made, "post")
        amounts = [Decimal(row["amount"]) for row in desk.rows(BOOKS, "accounting_voucher")]
        assert sum(amounts) == Decimal("3500.00")


def test_who_may_see_and_do_what(portal, desk):
    with at("2025-09-10 10:00"):
        case = desk.settled()
        made = desk.signed(case)
        for who in (MANAGER, DEPUTY, GENERAL, BOOKS, CONTROL):
            desk.get(who, "return_certificate", made)
        for who in ("linjiahao", STORE, "zhaoguodong", "luojianguo"):
            client = desk.as_(who).client
            for path in (f"/api/v1/return_certificate/{made}", f"/return_certificate/{made}/print"):
                assert client.get(path).status_code == unreached(client, "return_certificate"), (who, path)
        other = desk.add("linjiahao", "return_certificate", 422, complaint_id=case, kind="discount",
                         original_invoice="1", discount_amount="1", net_amount="1")  # fmt: skip
        assert ("complaint_id", "reference") in rules(other)
        desk.step(REP, "return_certificate", made, "post", 403)
        desk.step(BOOKS, "return_certificate", made, "seal", 403, customer_sealed_on="2025-09-10")
        desk.add(BOOKS, "return_certificate", 403, complaint_id=case, kind="discount")


def test_the_print_looks_like_the_paper(desk):
    with at("2025-09-10 10:00"):
        made = desk.sealed(desk.settled())
        paper = desk.as_(BOOKS).client.get(f"/return_certificate/{made}/print").text
        for said in ("销货折让证明单", "叁仟伍佰元整", "第一联", "第二联", "宋志伟", "周启明", "FP20250801"):
            assert said in paper, said
        assert "3,500.00" in desk.as_(BOOKS).client.get(f"/return_certificate/{made}").text
        assert desk.as_(BOOKS).client.get(f"/return_certificate/{made}/print?format=pdf").data[:4] == b"%PDF"


@pytest.mark.parametrize("portal", POSTGRES, indirect=True)
def test_certificates_race_for_the_rest_of_the_decision(portal, desk):
    with at("2025-09-10 10:00"):
        case = desk.settled("3500.00")
        answers = at_once(portal, REP, 4, "/api/v1/return_certificate/", {
            "complaint_id": case, "kind": "discount", "original_invoice": "1", "discount_amount": "1200.00",
            "net_amount": "1.00"})  # fmt: skip
        assert sorted(answers) == [201, 201, 422, 422]
        total = sum(Decimal(row["discount_amount"]) for row in desk.rows(REP, "return_certificate"))
        assert total == Decimal("2400.00")


@pytest.mark.parametrize("portal", POSTGRES, indirect=True)
def test_two_people_post_at_once_and_one_voucher_results(portal, desk):
    with at("2025-09-10 10:00"):
        made = desk.sealed(desk.settled())
        answers = at_once(portal, BOOKS, 3, f"/api/v1/return_certificate/{made}/move/post", {"values": {}})
        assert sorted(answers) == [200, 422, 422]
        assert len(desk.rows(BOOKS, "accounting_voucher")) == 1
