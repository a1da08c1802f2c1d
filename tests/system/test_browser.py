"""The screens in a real browser: no console error, and a case on its way, wide and on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from app.areas.complaints.complaint import Complaint
from app.core import clock
from app.core.db import session
from app.engines.people.models import OrgUnit
from app.engines.policy.models import PackVersion
from tests.browser import chromium, served
from tests.portal import PASSWORD, portal, row_id

pytestmark = pytest.mark.browser
__all__ = ["chromium", "portal"]


def sign_in(page, address):
    """Bob begins his day."""
    page.goto(f"{address}/login/")
    page.fill("[name=username]", "bob")
    page.fill("[name=password]", PASSWORD)
    page.click("form button.btn-primary")
    page.wait_for_url(f"{address}/")


@pytest.fixture
def address(portal) -> Iterator[str]:
    """The program served on loopback."""
    with served(portal) as found:
        yield found


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_the_first_screens_have_no_fault(chromium, address, width, language):
    page = chromium.new_context(viewport={"width": width, "height": 844}, locale=language).new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{address}/login/")
    page.fill("[name=username]", "amy")
    page.fill("[name=password]", PASSWORD)
    page.click("form button.btn-primary")
    page.wait_for_url(f"{address}/")
    assert page.locator("html").get_attribute("lang") == ("zh-CN" if language == "zh-CN" else "en")
    for path in ("/customer/", "/notices/", "/profile/", "/find?q=C", "/calculator/?policy=B02/2&what=due&item=case"):
        assert page.goto(f"{address}{path}").status == 200
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert faults == []


def test_a_form_left_unsent_is_kept_on_the_server_and_there_again(chromium, address):
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    page = context.new_page()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"{address}/login/")
    page.fill("[name=username]", "amy")
    page.fill("[name=password]", PASSWORD)
    page.click("form button.btn-primary")
    page.wait_for_url(f"{address}/")
    page.goto(f"{address}/customer/add")
    page.fill("[name=name]", "Lost Ltd")
    page.goto(f"{address}/customer/add")  # at once: nothing is kept yet, so leaving asks
    assert asked == ["beforeunload"]
    page.fill("[name=name]", "Draft Ltd")
    page.fill("[name=contact_phone]", "13912345678")
    page.wait_for_selector("[data-state]:has-text('Draft kept')")
    assert page.evaluate("Object.values(localStorage).join()").count("Draft Ltd") == 0
    page.goto(f"{address}/customer/add")
    assert asked == ["beforeunload"]  # kept: leaving does not ask
    assert page.input_value("[name=name]") == "Draft Ltd"
    assert page.input_value("[name=contact_phone]") == "13912345678"
    page.fill("[name=customer_no]", "C-DRAFT")
    page.press("[name=customer_no]", "Enter")  # saves, and is no other button of the form
    page.wait_for_url(re.compile(r"/customer/\d+$"))
    page.goto(f"{address}/customer/add")
    assert page.input_value("[name=name]") == ""


def test_a_column_stays_hidden(chromium, address):
    page = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB").new_page()
    page.goto(f"{address}/login/")
    page.fill("[name=username]", "root")
    page.fill("[name=password]", PASSWORD)
    page.click("form button.btn-primary")
    page.wait_for_url(f"{address}/")
    page.goto(f"{address}/customer/")
    page.click("[data-columns] summary")
    box = page.locator("[data-list-of] input:not([disabled])").first
    key = box.get_attribute("value")
    assert page.locator(f"th[data-col={key}]").count() == 1
    box.uncheck()
    page.click("[data-columns] form .btn-primary")
    page.wait_for_load_state()
    assert page.locator(f"th[data-col={key}]").count() == 0
    page.goto(f"{address}/customer/")
    assert page.locator(f"th[data-col={key}]").count() == 0
    shown = page.locator("th[data-col]").nth(1).get_attribute("data-col")
    page.evaluate("key => localStorage.setItem('kz_columns:/customer/', JSON.stringify([key]))", shown)
    with page.expect_navigation(url=f"{address}/customer/"):  # what an earlier version kept goes to the server
        page.reload()
    page.wait_for_function("document.querySelector('th[data-col]') && !localStorage.getItem('kz_columns:/customer/')")
    page.wait_for_load_state("networkidle")
    assert page.locator(f"th[data-col={shown}]").count() == 0


TRIAL = "/calculator/?policy=B02&unit=&what=due&item=case&f_start=2025-09-26T14:30&f_market=domestic"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_calculator_with_and_without_scripts(chromium, address, script):
    context = chromium.new_context(locale="en-GB", java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{address}/login/")
    page.fill("[name=username]", "amy")
    page.fill("[name=password]", PASSWORD)
    page.click("form button.btn-primary")
    page.goto(f"{address}{TRIAL}")
    assert page.inner_text(".kz-big") == "2025-10-21 Tue 23:59:59"
    page.select_option("[name=item]", "step_sales_opinion")
    if not script:
        page.click("[data-choose]")
    page.wait_for_selector("[name=f_whole_start]")
    assert page.input_value("[name=f_start]") == "2025-09-26T14:30"
    page.fill("[name=f_start]", "2025-10-10T09:00")
    page.fill("[name=f_whole_start]", "2025-09-26T14:30")
    page.press("[name=f_start]", "Enter")
    page.wait_for_url(re.compile("go=1"))
    assert page.inner_text(".kz-big") == "2025-10-14 Tue 23:59:59"
    if script:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.click("[data-copy]")
        page.wait_for_selector("[data-copy]:has-text('Copied')")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert "2025-10-14 Tue 23:59:59 (3 working days)" in copied
        assert "10-11 Sat · Counted Make-up workday · （十） · 1" in copied
    context.close()


def some_complaints(app):
    """Five open complaints in the department of a manager."""
    with app.app_context():
        group, sales, version = row_id(OrgUnit, code="G"), row_id(OrgUnit, code="S"), row_id(PackVersion)
        rows = [
            {"policy": "B02", "pack_version_id": version, "adopter_id": group, "unit_id": sales, "title": f"投诉 {n}",
             "case_no": f"K{n}", "status": ("qc", "decided")[n > 2], "accepted_at": clock.now()}
            for n in range(5)
        ]  # fmt: skip
        session.execute(sa.insert(Complaint), rows)
        session.commit()


CHART = "[data-chart^='/dashboard/data/state']"
BAR = """(chart) => {
  const place = chart.querySelector("[data-plot]"), box = place.getBoundingClientRect();
  const [x, y] = echarts.getInstanceByDom(place).convertToPixel({seriesIndex: 0}, [1, 0]);
  return [box.left + x, box.top + y];
}"""


@pytest.mark.parametrize(("width", "language"), [(1440, "zh-CN"), (390, "en-GB")])
def test_a_chart_is_drawn_within_the_policy_of_content_and_leads_to_its_rows(
    chromium, portal, address, width, language
):
    some_complaints(portal)
    page = chromium.new_context(viewport={"width": width, "height": 844}, locale=language).new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    sign_in(page, address)
    page.goto(f"{address}/dashboard/?policy=B02")
    card = page.locator(CHART)
    card.scroll_into_view_if_needed()
    card.locator("canvas").wait_for()
    card.locator("summary", has_text="统计数字" if language == "zh-CN" else "Figures").click()
    assert [int(text) for text in card.locator("tbody td.kz-num").all_inner_texts()] == [3, 2]
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    page.mouse.move(*card.evaluate(BAR))
    page.wait_for_timeout(200)  # the tooltip is drawn
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.mouse.click(*card.evaluate(BAR))
    page.wait_for_url(re.compile(r"/complaint/\?.*in_state=B02.qc"))
    assert page.locator("tbody tr").count() == 3
    assert faults == []


def test_all_charts_come_onto_one_paper(chromium, portal, address):
    some_complaints(portal)
    page = chromium.new_context(locale="en-GB").new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    sign_in(page, address)
    page.goto(f"{address}/dashboard/print?policy=B02")
    page.locator("[data-print]:enabled").wait_for()
    assert page.locator("[data-part]").count() == 0
    assert page.locator("main section > table").count() == page.locator("main section").count() > 5
    standing = page.locator("main section", has_text="Open cases by state")
    assert standing.locator("td.end").all_inner_texts() == ["3", "2"]
    assert faults == []


def test_a_chart_that_cannot_be_fetched_says_so_and_is_tried_again(chromium, portal, address):
    some_complaints(portal)
    page = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB").new_page()
    sign_in(page, address)
    page.route("**/dashboard/data/state**", lambda route: route.abort(), times=1)
    page.goto(f"{address}/dashboard/")
    card = page.locator(CHART)
    card.scroll_into_view_if_needed()
    card.get_by_role("alert").wait_for()
    assert card.locator("details.kz-fold").is_hidden()
    card.get_by_role("button", name="Try again").click()
    card.locator("canvas").wait_for()
    assert card.get_by_role("alert").count() == 0
    assert page.locator("[data-chart^='/dashboard/data/late'] [data-plot]").inner_text() == (
        "Nothing to show for this choice"
    )
