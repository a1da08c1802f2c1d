"""What a change of the calendar would move, before it is made; and what then moves indeed."""

from __future__ import annotations

import datetime as dt

from app.core import saving
from app.core.db import session
from app.engines.audit import operations as audit
from app.engines.calendar import editing
from app.engines.calendar import operations as calendars
from app.engines.calendar.calc import DayRow, Name
from app.engines.calendar.models import Calendar
from app.engines.deadlines import replanning
from tests.unit.engines.deadlines.conftest import at, shown

DAY = dt.date(2025, 9, 30)
OFF = Name("停电", "Power cut")


def moved(shifts):
    return {(shift.record_id, shown(shift.before), shown(shift.after)) for shift in shifts}


def test_a_rest_day_of_the_company_is_foreseen_then_made(cases):
    with at("2025-09-26 14:30"):
        case = cases.accepted()
    with at("2025-09-28 09:00"):
        cases.go(case, "qc")
        change, imagined = editing.imagine_day("CN", DAY, DayRow(DAY, False, OFF))
        foreseen = replanning.foresee(change, imagined)
        assert moved(foreseen) == {(case.id, "2025-10-21 23:59:59", "2025-10-22 23:59:59")}
        assert calendars.calendar_for("CN").is_working(DAY)
        calendars.set_day("CN", DAY, working=False, name=OFF, reason="停电")
    assert shown(cases.clock(case, "case").due_at) == "2025-10-22 23:59:59"
    assert any("2025-10-21 23:59" in entry.sentence for entry in audit.history("complaint", case.id))
    calendar = calendars.row_of("CN")
    assert any("停电" in entry.sentence for entry in audit.history("calendar", calendar.id))
    with at("2025-09-28 10:00"):
        back = replanning.foresee(*editing.imagine_day("CN", DAY, None))
        assert moved(back) == {(case.id, "2025-10-22 23:59:59", "2025-10-21 23:59:59")}
        calendars.clear_day("CN", DAY, "有电")
    assert shown(cases.clock(case, "case").due_at) == "2025-10-21 23:59:59"


def test_a_part_is_foreseen_under_the_cap_of_its_whole(cases):
    with at("2025-09-26 14:30"):
        case = cases.accepted()
    with at("2025-10-17 09:00"):
        cases.go(case, "decided")
        assert shown(cases.clock(case, "step_execution").due_at) == "2025-10-21 23:59:59"
        day = dt.date(2025, 10, 20)
        foreseen = replanning.foresee(*editing.imagine_day("CN", day, DayRow(day, False, OFF)))
        parts = {shift.words["zh"]: shown(shift.after) for shift in foreseen}
        calendars.set_day("CN", day, working=False, name=OFF, reason="停电")
    assert parts["业务部门处理"] == shown(cases.clock(case, "step_execution").due_at) == "2025-10-22 23:59:59"


def test_a_notice_is_foreseen_with_the_company_days_kept(cases):
    with at("2025-09-26 14:30"):
        case = cases.accepted()
        calendars.set_day("CN", DAY, working=False, name=OFF, reason="停电")
        days = [DayRow(dt.date(2025, 10, number), False, Name("国庆节", "National Day")) for number in range(1, 4)]
        foreseen = replanning.foresee(*editing.imagine_notice("CN", 2025, days))
        # 28 September and 11 October are no make-up workdays then, 30 September stays the company's rest day
        assert moved(foreseen) == {
            (case.id, "2025-10-22 23:59:59", "2025-10-21 23:59:59"),
            (case.id, "2025-09-28 09:00:00", "2025-09-29 09:00:00"),
        }
        calendars.import_notice("CN", 2025, days, "trial")
    assert shown(cases.clock(case, "case").due_at) == "2025-10-21 23:59:59"


def test_other_rest_days_of_the_week_plan_anew(cases, portal):
    with at("2025-09-26 14:30"):
        case = cases.accepted()
    with at("2025-09-27 09:00"):
        calendar = session.get_one(Calendar, calendars.row_of("CN").id)
        saving.update(calendar, {"weekend": ["1", "6", "7"]}, calendar.row_version)
    # 29 September, 13 and 20 October are Mondays
    assert shown(cases.clock(case, "case").due_at) == "2025-10-24 23:59:59"
