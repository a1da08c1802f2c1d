"""B04 by clicks alone: a major complaint from the front desk to the branch's feedback, each at his own desk."""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenarios.b04_desk import COORDINATOR, DESK, HANDLER, MANAGER, OTHER_COORDINATOR, SERVICE, SUPERIOR
from tests.system.journeys.desk import BOTH_WAYS, Office, Person

POLICY = "B04"
pytestmark = [pytest.mark.browser, pytest.mark.slow]
VERDICT = {"cause": "未复核", "truth": "is_true", "handling_opinion": "返工", "handling_result": "已返工"}
TICKS = {"checked_investigation": True, "checked_record": True, "checked_verdict": True}


def intake(**over: Any) -> dict[str, Any]:
    """What the front desk writes down."""
    return {
        "title": "色差", "source": "phone", "complainant": "顾晓枫", "sex": "female",
        "complainant_address": "东城一路 1 号", "relation": "self", "identity": "车主", "contact_name": "顾晓枫",
        "mobile": "13722010001", "content": "喷漆色差", "branch_id": "东城分公司",
        "responsible_unit_id": "东城维修车间", "business": ["repair"], "nature": "quality",
        "claimed_amount": "680.00", "insurance_event": False, "concerns_staff": False, "facts_missing": False,
    } | over  # fmt: skip


def accepted(office: Office, **over: Any) -> str:
    """The front desk writes a complaint down and accepts it; its number."""
    desk = office.person(DESK)
    desk.open_register("complaint")
    desk.add(**intake(**over))
    desk.send()
    desk.is_at("draft")
    desk.take("accept")
    desk.is_at("accepted")
    return desk.heading()


def contacting(office: Office, number: str) -> Person:
    """The coordinator assigns, the handler investigates and turns to the customer."""
    coordinator, handler = office.person(COORDINATOR), office.person(HANDLER)
    coordinator.open_case(number)
    coordinator.take("assign", handler_id="蔡文博")
    handler.open_case(number)
    handler.take("take")
    handler.begin("contact")
    handler.send_in_vain()
    handler.open_case(number)
    handler.add_here("complaint_step")
    handler.fill(text="询问经办人钱某，调取工单。")
    handler.send()
    handler.open_case(number)
    handler.take("contact")
    handler.is_at("contacting")
    return handler


def attempt(office: Office, number: str, when: str, outcome: str) -> Person:
    """The handler calls the customer, and says so on the case."""
    handler = office.person(HANDLER)
    handler.open_case(number)
    handler.add_here("contact_log")
    handler.fill(contacted_at=when, direction="out", means="phone", outcome=outcome, number_used="13722010001",
                 content="说明处理情况")  # fmt: skip
    return handler


@pytest.mark.parametrize("office", BOTH_WAYS, indirect=True)
def test_a_major_complaint_from_the_desk_to_the_feedback(office, at):
    at("2025-09-09 09:00")
    number = accepted(office, claimed_amount="18200.00", concerns_staff=True, person_complained="钱某")
    assert number == "CP202509001"
    office.person(OTHER_COORDINATOR).cannot_see(f"/complaint/{office.person(DESK).case_id}")
    contacting(office, number)
    at("2025-09-10 09:30")
    handler = attempt(office, number, "2025-09-10T09:30", "no_answer")
    handler.send()
    handler.open_case(number)
    handler.sees("11:30")
    handler.begin("submit")
    handler.fill(**VERDICT)
    handler.send_in_vain()
    assert handler.typed("handling_opinion") == "返工"
    at("2025-09-10 14:00")
    attempt(office, number, "2025-09-10T14:00", "reached").send()
    handler.open_case(number)
    handler.take("submit", outcome_told_at="2025-09-10T14:00", talk_result="接受", **VERDICT)
    handler.is_at("submitted")
    _approved_twice(office, number)
    coordinator = office.person(COORDINATOR)
    coordinator.open_case(number)
    coordinator.take("close")
    coordinator.take("feed_back", feedback="已返工，客户满意。")
    coordinator.is_at("fed_back")
    assert coordinator.steps() == []


def _approved_twice(office: Office, number: str) -> None:
    """The manager misses a tick, sends back, then agrees; the service department looks again."""
    manager, handler, service = office.person(MANAGER), office.person(HANDLER), office.person(SERVICE)
    manager.open_approval(number)
    manager.fill(checked_investigation=True, checked_record=True)
    manager.answer_in_vain("approve")
    manager.answer("return", comment="经过不详")
    handler.open_case(number)
    handler.is_at("returned")
    handler.take("submit")
    manager.open_approval(number)
    manager.answer("approve", **TICKS)
    service.open_approval(number)
    service.answer("approve", **TICKS)


def test_talks_that_fail_go_up_step_by_step(office, at):
    at("2025-09-09 09:00")
    number = accepted(office)
    contacting(office, number)
    attempt(office, number, "2025-09-09T09:00", "reached").send()
    at("2025-09-09 14:00")
    handler = attempt(office, number, "2025-09-09T14:00", "reached")
    handler.send()
    for decider, agreed in ((SERVICE, "退还一半"), (SUPERIOR, "同意退还")):
        handler.open_case(number)
        handler.take("escalate", unsolved_reason="客户坚持全额退款")
        for account in (MANAGER, decider):
            person = office.person(account)
            person.open_approval(number)
            person.answer("approve", coordination=agreed)
    handler.open_case(number)
    handler.is_at("investigating")
    handler.sees("同意退还")
