"""B02 beside the form: urgent visits, reports within three days, anomaly slips, samples, meetings, petitions."""

from __future__ import annotations

from tests.scenarios.desk import CONTROL, DEPUTY, GENERAL, MANAGER, OFFICE, QC, RD, REP, SECTION, at
from tests.scenarios.seats import employee_id
from tests.scenarios.visiting import alerted, explained, step, sweep, visit, waiting

# -- （九）2 urgent visits ----------------------------------------------------------------


def test_quality_comes_along(desk, portal):
    """（九）2: alerted at once, gone together, reported; whoever is named sees the visit and is told."""
    with at("2025-09-10 10:00"):
        row = alerted(desk, portal)
        clock = explained(desk, REP, "urgent_visit", row)["urgent_alert"]
        assert (clock["due_at"], clock["clause"]) == ("2025-09-10T10:30:00+08:00", "（九）2")
        desk.as_(QC).call("GET", f"urgent_visit/{row}", 404)
        wrong = step(desk, REP, "urgent_visit", row, "ask_team", 422)
        assert wrong["errors"][0]["rule"] == "when"
        shown = step(desk, REP, "urgent_visit", row, "alert_qc")
        assert (shown["visit_no"], shown["status"]) == ("JJ250901", "under_way")
        assert explained(desk, REP, "urgent_visit", row)["urgent_alert"]["status"] == "met"
        assert desk.as_(QC).call("GET", f"urgent_visit/{row}")["id"] == row
        assert desk.as_(SECTION).call("GET", f"urgent_visit/{row}")["id"] == row
        desk.as_("taoyong").call("GET", f"urgent_visit/{row}", 404)
        assert "JJ250901" in desk.as_(QC).client.get("/notices/").text
    with at("2025-09-10 16:00"):
        for bad in ("2025-09-10T09:29", "2025-09-10T16:01"):
            refused = step(desk, QC, "urgent_visit", row, "record_visit", 422, visited_at=bad, result="换线",
                           manufacturing_people=[employee_id(portal, SECTION)])
            assert refused["errors"][0]["field"] == "visited_at"
        step(desk, QC, "urgent_visit", row, "record_visit", visited_at="2025-09-10T14:00", result="换线后正常",
             manufacturing_people=[employee_id(portal, SECTION)])
        assert step(desk, REP, "urgent_visit", row, "report")["status"] == "reported"


def test_an_alert_without_a_quality_person_or_from_the_future_is_refused(desk, portal):
    with at("2025-09-10 10:00"):
        for over, field in (
            ({"qc_person_id": None}, "qc_person_id"), ({"reported_at": "2025-09-10T10:01"}, "reported_at"),
            ({"qc_can_attend": None}, "qc_can_attend"), ({"customer_id": 999}, "customer_id"),
        ):
            refused = desk.as_(REP).call("POST", "urgent_visit/", 422, **visit(desk, portal, **over))
            assert field in {error["field"] for error in refused["errors"]}
        row = alerted(desk, portal, manufacturing_people=None)
        refused = step(desk, REP, "urgent_visit", row, "alert_qc", 422)
        assert refused["errors"][0]["field"] == "manufacturing_people"
        for account in (QC, CONTROL):
            desk.as_(account).call("POST", "urgent_visit/", 422, **visit(desk, portal))


def test_the_general_manager_names_people_when_quality_cannot_come(desk, portal):
    """（九）2: the team is named, and the report to the general manager is compulsory afterwards."""
    with at("2025-09-10 10:00"):
        row = alerted(desk, portal, qc_can_attend=False, qc_person_id=None)
        assert step(desk, REP, "urgent_visit", row, "ask_team")["status"] == "awaiting_team"
        named = [employee_id(portal, RD)]
        for account in (DEPUTY, MANAGER, REP, CONTROL):
            answer = desk.as_(account).client.post(
                f"/api/v1/urgent_visit/{row}/move/assign_team", json={"values": {"assigned_by_gm": named}}
            )
            assert answer.status_code == 403, account
        bare = step(desk, GENERAL, "urgent_visit", row, "assign_team", 422)
        assert bare["errors"][0]["field"] == "assigned_by_gm"
        desk.as_(RD).call("GET", f"urgent_visit/{row}", 404)
        page = desk.as_(GENERAL).client.get("/approvals/").text
        assert "指派紧急处理人员" in page
        step_id = waiting(desk, GENERAL)[0]["id"]
        desk.as_(GENERAL).call("POST", f"approval/{step_id}/approve", values={"assigned_by_gm": named})
        assert desk.as_(RD).call("GET", f"urgent_visit/{row}")["assigned_by_gm"] == named
        step(desk, RD, "urgent_visit", row, "record_visit", visited_at="2025-09-10T10:00", result="已处理",
             manufacturing_people=[employee_id(portal, SECTION)])
        missing = step(desk, REP, "urgent_visit", row, "report", 422)
        assert (missing["errors"][0]["field"], missing["errors"][0]["clause"]) == ("report_to_gm_at", "（九）2")
        early = step(desk, REP, "urgent_visit", row, "report", 422, report_to_gm_at="2025-09-10T09:59")
        assert early["errors"][0]["field"] == "report_to_gm_at"
        done = step(desk, REP, "urgent_visit", row, "report", report_to_gm_at="2025-09-10T10:00")
        assert done["status"] == "reported"


