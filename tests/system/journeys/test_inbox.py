"""The approvals inbox without a mouse, somebody standing in for a time, and forms that come back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.system.journeys import route

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_deputy_decides_by_keyboard_for_a_period(office, at):
    at("2025-09-10 10:00")
    titles = ("孔铜厚度不足", "阻焊脱落")
    numbers = []
    for title in titles:
        route.report(office, title=title)
        numbers.append(route.accept(office, title))
        route.investigate(office, numbers[-1])
        route.put_up(office, numbers[-1], "98000.00")
    manager, deputy = office.person(route.MANAGER), office.person(route.DEPUTY)
    deputy.inbox()
    assert numbers[0] not in deputy.text()
    manager.name_deputy("周启明", "2025-09-11", "2025-09-12", "出差")
    deputy.inbox()
    assert numbers[0] not in deputy.text()
    at("2025-09-11 09:00")
    deputy.inbox()
    keys = deputy.page.keyboard
    keys.press("j")
    deputy.press_and_go("Enter")
    assert "宋志伟" in deputy.page.locator(".kz-why").inner_text()
    keys.press("Tab")  # the way past the menu
    keys.press("Enter")
    deputy.tab_to("decision")
    keys.type("同意综合意见。")
    deputy.tab_to("founded")
    keys.press("Space")
    deputy.tab_to("action", "approve")
    deputy.press_and_go("Enter")
    at("2025-09-13 09:00")
    deputy.inbox()
    assert not any(number in deputy.text() for number in numbers)
    manager.inbox()
    waiting = manager.page.locator(".kz-inbox .list").inner_text()
    assert sum(number in waiting for number in numbers) == 1, "the other one stands beside it, as decided earlier"


def test_a_refused_form_keeps_what_was_typed_and_leads_to_the_field(office, at):
    at("2025-09-10 10:00")
    rep = office.person(route.REP)
    rep.open_register("complaint")
    rep.add(**route.form(defective_qty="9999", claimed_amount="1.001", shipped_on="2025-09-30"))
    rep.send_in_vain()
    assert rep.typed("abnormality") == route.form()["abnormality"]
    assert rep.typed("claimed_amount") == "1.001"
    assert rep.page.locator('[name="customer_id"]').input_value() != ""
    assert rep.page.locator('[name="customer_demand"][value="claim"]').is_checked()
    assert rep.focused("id") == "kz-problems"
    rep.page.locator('#kz-problems a[href="#f-claimed_amount"]').click()
    assert rep.focused("name") == "claimed_amount"
    rep.fill(claimed_amount="98000.00")
    rep.send_in_vain()
    assert len(rep.problems()) == len(("defective_qty", "shipped_on"))
    rep.fill(defective_qty="46", shipped_on="2025-08-20")
    assert rep.page.locator('.kz-nav a[href="/complaint/"] .n').count() == 0
    rep.send()
    rep.is_at("draft")
    expect(rep.page.locator('.kz-nav a[href="/complaint/"] .n')).to_have_text("1")
