"""B02, work that returns: monthly statistics by the tenth, and improvements that are tracked."""

from __future__ import annotations

import datetime as dt
import threading

import sqlalchemy as sa

from app.areas.complaints.report_snapshot import ReportSnapshot
from app.core.db import session
from app.engines.policy.models import PolicyAdoption
from app.engines.sweeps import operations as sweeps
from tests.scenarios.desk import CONTROL, GENERAL, QC, RD, REP, SECTION, at, sweep

ONLY = "B02"

TASKS = {"B02.monthly_statistics", "B02.monthly_sanction_review", "B02.monthly_loss_split"}


def rows(desk, period="2025-09"):
    """The monthly rows of a period by report."""
    found = desk.as_(CONTROL).call("GET", f"report_snapshot/?period={period}")["result"]
    return {row["report"]: row for row in found}


def explained(desk, row):
    """The clock of a monthly row."""
    return desk.as_(CONTROL).call("GET", f"report_snapshot/{row}/explain")["clocks"][0]


def test_b02_16_three_tasks_with_the_closed_cases_of_the_month(portal, desk):
    with at("2025-09-10 10:00"):
        for _number in range(3):
            desk.closed(desk.accepted())
    with at("2025-09-30 23:50"):
        desk.closed(desk.accepted(claimed_amount="50000.00"))
    with at("2025-10-01 00:00"):
        desk.closed(desk.accepted())
    assert sweep(portal, "tasks.open", "2025-10-01 00:10").counts["hit"] == 3
    assert sweep(portal, "tasks.open", "2025-10-02 00:10").counts["hit"] == 0
    with at("2025-10-09 09:00"):
        found = rows(desk)
        assert set(found) == TASKS
        assert {explained(desk, row["id"])["due_at"] for row in found.values()} == {"2025-10-10T23:59:59+08:00"}
        statistics = found["B02.monthly_statistics"]
        assert statistics["_labels"]["report"] == "客户投诉案件统计"
        assert [line["case_no"] for line in statistics["lines"]] == ["250901", "250902", "250903", "250904"]
        assert statistics["totals"]["count"] == 4
        assert statistics["totals"]["sums"] == {"claimed_amount": "344000.00", "decided_amount": "360000.00"}
        [group] = statistics["totals"]["groups"]
        assert (group["value"], group["count"], group["percent"]) == (desk.section, 4, "100.00")


def test_two_versions_of_a_case_count_as_one(portal, desk):
    with at("2025-09-10 10:00"):
        second = desk.refused(desk.accepted())
        desk.as_(REP).move(second, "submit")
        desk.as_(CONTROL).move(second, "accept")
        desk.closed(second)
    sweep(portal, "tasks.open", "2025-10-01 00:10")
    with at("2025-10-09 09:00"):
        lines = rows(desk)["B02.monthly_statistics"]["lines"]
        assert [(line["id"], line["case_no"]) for line in lines] == [(second, "250901")]


def test_the_heads_confirm_before_the_statistics_are_submitted(portal, desk):
    with at("2025-09-10 10:00"):
        desk.closed(desk.accepted())
    sweep(portal, "tasks.open", "2025-10-01 00:10")
    control = desk.as_(CONTROL)
    with at("2025-10-09 09:00"):
        row = rows(desk)["B02.monthly_statistics"]["id"]
        early = control.call("POST", f"report_snapshot/{row}/move/put_up", 422, values={})
        assert {error["field"] for error in early["errors"]} == {"measures_checked", "confirmed_units"}
        assert early["errors"][0]["clause"] == "（九）10"
        desk.as_(RD).call("GET", f"report_snapshot/{row}", 404)
        units = {unit["name"]: unit["id"] for unit in control.call("GET", "org_unit/")["result"]}
        heads = [units[name] for name in ("制造一部压合课", "质量管理部", "研发部")]
        given = {"measures_checked": "对策已执行", "confirmed_units": heads}
        assert control.call("POST", f"report_snapshot/{row}/move/put_up", values=given)["status"] == "reviewing"
        control.call("POST", f"report_snapshot/{row}/move/confirm", 403, values={})
        for person in (QC, SECTION, RD):
            [mine] = desk.as_(person).call("GET", "approval/inbox?register=report_snapshot")["result"]
            desk.as_(person).call("POST", f"approval/{mine['id']}/approve", comment="属实")
        assert control.call("GET", f"report_snapshot/{row}")["status"] == "confirmed"
        done = control.call("POST", f"report_snapshot/{row}/move/submit", values={})
        assert (done["status"], done["submitted_at"]) == ("submitted", "2025-10-09T09:00:00+08:00")
        assert explained(desk, row)["status"] == "met"


