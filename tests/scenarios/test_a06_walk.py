"""A06 in the order of its clauses: two rounds of an appeal, general complaints, archive and reports."""

from __future__ import annotations

import pytest
from flask_appbuilder.security.sqla.models import User

from app.core import actor
from app.core.db import session
from app.engines.people.models import OrgUnit
from app.engines.policy import operations as policy
from tests.scenarios import seats
from tests.scenarios.a06_desk import (
    ARCHIVIST,
    FIELD_HEAD,
    FIELD_STAFF,
    LAB_HEAD,
    OFFICE,
    QUALITY,
    SIGNATORY,
    TEAM,
    TECH,
    THIRD,
    Station,
    at,
    sweep,
)

POLICY = "A06"


@pytest.fixture
def station(sign_in, portal) -> Station:
    """The station at work since the first of September 2025."""
    with at("2025-09-01 09:00"):
        return Station(sign_in, portal)


def test_an_appeal_through_two_rounds(station, portal):
    """1 to 7: filed, chaired, reviewed, upheld, not satisfied; tested, wrong, corrected, satisfied, put away."""
    tech = station.as_(TECH)
    with at("2025-09-16 09:00"):
        report = station.delivered("2025-09-15")
        case = station.accepted(report, "2025-09-16 08:50")
        assert station.clocks(case)["report_quality"]["due_at"] == "2025-09-17T23:59:59+08:00"
        tech.move(case, "report_quality", 422, chair_id=station.who(THIRD))
        tech.move(case, "report_quality", chair_id=station.who(QUALITY))
        tech.move(case, "submit_opinion", 422, retest_needed=False)
        station.opinion(case, retest=False)
        review = station.row("complaint_verification", station.latest(case)["id"])
        assert (review["status"], review["approved_by_id"]) == ("recorded", station.who(QUALITY))
        tech.move(case, "uphold", 403)
        station.as_(QUALITY).move(case, "uphold")
        assert station.row("test_report", report)["status"] == "valid"
        station.answered(case)
        assert station.lines("customer_reply", case)[0]["means"] == "letter"
        tech.move(case, "take_feedback", customer_accepts=False, feedback="仍有异议")
        tech.move(case, "close", 422)
        station.as_(QUALITY).move(case, "close_unsatisfied", 422, reason="不再处理")
        shown = tech.move(case, "review_again")
        assert (shown["status"], shown["retest_needed"], shown["handling_result"]) == ("reviewing", None, None)
        forms = [(form["form_no"], form["status"]) for form in station.lines("complaint_handling", case)]
        assert forms == [("AP-2025-0001-1", "answered"), ("AP-2025-0001-2", "open")]
        station.opinion(case)
        tech.move(case, "order_retest")
        station.judged(case, right=False)
        tech.move(case, "put_to_signatory")
        assert station.decided(SIGNATORY, "reject")
        assert station.read(case)["status"] == "opinion_approved"
        tech.move(case, "order_retest")
        station.judged(case, right=False)
        tech.move(case, "put_to_signatory")
        station.decided(SIGNATORY)
        station.step(TECH, "test_report", report, "recall")
        station.step(TECH, "test_report", report, "stamp_void", void_stamped=True)
        station.corrected(report)
        station.answered(case, handling_result="报告已更正", nonconforming=True, economic_loss=True)
        tech.move(case, "take_feedback", customer_accepts=True)
        refused = tech.move(case, "close", 422)["errors"]
        assert [error["clause"] for error in refused] == ["4; 5; 6", "4; 5; 6"]
        _made_good(station, case)
        tech.move(case, "close")
        _put_away(station, case)
    sweep(portal, "tasks.open", "2025-10-01 00:10")
    with at("2025-10-09 09:00"):
        kept = {row["report"]: row for row in tech.call("GET", "report_snapshot/")["result"]}
        assert kept["A06.complaint_ledger"]["due_at"] == "2025-10-14T23:59:59+08:00"
        assert kept["A06.appeals_retests"]["due_at"] == "2025-10-21T23:59:59+08:00"
        told = str(station.as_(QUALITY).call("GET", "report/A06.appeals_retests?period=2025-Q3"))
        assert "'retests': '2'" in told
        assert "'wrong': '2'" in told
        assert "'corrected': '1'" in told
        answer = tech.call("POST", "policy/A06/calculate", calculation="reply_rate_on_time",
                           facts={"in_time": 19, "due": 20})  # fmt: skip
        assert answer["amount"] == "95.00"


def _made_good(station: Station, case: int) -> None:
    """5, 6: the corrective action and the agreed compensation."""
    told = {"complaint_id": case, "root_cause": "标准曲线过期", "measure": "每批校核标准曲线", "due_on": "2025-10-31",
            "owner_unit_id": seats.unit_id(station.portal, "HJ-XC"),
            "responsible_id": station.who(FIELD_STAFF)}  # fmt: skip
    row = station.as_(TECH).call("POST", "corrective_action/", 201, **told)["id"]
    assert station.step(TECH, "corrective_action", row, "start")["action_no"] == "BFH2025001"
    station.step(FIELD_STAFF, "corrective_action", row, "carry_out", progress="已换发标准物质")
    assert station.step(QUALITY, "corrective_action", row, "verify")["status"] == "verified"
    told = {"complaint_id": case, "loss_claimed": "8000.00", "value": "5000.00", "agreed_on": "2025-09-16"}
    row = station.as_(OFFICE).call("POST", "compensation/", 201, **told)["id"]
    assert station.step(OFFICE, "compensation", row, "agree")["status"] == "agreed"


