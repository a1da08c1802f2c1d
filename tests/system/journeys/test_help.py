"""Help and the tour at the browser: by mouse and by keys, on a wide screen and on a phone, remembered afterwards."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import served
from tests.portal import portal
from tests.system.journeys.desk import FITS, PASSWORD

__all__ = ["portal"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def page_of(chromium, address, account, width):
    context = chromium.new_context(viewport={"width": width, "height": 844}, locale="zh-CN", reduced_motion="reduce")
    context.set_default_timeout(10_000)
    page, faults = context.new_page(), []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto(f"{address}/")
    page.locator("[name=username]").fill(account)
    page.locator("[name=password]").fill(PASSWORD)
    with page.expect_navigation(wait_until="load"):
        page.locator(".kz-login form .btn-primary").click()
    return page, faults


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("account", ["root", "eve", "amy"])
def test_the_tour_goes_by_keys_and_is_not_offered_again(portal, chromium, account, width):
    with served(portal) as address:
        page, faults = page_of(chromium, address, account, width)
        page.locator("[data-tour-offer] [data-tour]").click()
        box = page.locator("#kz-tour")
        expect(box).to_be_visible()
        count = int(box.locator(".kz-sub").inner_text().rpartition("/")[2])
        assert count >= 4
        for number in range(1, count + 1):
            expect(box.locator(".kz-sub")).to_have_text(f"{number} / {count}")
            at = box.bounding_box()
            assert at["x"] >= 0
            assert at["x"] + at["width"] <= width
            assert at["y"] >= 0
            assert at["y"] + at["height"] <= 844
            assert page.evaluate("document.querySelector('#kz-tour').contains(document.activeElement)")
            if number < count:
                page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowLeft")
        expect(box.locator(".kz-sub")).to_have_text(f"{count - 1} / {count}")
        with page.expect_response(lambda answer: answer.url.endswith("/help/toured")):
            page.keyboard.press("Escape")
        expect(box).to_have_count(0)
        assert page.evaluate(FITS)
        page.reload()
        assert not page.locator("[data-tour-offer]").count()
        assert faults == []


@pytest.mark.parametrize("width", [1440, 390])
def test_the_question_mark_opens_the_help_of_the_page(portal, chromium, width):
    with served(portal) as address:
        page, faults = page_of(chromium, address, "root", width)
        page.goto(f"{address}/customer/")
        if width < 992:
            page.locator("header .kz-pop summary").click()
        page.locator("[data-help]").locator("visible=true").click()
        drawer = page.locator("#kz-help")
        expect(drawer.locator("h3")).to_be_visible()
        assert page.evaluate(FITS)
        page.keyboard.press("Escape")
        expect(drawer).to_be_hidden()
        assert faults == []
