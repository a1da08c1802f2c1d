"""A14 by clicks alone: a complaint climbs two levels and comes to the general manager's meeting, each at his desk."""

from __future__ import annotations

import pytest

from tests.scenarios.a14_desk import (
    ADMIN,
    ASSISTANT,
    CLERK,
    LOGISTICS,
    MANAGER,
    MEETING,
    RECEPTION,
    SALES,
    SOUTH,
    SUPERVISOR,
)
from tests.scenarios.desk import sweep
from tests.system.journeys.desk import BOTH_WAYS, Office

POLICY = "A14"
pytestmark = [pytest.mark.browser, pytest.mark.slow]
TITLE = "大衣起球"


def received(office: Office) -> str:
    """The assistant writes down what she hears and calls back within the day; the number of the case."""
    assistant = office.person(ASSISTANT)
    assistant.open_register("complaint")
    assistant.add(
        title=TITLE, channel="phone", received_at="2025-09-24T08:50", complainant="钱女士",
        complainant_type="consumer", complainant_phone="13700000101", cause="product",
    )  # fmt: skip
    assistant.send()
    assistant.is_at("new")
    assistant.begin("contact")
    assistant.fill(contacted_at="2025-09-24T09:00", stated_reason="起球", course="穿着两周后起球")
    assistant.send_in_vain()
    assistant.fill(explained_flow=True)
    assistant.send()
    assistant.is_at("handling")
    return assistant.heading()


def answered(office: Office, number: str, who: str, step: str, satisfaction: str) -> None:
    """Somebody tells the result and writes down what the customer chose."""
    person = office.person(who)
    person.open_case(number)
    person.take(step, result="免费维修", satisfaction=satisfaction, answer_proof="LY-0001")


def guided(office: Office, number: str) -> None:
    """The manager writes the special report; each of the two directors guides."""
    manager = office.person(MANAGER)
    manager.open_case(number)
    manager.is_at("handling_3")
    manager.click(manager.tab("written_report").locator("tbody a").first)
    manager.take("submit", content="新品批量起球，客户要求换货。")
    report = manager.heading()
    for director in (SALES, ADMIN):
        person = office.person(director)
        person.open_approval(report)
        person.answer("approve", instruction="整批换货，上门致歉。")


@pytest.mark.parametrize("office", BOTH_WAYS, indirect=True)
def test_a_case_climbs_to_the_meeting_and_ends_in_the_weekly_report(office, portal, at):
    at("2025-09-24 09:00")
    number = received(office)
    assert number == "TS-202509-0001"
    case = f"/complaint/{office.person(ASSISTANT).case_id}"
    office.person(SOUTH).cannot_see(case)
    assistant, supervisor = office.person(ASSISTANT), office.person(SUPERVISOR)
    assistant.take("raise_2", reason="客户要求赔偿")
    assistant.is_at("handling_2")
    supervisor.open_case(number)
    supervisor.take("take_over")
    answered(office, number, SUPERVISOR, "answer_2", "4")
    supervisor.is_at("handling_3")
    assert supervisor.steps() == ["unreachable"]
    assert supervisor.tab("complaint_handling").locator("tbody tr").count() == len(("l2", "l3"))
    at("2025-09-24 11:00")
    guided(office, number)
    answered(office, number, MANAGER, "answer_3", "5")
    _met(office, number)
    answered(office, number, MANAGER, "answer_3", "2")
    for director in (SALES, ADMIN):
        office.person(director).open_approval(number)
        office.person(director).answer("approve")
    _reported(office, portal, at, number)


def _met(office: Office, number: str) -> None:
    """Refused at level 3: the administration puts it before the meeting, which decides; the manager carries it out."""
    admin, meeting, manager = office.person(ADMIN), office.person(MEETING), office.person(MANAGER)
    admin.open_case(number)
    admin.is_at("unaccepted")
    admin.take("submit_to_meeting", meeting_on="2025-09-25")
    meeting.open_approval(number)
    meeting.answer("approve", decision="全额退款并致歉。", final=False)
    manager.open_case(number)
    manager.is_at("to_meeting")
    manager.take("execute")
    manager.is_at("handling_3")
    assert manager.tab("complaint_handling").locator("tbody tr").count() == len(("l2", "l3", "again"))


def _reported(office: Office, portal, at, number: str) -> None:
    """The clerk archives; what she submits on Monday closes the case."""
    clerk = office.person(CLERK)
    clerk.open_case(number)
    clerk.is_at("accepted")
    clerk.take("archive")
    sweep(portal, "tasks.open", "2025-09-29 00:10")
    at("2025-09-29 09:00")
    clerk.open_register("report_snapshot")
    clerk.open_row("2025-W39")
    clerk.take("submit")
    clerk.is_at("submitted", "report_snapshot")
    clerk.open_case(number)
    clerk.is_at("closed")
    assert clerk.steps() == []


def test_another_department_answers_and_sees_only_what_it_was_asked(office, at):
    at("2025-09-24 09:00")
    number = received(office)
    assistant, other = office.person(ASSISTANT), office.person(LOGISTICS)
    assistant.add_here("coordination_item")
    assistant.fill(subject="少两箱", department_id="物流", person_id="潘伟", content="请核对装箱数",
                   expected_at="2025-09-25T18:00")  # fmt: skip
    assistant.send()
    assistant.take("ask")
    item = assistant.heading()
    other.open_case(item, "coordination_item")
    assert other.steps() == ["reply"]
    other.take("reply", answer="漏装一箱，今日补发。")
    for register in ("complaint", "complaint_handling", "contact_log"):
        with other.refusing(403):
            other.page.goto(f"{other.address}/{register}/")
    assert number not in other.text()
    assistant.open_case(item, "coordination_item")
    assistant.take("finish")


def test_a_reception_clerk_receives_and_a_reviewer_sends_back(office, at):
    at("2025-09-24 09:00")
    number = received(office)
    office.person(ASSISTANT).sees("剩余 7.6 天")
    answered(office, number, ASSISTANT, "answer_1", "2")
    supervisor = office.person(SUPERVISOR)
    supervisor.open_approval(number)
    supervisor.answer("return", comment="凭证不清")
    assistant = office.person(ASSISTANT)
    assistant.open_case(number)
    assistant.is_at("handling")
    office.person(RECEPTION).open_register("complaint")
    office.person(RECEPTION).sees("TS-202509-0001")
