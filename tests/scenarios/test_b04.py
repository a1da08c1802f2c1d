"""Cases of B04: classes, contacts, reclassification, verdicts, fraud, particulars, branches, feedback."""

from __future__ import annotations

import pytest

from tests.scenarios.b04_desk import (
    COORDINATOR,
    DESK,
    GENERAL,
    HANDLER,
    MANAGEMENT,
    MANAGER,
    OTHER_COORDINATOR,
    OTHER_DESK,
    SERVICE,
    VERDICT,
    Desk,
    at,
    day_of,
)
from tests.scenarios.desk import sweep

POLICY = "B04"


@pytest.fixture
def east(sign_in, portal) -> Desk:
    """The east branch, with its people signed in."""
    with at("2025-09-01 09:00"):
        return Desk(sign_in, portal)


def test_b04_1_the_amount_itself_is_major(east):
    """B04-1"""
    with at("2025-09-10 09:00"):
        event = {"insurance_event": True, "report_no": "RB1"}
        for business, amount, level, tests in (
            ("motor", "9999.99", "general", []), ("motor", "10000.00", "major", ["t5_motor"]),
            ("property", "49999.99", "general", []), ("property", "50000.00", "major", ["t5_property"]),
            ("accident_health", "50000.00", "major", ["t5_property"]),
            ("repair", "9999.99", "general", []), ("repair", "10000.00", "major", ["t5_repair"]),
        ):  # fmt: skip
            over = {"business": [business], "claimed_amount": amount} | (event if business != "repair" else {})
            case = east.accepted(**over)
            shown = east.read(case, DESK)
            assert (shown["level"], shown["level_tests"] or []) == (level, tests), (business, amount)
        told = east.as_(DESK).call("GET", f"complaint/{case}/explain")["tier"]
        assert (told["tier"], told["tests"]) == ("major", ["t5_repair"])
        assert "T5" in told["why"]


def test_b04_2_the_other_tests(east):
    """B04-2"""
    with at("2025-09-10 09:00"):
        for over, level, tests in (
            ({"group_size": 2}, "general", []), ({"group_size": 3}, "major", ["t1"]),
            ({"source": "consumer_body", "petition_body": "消委会"}, "major", ["t3"]),
            ({"source": "group_hq"}, "major", ["t7"]),
        ):  # fmt: skip
            shown = east.read(east.accepted(**over), DESK)
            assert (shown["level"], shown["level_tests"] or []) == (level, tests)
        case = east.investigating()
    with at("2025-09-11 10:00"):
        assert east.read(case)["level"] == "general"
        shown = east.as_(HANDLER).call("PUT", f"complaint/{case}", media_involved=True)
        assert (shown["level"], shown["level_tests"]) == ("major", ["t2"])
        assert shown["level_since"].startswith("2025-09-11T10:00")


def test_b04_2_an_important_customer_until_his_last_day(east):
    """B04-2: the list counts on the day of acceptance."""
    with at("2025-09-10 09:00"):
        buyer = east.as_(DESK).call("POST", "customer/", 201, customer_no="AT900", name="远航车队")["id"]
        service = east.as_(SERVICE)
        told = {"customer_id": buyer, "kind": "important", "reason": "车队", "valid_from": "2025-01-01"}
        service.call("POST", "customer_grade/", 422, **told, valid_to="2024-12-31")
        row = service.call("POST", "customer_grade/", 201, **told, valid_to="2025-09-30")["id"]
        service.call("POST", f"customer_grade/{row}/move/propose", values={})
        service.call("POST", f"customer_grade/{row}/move/approve", 403, values={})
        assert east.read(east.accepted(customer_id=buyer), DESK)["level"] == "general"
        east.as_(GENERAL).call("POST", f"customer_grade/{row}/move/approve", values={})
    for day, level, tests in (("2025-09-30", "major", ["t6"]), ("2025-10-09", "general", [])):
        with at(f"{day} 10:00"):
            shown = east.read(east.accepted(customer_id=buyer), DESK)
            assert (shown["level"], shown["level_tests"] or []) == (level, tests)


def test_b04_4_two_hours_and_quiet_hours(east):
    """B04-4: each on a day of its own, so that only its own attempt counts."""
    with at("2025-09-08 08:40"):
        case = east.contacting()
    for day, tried, following in (
        ("09", "10:00", "09-09T13:30"), ("10", "11:00", "09-10T13:30"), ("11", "18:00", "09-11T20:00"),
        ("12", "20:00", "09-13T08:30"), ("15", "19:59", "09-15T21:59"), ("16", "20:30", "09-17T08:30"),
    ):  # fmt: skip
        with at(f"2025-09-{day} {tried}"):
            east.attempt(case)
            assert east.contacts(case)["next_at"] == f"2025-{following}:00+08:00"
    with at("2025-09-18 18:00"):
        east.attempt(case)
    with at("2025-09-18 19:59"):
        refused = east.attempt(case, 422)["errors"][0]
        assert (refused["field"], refused["rule"], refused["clause"]) == ("contacted_at", "spacing", "第十三条")
        assert "1 小时 59 分" in refused["message"]
        assert "2025-09-18 20:00" in refused["message"]
    with at("2025-09-18 20:00"):
        east.attempt(case)
    with at("2025-09-18 23:00"):
        assert "2025-09-19 08:30" in east.attempt(case, 422)["errors"][0]["message"]
        assert east.attempt(case, 422, when="2025-09-18T12:00")["errors"][0]["rule"] == "quiet"


