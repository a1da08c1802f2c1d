"""E01: complaints of a trading and manufacturing group, and what follows them, through REST by its posts."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.areas.complaints.complaint import Complaint
from app.core.db import session
from app.engines.people.models import OrgUnit
from app.engines.policy.models import PolicyParameter
from tests.scenarios.e01_desk import (
    BOOKS,
    DEPUTY,
    GENERAL,
    HR,
    MARKETING,
    OFFICE,
    SALES,
    SALES_DEPUTY,
    SERVICE,
    STORE,
    WORKER,
    Group,
    at,
    now,
    rules,
    sweep,
)

POLICY = "E01"


@pytest.fixture
def desk(sign_in) -> Group:
    with at("2025-09-01 09:00"):
        return Group(sign_in)


def working_days(portal) -> None:
    """The group counts its limits in working days."""
    with portal.app_context(), at("2025-09-01 11:00"):
        unit = session.scalars(sa.select(OrgUnit).filter_by(code="JN")).one()
        session.add(PolicyParameter(unit_id=unit.id, policy="E01", key="day_unit", value="working_days",
                                    valid_from=dt.date(2025, 9, 1), reason="集团规定"))  # fmt: skip
        session.commit()
        session.remove()


def notices(desk, who: str) -> str:
    """What somebody was told, as one text."""
    return desk.as_(who).client.get("/notices/").text


def test_e01_1_six_days_from_acceptance(portal, desk):
    with at("2025-09-26 16:00"):
        first = desk.accepted()
        assert desk.clocks(SERVICE, "complaint", first)["case"]["due_at"] == "2025-10-02T23:59:59+08:00"
        assert desk.get(SERVICE, "complaint", first)["number"] == "KT250901"
    with at("2025-10-03 09:00"):
        second = desk.accepted(order_no="JN-89")
        assert desk.clocks(SERVICE, "complaint", second)["case"]["due_at"] == "2025-10-09T23:59:59+08:00"
    for day, case, other in (("2025-10-03 00:05", first, second), ("2025-10-10 00:05", second, first)):
        sweep(portal, "deadlines.due", day)
        with at(day):
            late = {row["id"] for row in desk.rows(DEPUTY, "complaint", clock="late")}
            assert case in late
            assert (other in late) == (day > "2025-10-09")
    with at("2025-10-10 09:00"):
        assert "KT250901" in notices(desk, DEPUTY)
        slips = desk.rows(SERVICE, "urge_slip")
        assert {row["slip_no"] for row in slips} == {"KT250901-C1", "KT251001-C1"}


@pytest.mark.parametrize(
    ("accepted", "due"), [("2025-09-26 16:00", "2025-10-11"), ("2025-10-03 09:00", "2025-10-15")]
)
def test_e01_1_in_working_days(portal, desk, accepted, due):
    working_days(portal)
    with at(accepted):
        found = desk.clocks(SERVICE, "complaint", desk.accepted())["case"]
        assert found["due_at"] == f"{due}T23:59:59+08:00"


@pytest.mark.parametrize(
    ("done", "due", "late"),
    [("2025-09-29", "2025-10-02", "2025-10-03 00:05"), ("2025-10-30", "2025-11-02", "2025-11-03 00:05")],
)
def test_e01_2_the_report_within_three_days(portal, desk, done, due, late):
    with at(f"{done} 10:00"):
        case = desk.accepted()
        desk.step(SERVICE, "complaint", case, "investigate", category="non_quality")
        desk.step(SERVICE, "complaint", case, "finish", findings="运输碰伤")
        report = desk.rows(SERVICE, "written_report", complaint_id=case)[0]
        assert report["investigated_on"] == done
        clock = desk.clocks(SERVICE, "written_report", report["id"])["report"]
        assert (clock["due_at"], clock["clause"]) == (f"{due}T23:59:59+08:00", "第二十五条3")
    for instant, said in ((f"{due} 23:59:58", False), (late, True)):
        sweep(portal, "deadlines.due", instant)
        with at(instant):
            late_ones = {row["id"] for row in desk.rows(DEPUTY, "written_report", clock="late")}
            assert late_ones == ({report["id"]} if said else set())
            assert ("三天内提出报告" in notices(desk, DEPUTY)) == said


def test_e01_4_the_kind_of_service_on_a_day(desk):
    """Contract to 9 October, free to 31: B on the ninth, C on the tenth, A on 1 November; without its papers no B."""
    told = {"contract_type": "service", "customer_id": desk.customer, "covered": "输送机整机", "amount": "12000.00",
            "valid_from": "2024-10-10", "valid_to": "2025-10-09"}  # fmt: skip
    with at("2025-09-10 10:00"):
        desk.as_(MARKETING).call("PUT", f"customer/{desk.customer}", free_until="2025-10-31", equipment="输送机 SJ-3")
        bare = desk.add(SERVICE, "contract", **told | {"covered": None})["id"]
        assert rules(desk.step(SERVICE, "contract", bare, "sign", 422)) == {("covered", "required")}
        row = desk.add(SERVICE, "contract", **told)["id"]
        assert desk.step(SERVICE, "contract", row, "sign")["contract_no"] == "FWHT-2025-001"
        desk.as_(STORE).call("GET", f"contract/{row}", 403)
    found = {}
    for day in ("2025-10-09", "2025-10-10", "2025-11-01"):
        with at(f"{day} 10:00"):
            found[day] = desk.as_(SERVICE).call("GET", f"customer/{desk.customer}/explain")["service_type"]["tier"]
    assert list(found.values()) == ["b", "c", "a"]
    with at("2025-10-09 15:00"):
        page = desk.as_(SERVICE).client.get(f"/customer/{desk.customer}").text
        assert "B 合同服务" in page


def test_e01_10_returns_are_posted_when_they_agree_to_the_piece(desk):
    with at("2025-09-10 10:00"):
        case = desk.closed()
        for quantity in (499, 501):
            refused = desk.slip(case, quantity, 422)
            assert rules(refused) == {("slip_qty", "return_ceiling")}
            assert refused["errors"][0]["clause"] == "第二十八条2"
        slip = desk.at_store(case)
        counted = desk.step(STORE, "goods_return", slip, "count", actual_qty=500)
        assert (counted["status"], counted["match_result"]) == ("received", "equal")
        assert counted["return_amount"] == "43000.00"
        desk.step(BOOKS, "goods_return", slip, "post")
        voucher = desk.rows(BOOKS, "accounting_voucher", source_slip_id=slip)[0]
        assert (voucher["quantity"], voucher["amount"]) == (500, "43000.00")


@pytest.mark.parametrize(
    ("actual", "result", "amount"), [(499, "short", "42914.00"), (501, "over_tolerance", "43086.00")]
)
def test_e01_10_without_tolerance_a_petition_corrects_the_decision(desk, actual, result, amount):
    with at("2025-09-10 10:00"):
        case = desk.closed()
        slip = desk.at_store(case)
        counted = desk.step(STORE, "goods_return", slip, "count", actual_qty=actual)
        assert (counted["status"], counted["match_result"], counted["received_at"]) == ("difference", result, None)
        for _again in range(2):
            refused = desk.step(BOOKS, "goods_return", slip, "post", 422)
            assert rules(refused) == {("actual_qty", "quantity_mismatch")}
            assert refused["errors"][0]["clause"] == "第二十八条2"
        assert rules(desk.step(SALES, "goods_return", slip, "put_up", 422)) == {("petition_text", "required")}
        desk.step(SALES, "goods_return", slip, "put_up", petition_text="客户实退数量不同，拟更正批示")
        assert rules(desk.step(BOOKS, "goods_return", slip, "post", 422)) == {("actual_qty", "quantity_mismatch")}
        desk.step(SALES_DEPUTY, "goods_return", slip, "grant", 403, excess_instruction="同意")
        granted = desk.step(DEPUTY, "goods_return", slip, "grant", excess_instruction="同意按实退量更正")
        assert (granted["status"], granted["approved_qty"], granted["match_result"]) == ("corrected", actual, "equal")
        assert desk.get(SERVICE, "complaint", case)["approved_return_qty"] == actual
        desk.step(BOOKS, "goods_return", slip, "post", 422)
        desk.step(STORE, "goods_return", slip, "sign")
        desk.step(BOOKS, "goods_return", slip, "post")
        voucher = desk.rows(BOOKS, "accounting_voucher", source_slip_id=slip)[0]
        assert (voucher["quantity"], voucher["amount"]) == (actual, amount)


def test_e01_11_a_certificate_with_both_signatures(desk):
    with at("2025-09-10 10:00"):
        case = desk.open_decided()
        early = desk.certificate(case, status=422)
        assert {(e["rule"], e["clause"]) for e in early["errors"]} >= {("before_closing", "第二十八条1")}
        desk.told(case)
        desk.step(SERVICE, "complaint", case, "close")
        above = desk.certificate(case, "3000.01", status=422)
        assert rules(above) == {("discount_amount", "decision_ceiling")}
        made = desk.certificate(case)["id"]
        desk.step(SALES, "return_certificate", made, "submit")
        bare = desk.step(BOOKS, "return_certificate", made, "post", 422)
        assert rules(bare) == {("signed_at", "both_signed"), ("customer_sealed_on", "both_signed")}
        desk.step(DEPUTY, "return_certificate", made, "sign", 403)
        desk.step(SALES_DEPUTY, "return_certificate", made, "sign")
        half = desk.step(BOOKS, "return_certificate", made, "post", 422)
        assert rules(half) == {("customer_sealed_on", "both_signed")}
        desk.step(SALES, "return_certificate", made, "seal", customer_sealed_on="2025-09-10")
        desk.step(BOOKS, "return_certificate", made, "post")
        voucher = desk.rows(BOOKS, "accounting_voucher", source_certificate_id=made)
        assert [(row["amount"], row["quantity"]) for row in voucher] == [("3000.00", None)]
        paper = desk.as_(SALES).client.get(f"/return_certificate/{made}/print?copy=2").text
        for said in ("销货折扣证明单", "第一份 营销部存", "第二份 财务部作账", "叁仟元整"):
            assert said in paper, said
        copies = {(row["copy_no"], row["unit_id"]) for who in (MARKETING, BOOKS)
                  for row in desk.rows(who, "delivery_receipt") if row["subject"].startswith("KTZ")}  # fmt: skip
        assert (2, desk.unit["JN-FI"]) in copies


def test_e01_13_the_review_of_october(portal, desk):
    with at("2025-10-09 10:00"):
        cases = [desk.ours(order_no=f"JN-9{number}") for number in range(2)]
        for case in cases:
            sanction = desk.rows(SERVICE, "sanction", complaint_id=case)[0]
            assert (sanction["grade"], sanction["case_closed_at"]) == ("reprimand_1", None)
            desk.step(SERVICE, "sanction", sanction["id"], "submit")
            desk.step(DEPUTY, "sanction", sanction["id"], "approve")
            desk.decided(case)
            desk.told(case)
            desk.step(SERVICE, "complaint", case, "close")
        third = desk.ours(order_no="JN-99")
        desk.decided(third)
        desk.told(third)
        desk.step(SERVICE, "complaint", third, "close")
        _more_closed(portal, third, 4)
    sweep(portal, "tasks.open", "2025-11-01 00:10")
    with at("2025-11-03 09:00"):
        assert desk.as_(OFFICE).client.get("/reports/E01.sanction_review?month=2025-10").status_code == 200
        task = desk.rows(OFFICE, "report_snapshot", report="E01.monthly_review")[0]
        assert (task["period"], task["due_at"]) == ("2025-10", "2025-11-10T23:59:59+08:00")
        approved = [row["id"] for row in desk.rows(OFFICE, "sanction", status="approved")]
        page = desk.as_(OFFICE).client.get(f"/report_snapshot/{task['id']}").text
        numbers = [row["sanction_no"] for row in desk.rows(OFFICE, "sanction")]
        assert sum(number in page for number in numbers) == len(approved) == 2
        open_ = desk.rows(SERVICE, "sanction", complaint_id=third)[0]["id"]
        refused = desk.add(OFFICE, "personnel_announcement", 422, month="2025-10", sanctions=[*approved, open_])
        assert rules(refused) == {("sanctions", "publish_unapproved")}
        assert refused["errors"][0]["clause"] == "第二十五条4"
        sheet = desk.add(OFFICE, "personnel_announcement", month="2025-10", sanctions=approved)["id"]
        desk.step(OFFICE, "personnel_announcement", sheet, "publish", 403)
        desk.step(OFFICE, "personnel_announcement", sheet, "send")
        desk.step(HR, "personnel_announcement", sheet, "publish")
        assert {desk.get(OFFICE, "sanction", key)["status"] for key in approved} == {"announced"}
        notice = desk.add(OFFICE, "penalty_notice", complaint_id=cases[0], reason_item="未依规范备料")["id"]
        desk.step(OFFICE, "penalty_notice", notice, "submit")
        desk.step(DEPUTY, "penalty_notice", notice, "approve", 403)
        desk.step(BOOKS, "penalty_notice", notice, "execute", 404)
        desk.step(GENERAL, "penalty_notice", notice, "approve")
        done = desk.step(BOOKS, "penalty_notice", notice, "execute")
        assert (done["status"], done["executed_at"] is not None) == ("executed", True)
    for day, late in (("2025-11-10 23:59:58", []), ("2025-11-11 00:05", [task["id"]])):
        sweep(portal, "deadlines.due", day)
        with at(day):
            assert [row["id"] for row in desk.rows(OFFICE, "report_snapshot", clock="late")] == late


def _more_closed(portal, like: int, count: int) -> None:
    """As many more complaints that were closed then, without any loss."""
    with portal.app_context():
        case = session.get_one(Complaint, like)
        kept = {column.key for column in Complaint.__table__.columns} - {"id", "number", "case_no", "row_version"}
        values = {name: getattr(case, name) for name in kept}
        session.add_all(Complaint(**values, case_no=f"KT2510{number}") for number in range(90, 90 + count))
        session.commit()
        session.remove()


def test_e01_14_a_refused_form_comes_back_with_the_original(desk):
    with at("2025-09-10 10:00"):
        case = desk.accepted()
        desk.investigated(case)
        desk.pending(case)
        early = desk.told(case, 422)
        assert rules(early) == {("complaint_id", "decided_first")}
        assert early["errors"][0]["clause"] == "第二十五条6"
        desk.decided(case)
        above = desk.told(case, 422, promised_amount="3000.01")
        assert rules(above) == {("promised_amount", "within_decision")}
        desk.told(case, customer_response="refused")
        assert desk.as_(SALES).client.get(f"/complaint/{case}/print").status_code == 404
        assert desk.as_(MARKETING).client.get(f"/complaint/{case}/print").status_code == 403
        assert desk.as_(SERVICE).client.get(f"/complaint/{case}/print").status_code == 200
        desk.step(SERVICE, "complaint", case, "refuse")
        alone = desk.add(MARKETING, "complaint", 422, **desk.form())
        assert rules(alone) == {("previous_id", "original_form")}
        assert alone["errors"][0]["clause"] == "第二十五条5"
        assert "KT250901" in alone["errors"][0]["message"]
        again = desk.step(SERVICE, "complaint", case, "new_form")["next_id"]
        shown = desk.get(SERVICE, "complaint", again)
        assert (shown["number"], shown["version"], shown["previous_id"]) == ("KT250901-2", 2, case)
    with at("2025-09-12 10:00"):
        desk.step(SERVICE, "complaint", again, "submit", marketing_opinion="附原表")
        desk.step(SERVICE, "complaint", again, "accept")
        assert desk.clocks(SERVICE, "complaint", again)["case"]["due_at"] == "2025-09-18T23:59:59+08:00"
        assert desk.clocks(SERVICE, "complaint", case)["case"]["status"] == "met"
        desk.add(MARKETING, "complaint", **desk.form())
        assert now() == "2025-09-12T10:00"
        assert WORKER
