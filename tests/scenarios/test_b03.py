"""The cases of B03: the record, filing, handling, case study and corrective action, through HTTP on both databases."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.areas.complaints.complaint import Complaint
from app.areas.complaints.complaint_it import ComplaintIt
from app.core import clock
from app.core.db import session
from tests.scenarios import seats
from tests.scenarios.b03_desk import (
    ADMIN,
    DEPT,
    DESK,
    GENERAL,
    MANAGER,
    MARKETING,
    PROJECT,
    QUALITY,
    REP,
    STAFF,
    SUN,
    TEAM,
    ItService,
    at,
    notices,
    sweep,
)

POLICY = "B03"


@pytest.fixture
def firm(sign_in) -> ItService:
    """The company at work since the first of September 2025."""
    with at("2025-09-01 09:00"):
        return ItService(sign_in)


def test_b03_1_four_facts(firm, portal):
    """B03-1: without telephone or summary refused naming the fact; else SC202509001, and the receiver stays."""
    with at("2025-09-29 10:00"):
        hear = firm.as_(PROJECT)
        for missing in ("complainant_phone", "content", "complainant"):
            refused = hear.call("POST", "complaint/", 422, **firm.told("2025-09-29 10:00", **{missing: None}))
            assert [(fault["field"], fault["clause"]) for fault in refused["errors"]] == [(missing, "3.2.2")]
        future = hear.call("POST", "complaint/", 422, **firm.told("2025-09-29 10:01"))
        assert future["errors"][0]["field"] == "received_at"
        case = firm.received("2025-09-29 10:00", PROJECT)
        found = hear.call("GET", f"complaint/{case}")
        assert (found["case_no"], found["status"], found["receiver_kind"]) == (
            "SC202509001", "registered", "project_manager",
        )  # fmt: skip
        assert found["received_by_id"] == seats.employee_id(portal, PROJECT)
        version = found.get("row_version")
        changed = hear.client.put(f"/api/v1/complaint/{case}", json={"received_by_id": 1, "row_version": version})
        assert changed.status_code == 422
        assert hear.call("GET", f"complaint/{case}")["received_by_id"] == found["received_by_id"]
        other = firm.received("2025-09-29 10:00", DESK)
        assert firm.as_(DESK).call("GET", f"complaint/{other}")["receiver_kind"] == "service_desk"


def test_b03_2_filed_and_telephoned_within_half_an_hour(firm):
    """B03-2: in time to the second; a second later a warning; without the call it is not filed."""
    with at("2025-09-29 10:00:00"):
        early, late, silent = (firm.received("2025-09-29 10:00") for _ in range(3))
    with at("2025-09-29 10:20"):
        refused = firm.as_(DESK).move(silent, "file", 422)
        assert refused["errors"][0]["field"] == "phoned_at"
        assert firm.as_(DESK).call("GET", f"complaint/{silent}")["status"] == "registered"
        wrong = firm.filed(silent, "2025-09-29 10:21", 422)
        assert (wrong["errors"][0]["field"], wrong["errors"][0]["rule"]) == ("phoned_at", "between")
    with at("2025-09-29 10:30:00"):
        assert firm.filed(early, "2025-09-29 10:29")["status"] == "filed"
        assert firm.clocks(early)["file_and_phone"]["status"] == "met"
    with at("2025-09-29 10:30:01"):
        firm.filed(late, "2025-09-29 10:30")
        assert firm.clocks(late)["file_and_phone"]["status"] == "late_met"


def test_b03_4_handling_in_working_days(firm, portal):
    """B03-4: five working days over holiday and make-up Saturday; then an entry, and the general manager is told."""
    with at("2025-09-29 09:00"):
        case = firm.coordinating("2025-09-29 09:00")
        assert firm.clocks(case)["handling"]["due_at"] == "2025-10-13T23:59:59+08:00"
    sweep(portal, "deadlines.due", "2025-10-13 23:30")
    before = notices(portal, GENERAL, case)
    with at("2025-10-13 23:40"):
        assert firm.clocks(case)["handling"]["status"] == "running"
        assert [row for row in firm.lines("complaint_step", case) if row["kind"] == "escalation"] == []
    for when in ("2025-10-14 00:05", "2025-10-14 00:06"):
        sweep(portal, "deadlines.due", when)
    with at("2025-10-14 09:00"):
        assert firm.clocks(case)["handling"]["status"] == "breached"
        entries = [row for row in firm.lines("complaint_step", case) if row["kind"] == "escalation"]
        assert [row["text"] for row in entries] == ["处理时限：2025-10-13 23:59 到期，已逾期。"]
    assert (before, notices(portal, GENERAL, case) >= 1) == (0, True)


def test_b03_5_understood_before_it_is_handed_on(firm):
    """B03-5: no hand-over before the facts are understood; declining needs a reason and goes back."""
    with at("2025-09-29 09:00"):
        case = firm.coordinating("2025-09-29 09:00")
        refused = firm.as_(REP).move(case, "hand_over", 422)
        assert "understood_note" in {fault["field"] for fault in refused["errors"]}
        assert firm.as_(REP).move(case, "hand_over", understood_note="已问清")["status"] == "handed"
        sent = firm.lines("case_transfer", case)[-1]
        assert (sent["kind"], sent["to_unit_id"], sent["status"]) == ("hand_over", firm.ops, "sent")
        firm.as_(DEPT).move(case, "decline", 422)
        assert firm.as_(DEPT).move(case, "decline", reason="属集成部")["status"] == "filed"
        back = firm.lines("case_transfer", case)[-1]
        assert back["kind"] == "return"
        assert firm.as_(MARKETING).call("GET", f"case_transfer/{back['id']}")["reason"] == "属集成部"
        seen = firm.as_(MARKETING).call("GET", f"complaint/{case}")
        assert seen["holder_unit_id"] == firm.units["营销中心"]


def test_b03_7_and_8_nothing_closes_without_lesson(firm, portal):
    """B03-7, B03-8: both gaps are named; Sun does not verify his own measure; then it closes."""
    sun = seats.employee_id(portal, SUN)
    with at("2025-10-13 10:00"):
        case = firm.told_result("2025-10-13 10:00")
        firm.as_(QUALITY).move(case, "analyse", 422)
        action = firm.action(case, sun, "2025-10-20")
        firm.as_(QUALITY).move(case, "analyse")
        study = firm.study(case)["id"]
        refused = firm.as_(MARKETING).move(case, "close", 422)
        assert {fault["rule"] for fault in refused["errors"]} == {"actions_verified", "study_discussed"}
        firm.step("corrective_action", action, "carry_out", SUN, progress="已双签", done_on="2025-10-13")
        own = firm.step("corrective_action", action, "verify", SUN, 403)
        assert own["errors"][0]["message"]
        assert firm.as_(SUN).call("GET", "approval/inbox")["result"] == []
        firm.decided(QUALITY)
        done = firm.as_(QUALITY).call("GET", f"corrective_action/{action}")
        assert (done["status"], done["effective"], done["action_no"]) == ("verified", True, "CA202510001")
        refused = firm.as_(MARKETING).move(case, "close", 422)
        assert {fault["rule"] for fault in refused["errors"]} == {"study_discussed"}
        firm.step("case_study", study, "submit", MARKETING)
        firm.as_(STAFF).call("GET", f"case_study/{study}", 404)
        firm.decided(MANAGER)
        assert firm.as_(STAFF).call("GET", f"case_study/{study}")["study_no"] == "TC2025001"
        firm.as_(STAFF).call("GET", f"complaint/{case}", 404)
        firm.as_(STAFF).call("POST", "study_comment/", 201, study_id=study, text="交接单进工单系统")
        meeting = firm.lines("meeting", study, field="case_study_id")[0]["id"]
        told = {"held_at": "2025-10-13T10:00", "participants": [sun], "content": "讨论交接", "decision": "下月执行"}
        named = firm.step("meeting", meeting, "conclude", MARKETING, 422, **(told | {"content": "郁 文彬 来电"}))
        assert [(fault["field"], fault["rule"]) for fault in named["errors"]] == [("content", "unmasked")]
        firm.step("meeting", meeting, "conclude", MARKETING, **told)
        assert firm.as_(STAFF).call("GET", f"case_study/{study}")["status"] == "discussed"
        assert firm.as_(MARKETING).move(case, "close")["status"] == "closed"


def test_a_study_names_nobody(firm):
    """3.3.1: name, telephone and company of the complaint's customer are refused, however they are written."""
    with at("2025-10-13 10:00"):
        customer = firm.as_(MARKETING).call("GET", "customer/")["result"][0]
        case = firm.coordinating("2025-10-13 10:00", customer=customer["id"])
        for field, text in (
            ("background", "郁文彬来电"), ("cause", "回拨 139-5801 0001 未接"), ("lesson", f"{customer['name']}很不满"),
            ("heading", "郁·文彬的告警"),
        ):  # fmt: skip
            refused = firm.study(case, 422, **{field: text})
            assert {(fault["field"], fault["rule"], fault["clause"]) for fault in refused["errors"]} == {
                (field, "unmasked", "3.3.1")
            }
        firm.study(case, background="客户 Y. W. 来电，号码 139****0001")
        again = firm.study(case, 422)
        assert again["errors"][0]["rule"] == "one_study"