def _put_away(station: Station, case: int) -> None:
    """7: the general office hands over within a month, the archivist puts away and reads the closed case."""
    item = station.lines("archive_item", case)[0]["id"]
    assert station.clocks(item, "archive_item")["archive_transfer"]["due_at"] == "2025-10-16T23:59:59+08:00"
    station.step(TECH, "archive_item", item, "hand_over", 403, contents="全套记录")
    station.step(OFFICE, "archive_item", item, "hand_over", contents="全套记录")
    shown = station.step(ARCHIVIST, "archive_item", item, "store", complete=True, location="二柜三层")
    assert (shown["status"], shown["retention_until"]) == ("stored", "2031-09-16")
    assert station.read(case, ARCHIVIST)["status"] == "closed"


def test_general_complaints(station):
    """2.1: the department settles its own; what it cannot goes to the office, which may set up a team."""
    with at("2025-09-16 09:00"):
        field = seats.unit_id(station.portal, "HJ-XC")
        told = {"matter": "general_affairs", "source": "customer", "title": "采样迟到", "channel": "phone",
                "received_at": "2025-09-16T08:40", "complainant": "汪海", "complainant_phone": "13951310003",
                "content": "迟到两小时", "responsible_unit_id": field}  # fmt: skip
        tech = station.as_(TECH)
        case = tech.call("POST", "complaint/", 201, **told)["id"]
        tech.move(case, "file", 422)
        assert tech.move(case, "receive")["number"] == "KS-2025-0001"
        station.as_(LAB_HEAD).call("GET", f"complaint/{case}", 404)
        head = station.as_(FIELD_HEAD)
        head.move(case, "investigate")
        head.move(case, "hand_over", 422, difficult=False, reason="复杂")
        head.move(case, "hand_over", difficult=True, reason="涉及多个部门")
        found = {"cause": "车辆冲突", "measures": "备用车辆", "handling_result": "已致歉", "founded": True,
                 "nonconforming": False, "economic_loss": False}  # fmt: skip
        office = station.as_(OFFICE)
        refused = office.move(case, "resolve_office", 422, team_needed=True, **found)["errors"]
        assert [error["field"] for error in refused] == ["team_needed"]
        who = {"leader_id": station.who(TEAM), "members": [station.who(TEAM), station.who(FIELD_STAFF)]}
        team = office.call("POST", "joint_investigation/", 201, complaint_id=case, kind="team", **who)["id"]
        station.step(OFFICE, "joint_investigation", team, "set_up")
        station.step(TEAM, "joint_investigation", team, "conclude", report="调度冲突")
        office.move(case, "resolve_office", team_needed=True, **found)
        station.answered(case, OFFICE, "notify")
        assert station.lines("customer_reply", case)[0]["customer_response"] == "pending"
        office.move(case, "take_feedback", customer_accepts=False, feedback="希望书面道歉")
        station.as_(FIELD_STAFF).move(case, "investigate_again")
        head.move(case, "resolve", **found)
        station.answered(case, FIELD_HEAD, "notify")
        office.move(case, "take_feedback", customer_accepts=True)
        assert office.move(case, "close")["status"] == "closed"
        forms = [form["form_no"] for form in station.lines("complaint_handling", case)]
        assert forms == ["KS-2025-0001-1", "KS-2025-0001-2"]
        survey = told | {"source": "satisfaction_survey", "channel": "other"}
        case = office.call("POST", "complaint/", 201, **survey)["id"]
        assert office.move(case, "receive_office")["status"] == "with_office"


def test_rounds_end_after_the_last(station):
    """4: handled again until the customer is satisfied, at most as often as the unit's setting says."""
    with at("2025-09-16 09:00"):
        with station.portal.app_context():
            unit = session.query(OrgUnit).filter_by(code="HJ").one()
            with actor.acting_as(session.query(User.id).filter_by(username="hjyunfei").scalar()):
                policy.set_parameter(unit, "A06", "max_rounds", "1", "试行")
            session.commit()
        case = station.accepted(station.delivered("2025-09-15"), "2025-09-16 08:50")
        station.opinion(case, retest=False)
        station.as_(QUALITY).move(case, "uphold")
        station.answered(case)
        station.as_(TECH).move(case, "take_feedback", customer_accepts=False)
        assert "1" in str(station.as_(TECH).move(case, "review_again", 422)["errors"])
        shown = station.as_(QUALITY).move(case, "close_unsatisfied", reason="已达轮次上限，建议走仲裁检验")
        assert shown["status"] == "closed"
