"""B02 beside the route: anomaly slips, samples, meetings, petitions, improvements, pauses; through REST."""

from __future__ import annotations

import pytest

from app.core.db import session
from app.engines.deadlines import operations as deadlines
from tests.scenarios.desk import BOOKS, CONTROL, DEPUTY, GENERAL, MANAGER, QC, REP, SECTION, at, clocks
from tests.scenarios.seats import employee_id, hire
from tests.scenarios.visiting import explained, step, waiting

# -- （三） anomaly slips ------------------------------------------------------------------


def slip(desk, portal, **over):
    return {
        "customer_id": next(iter(desk.customers.values())), "part_no": "HD10-5028", "description": "外观轻微色差",
        "handled_by_id": employee_id(portal, REP), "handled_on": "2025-09-09", "loss_caused": False,
        "notified_units": [desk.section],
    } | over


def test_an_anomaly_without_loss_asks_the_unit_to_improve(desk, portal):
    with at("2025-09-10 10:00"):
        row = desk.as_(REP).call("POST", "anomaly_slip/", 201, **slip(desk, portal))["id"]
        desk.as_(SECTION).call("GET", f"anomaly_slip/{row}", 404)
        assert step(desk, REP, "anomaly_slip", row, "notify")["slip_no"] == "YC250901"
        assert desk.as_(SECTION).call("GET", f"anomaly_slip/{row}")["status"] == "improving"
        desk.as_("taoyong").call("GET", f"anomaly_slip/{row}", 404)
        done = {"improvement": "加强首检", "improved_on": "2025-09-10"}
        other = step(desk, MANAGER, "anomaly_slip", row, "improve", 422, **done)
        assert (other["errors"][0]["rule"], other["errors"][0]["clause"]) == ("addressed_unit", "（三）")
        for day in ("2025-09-08", "2025-09-11"):
            refused = step(desk, SECTION, "anomaly_slip", row, "improve", 422, improvement="x", improved_on=day)
            assert refused["errors"][0]["field"] == "improved_on"
        assert step(desk, SECTION, "anomaly_slip", row, "improve", **done)["status"] == "done"


def test_a_loss_needs_a_complaint_form(desk, portal):
    """（三）: loss_caused must be false, on the form and through REST."""
    with at("2025-09-10 10:00"):
        refused = desk.as_(REP).call("POST", "anomaly_slip/", 422, **slip(desk, portal, loss_caused=True))
        assert (refused["errors"][0]["field"], refused["errors"][0]["clause"]) == ("loss_caused", "（三）")
        page = desk.as_(REP).client.post("/anomaly_slip/add", data={
            **slip(desk, portal), "loss_caused": "true", "notified_units": str(desk.section),
        })
        assert page.status_code == 422
        assert "已造成损失：请填投诉表，不用异常处理单。" in page.text
        assert "外观轻微色差" in page.text
        late = desk.as_(REP).call("POST", "anomaly_slip/", 422, **slip(desk, portal, handled_on="2025-09-11"))
        assert late["errors"][0]["field"] == "handled_on"
        nobody = desk.as_(REP).call("POST", "anomaly_slip/", 422, **slip(desk, portal, notified_units=[]))
        assert nobody["errors"][0]["field"] == "notified_units"


# -- （九）1, （七）2(3) samples; （七）3(3) meetings ----------------------


