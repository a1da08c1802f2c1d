"""What the sweep of clocks does, and that it does it once."""

from __future__ import annotations

import sqlalchemy as sa

from app.areas.complaints.report_snapshot import ReportSnapshot
from app.core.db import session
from app.engines.audit import operations as audit
from app.engines.deadlines import operations, slips
from app.engines.deadlines.models import BREACHED, LATE_MET, RUNNING
from app.engines.deadlines.slip import INQUIRY, URGE, UrgeSlip
from app.engines.notifications.models import OutboxMessage
from app.engines.sweeps import operations as sweeps
from tests.unit.engines.deadlines.conftest import at, local, person, shown

ONLY = "B02"


def sweep(text):
    """Run the sweep for a local time."""
    with at(text):
        sweeps.sync()
        outcome = sweeps.run("deadlines.due", local(text))
    assert outcome.error is None
    return outcome


def test_b02_14_one_urge_slip_and_one_inquiry(cases):
    with at("2025-09-30 09:00"):
        case = cases.accepted()
    with at("2025-09-30 10:00"):
        cases.go(case, "qc")
    step = cases.clock(case, "step_qc")
    assert shown(step.due_at) == "2025-10-09 23:59:59"

    assert sweep("2025-10-09 00:05").counts["slips"] == 0
    assert sweep("2025-10-10 00:05").counts["slips"] == 1
    assert sweep("2025-10-11 00:05").counts["slips"] == 0
    [urge] = slips.slips_of("complaint", case.id)
    assert (urge.kind, urge.slip_no, urge.overdue_minutes) == (URGE, f"{case.case_no}-C1", 5)
    assert shown(urge.issued_at) == "2025-10-10 00:05:00"
    assert urge.unit_id == person("罗建国").unit_id
    assert step.status == BREACHED

    with at("2025-10-11 09:00"):
        cases.go(case, "production")
    assert step.status == LATE_MET
    with at("2025-10-13 09:00"):
        cases.go(case, "closed")
    inquiries = [slip for slip in slips.slips_of("complaint", case.id) if slip.kind == INQUIRY]
    assert [(slip.slip_no, slip.status, slip.clock_id) for slip in inquiries] == [
        (f"{case.case_no}-Q1", "proposed", step.id)
    ]


def test_b02_16_three_tasks_for_the_month_once(portal):
    with at("2025-10-01 00:10"):
        sweeps.sync()
        assert sweeps.run("tasks.open", local("2025-10-01 00:10")).counts["hit"] == 3
        assert sweeps.run("tasks.open", local("2025-10-02 00:10")).counts["hit"] == 0
    rows = session.scalars(sa.select(ReportSnapshot).order_by(ReportSnapshot.id)).all()
    assert {row.period for row in rows} == {"2025-09"}
    assert {shown(row.due_at) for row in rows} == {"2025-10-10 23:59:59"}
    clocks = [clock for row in rows for clock in operations.clocks_of("report_snapshot", row.id)]
    assert [shown(clock.due_at) for clock in clocks] == ["2025-10-10 23:59:59"] * 3


def told(name):
    """What a person was told, oldest first."""
    query = sa.select(OutboxMessage).where(OutboxMessage.person_id == person(name).id).order_by(OutboxMessage.id)
    return [message.event.partition(":")[0] for message in session.scalars(query)]


def test_a_clock_is_warned_of_then_late_then_climbs_and_each_once(cases):
    with at("2025-09-26 14:30"):
        case = cases.accepted()
    whole = cases.clock(case, "case")
    assert shown(whole.due_at) == "2025-10-21 23:59:59"
    for day in ("10-16", "10-20", "10-20", "10-21", "10-22", "10-22", "10-23", "10-27", "10-28", "11-03"):
        sweep(f"2025-{day} 00:05")
    assert (whole.status, shown(whole.warned_at), shown(whole.breached_at)) == (
        BREACHED, "2025-10-20 00:05:00", "2025-10-22 00:05:00",
    )
    assert whole.next_at is None
    assert told("何佩珊").count("deadline.warned") == 1
    assert told("何佩珊").count("deadline.late") >= 1
    assert whole.level == len(told("梁伟东"))


def test_the_whole_case_urges_whoever_holds_it(cases):
    with at("2025-09-26 14:30"):
        case = cases.accepted()
    with at("2025-10-21 09:00"):
        cases.go(case, "manager_office")
    sweep("2025-10-22 00:05")
    [slip] = [s for s in slips.slips_of("complaint", case.id) if s.clock_id == cases.clock(case, "case").id]
    assert slip.unit_id == person("郑国强").unit_id
    assert slip.post == "B02.manager_office"
    assert "deadline.late" in told("郑国强")


def test_a_step_done_in_time_gets_neither_slip(cases):
    with at("2025-09-30 09:00"):
        case = cases.accepted()
    with at("2025-09-30 10:00"):
        cases.go(case, "qc")
    with at("2025-10-09 16:00"):
        cases.go(case, "production")
    sweep("2025-10-10 00:05")
    with at("2025-10-10 09:00"):
        cases.go(case, "closed")
    assert slips.slips_of("complaint", case.id) == []


def test_a_late_step_is_asked_about_even_if_no_sweep_ran(cases):
    with at("2025-09-30 10:00"):
        case = cases.accepted()
        cases.go(case, "qc")
    with at("2025-10-11 09:00"):
        cases.go(case, "closed")
    assert [slip.kind for slip in slips.slips_of("complaint", case.id)] == [INQUIRY]


def test_an_extension_after_the_breach_warns_and_breaches_again_but_urges_once(cases):
    with at("2025-09-30 10:00"):
        case = cases.accepted()
        cases.go(case, "qc")
    step = cases.clock(case, "step_qc")
    sweep("2025-10-10 00:05")
    with at("2025-10-10 09:00"):
        operations.extend(step, local("2025-10-13 17:00"), "the lab is waiting for material")
    assert (step.status, step.late) == (RUNNING, False)
    assert sweep("2025-10-13 00:05").counts["hit"] == 0
    assert sweep("2025-10-14 00:05").counts["hit"] == 1
    assert [slip.kind for slip in slips.slips_of("complaint", case.id)] == [URGE]


def test_every_late_clock_is_in_the_history_of_its_case(cases):
    with at("2025-09-30 10:00"):
        case = cases.accepted()
        cases.go(case, "qc")
    sweep("2025-10-10 00:05")
    said = [entry.sentence for entry in audit.history("complaint", case.id) if "-C1" in entry.sentence]
    assert len(said) == 1
    assert "2025-10-09 23:59" in said[0]


def test_a_rehearsal_changes_nothing(cases):
    with at("2025-09-30 10:00"):
        case = cases.accepted()
        cases.go(case, "qc")
    with at("2025-10-10 00:05"):
        sweeps.sync()
        outcome = sweeps.rehearse("deadlines.due", local("2025-10-10 00:05"))
    assert (outcome.counts["hit"], outcome.counts["slips"]) == (1, 1)
    assert [finding["case"] for finding in outcome.findings] == [case.case_no]
    assert session.scalar(sa.select(sa.func.count()).select_from(UrgeSlip)) == 0
    assert cases.clock(case, "step_qc").status == RUNNING