def test_a_head_sends_the_statistics_back_with_a_reason(portal, desk):
    sweep(portal, "tasks.open", "2025-10-01 00:10")
    control = desk.as_(CONTROL)
    with at("2025-10-09 09:00"):
        row = rows(desk)["B02.monthly_loss_split"]["id"]
        given = {"measures_checked": "待分摊", "confirmed_units": [desk.section]}
        control.call("POST", f"report_snapshot/{row}/move/put_up", values=given)
        [mine] = desk.as_(SECTION).call("GET", "approval/inbox")["result"]
        desk.as_(SECTION).call("POST", f"approval/{mine['id']}/return", comment="比率不符")
        assert control.call("GET", f"report_snapshot/{row}")["status"] == "open"


def test_the_review_of_sanctions_needs_no_heads(portal, desk):
    sweep(portal, "tasks.open", "2025-10-01 00:10")
    with at("2025-10-09 09:00"):
        row = rows(desk)["B02.monthly_sanction_review"]["id"]
        done = desk.as_(CONTROL).call(
            "POST", f"report_snapshot/{row}/move/finish_review", values={"measures_checked": "本月无行政处分"}
        )
        assert done["status"] == "confirmed"


def test_a_late_task_is_warned_of_and_told_to_the_general_manager(portal, desk):
    sweep(portal, "tasks.open", "2025-10-01 00:10")
    assert sweep(portal, "deadlines.due", "2025-10-09 08:30").counts["warned"] == 3
    assert sweep(portal, "deadlines.due", "2025-10-11 00:05").counts["hit"] == 3
    sweep(portal, "deadlines.due", "2025-10-11 00:06")
    with at("2025-10-11 09:00"):
        assert {explained(desk, row["id"])["status"] for row in rows(desk).values()} == {"breached"}
        notices = desk.as_(GENERAL).client.get("/notices/").text
        assert notices.count("TJ2510") == 3
        assert desk.as_(CONTROL).client.get("/notices/").text.count("TJ2510") == 6


def test_every_missed_period_is_made_up_for_after_downtime(portal, desk):
    sweep(portal, "tasks.open", "2025-09-01 09:00")
    with portal.app_context(), at("2025-12-05 09:00"):
        done = sweeps.run_due("tasks.open")
        session.remove()
    assert sum(outcome.counts["hit"] for outcome in done) == 9
    with at("2025-12-05 10:00"):
        assert [set(rows(desk, period)) for period in ("2025-09", "2025-10", "2025-11")] == [TASKS] * 3
        late = rows(desk, "2025-09")["B02.monthly_statistics"]
        assert explained(desk, late["id"])["due_at"] == "2025-10-10T23:59:59+08:00"


def test_no_task_for_a_period_before_the_adoption(portal, desk):
    with portal.app_context(), at("2025-09-20 09:00"):
        adoption = session.scalars(sa.select(PolicyAdoption)).one()
        adoption.valid_from = dt.date(2025, 10, 1)
        session.commit()
        session.remove()
    assert sweep(portal, "tasks.open", "2025-10-01 00:10").counts["hit"] == 0
    assert sweep(portal, "tasks.open", "2025-11-01 00:10").counts["hit"] == 3


def test_two_hosts_open_each_task_once(portal, desk):
    sweep(portal, "tasks.open", "2025-09-01 09:00")
    faults: list[BaseException] = []

    def host() -> None:
        try:
            with portal.app_context():
                sweeps.run_due("tasks.open")
                session.remove()
        except BaseException as fault:  # noqa: BLE001 - shown by the test
            faults.append(fault)

    hosts = [threading.Thread(target=host) for _number in range(2)]
    with at("2025-11-05 09:00"):
        for thread in hosts:
            thread.start()
        for thread in hosts:
            thread.join(60)
    assert faults == []
    with portal.app_context():
        found = session.execute(
            sa.select(ReportSnapshot.period, sa.func.count()).group_by(ReportSnapshot.period).order_by("period")
        ).all()
        assert [tuple(row) for row in found] == [(month, 3) for month in ("2025-08", "2025-09", "2025-10")]
        session.remove()


