"""A08 by clicks alone: residents' complaints, a daily one with two departments and an emergency, each at his desk."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenarios.a08_desk import BOARD, CENTRE, DESK, FIRST, LEADER, OFFICE, OTHER, WORKS
from tests.system.journeys.desk import BOTH_WAYS, Office, Person

POLICY = "A08"
GUARD = "haoguoqing"
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def heard(office: Office, when: str, **over: Any) -> Person:
    """Whoever is asked first writes the complaint down."""
    first = office.person(FIRST)
    first.open_register("complaint")
    first.add(**{
        "title": "电梯异响", "complainant": "冯玉梅", "complainant_phone": "13900010302",
        "complainant_address": "一期 3 栋 302 室", "received_at": when, "content": "电梯运行有异响",
        "project_id": "云庭一期管理处",
    } | over)  # fmt: skip
    first.send()
    first.is_at("recorded")
    return first


@pytest.mark.parametrize("office", BOTH_WAYS, indirect=True)
def test_a_daily_matter_with_two_departments(office, at):
    at("2025-09-10 09:00")
    first, desk, centre = heard(office, "2025-09-10T09:00"), office.person(DESK), office.person(CENTRE)
    first.take("feed_back")
    number, case = first.heading(), f"/complaint/{first.case_id}"
    assert number == "CP-YT01-20250910-001"
    office.person(OTHER).cannot_see(case)
    desk.open_case(number)
    desk.take("classify", nature="daily", severity="medium", verified=True, analysis="属实")
    desk.begin("dispatch")
    desk.fill(dispatch_to=["工程维修部", "秩序维护部"], finish_by="2025-09-10T08:00", reply_by="2025-09-10T12:00")
    desk.send_in_vain()
    desk.fill(finish_by="2025-09-11T18:00")
    desk.send()
    desk.is_at("dispatched")
    for who in (WORKS, GUARD):
        _worked(office, who)
    centre.open_case(number)
    centre.is_at("done")
    centre.click(centre.tab("complaint_verification").locator("tbody a").first)
    centre.take("pass", findings="合格")
    at("2025-09-11 09:00")
    _closed(office, number)


def _worked(office: Office, who: str) -> None:
    """A department takes its order, does the work and feeds back; it sees its own order alone."""
    person = office.person(who)
    person.open_register("case_transfer")
    person.open_only_row()
    assert person.value("To be finished by") == "09-11 18:00"
    person.take("accept")
    person.take("finish", finished_at="2025-09-10T09:00")
    person.take("feed_back", work_done="完成")
    person.is_at("fed_back", "case_transfer")


def _closed(office: Office, number: str) -> None:
    """The centre visits, tells whoever was asked first, and closes once he has confirmed it."""
    centre, first = office.person(CENTRE), office.person(FIRST)
    centre.open_case(number)
    centre.is_at("verified")
    centre.click(centre.tab("visit").locator("tbody a").first)
    centre.take("make", visited_at="2025-09-11T08:50", method="phone", satisfied=True)
    centre.open_case(number)
    centre.begin("close")
    centre.send_in_vain()
    centre.open_case(number)
    centre.click(centre.tab("complaint_step").locator("tbody a").first)
    centre.take("tell", text="已办妥")
    first.open_case(number)
    first.click(first.tab("complaint_step").locator("tbody a").first)
    first.take("acknowledge")
    centre.open_case(number)
    centre.take("close")
    centre.is_at("closed")


def test_an_emergency_goes_up_one_level(office, at):
    at("2025-09-10 02:00")
    first = heard(office, "2025-09-10T02:00", nature="urgent_repair")
    first.take("raise_at_once")
    number, case = first.heading(), f"/complaint/{first.case_id}"
    desk, head, leader = office.person(DESK), office.person(OFFICE), office.person(LEADER)
    desk.open_case(number)
    desk.take("notify", notified_units=["工程维修部"])
    office.person(BOARD).cannot_see(case)
    head.open_case(number)
    head.take("report_up", handed_up="须外单位配合")
    at("2025-09-10 05:00")
    leader.open_case(number)
    leader.take("take_on_company")
    leader.begin("finish_company")
    leader.fill(finished_at="2025-09-10T05:01")
    leader.send_in_vain()
    leader.fill(finished_at="2025-09-10T04:50")
    leader.send()
    leader.is_at("done")