def test_a_visit_belongs_to_the_complaint_of_its_customer(desk, portal):
    with at("2025-09-10 10:00"):
        names = list(desk.customers.values())
        row, foreign, own = alerted(desk, portal), desk.open(customer_id=names[1]), desk.open()
        step(desk, REP, "urgent_visit", row, "alert_qc")
        step(desk, REP, "urgent_visit", row, "record_visit", visited_at="2025-09-10T10:00", result="x",
             manufacturing_people=[employee_id(portal, SECTION)])
        refused = step(desk, REP, "urgent_visit", row, "report", 422, complaint_id=foreign)
        assert refused["errors"][0]["rule"] == "same_customer"
        assert step(desk, REP, "urgent_visit", row, "report", complaint_id=own)["complaint_id"] == own


# -- （九）3 the report ----------------------------------------------------------------------


def test_the_report_is_due_three_working_days_after_the_investigation(desk, portal):
    """（九）3 over the National Day holiday; a corrected day of the investigation moves the limit."""
    with at("2025-09-29 10:00"):
        case = desk.accepted()
        desk.as_(CONTROL).move(case, "send_to_qc")
        desk.as_(QC).move(case, "judge", category="quality", qc_cause="x", responsible_unit_id=desk.section,
                          production_unit_id=desk.section)
        report = desk.as_(QC).call("GET", "written_report/")["result"][0]
        assert (report["complaint_id"], report["investigated_on"]) == (case, "2025-09-29")
        row = report["id"]
        assert explained(desk, QC, "written_report", row)["report"]["due_at"] == "2025-10-10T23:59:59+08:00"
        shown = desk.as_(QC).call("PUT", f"written_report/{row}", investigated_on="2025-09-26")
        assert shown["due_at"] == "2025-09-30T23:59:59+08:00"
        assert explained(desk, QC, "written_report", row)["report"]["due_at"] == "2025-09-30T23:59:59+08:00"
        future = desk.as_(QC).call("PUT", f"written_report/{row}", 422, investigated_on="2025-09-30")
        assert future["errors"][0]["field"] == "investigated_on"
        empty = step(desk, QC, "written_report", row, "submit", 422)
        assert empty["errors"][0]["field"] == "content"
        step(desk, QC, "written_report", row, "submit", content="回温不足所致")
        for account in (DEPUTY, CONTROL, QC):
            answer = desk.as_(account).client.post(
                f"/api/v1/written_report/{row}/move/instruct", json={"values": {"instruction": "x"}}
            )
            assert answer.status_code == 403, account
        back = step(desk, GENERAL, "written_report", row, "return_report", reason="补充数据")
        assert back["status"] == "returned"
        step(desk, QC, "written_report", row, "submit", content="回温不足所致，附数据")
        assert step(desk, GENERAL, "written_report", row, "instruct", instruction="限期改善")["status"] == "instructed"
        assert explained(desk, QC, "written_report", row)["report"]["status"] == "met"


def test_a_late_report_is_told_to_the_general_manager(desk, portal):
    with at("2025-09-10 10:00"):
        row = alerted(desk, portal)
        step(desk, REP, "urgent_visit", row, "alert_qc")
        step(desk, SECTION, "urgent_visit", row, "record_visit", visited_at="2025-09-10T10:00", result="x",
             manufacturing_people=[employee_id(portal, SECTION)])
        report = desk.as_(SECTION).call("GET", "written_report/")["result"][0]
        assert (report["kind"], report["visit_id"], report["complaint_id"]) == ("visit", row, None)
        assert report["due_at"] == "2025-09-15T23:59:59+08:00"
    sweep(portal, "2025-09-15 23:59")
    with at("2025-09-16 08:00"):
        assert explained(desk, SECTION, "written_report", report["id"])["report"]["status"] == "running"
    sweep(portal, "2025-09-16 00:05")
    with at("2025-09-16 08:00"):
        assert explained(desk, SECTION, "written_report", report["id"])["report"]["status"] == "breached"
        assert "三天内提出报告" in desk.as_(GENERAL).client.get("/notices/").text
        done = step(desk, SECTION, "written_report", report["id"], "submit", content="已换线")
        assert done["report_no"] == "BG250901"
        assert explained(desk, SECTION, "written_report", report["id"])["report"]["status"] == "late_met"


def test_a_report_is_about_a_case_or_a_visit(desk):
    with at("2025-09-10 10:00"):
        refused = desk.as_(QC).call("POST", "written_report/", 422, kind="investigation", content="x",
                                    investigated_on="2025-09-10")
        assert refused["errors"][0]["rule"] == "one_of"
        desk.as_(OFFICE).call("POST", "written_report/", 403, content="x")