def test_samples_come_from_sales_and_are_inspected_by_quality(desk, portal):
    with at("2025-09-10 10:00"):
        case = desk.accepted()
        bag = {"complaint_id": case, "sample_no": "S-1", "quantity": 3, "received_at": "2025-09-10T09:00"}
        own = desk.as_(REP).call("POST", "sample/", 422, **bag, inspection_result="分层",
                                 inspected_by_id=employee_id(portal, QC))
        assert {(e["field"], e["clause"]) for e in own["errors"]} == {
            ("inspection_result", "（七）2(3)"), ("inspected_by_id", "（七）2(3)"),
        }
        row = desk.as_(REP).call("POST", "sample/", 201, **bag)["id"]
        for over in ({"sample_no": "S-2", "received_at": "2025-09-10T10:01"}, {"sample_no": "S-2", "quantity": 0}, {}):
            desk.as_(REP).call("POST", "sample/", 422, **(bag | over))
        desk.as_(QC).call("GET", f"sample/{row}", 404)
        desk.as_(CONTROL).move(case, "send_to_qc")
        found = {"inspection_result": "分层", "inspected_by_id": employee_id(portal, QC)}
        seen = desk.as_(QC).call("PUT", f"sample/{row}", **found)
        assert seen["inspection_result"] == "分层"
        refused = desk.as_(REP).call("PUT", f"sample/{row}", 422, inspection_result="没事")
        assert refused["errors"][0]["field"] == "inspection_result"
        assert desk.as_(REP).call("PUT", f"sample/{row}", kept_at_place="样品柜 3")["kept_at_place"] == "样品柜 3"


def test_joint_meetings_are_kept_by_case_control(desk, portal):
    with at("2025-09-10 10:00"):
        case = desk.accepted()
        told = {"complaint_id": case, "held_at": "2025-09-10T09:00", "place": "客户厂内", "customer_people": "王工",
                "our_people": [employee_id(portal, QC)], "findings": "双方确认分层"}
        desk.as_(REP).call("POST", "joint_meeting/", 403, **told)
        assert desk.as_(CONTROL).call("POST", "joint_meeting/", 201, **told)["place"] == "客户厂内"
        assert desk.as_(REP).call("GET", "joint_meeting/")["count"] == 1
        for name in ("held_at", "place", "our_people", "customer_people", "findings"):
            refused = desk.as_(CONTROL).call("POST", "joint_meeting/", 422, **(told | {name: None}))
            assert refused["errors"][0]["field"] == name


# -- （九）12, 14 petitions --------------------------------------------------------------


def memo(case, **over):
    return {"kind": "objection", "complaint_id": case, "subject": "对责任归属有异议", "content": "非本课造成"} | over


def test_a_department_objects_to_a_decision(desk, portal):
    """（九）12: after the decision, by petition, to the general manager."""
    hire(portal, "ketou", "HX-M1", "dept_head")
    with at("2025-09-10 10:00"):
        case = desk.accepted()
        desk.at_sales(case)
        early = desk.as_("ketou").call("POST", "petition/", 201, **memo(case))["id"]
        refused = step(desk, "ketou", "petition", early, "submit", 422)
        assert (refused["errors"][0]["rule"], refused["errors"][0]["clause"]) == ("decided_first", "（九）12")
        desk.routed(case, "90000")
        desk.decided(case)
        assert step(desk, "ketou", "petition", early, "submit")["petition_no"] == "QC250901"
        desk.as_(MANAGER).call("GET", f"petition/{early}", 404)
        for account in (DEPUTY, CONTROL):
            answer = desk.as_(account).client.post(
                f"/api/v1/petition/{early}/move/approve", json={"values": {"decision": "x"}}
            )
            assert answer.status_code == 403, account
        assert "签呈核准" in {row["subject"] for row in waiting(desk, GENERAL)}
        done = step(desk, GENERAL, "petition", early, "approve", decision="责任改判")
        assert (done["status"], done["approver_id"]) == ("decided", employee_id(portal, GENERAL))


def test_rules_of_a_petition(desk):
    with at("2025-09-10 10:00"):
        rep = desk.as_(REP)
        row = rep.call("POST", "petition/", 201, **memo(None))["id"]
        assert step(desk, REP, "petition", row, "submit", 422)["errors"][0]["field"] == "complaint_id"
        row = rep.call("POST", "petition/", 201, **memo(None, kind="sanction"))["id"]
        assert step(desk, REP, "petition", row, "submit", 422)["errors"][0]["field"] == "countersigned_units"
        for account in (DEPUTY, GENERAL, BOOKS):
            desk.as_(account).call("POST", "petition/", 403, **memo(None, kind="other"))
        row = rep.call("POST", "petition/", 201, **memo(None, kind="other"))["id"]
        step(desk, REP, "petition", row, "submit")
        assert step(desk, GENERAL, "petition", row, "reject", reason="不同意")["status"] == "rejected"