def test_the_page_and_the_print_show_the_cases_as_a_table(portal, desk):
    with at("2025-09-10 10:00"):
        case = desk.closed(desk.accepted())
    sweep(portal, "tasks.open", "2025-10-01 00:10")
    with at("2025-10-09 09:00"):
        row = rows(desk)["B02.monthly_statistics"]["id"]
        page = desk.as_(CONTROL).client.get(f"/report_snapshot/{row}").text
        assert f'href="/complaint/{case}"' in page
        assert "回温不足" in page
        assert "{&#39;" not in page
        paper = desk.as_(CONTROL).client.get(f"/report_snapshot/{row}/print").text
        assert "250901" in paper
        assert "100.00" in paper


# -- improvements ----------------------------------------------------------------------------------------------------


def tracked(desk, text="2025-09-10 10:00"):
    """A closed case whose improvement is followed up; the follow-up."""
    with at(text):
        case = desk.closed(desk.accepted(), needs_tracking=True)
        found = desk.as_(CONTROL).call("GET", f"corrective_action/?complaint_id={case}")["result"]
        return found[0]


def improvement(desk, row):
    """The clock of a follow-up."""
    return desk.as_(CONTROL).call("GET", f"corrective_action/{row}/explain")["clocks"][-1]


def test_a_tracked_case_opens_an_improvement_with_its_own_limit(portal, desk):
    action = tracked(desk)
    assert (action["status"], action["due_on"]) == ("open", "2025-10-10")
    assert action["action_no"] == "GS250901"
    with at("2025-09-11 09:00"):
        assert improvement(desk, action["id"])["due_at"] == "2025-10-10T23:59:59+08:00"
        report = desk.as_(CONTROL).call("GET", "report/B02.improvement_tracking")
        assert [line["action_no"] for line in report["result"]] == ["GS250901"]


def test_the_limit_follows_the_plan_and_only_case_control_changes_it(portal, desk):
    action = tracked(desk)["id"]
    path = f"corrective_action/{action}/move/change_plan"
    with at("2025-09-20 09:00"):
        desk.as_(SECTION).call("POST", path, 403, values={"due_on": "2025-12-31"}, reason="来不及")
        desk.as_(CONTROL).call("POST", path, 422, values={"due_on": "2025-10-24"})
        desk.as_(CONTROL).call("POST", path, values={"due_on": "2025-10-24"}, reason="治具到货推迟")
        assert improvement(desk, action)["due_at"] == "2025-10-24T23:59:59+08:00"
        page = desk.as_(CONTROL).client.get(f"/corrective_action/{action}").text
        assert "2025-10-24 23:59" in page


def test_a_late_improvement_is_told_to_case_control_and_its_effect_confirmed(portal, desk):
    action = tracked(desk)["id"]
    assert sweep(portal, "deadlines.due", "2025-10-09 08:30").counts["warned"] == 1
    sweep(portal, "deadlines.due", "2025-10-11 00:05")
    sweep(portal, "deadlines.due", "2025-10-11 00:06")
    with at("2025-10-13 09:00"):
        assert "GS250901" in desk.as_(CONTROL).client.get("/notices/").text
        report = desk.as_(CONTROL).call("GET", "report/B02.improvement_tracking")
        assert report["result"][0]["B02.improvement"]["late_days"] == "1.1"
        desk.as_(SECTION).call("POST", f"corrective_action/{action}/move/carry_out", 422, values={})
        done = {"progress": "回温柜已加装记录仪", "prevention": "列入作业标准"}
        desk.as_(SECTION).call("POST", f"corrective_action/{action}/move/carry_out", values=done)
        desk.as_(SECTION).call("POST", f"corrective_action/{action}/move/confirm", 403, values={})
        seen = desk.as_(CONTROL).call("POST", f"corrective_action/{action}/move/confirm", values={})
        assert (seen["status"], seen["effect_confirmed_on"]) == ("confirmed", "2025-10-13")
        assert improvement(desk, action)["status"] == "late_met"
        assert desk.as_(CONTROL).call("GET", "report/B02.improvement_tracking")["result"] == []
