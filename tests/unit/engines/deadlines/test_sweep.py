"""What the sweep of clocks does, and that it does it once."""

from __future__ import annotations

from app.engines.deadlines import slips
from app.engines.deadlines.models import BREACHED, LATE_MET
from app.engines.deadlines.slip import INQUIRY, URGE
from app.engines.sweeps import operations as sweeps
from tests.unit.engines.deadlines.conftest import at, local, person, shown


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
