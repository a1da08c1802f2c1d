"""Open clocks follow the calendar and the fields that they look at."""

from __future__ import annotations

import datetime as dt

from app.core import saving
from app.core.db import session
from app.core.register import registers
from app.engines.audit import operations as audit
from app.engines.calendar import operations as calendars
from app.engines.calendar.calc import Name
from app.engines.deadlines.models import BREACHED, RUNNING
from tests.unit.engines.deadlines.conftest import acting, at, shown
from tests.unit.engines.deadlines.test_sweep import sweep

REST = Name("公司停电", "No power")


def test_a_new_rest_day_moves_the_case_and_its_steps_and_says_so(cases):
    with at("2025-09-26 14:30"):
        case = cases.accepted()
        cases.go(case, "qc")
    assert shown(cases.clock(case, "case").due_at) == "2025-10-21 23:59:59"
    assert shown(cases.clock(case, "step_qc").due_at) == "2025-09-28 23:59:59"
    with at("2025-09-27 09:00"):
        calendars.set_day("CN", dt.date(2025, 9, 28), working=False, name=REST)
    session.expire_all()
    assert shown(cases.clock(case, "case").due_at) == "2025-10-22 23:59:59"
    assert shown(cases.clock(case, "step_qc").due_at) == "2025-09-29 23:59:59"
    assert shown(case.due_at) == "2025-10-22 23:59:59"
    said = [entry.sentence for entry in audit.history("complaint", case.id) if "2025-10-22 23:59" in entry.sentence]
    assert len(said) == 1


def test_a_change_outside_the_span_of_a_clock_leaves_it_alone(cases):
    with at("2025-09-26 14:30"):
        case = cases.accepted()
    before = cases.clock(case, "case").row_version
    with at("2025-09-27 09:00"):
        calendars.set_day("CN", dt.date(2025, 12, 1), working=False, name=REST)
    session.expire_all()
    assert cases.clock(case, "case").row_version == before


def test_a_part_still_ends_no_later_than_the_whole_case(cases):
    with at("2025-09-26 14:30"):
        case = cases.accepted()
    with at("2025-10-14 16:00"):
        cases.go(case, "decided")
    assert shown(cases.clock(case, "step_execution").due_at) == "2025-10-21 23:59:59"
    with at("2025-10-15 09:00"):
        calendars.set_day("CN", dt.date(2025, 10, 16), working=False, name=REST)
    session.expire_all()
    assert shown(cases.clock(case, "step_execution").due_at) == "2025-10-22 23:59:59"


def test_a_late_clock_runs_again_when_the_calendar_gives_it_time(cases):
    with at("2025-09-30 10:00"):
        case = cases.accepted()
        cases.go(case, "qc")
    sweep("2025-10-10 00:05")
    assert cases.clock(case, "step_qc").status == BREACHED
    with at("2025-10-10 08:00"):
        calendars.set_day("CN", dt.date(2025, 10, 9), working=False, name=REST)
    session.expire_all()
    step = cases.clock(case, "step_qc")
    assert (step.status, shown(step.due_at)) == (RUNNING, "2025-10-10 23:59:59")


def test_a_report_is_due_three_days_after_the_day_that_its_writer_corrects(cases):
    with at("2025-10-13 08:30"):
        case = cases.accepted()
        cases.go(case, "qc")
    with at("2025-10-13 09:00"), acting("罗建国"):
        report = saving.create(
            registers()["written_report"],
            {"kind": "investigation", "complaint_id": case.id, "investigated_on": "2025-10-13", "content": "分层"},
        ).record
    assert shown(report.due_at) == "2025-10-16 23:59:59"
    with at("2025-10-13 15:00"), acting("罗建国"):
        saving.update(report, {"investigated_on": "2025-10-11"}, None)
    assert shown(report.due_at) == "2025-10-15 23:59:59"