def test_b04_5_a_window_lifts_quiet_hours_only(east):
    """B04-5"""
    with at("2025-10-09 09:00"):
        case, later, third = east.contacting(), east.contacting(), east.contacting()
        east.window(case, "2025-10-10", "12:15", "12:45")
        east.window(third, "2025-10-10", "12:15", "12:45")
        east.window(later, "2025-10-11", "22:30", "23:00")
    with at("2025-10-10 10:30"):
        east.attempt(third)
    with at("2025-10-10 12:15"):
        east.attempt(case, outcome="reached")
    with at("2025-10-10 12:20"):
        refused = east.attempt(third, 422)["errors"][0]
        assert (refused["rule"], "1 小时 50 分" in refused["message"]) == ("spacing", True)
    with at("2025-10-10 12:46"):
        assert east.attempt(case, 422)["errors"][0]["rule"] == "quiet"
    with at("2025-10-11 22:30"):
        east.attempt(later)
        assert [one["in_window"] for one in east.contacts(later)["attempts"]] == [True]


def test_b04_7_a_threat_on_the_way(east):
    """B04-7: two days from then, never beyond the old limit; no way back while it holds."""
    with at("2025-09-29 10:00"):
        first, second = east.investigating(), east.investigating()
        assert day_of(east.read(first)["due_at"]) == "2025-10-13"
    with at("2025-09-30 15:00"):
        shown = east.as_(HANDLER).call("PUT", f"complaint/{first}", threat=True)
        assert (shown["level"], shown["level_tests"], day_of(shown["due_at"])) == ("major", ["t4"], "2025-10-10")
        clocks = east.clocks(first)
        assert day_of(clocks["handling_major"]["due_at"]) == "2025-10-10"
        assert day_of(clocks["handling_general"]["due_at"]) == "2025-10-13"
    with at("2025-10-11 09:00"):
        shown = east.as_(HANDLER).call("PUT", f"complaint/{second}", threat=True)
        assert day_of(shown["due_at"]) == "2025-10-13"
        refused = east.as_(COORDINATOR).move(first, "ask_lower", 422, reason="误登")["errors"][0]
        assert (refused["rule"], refused["clause"]) == ("class_may_fall", "第六条4")
        assert "T4" in refused["message"]
        east.as_(HANDLER).call("PUT", f"complaint/{first}", threat=False)
        assert east.read(first)["level"] == "major"
        east.as_(COORDINATOR).move(first, "ask_lower", reason="误登")
        east.as_(COORDINATOR).move(first, "lower", 403)
        shown = east.as_(SERVICE).move(first, "lower")
        assert (shown["level"], shown["status"]) == ("general", "investigating")
        assert east.clocks(first)["handling_major"]["status"] in ("met", "late_met")


@pytest.mark.parametrize(
    ("nature", "truth", "founded"),
    [
        ("attitude", "is_true", True), ("attitude", "untrue", False), ("attitude", "unverifiable", True),
        ("amount", "unverifiable", True),
    ],
)  # fmt: skip
def test_b04_8_verdicts(east, nature, truth, founded):
    """B04-8: what the policy forces is filled in, the contrary is refused."""
    with at("2025-09-10 09:00"):
        case = east.contacting(nature=nature)
        told = {"truth": truth, "outcome_told_at": "2025-09-10T09:00", "talk_result": "接受"} | VERDICT
        contrary = east.as_(HANDLER).move(case, "submit", 422, **told, founded=not founded)["errors"][0]
        clause = "第十七条" if truth == "unverifiable" else "第十六条"
        assert (contrary["field"], contrary["clause"]) == ("founded", clause)
        assert east.as_(HANDLER).move(case, "submit", **told)["founded"] is founded


