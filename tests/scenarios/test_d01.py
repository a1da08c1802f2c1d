"""The complaint cases of D01: investigated the same day, decided, answered, suggestions praised, through HTTP."""

from __future__ import annotations

import pytest

from tests.scenarios.d01_desk import (
    CLEANING,
    COMPANY,
    DIRECTOR,
    OFFICE,
    OFFICER,
    OTHER_AREA,
    REPAIR,
    STAFF,
    Estate,
    at,
    rules,
    stamp,
    sweep,
)

POLICY = "D01"


@pytest.fixture
def estate(sign_in) -> Estate:
    """The estate at work since the first of September 2025."""
    with at("2025-09-01 09:00"):
        return Estate(sign_in)


@pytest.mark.parametrize(("found", "kept"), [("2025-10-03 23:59:59", True), ("2025-10-04 00:00:00", False)])
def test_d01_1_investigated_the_same_day_on_a_holiday_too(estate, portal, found, kept):
    """D01-1: no relief by rest days; late, and the director knows."""
    with at("2025-10-03 22:00"):
        case = estate.recorded("2025-10-03 22:00")
        assert estate.seen(case)["number"] == "TS-20251003-001"
        assert estate.clocks(case)["investigation"]["due_at"] == "2025-10-03T23:59:59+08:00"
    if not kept:
        sweep(portal, "deadlines.due", "2025-10-04 00:00")
    with at(found):
        assert ("TS-20251003-001" in estate.as_(DIRECTOR).client.get("/notices/").text) is not kept
        estate.investigated(case, solvable=True)
        assert estate.clocks(case)["investigation"]["status"] == ("met" if kept else "late_met")
        assert estate.clocks(case)["report"]["due_at"] == "2025-10-09T23:59:59+08:00"


def test_d01_2_one_per_cent_is_at_the_target(estate):
    """D01-2: 6 of 600 households keep the target, 7 miss it."""
    boss = estate.as_(DIRECTOR)
    with at("2025-10-09 09:00"):
        for valid, text, holds in ((6, "1.00", True), (7, "1.17", False)):
            asked = {"calculation": "valid_complaint_rate", "facts": {"valid_complaints": valid, "households": 600}}
            rate = boss.call("POST", "policy/D01/calculate", **asked)
            assert text in rate["amount"]
            bound = {"limit": "valid_rate_target", "facts": {"requested": rate["amount"]}}
            assert boss.call("POST", "policy/D01/calculate", **bound)["holds"] is holds


def test_d01_7_unanswered_at_a_visit_needs_a_time(estate, portal):
    """D01-7: without a promised time the visit is refused; with one it is answered by then, or late."""
    with at("2025-10-09 10:00"):
        case = estate.closed("2025-10-09 10:00")
        visit = estate.rows(OFFICER, "visit", complaint_id=case)[0]["id"]
        told = {"visited_at": stamp("2025-10-09 10:00"), "method": "visit", "answered": False, "major": False}
        refused = estate.step(OFFICER, "visit", visit, "make", 422, **told)
        assert ("promised_at", "field_rule") in rules(refused)
        assert refused["errors"][0]["clause"] == "2.1(3)"
        early = estate.step(OFFICER, "visit", visit, "make", 422, promised_at=stamp("2025-10-09 10:00"), **told)
        assert ("promised_at", "times_ahead") in rules(early)
        made = estate.step(OFFICER, "visit", visit, "make", promised_at=stamp("2025-10-10 16:00"), **told)
        assert made["status"] == "owed"
    sweep(portal, "deadlines.due", "2025-10-10 16:01")
    with at("2025-10-10 17:00"):
        assert estate.clocks(visit, "visit")["visit_reply"]["status"] == "breached"
        told = {"replied_at": stamp("2025-10-10 17:00"), "item_handled": True}
        assert estate.step(OFFICER, "visit", visit, "answer", **told)["status"] == "closed"


def test_d01_8_what_cannot_be_solved_is_decided_first(estate):
    """D01-8: not done without the director's decision; the department that carries it out sees it then."""
    with at("2025-10-09 10:00"):
        case = estate.recorded("2025-10-09 10:00", visit_kind="visit")
        estate.investigated(case, solvable=False)
        assert (None, "when") in rules(estate.as_(OFFICER).move(case, "pass_on", 422, responsible_unit_id=1))
        estate.as_(OFFICER).move(case, "report_unsolved")
        estate.as_(REPAIR).call("GET", f"complaint/{case}", 404)
        without = estate.decided(DIRECTOR, 422, responsible_unit_id=estate.unit["JY-EN"])
        assert ("decision", "required") in rules(without)
        estate.decided(DIRECTOR, decision="协调业委会，两周内答复", responsible_unit_id=estate.unit["JY-EN"])
        assert estate.seen(case)["status"] == "decided"
        assert (None, "state") in rules(estate.as_(REPAIR).move(case, "handle", 422, result="完成"))
        estate.as_(REPAIR).move(case, "carry_out")
        assert estate.as_(REPAIR).move(case, "handle", result="完成")["status"] == "done"


