"""B02 （十三）1(2), 2: return slips through REST: count, tolerance, petition, proofs, vouchers and recovery rates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.core.db import session
from app.engines.people.models import OrgUnit
from app.engines.policy.models import PolicyParameter
from tests.portal import unreached
from tests.scenarios.papers import BOOKS, DEPUTY, GENERAL, MANAGER, REP, STORE, at, rules
from tests.scenarios.returning import desk, tolerance

__all__ = ["desk"]


def test_a_return_from_the_slip_to_the_voucher(desk):
    with at("2025-09-10 10:00"):
        slip = desk.slip(desk.settled())
        assert (slip["approved_qty"], slip["part_no"], slip["slip_no"]) == (500, "HD10-5028", "TH250901")
        made = slip["id"]
        desk.step(REP, "goods_return", made, "submit")
        desk.step(REP, "goods_return", made, "verify", 403)
        desk.get(STORE, "goods_return", made, 404)
        sent = desk.step(MANAGER, "goods_return", made, "verify")
        assert sent["status"] == "at_warehouse"
        copies = {row["copy_no"] for row in desk.rows(STORE, "delivery_receipt")}
        assert copies == {2}
        done = desk.step(STORE, "goods_return", made, "count", actual_qty=500)
        assert (done["status"], done["match_result"], done["differs"]) == ("received", "equal", False)
        assert (done["return_amount"], done["received_at"] is not None) == ("43000.00", True)
        books = [row for row in desk.rows(BOOKS, "delivery_receipt") if row["subject"].startswith("TH")]
        assert {row["copy_no"] for row in books} == {3}
        unproven = desk.step(BOOKS, "goods_return", made, "post", 422)
        assert rules(unproven) == {("proof_type", "return_proven")}
        desk.proof(made, 500)
        posted = desk.step(BOOKS, "goods_return", made, "post")
        voucher = desk.rows(BOOKS, "accounting_voucher", source_slip_id=made)[0]
        assert (posted["status"], voucher["quantity"], voucher["amount"]) == ("posted", 500, "43000.00")
        assert posted["voucher_no"] == voucher["voucher_no"]


def test_b02_13_exactly_one_of_three_proofs_and_net_figures_on_a_sealed_copy(desk):
    with at("2025-09-10 10:00"):
        early = desk.at_store(desk.settled())
        assert rules(desk.proof(early, 500, 422)) >= {("slip_id", "received_first")}
        slip = desk.received(desk.settled())
        page = desk.as_(REP).client.get(f"/return_proof/add?slip_id={slip}").text
        for offered in ("original_invoice_recovered", "invoice_copy_sealed", "return_certificate_sealed"):
            assert f'value="{offered}"' in page
        assert rules(desk.proof(slip, 500, 422, proof_type="certificate_sealed")) >= {("proof_type", "choice")}
        bare = desk.proof(slip, 500, 422, proof_type="invoice_copy_sealed")
        assert rules(bare) == {("net_qty", "net_figures"), ("net_amount", "net_figures")}
        half = desk.proof(slip, 500, 422, proof_type="invoice_copy_sealed", net_qty=2700)
        assert rules(half) == {("net_amount", "net_figures")}
        assert rules(desk.proof(slip, 499, 422)) == {("returned_qty", "actual_quantity")}
        assert rules(desk.proof(slip, 500, 422, buyer_seal=False)) == {("buyer_seal", "sealed")}
        made = desk.proof(slip, 500, proof_type="invoice_copy_sealed", net_qty=2700, net_amount="232200.00")
        assert (made["returned_amount"], made["unit_price"]) == ("43000.00", "86.00")
        second = desk.proof(slip, 500, 422)
        assert ("slip_id", "exactly_one") in rules(second)
        desk.step(BOOKS, "goods_return", slip, "post")
        late = desk.as_(REP).call("PUT", f"return_proof/{made['id']}", 422, net_qty=1)
        assert rules(late) == {("slip_id", "posted")}


def test_a_count_that_differs_waits_for_the_sales_manager(desk):
    with at("2025-09-10 10:00"):
        made = desk.at_store(desk.settled())
        asked = desk.step(STORE, "goods_return", made, "count", actual_qty=480)
        assert (asked["status"], asked["received_at"]) == ("difference", None)
        desk.step(STORE, "goods_return", made, "sign", 422)
        bare = desk.step(MANAGER, "goods_return", made, "instruct", 422)
        assert rules(bare) == {("difference_instruction", "required")}
        again = desk.step(MANAGER, "goods_return", made, "recount", reason="请复点")
        assert (again["status"], again["actual_qty"], again["differs"]) == ("at_warehouse", None, None)
        desk.step(STORE, "goods_return", made, "count", actual_qty=480)
        desk.step(MANAGER, "goods_return", made, "instruct", difference_instruction="按实签收")
        signed = desk.step(STORE, "goods_return", made, "sign")
        assert (signed["match_result"], signed["return_amount"]) == ("short", "41280.00")
        desk.proof(made, 480)
        desk.step(BOOKS, "goods_return", made, "post")
        voucher = desk.rows(BOOKS, "accounting_voucher", source_slip_id=made)[0]
        assert (voucher["quantity"], voucher["amount"]) == (480, "41280.00")


@pytest.mark.parametrize(
    ("percents", "actual", "result", "source"),
    [
        ({"order": "2"}, 510, "within_tolerance", "order"),
        ({"order": "2"}, 511, "over_tolerance", "order"),
        ({"order": "2", "customer": "5"}, 511, "over_tolerance", "order"),
        ({"customer": "5"}, 525, "within_tolerance", "customer"),
        ({"customer": "5"}, 526, "over_tolerance", "customer"),
        ({"company": "1"}, 505, "within_tolerance", "company"),
        ({"company": "1"}, 506, "over_tolerance", "company"),
        ({}, 501, "over_tolerance", "company"),
        ({}, 500, "equal", "company"),
        ({}, 499, "short", "company"),
        ({}, 0, "short", "company"),
    ],
)
def test_the_tolerance_of_the_order_then_the_customer_then_the_company(portal, desk, percents, actual, result, source):
    if "company" in percents:
        with portal.app_context(), at("2025-09-01 11:00"):
            unit = session.scalars(sa.select(OrgUnit).filter_by(code="HX")).one()
            session.add(PolicyParameter(unit_id=unit.id, policy="B02", key="return_tolerance", value="1",
                                        valid_from=dt.date(2025, 9, 1), reason="公司规定"))  # fmt: skip
            session.commit()
            session.remove()
    with at("2025-09-10 10:00"):
        if "order" in percents:
            tolerance(desk, percents["order"], "PO1")
        if "customer" in percents:
            tolerance(desk, percents["customer"])
        tolerance(desk, "50", since="2025-09-11")
        slip = desk.get(MANAGER, "goods_return", desk.received(desk.settled(), 500, actual))
        told = desk.as_(BOOKS).call("GET", f"goods_return/{slip['id']}/explain")["match"]
        assert (slip["match_result"], told["source"]) == (result, source)
        percent = Decimal(percents.get(source, "0")).normalize()
        assert Decimal(told["percent"]) == percent
        assert told["text"] == f"500 × (1 + {percent:f} %) = {500 + 5 * percent:f}"
        assert slip["status"] == ("over_tolerance" if result == "over_tolerance" else "received")
        page = desk.as_(BOOKS).client.get(f"/goods_return/{slip['id']}").text
        assert told["text"] in page


@pytest.mark.parametrize(
    ("price", "decider", "other"),
    [
        ("166.66", MANAGER, DEPUTY), ("166.67", DEPUTY, MANAGER),
        ("250.00", DEPUTY, GENERAL), ("250.01", GENERAL, DEPUTY),
    ],
)
def test_above_the_tolerance_posting_waits_for_the_petition(desk, price, decider, other):
    with at("2025-09-10 10:00"):
        made = desk.slip(desk.settled(), unit_price=price)["id"]
        desk.step(REP, "goods_return", made, "submit")
        desk.step(MANAGER, "goods_return", made, "verify")
        desk.step(STORE, "goods_return", made, "count", actual_qty=600)
        desk.step(MANAGER, "goods_return", made, "instruct", difference_instruction="按实签收")
        desk.step(STORE, "goods_return", made, "sign")
        desk.proof(made, 600)
        blocked = desk.step(BOOKS, "goods_return", made, "post", 422)
        assert rules(blocked) == {("match_result", "quantity_mismatch")}
        assert rules(desk.step(BOOKS, "goods_return", made, "put_up", 422)) == {("petition_text", "required")}
        desk.step(BOOKS, "goods_return", made, "put_up", petition_text="客户多退一百片")
        assert rules(desk.step(BOOKS, "goods_return", made, "post", 422)) == {("match_result", "quantity_mismatch")}
        desk.step(other, "goods_return", made, "grant", 403, excess_instruction="同意")
        desk.step(decider, "goods_return", made, "refuse", reason="请查明原因")
        assert rules(desk.step(BOOKS, "goods_return", made, "post", 422)) == {("match_result", "quantity_mismatch")}
        desk.step(BOOKS, "goods_return", made, "put_up", petition_text="客户多退一百片，已查明")
        granted = desk.step(decider, "goods_return", made, "grant", excess_instruction="同意按实入账")
        assert granted["status"] == "granted"
        desk.step(BOOKS, "goods_return", made, "post")
        voucher = desk.rows(BOOKS, "accounting_voucher")[0]
        assert (voucher["quantity"], Decimal(voucher["amount"])) == (600, 600 * Decimal(price))
        desk.step(BOOKS, "accounting_voucher", voucher["id"], "reverse", reason="重开")
        desk.step(BOOKS, "goods_return", made, "post")
        assert sum(Decimal(row["amount"]) for row in desk.rows(BOOKS, "accounting_voucher")) == 600 * Decimal(price)


def test_slips_of_a_case_stay_within_the_approved_quantity_together(desk):
    with at("2025-09-10 10:00"):
        case = desk.settled(approved=500)
        assert rules(desk.slip(case, 501, 422)) == {("slip_qty", "return_ceiling")}
        first = desk.received(case, 300)
        assert desk.get(REP, "goods_return", first)["match_result"] == "short"
        assert rules(desk.slip(case, 201, 422)) == {("slip_qty", "return_ceiling")}
        second = desk.received(case, 200)
        assert desk.get(REP, "goods_return", second)["match_result"] == "equal"
        none = desk.settled(approved=0)
        assert rules(desk.slip(none, 1, 422)) == {("slip_qty", "return_ceiling")}


def test_the_warehouse_writes_the_actual_quantity_and_sees_only_what_was_sent_to_it(desk):
    with at("2025-09-10 10:00"):
        case = desk.settled()
        draft = desk.slip(case, 100)["id"]
        sent = desk.at_store(case, 200)
        assert [row["id"] for row in desk.rows(STORE, "goods_return")] == [sent]
        for path in (f"/goods_return/{draft}", f"/goods_return/{draft}/print", f"/api/v1/goods_return/{draft}"):
            assert desk.as_(STORE).client.get(path).status_code == 404, path
        desk.as_(STORE).call("PUT", f"goods_return/{sent}", 403, unit_price="1.00")
        for name, value in (("slip_qty", 1), ("unit_price", "1"), ("return_reason", "x")):
            refused = desk.step(STORE, "goods_return", sent, "count", 422, actual_qty=200, **{name: value})
            assert (name, "field") in rules(refused) or (name, "writes") in rules(refused)
        assert rules(desk.step(STORE, "goods_return", sent, "count", 422, actual_qty=-1)) >= {("actual_qty", "integer")}
        desk.add(STORE, "goods_return", 403, complaint_id=case)
        desk.step(STORE, "goods_return", sent, "verify", 403)
        for who in ("linjiahao", "luojianguo", "zhaoguodong"):
            client = desk.as_(who).client
            assert client.get(f"/api/v1/goods_return/{sent}").status_code == unreached(client, "goods_return"), who
        for who in (STORE, REP, MANAGER, "luojianguo"):
            assert desk.as_(who).client.get("/api/v1/accounting_voucher/").status_code == 403, who


def test_the_print_has_its_four_copies_sums_in_capitals_and_signatures(desk):
    with at("2025-09-10 10:00"):
        made = desk.received(desk.settled())
        paper = desk.as_(BOOKS).client.get(f"/goods_return/{made}/print?copy=3").text
        said = ("成品退货单", "第一联", "第二联", "第三联 会计科存", "第四联", "肆万叁仟元整", "宋志伟", "曹大明")
        for text in said:
            assert text in paper, text
        desk.proof(made, 500)
        desk.step(BOOKS, "goods_return", made, "post")
        voucher = desk.rows(BOOKS, "accounting_voucher")[0]["id"]
        posted = desk.as_(BOOKS).client.get(f"/accounting_voucher/{voucher}/print").text
        for text in ("转账传票", "肆万叁仟元整", "500 × 86.00 = 43,000.00", "方慧敏"):
            assert text in posted, text


def test_copies_are_acknowledged_where_they_went(desk):
    with at("2025-09-10 10:00"):
        desk.received(desk.settled())
        for who, number in ((REP, 1), (STORE, 2), (BOOKS, 3), (MANAGER, 4)):
            rows = [row for row in desk.rows(who, "delivery_receipt") if row["subject"].startswith("TH")]
            copy = next(row["id"] for row in rows if row["copy_no"] == number)
            done = desk.step(who, "delivery_receipt", copy, "acknowledge")
            assert done["acknowledged_at"] is not None