def test_b03_10_one_hotline(firm, portal):
    """B03-10: one line alone is refused; changing the company's hotline changes all and raises the version."""
    with at("2025-09-29 10:00"):
        admin, root = firm.as_(ADMIN), seats.unit_id(portal, "QH")
        line = admin.call("POST", "service_hotline/", 201, company_id=root, number="400-100")["id"]
        items = [
            admin.call("POST", "catalogue_item/", 201, company_id=root, code=code, name=code, description="运维",
                       owner_unit_id=firm.ops)["id"] for code in ("S1", "S2")
        ]  # fmt: skip
        first = firm.as_(STAFF).call("GET", f"catalogue_item/{items[0]}")
        assert (first["hotline"], first["version"]) == ("400-100", "1")
        refused = admin.call("PUT", f"catalogue_item/{items[0]}", 422, hotline="400-200")
        assert (refused["errors"][0]["field"], refused["errors"][0]["rule"]) == ("hotline", "one_hotline")
        admin.call("PUT", f"service_hotline/{line}", number="400-200")
        for item in items:
            found = admin.call("GET", f"catalogue_item/{item}")
            assert (found["hotline"], found["version"]) == ("400-200", "2")
        firm.as_(MARKETING).call("PUT", f"service_hotline/{line}", 403, number="400-300")