def test_b04_10_fraud_is_no_complaint(east, portal):
    """B04-10"""
    with at("2025-09-29 10:00"):
        case = east.draft(title="定损员索要好处", business=["other"], claimed_amount=None)
        east.as_(DESK).move(case, "refer", 422)
        east.as_(DESK).move(case, "refer", fraud_kind="private_gain")
        for account in (DESK, HANDLER, SERVICE, COORDINATOR, MANAGER):
            east.as_(account).call("GET", f"complaint/{case}", 404)
            assert "好处" not in str(east.as_(account).call("GET", "complaint/?q=索要好处"))
        assert east.as_(SERVICE).call("GET", "case_disposition/")["count"] == 0
        row = east.as_(MANAGEMENT).call("GET", "case_disposition/")["result"][0]
        assert (row["kind"], row["complaint_id"], row["status"]) == ("fraud", case, "received")
        assert east.as_(MANAGEMENT).call("GET", f"complaint/{case}")["status"] == "referred"
        due = east.as_(MANAGEMENT).call("GET", f"case_disposition/{row['id']}/explain")["clocks"][0]["due_at"]
        assert day_of(due) == "2025-09-30"
        for report in ("B04.rates", "B04.branch_feedback", "B04.major_list"):
            assert "好处" not in str(east.as_(SERVICE).call("GET", f"report/{report}"))
    sweep(portal, "deadlines.due", "2025-10-01 00:05")
    with at("2025-10-09 09:00"):
        late = east.as_(MANAGEMENT).call("GET", f"case_disposition/{row['id']}/explain")["clocks"][0]
        assert late["status"] == "breached"
        numbered = east.as_(MANAGEMENT).call("POST", f"case_disposition/{row['id']}/move/put_up", values={})
        assert numbered["disposition_no"] == "FR2025001"
        east.as_(GENERAL).call("POST", f"case_disposition/{row['id']}/move/instruct", values={"decision": "停职核查"})


def test_b04_10_what_is_no_fraud_comes_back(east):
    """The managing department rejects: it is a complaint again, where it was received."""
    with at("2025-09-10 10:00"):
        case = east.draft()
        east.as_(DESK).move(case, "refer", fraud_kind="fraud")
        row = east.as_(MANAGEMENT).call("GET", "case_disposition/")["result"][0]["id"]
        east.as_(MANAGEMENT).call("POST", f"case_disposition/{row}/move/reject", values={}, reason="只是质量问题")
        assert east.read(case, DESK)["status"] == "draft"
        assert east.as_(DESK).move(case, "accept")["number"] == "CP202509001"


def test_b04_11_particulars(east):
    """B04-11"""
    with at("2025-09-10 09:00"):
        desk = east.as_(DESK)
        case = east.draft(mobile=None, business=["motor"], insurance_event=True)
        refused = desk.move(case, "accept", 422)["errors"]
        assert {"mobile", "report_no"} <= {problem["field"] for problem in refused}
        refused = desk.move(case, "accept", 422, mobile="13722010001")["errors"]
        assert [(problem["field"], problem["clause"]) for problem in refused] == [("report_no", "第七条")]
        assert desk.move(case, "accept", mobile="13722010001", report_no="RB1")["status"] == "accepted"
        assert east.read(east.accepted(business=["repair"], insurance_event=False), DESK)["status"] == "accepted"
        bare = desk.call("POST", "complaint/", 201, title="只有主题")["id"]
        named = {problem["field"] for problem in desk.move(bare, "accept", 422)["errors"]}
        assert {"complainant", "sex", "relation", "identity", "contact_name", "content", "branch_id"} <= named


def test_b04_13_branches_apart(east):
    """B04-13: a row outside the reach answers 404."""
    with at("2025-09-10 09:00"):
        mine = east.accepted()
        over = {"branch_id": east.units["AT-X"], "responsible_unit_id": east.units["AT-X2"]}
        other = east.draft(OTHER_DESK, **over)
        east.as_(OTHER_DESK).move(other, "accept")
        east.as_(COORDINATOR).call("GET", f"complaint/{other}", 404)
        east.as_(OTHER_COORDINATOR).call("GET", f"complaint/{mine}", 404)
        east.as_(COORDINATOR).move(other, "assign", 404, handler_id=east.handler)
        seen = {row["id"] for row in east.as_(SERVICE).call("GET", "complaint/")["result"]}
        assert {mine, other} <= seen
        refused = east.as_(DESK).move(mine, "assign", 403, handler_id=east.handler)["errors"][0]
        assert refused["clause"] == "第四条4; 第九条"
        assert east.as_(COORDINATOR).move(mine, "assign", handler_id=east.handler)["status"] == "assigned"


def test_b04_14_feedback_within_five_days(east, portal):
    """B04-14"""
    with at("2025-09-30 09:00"):
        case = east.closed()
        assert day_of(east.clocks(case)["branch_feedback"]["due_at"]) == "2025-10-14"
    sweep(portal, "deadlines.due", "2025-10-14 23:00")
    with at("2025-10-14 23:30"):
        assert "CP2025" not in str(east.as_(SERVICE).call("GET", "report/B04.feedback_missing"))
    sweep(portal, "deadlines.due", "2025-10-15 00:05")
    with at("2025-10-15 09:00"):
        assert "CP202509001" in str(east.as_(SERVICE).call("GET", "report/B04.feedback_missing"))
        assert east.clocks(case)["branch_feedback"]["status"] == "breached"
        shown = east.as_(COORDINATOR).move(case, "feed_back", feedback="已返工")
        assert shown["status"] == "fed_back"
        assert east.clocks(case)["branch_feedback"]["status"] == "late_met"
