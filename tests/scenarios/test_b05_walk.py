"""B05 once in the order of its clauses: from the box and the hotline to the archive."""

from __future__ import annotations

from app.areas.complaints.report_snapshot import ReportSnapshot
from app.core.db import session
from tests.scenarios.b05_desk import BOXES, CENTRE, HEAD, HOTLINE, KEEPER, OWN, REPORT, ROUTER, SUPERVISOR, UPPER
from tests.scenarios.desk import at, sweep
from tests.scenarios.test_b05 import ENDS, rules

POLICY = "B05"


def test_in_the_order_of_the_clauses(bureau, portal):
    """From the box and the hotline to the archive, and the digest of the day."""
    with at("2025-10-09 09:00"):
        box = {"kind": "box", "target_unit_id": bureau.units["PB-DQ"], "checked_at": "2025-10-09T08:30", "items": 2,
               "registered": 1}  # fmt: skip
        opened = bureau.call(BOXES, "POST", "supervision_check/", 201, **box)["id"]
        bureau.call(BOXES, "POST", f"supervision_check/{opened}/move/register", 422)
        bureau.call(BOXES, "PUT", f"supervision_check/{opened}", 200, registered=2)
        bureau.call(BOXES, "POST", f"supervision_check/{opened}/move/register")
        first = bureau.received(matter="complaint", name=None)
        shown = bureau.call(HOTLINE, "GET", f"complaint/{first}")
        assert (shown["status"], shown["case_no"]) == ("accepted", "TS20251009001")
        assert rules(bureau.step(HOTLINE, first, "fill_notice", 422)) == [("signing", "identity_kept")]
        case = bureau.received(notice_summary="郝建民反映验表收费", major_influence=True)
        assert bureau.call(HOTLINE, "GET", f"complaint/{case}")["case_no"] == "JB20251009002"
        assert rules(bureau.step(HOTLINE, case, "fill_notice", 422)) == [("notice_summary", "notice_without_identity")]
        bureau.call(HOTLINE, "PUT", f"complaint/{case}", 200, notice_summary="反映验表收费")
        assert bureau.step(HOTLINE, case, "fill_notice")["notice_no"] == "TZ-JB20251009002"
        bureau.step(HOTLINE, case, "review_notice", 403, gravity="ordinary")
        assert "JB20251009002" in bureau.as_(SUPERVISOR).client.get("/approvals/").text
        bureau.step(SUPERVISOR, case, "review_notice", gravity="ordinary")
        bureau.step(ROUTER, case, "file_reviewed")
        bureau.call(UPPER, "GET", f"complaint/{case}")
        bureau.assign(case)
        bureau.step(OWN, case, "report", **REPORT)
        bureau.step(ROUTER, case, "finish")
        assert bureau.due(case, "reply") == "2025-10-13" + ENDS
        unanswered = bureau.step(OWN, case, "reply", 422, no_reply_reason="不必")
        assert (unanswered["errors"][0]["rule"], unanswered["errors"][0]["clause"]) == ("reply_signed", "第十三条")
        bureau.answer(case)
        bureau.step(OWN, case, "reply")
        assert bureau.as_(OWN).client.get(f"/complaint/{case}/print").status_code == 403
        assert "供电投诉举报处理通知单" in bureau.as_(KEEPER).client.get(f"/complaint/{case}/print").text
        bureau.step(KEEPER, case, "compile_replied")
        bureau.step(HEAD, case, "sign_replied")
        assert bureau.step(KEEPER, case, "archive")["status"] == "archived"
    sweep(portal, "tasks.open", "2025-10-10 00:10")
    with at("2025-10-10 08:30"):
        [row] = bureau.call(SUPERVISOR, "GET", "report_snapshot/?period=2025-10-09")["result"]
        assert bureau.as_(CENTRE).client.get("/reports/B05.time_limits").status_code == 200
        assert "反映" not in bureau.as_(SUPERVISOR).client.get(f"/report_snapshot/{row['id']}").text
    with portal.app_context():
        kept = session.get_one(ReportSnapshot, row["id"])
        assert (kept.totals["count"], kept.lines) == (2, [])
        session.remove()