def _closed(portal, like: int, answers: list[str]) -> None:
    """As many closed cases of October as there are answers, like a case that is there."""
    with portal.app_context():
        for table in (Complaint.__table__, ComplaintIt.__table__):
            row = dict(session.execute(sa.select(table).where(table.c.id == like)).mappings().one())
            for number, answer in enumerate(answers):
                more = {"id": 9000 + number}
                if table is Complaint.__table__:
                    day = clock.from_local(dt.datetime(2025, 10, 10 + number, 10))
                    more |= {"case_no": f"X{number}", "number": f"X{number}", "status": "closed", "accepted_at": day,
                             "received_at": day, "closed_at": day}  # fmt: skip
                else:
                    more |= {"satisfaction": answer}
                session.execute(table.insert().values(**(row | more)))
        session.commit()
        session.remove()


def test_b03_11_the_report_of_october(firm, portal):
    """B03-11: (7 + 2) / 10 = 90.0 %, no answer apart; due on 7 November; the marketing centre alone writes it."""
    with at("2025-09-30 10:00"):
        like = firm.received("2025-09-30 10:00")
    _closed(portal, like, ["satisfied"] * 7 + ["acceptable"] * 2 + ["dissatisfied"] + ["no_answer"] * 2)
    sweep(portal, "tasks.open", "2025-11-01 00:10")
    with at("2025-11-03 09:00"):
        rows = firm.as_(MARKETING).call("GET", "report_snapshot/?report__eq=B03.management_report")["result"]
        report = next(row for row in rows if row["period"] == "2025-10")
        assert report["due_at"] == "2025-11-07T23:59:59+08:00"
        kept = firm.as_(MARKETING).call("GET", f"kept_report/{report['id']}")
        figures = kept["figures"]["measures"]
        assert [figures[key] for key in ("closed", "pleased", "answered", "unanswered")] == ["12", "9", "10", "2"]
        assert Decimal(figures["satisfaction"]) == Decimal("90.0")
        firm.step("report_snapshot", report["id"], "put_up", TEAM, 403, evaluation="x")
        firm.step("report_snapshot", report["id"], "put_up", MARKETING, evaluation="满意率九成")
        firm.decided(MANAGER)
        firm.decided(TEAM)
        seen = firm.as_(TEAM).call("GET", f"report_snapshot/{report['id']}")
        assert (seen["status"], seen["evaluation"]) == ("submitted", "满意率九成")
        firm.as_(TEAM).call("PUT", f"report_snapshot/{report['id']}", 403, evaluation="y")


def test_b03_13_reopened_by_the_representative_alone(firm, portal):
    """B03-13: a closed case is reopened with a reason, its times stay; anybody else gets 403."""
    with at("2025-10-13 10:00"):
        case = firm.told_result("2025-10-13 10:00")
    with portal.app_context():
        row = session.get_one(Complaint, case)
        row.status, row.closed_at = "closed", clock.from_local(dt.datetime(2025, 10, 15, 9))
        session.commit()
        session.remove()
    with at("2025-10-20 10:00"):
        firm.as_(MARKETING).move(case, "reopen", 403, reason="又来电")
        firm.as_(DESK).move(case, "reopen", 403, reason="又来电")
        firm.as_(REP).move(case, "reopen", 422)
        found = firm.as_(REP).move(case, "reopen", reason="同一事项再次投诉")
        assert (found["status"], found["filed_at"][:10], found["done_at"][:10]) == (
            "coordinating", "2025-10-13", "2025-10-13",
        )  # fmt: skip
        assert firm.clocks(case)["handling"]["due_at"] == "2025-10-27T23:59:59+08:00"