# -- （七）3(5), （九）7 improvement --------------------------------------------------


def limit_of(desk, row: int) -> str:
    return explained(desk, CONTROL, "corrective_action", row)["improvement"]["due_at"]


def test_an_improvement_is_carried_out_there_and_confirmed_by_case_control(desk, portal):
    hire(portal, "ketou", "HX-M1", "dept_head")
    with at("2025-09-10 10:00"):
        case = desk.accepted()
        plan = {"complaint_id": case, "measure": "延长回温", "owner_unit_id": desk.section, "due_on": "2025-09-30"}
        for account in (REP, SECTION, "ketou", GENERAL):
            desk.as_(account).call("POST", "corrective_action/", 422 if account == REP else 403, **plan)
        past = desk.as_(CONTROL).call("POST", "corrective_action/", 422, **(plan | {"due_on": "2025-09-09"}))
        assert past["errors"][0]["field"] == "due_on"
        row = desk.as_(CONTROL).call("POST", "corrective_action/", 201, **plan)["id"]
        assert limit_of(desk, row).startswith("2025-09-30T23:59:59")
        desk.as_("taoyong").call("GET", f"corrective_action/{row}", 404)
        desk.as_("ketou").call("PUT", f"corrective_action/{row}", 403, due_on="2026-09-30")
        step(desk, CONTROL, "corrective_action", row, "change_plan", 422, due_on="2025-10-15")
        step(desk, CONTROL, "corrective_action", row, "change_plan", reason="等料", due_on="2025-10-15")
        assert limit_of(desk, row).startswith("2025-10-15T23:59:59")
        early = step(desk, CONTROL, "corrective_action", row, "confirm", 422)
        assert early["errors"][0]["rule"] == "state"
        step(desk, "ketou", "corrective_action", row, "carry_out", progress="已延长到 8 小时", prevention="列入标准")
        step(desk, CONTROL, "corrective_action", row, "reopen", reason="再观察一周")
        step(desk, SECTION, "corrective_action", row, "carry_out", progress="连续三批正常")
        step(desk, SECTION, "corrective_action", row, "confirm", 403)
        done = step(desk, CONTROL, "corrective_action", row, "confirm")
        assert (done["status"], done["effect_confirmed_on"]) == ("confirmed", "2025-09-10")
        assert done["effect_confirmed_by_id"] == employee_id(portal, CONTROL)


# -- pauses, several clocks --------------------------------------------------------


@pytest.mark.parametrize(("market", "limit"), [("domestic", "2025-09-30"), ("overseas", "2025-10-13")])
def test_a_paused_case_takes_its_steps_along(desk, portal, market, limit):
    """The whole and its running part stand still together and go on together, two working days later."""
    with at("2025-09-10 10:00"):
        case = desk.accepted(market=market)
        desk.as_(CONTROL).move(case, "send_to_qc")
        assert clocks(desk, case)["step_qc"]["due_at"].startswith("2025-09-11")
    with portal.app_context():
        with at("2025-09-10 16:00"):
            pause(case, "pause", "等客户样品")
        with at("2025-09-12 16:00"):
            pause(case, "resume", "样品已到")
    with at("2025-09-12 17:00"):
        found = clocks(desk, case)
        assert found["step_qc"]["due_at"].startswith("2025-09-15T23:59:59")
        assert found["case"]["due_at"].startswith(limit)


def pause(case: int, act: str, reason: str) -> None:
    """Pause the limit of a case, or let it go on."""
    whole = next(row for row in deadlines.open_clocks("complaint", case) if row.key == "B02.case")
    getattr(deadlines, act)(whole, reason)
    session.commit()
