"""E01 from the opinion to the voucher in the order of its clauses."""

from __future__ import annotations

import pytest

from tests.scenarios.e01_desk import (
    BOOKS,
    DEPUTY,
    MANAGER,
    OFFICE,
    OTHER,
    PLANT,
    RD,
    SALES,
    SERVICE,
    STAFF,
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


def opinion(desk, **over) -> int:
    """A grievance as service wrote it down."""
    values = {"kind": "grievance", "source": "phone", "customer_id": desk.customer, "received_at": now(),
              "content": "安装人员迟到且态度冷淡", **over}  # fmt: skip
    return int(desk.add(SERVICE, "customer_opinion", **values)["id"])


def test_18_to_20_an_ordinary_grievance_is_visited_and_told(portal, desk):
    with at("2025-09-26 10:00"):
        key = opinion(desk)
        visit = desk.clocks(SERVICE, "customer_opinion", key)["visit_complainer"]
        assert visit["due_at"] == "2025-09-29T23:59:59+08:00"
        desk.step(SERVICE, "customer_opinion", key, "take_up")
        urged = desk.add(SERVICE, "opinion_urge", opinion_id=key, to_unit_id=desk.unit["JN-PR"], urged_at=now(),
                         content="请查明安装日程")  # fmt: skip
        assert desk.get(PLANT, "customer_opinion", key)["id"] == key
        desk.get(BOOKS, "customer_opinion", key, 403)
        settled = {"handled_by_id": desk.person[MANAGER], "result": "已道歉并改派"}
        unvisited = desk.step(MANAGER, "customer_opinion", key, "settle", 422, **settled)
        assert rules(unvisited) == {("visited_at", "grievance_visited")}
        assert unvisited["errors"][0]["clause"] == "第十八条; 第二十条"
        went = {"visited_at": now(), "visit_course": "当面致歉", "visit_outcome": "客户谅解"}
        wrong = desk.step(MANAGER, "customer_opinion", key, "record_visit", 422, in_person=True,
                          visitor_id=desk.person[STAFF], **went)  # fmt: skip
        assert rules(wrong) == {("visitor_id", "visitor_fits")}
        shown = desk.step(MANAGER, "customer_opinion", key, "record_visit", in_person=False,
                          visitor_id=desk.person[STAFF], **went)  # fmt: skip
        assert shown["appointed_by_id"] == desk.person[MANAGER]
        assert desk.clocks(SERVICE, "customer_opinion", key)["visit_complainer"]["status"] == "met"
        desk.step(MANAGER, "customer_opinion", key, "settle", **settled)
        tell = desk.clocks(SERVICE, "customer_opinion", key)["tell_opinion_result"]
        assert tell["due_at"] == "2025-09-28T23:59:59+08:00"
        desk.step(MANAGER, "customer_opinion", key, "tell", told_by="phone", told_at=now(), told_text="已处理")
        done = desk.get(SERVICE, "customer_opinion", key)
        assert (done["status"], done["serious"], done["opinion_no"]) == ("closed", False, "YJ2509001")
        assert "plan" not in done
        page = desk.as_(SERVICE).client.get("/reports/E01.opinion_summary?month=2025-09").text
        assert "YJ2509001" in page
        assert urged["to_unit_id"] == desk.unit["JN-PR"]


def test_18_a_serious_opinion_goes_up_at_once_and_is_answered_by_letter(portal, desk):
    with at("2025-09-10 10:00"):
        key = opinion(desk, kind="suggestion")
        bare = desk.step(SERVICE, "customer_opinion", key, "mark_serious", 422)
        assert rules(bare) == {("serious_reason", "required")}
        desk.step(SERVICE, "customer_opinion", key, "mark_serious", serious_reason="客户声称停止采购")
        assert desk.clocks(SERVICE, "customer_opinion", key)["serious_opinion"]["due_at"] == "2025-09-10T11:00:00+08:00"
    sweep(portal, "deadlines.due", "2025-09-10 11:00:01")
    with at("2025-09-10 11:05"):
        assert "特别严重意见即提呈" in desk.as_(DEPUTY).client.get("/notices/").text
        desk.step(SERVICE, "customer_opinion", key, "pass_up", 403)
        desk.step(MANAGER, "customer_opinion", key, "pass_up")
        desk.step(DEPUTY, "customer_opinion", key, "instruct", instruction="由经理亲自处理")
        desk.step(MANAGER, "customer_opinion", key, "settle", handled_by_id=desk.person[MANAGER], result="已协商")
        phone = desk.step(MANAGER, "customer_opinion", key, "tell", 422, told_by="phone", told_at=now(), told_text="x")
        assert rules(phone) == {("told_by", "serious_by_letter")}
        done = desk.step(MANAGER, "customer_opinion", key, "tell", told_by="letter", told_at=now(), told_text="函告")
        assert (done["status"], done["passed_up_at"] is not None) == ("closed", True)


def test_25_joint_handling_has_its_limit_and_alerts_rd(portal, desk):
    with at("2025-09-26 09:00"):
        case = desk.accepted()
        assert rules(desk.step(STAFF, "complaint", case, "alert_rd", 422)) == {(None, "state")}
        past = desk.step(SERVICE, "complaint", case, "call_joint", 422, category="quality", joint_limit="2025-09-25",
                         joint_units=[desk.unit["JN-RD"]])  # fmt: skip
        assert rules(past) == {("joint_limit", "not_past")}
        units = [desk.unit["JN-RD"], desk.unit["JN-CS"]]
        desk.step(SERVICE, "complaint", case, "call_joint", category="quality", joint_limit="2025-09-29",
                  joint_units=units)  # fmt: skip
        found = desk.clocks(SERVICE, "complaint", case)
        assert found["joint"]["due_at"] == "2025-09-29T23:59:59+08:00"
        assert found["rd_alert"]["due_at"] == "2025-09-26T10:00:00+08:00"
        assert desk.get(RD, "complaint", case)["id"] == case
    with at("2025-09-26 09:20"):
        desk.step(STAFF, "complaint", case, "alert_rd")
        assert desk.clocks(SERVICE, "complaint", case)["rd_alert"]["status"] == "met"
        assert {"call_joint", "finish"} <= set(desk.get(SERVICE, "complaint", case)["_moves"])
        assert "alert_rd" not in desk.get(STAFF, "complaint", case)["_moves"]
        assert "会同处理" in desk.as_(RD).client.get("/notices/").text
        assert rules(desk.step(STAFF, "complaint", case, "end_joint", 422)) == {(None, "joint_recorded")}
    sweep(portal, "deadlines.due", "2025-09-30 00:05")
    with at("2025-09-30 09:00"):
        assert [row["slip_no"] for row in desk.rows(SERVICE, "urge_slip")] == ["KT250901-C1"]
        told = {"reported_at": "2025-09-26T09:00", "abnormality": "跑偏", "manufacturing_people": [desk.person[RD]]}
        assert rules(desk.add(STAFF, "urgent_visit", 422, **told)) == {("complaint_id", "required")}
        visit = desk.add(STAFF, "urgent_visit", complaint_id=case, **told)
        assert (visit["customer_id"], "qc_can_attend" in visit) == (desk.customer, False)
        desk.step(STAFF, "urgent_visit", visit["id"], "record_visit", visited_at=now(), result="现场调整")
        desk.step(STAFF, "complaint", case, "end_joint")
        assert desk.clocks(SERVICE, "complaint", case)["joint"]["status"] != "running"


def test_25_our_own_fault_needs_its_loss_before_the_decision(desk):
    with at("2025-09-10 10:00"):
        case = desk.accepted()
        early = desk.add(SERVICE, "loss_sheet", 422, complaint_id=case, responsible_unit_id=desk.unit["JN-PR"])
        assert (early["errors"][0]["rule"], early["errors"][0]["clause"]) == ("closed_first", "第二十五条4")
        desk.step(SERVICE, "complaint", case, "investigate", category="quality")
        desk.step(SERVICE, "complaint", case, "finish", findings="轴承不同心")
        asked = {"responsible_unit_id": desk.unit["JN-PR"], "our_quality_fault": True, "handling": "discount",
                 "needs_tracking": True}  # fmt: skip
        refused = desk.step(SERVICE, "complaint", case, "put_up", 422, **asked)
        assert rules(refused) == {(None, "report_handed_in"), ("our_quality_fault", "loss_approved")}
        report = desk.rows(SERVICE, "written_report", complaint_id=case)[0]["id"]
        desk.step(SERVICE, "written_report", report, "submit", content="经查")
        desk.step(DEPUTY, "written_report", report, "instruct", instruction="限期改善")
        sheet = desk.add(SERVICE, "loss_sheet", complaint_id=case, responsible_unit_id=desk.unit["JN-PR"])["id"]
        item = desk.add(SERVICE, "loss_item", sheet_id=sheet, kind="return", quantity=500, unit_price="86.00")
        assert (item["loss_amount"], item["basis"]["text"]) == ("8600.00", "500 × 86.00 × 20 % = 8,600.00")
        for account, percent in ((WORKER, "66.67"), (OTHER, "33.33")):
            desk.add(SERVICE, "responsibility_share", sheet_id=sheet, bearer_type="person", share_percent=percent,
                     employee_id=desk.person[account], fault_item="item_3")  # fmt: skip
        desk.step(SERVICE, "loss_sheet", sheet, "submit")
        desk.step(DEPUTY, "loss_sheet", sheet, "approve")
        mine = desk.rows(WORKER, "responsibility_share")
        assert [row["amount"] for row in mine] == ["5733.62"]
        assert desk.rows(OTHER, "sanction") == []
        desk.step(SERVICE, "complaint", case, "put_up", **asked)
        desk.decided(case)
        desk.told(case)
        desk.step(SERVICE, "complaint", case, "close")
        followed = desk.rows(SERVICE, "corrective_action", complaint_id=case)[0]
        assert (followed["status"], followed["due_on"]) == ("open", "2025-10-10")
        copies = {row["copy_no"] for who in (SERVICE, PLANT, SALES, BOOKS, OFFICE)
                  for row in desk.rows(who, "delivery_receipt") if row["subject"].startswith("KT2509")}  # fmt: skip
        assert copies == {1, 2, 3, 4, 5}


def test_25_8_an_unfounded_complaint_is_collected_or_disputed(desk):
    with at("2025-09-10 10:00"):
        case = desk.accepted()
        desk.investigated(case)
        desk.pending(case)
        bare = desk.step(DEPUTY, "complaint", case, "decide", 422, decision="不成立", founded=False)
        assert (bare["errors"][0]["field"], bare["errors"][0]["clause"]) == ("collection_due_on", "第二十五条8")
        shown = desk.decided(case, founded=False, decided_amount=None, approved_return_qty=None,
                             collection_due_on="2025-09-30")  # fmt: skip
        assert shown["status"] == "unfounded"
        assert desk.clocks(SERVICE, "complaint", case)["collection"]["due_at"] == "2025-09-30T23:59:59+08:00"
        refused = desk.step(SERVICE, "complaint", case, "close_unfounded", 422)
        assert rules(refused) == {("collected_on", "collected_or_settled")}
        plea = desk.add(SALES, "petition", kind="unfounded_dispute", complaint_id=case, subject="客户异议", content="x")
        desk.step(SALES, "petition", plea["id"], "submit")
        desk.step(DEPUTY, "petition", plea["id"], "approve", decision="分期收款")
        assert desk.step(SERVICE, "complaint", case, "close_unfounded")["status"] == "closed"
        none = desk.certificate(case, status=422)
        assert ("complaint_id", "before_closing") in rules(none)
