"""A complaint whose amount rises, one that the customer refuses, one without ground, and an urgent visit."""

from __future__ import annotations

import pytest

from tests.system.journeys import route
from tests.system.journeys.desk import BOTH_WAYS

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize(("language", "width"), BOTH_WAYS)
def test_a_rising_amount_goes_to_the_higher_post(open_office, at, language, width):
    office = open_office(language, width)
    at("2025-09-10 10:00")
    route.report(office, claimed_amount="98000.00")
    number = route.accept(office)
    route.investigate(office, number)
    route.put_up(office, number, "98000.00")
    control, deputy = office.person(route.CONTROL), office.person(route.DEPUTY)
    assert control.value("Deciding post") == control.post("sales_manager")
    deputy.inbox()
    assert number not in deputy.text()
    route.decide(office, number, route.MANAGER, decided_amount="98000.00")
    control.open_case(number)
    control.is_at("decided")
    control.begin("raise_settlement")
    control.fill(proposed_settlement_amount="98000.00", reason="客户追加损失")
    control.send_in_vain()
    assert control.typed("reason") == "客户追加损失"
    control.fill(proposed_settlement_amount="102000.00")
    control.send()
    control.is_at("pending_decision")
    assert control.value("Deciding post") == control.post("deputy_gm")
    assert control.value("Amount that decides") == "102,000.00"
    deputy.open_approval(number)
    why = deputy.page.locator(".kz-why").inner_text()
    assert "（十一）" in why
    assert "102,000.00" in why
    deputy.answer("approve", decision="同意提高。", founded=True, decided_amount="102000.00")
    control.open_case(number)
    control.is_at("decided")


def test_a_refused_complaint_comes_back_as_version_two(office, at):
    at("2025-09-10 10:00")
    route.report(office)
    number = route.accept(office)
    route.investigate(office, number)
    route.put_up(office, number, "90000.00")
    route.decide(office, number, route.MANAGER, decided_amount="90000.00")
    at("2025-09-12 10:00")
    route.talk(office, number, accepted=False, promised="90000.00", told_at="2025-09-12T09:00")
    rep, control = office.person(route.REP), office.person(route.CONTROL)
    rep.open_case(number)
    rep.is_at("refused")
    rep.take("new_form")
    rep.click(rep.field("Next form").locator("a"))
    rep.is_at("draft")
    assert rep.heading() == f"{number}-2"
    assert rep.field("Previous form").locator("a").count() == 1
    rep.fill_again("edit", claimed_amount="110000.00")
    at("2025-09-17 09:00")
    rep.take("submit")
    control.open_case(f"{number}-2")
    control.take("accept")
    assert control.heading() == f"{number}-2"
    assert control.clocks()[control.clock("case")].startswith("2025-10-11")
    route.investigate(office, f"{number}-2")
    route.put_up(office, f"{number}-2", "95000.00")
    assert control.value("Deciding post") == control.post("deputy_gm")
    decider = route.decide(office, number, route.DEPUTY, decided_amount="95000.00")
    at("2025-09-18 10:00")
    route.talk(office, f"{number}-2", accepted=True, promised="95000.00", told_at="2025-09-18T09:00")
    decider.open_approval(number)
    decider.answer("approve", needs_tracking=False)
    control.open_case(f"{number}-2")
    control.is_at("closed")
    control.click(control.field("Previous form").locator("a"))
    control.is_at("refused")
    assert control.heading() == number


def test_an_unfounded_complaint_closes_after_collection(office, at):
    at("2025-09-10 10:00")
    route.report(office)
    number = route.accept(office)
    route.investigate(office, number)
    route.put_up(office, number, "0.00")
    manager, control = office.person(route.MANAGER), office.person(route.CONTROL)
    manager.open_approval(number)
    manager.fill(decision="投诉不成立。", founded=False)
    manager.answer_in_vain("approve")
    assert manager.typed("decision") == "投诉不成立。"
    manager.answer("approve", collection_due_on="2025-10-15")
    control.open_case(number)
    control.is_at("unfounded")
    assert control.clocks()[control.clock("collection")].startswith("2025-10-15")
    control.begin("close_unfounded")
    control.send_in_vain()
    control.fill(collected_on="2025-09-10")
    control.send()
    control.is_at("closed")


def test_an_urgent_visit_with_quality_absent_asks_for_a_team(office, at):
    at("2025-09-10 10:00")
    rep = office.person(route.REP)
    rep.open_register("urgent_visit")
    rep.add(
        customer_id=route.CUSTOMER, reported_at="2025-09-10T09:40", abnormality="客户产线停线。", qc_can_attend=False,
        manufacturing_people=["邓海波"],
    )
    rep.send()
    assert rep.steps() == ["ask_team"]
    assert rep.clocks()[rep.clock("urgent_alert")] == "2025-09-10 10:40:00"
    rep.take("ask_team")
    rep.is_at("awaiting_team", "urgent_visit")
    assert rep.heading() == "JJ250901"
    general = office.person(route.GENERAL)
    general.open_approval("JJ250901")
    general.answer("approve", assigned_by_gm=["罗建国", "邓海波"])
    at("2025-09-10 16:00")
    rep.open_case("JJ250901", "urgent_visit")
    rep.take("record_visit", visited_at="2025-09-10T15:00", result="现场换货，客户复线。")
    rep.is_at("visited", "urgent_visit")
    rep.begin("report")
    rep.send_in_vain()
    rep.fill(report_to_gm_at="2025-09-10T16:00")
    rep.send()
    rep.is_at("reported", "urgent_visit")