def test_d01_10_praised_residents_come_first(estate):
    """D01-10: an adopted and praised suggestion nominates the household, which comes first; a second one counts."""
    with at("2025-09-10 10:00"):
        row = estate.suggested("2025-09-10 10:00")
        plan = estate.decided(DIRECTOR, 422, adopted="plan")
        assert ("plan", "field_rule") in rules(plan)
        estate.decided(DIRECTOR, adopted="plan", plan="九月底前施工")
        opinion = estate.as_(OFFICE).call("GET", f"customer_opinion/{row}")
        assert (opinion["opinion_no"], opinion["status"]) == ("JY-2025-0001", "adopted")
        told = {"published_on": "2025-09-10", "result": "坡道已施工", "praised": True}
        estate.step(OFFICE, "customer_opinion", row, "publish", **told)
        estate.published("2025-09-10 10:00", content="路灯延时")
        rows = estate.rows(OFFICE, "reward", customer_id=estate.home["JY-1-0902"])
        assert len(rows) == 1
        award = estate.as_(OFFICE).call("GET", f"reward/{rows[0]['id']}")
        assert (award["year"], award["praised_count"], award["priority"]) == ("2025", 2, True)
        plain = {"customer_id": estate.home["JY-5-0603"], "grade": "title", "year": "2025", "merit": "邻里互助"}
        other = estate.as_(OFFICE).call("POST", "reward/", 201, **plain)
        assert (other["praised_count"], other["priority"]) == (0, False)
        odd = estate.as_(OFFICE).call("POST", "reward/", 422, **plain | {"year": "25年"})
        assert ("year", "pattern") in rules(odd)
        assert ("customer_id", "unique") in rules(estate.as_(OFFICE).call("POST", "reward/", 422, **plain))
        page = estate.as_(OFFICE).client.get("/reports/D01.civilised_list").text
        assert "1 栋 902 柳如是" in page
        assert "WMH-2025-001" in page
        many = estate.step(OFFICE, "reward", award["id"], "propose", 422, points=101)
        assert ("points", "award_points") in rules(many)
        estate.step(OFFICE, "reward", award["id"], "propose", points=95)
        estate.decided(DIRECTOR)
        assert estate.as_(OFFICE).call("GET", f"reward/{award['id']}")["status"] == "selected"


def test_d01_from_the_door_to_the_director(estate, portal):
    """1.1 to 2.1(4): received by any staff, about a member of staff, promised, handled, answered, closed, visited."""
    with at("2025-09-26 10:00"):
        told = {"about_person_id": estate.person["荣梅"], "promised_reply_at": stamp("2025-09-28 17:00")}
        case = estate.recorded("2025-09-26 09:50", STAFF, **told)
        assert "TS-20250926-001" in estate.as_(DIRECTOR).client.get("/notices/").text
        estate.as_(OTHER_AREA).call("GET", f"complaint/{case}", 404)
        estate.as_(STAFF).move(case, "investigate", facts="清扫时言语生硬", solvable=True)
        estate.as_(STAFF).move(case, "pass_on", responsible_unit_id=estate.unit["JY-CL"])
        assert estate.clocks(case)["report"]["status"] == "met"
        estate.as_(CLEANING).move(case, "handle", result="当面致歉并培训")
        now = stamp("2025-09-26 10:00")
        one = estate.as_(CLEANING).move(case, "reply", 422, replied_resident_at=now)
        assert rules(one) == {("replied_director_at", "required")}
        estate.as_(CLEANING).move(case, "reply", replied_resident_at=now, replied_director_at=now)
        assert estate.clocks(case)["promised_reply"]["status"] == "met"
        assert ("founded", "field_rule") in rules(estate.as_(DIRECTOR).move(case, "close", 422))
        assert estate.as_(DIRECTOR).move(case, "close", founded=True)["status"] == "closed"
        entry = {"employee_id": estate.person["荣梅"], "found_on": "2025-09-26", "act": "hinder", "complaint_id": case,
                 "fault_text": "言语生硬", "grade": "written_warning"}  # fmt: skip
        record = estate.as_(DIRECTOR).call("POST", "sanction/", 201, **entry)
        assert record["sanction_no"] == "LJ-2025-001"
        done = estate.step(DIRECTOR, "sanction", record["id"], "decide", outcome="书面警告并调岗")
        assert done["status"] == "decided"
    with at("2025-09-28 10:00"):
        visit = estate.rows(OFFICE, "visit", complaint_id=case)[0]["id"]
        told = {"visited_at": stamp("2025-09-28 09:00"), "method": "visit", "answered": True, "major": True}
        assert estate.step(OFFICE, "visit", visit, "make", **told)["status"] == "major_open"
        assert estate.clocks(visit, "visit")["major_escalation"]["due_at"] == "2025-09-29T23:59:59+08:00"
        estate.step(OFFICE, "visit", visit, "ask_company")
        estate.decided(COMPANY, company_word="拨专款更换设备")
        told = {"replied_at": stamp("2025-09-28 10:00"), "item_handled": True}
        assert estate.step(OFFICE, "visit", visit, "answer", **told)["status"] == "closed"
    sweep(portal, "reports.keep", "2025-10-01 08:00")
    with at("2025-10-01 09:00"):
        kept = estate.rows(DIRECTOR, "report_snapshot", report="D01.visits_complaints")[0]
        page = estate.as_(DIRECTOR).client.get(f"/report_snapshot/{kept['id']}").text
    assert "在住户数" in page
    assert "20.0" in page
