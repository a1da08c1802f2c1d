"""The screens in a real browser: no console error, and a case on its way, wide and on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser import chromium, served
from tests.portal import PASSWORD, portal, seeded

pytestmark = pytest.mark.browser
__all__ = ["chromium", "portal", "seeded"]


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
    for path in ("/customer/", "/notices/", "/profile/", "/find?q=C"):
        assert page.goto(f"{address}{path}").status == 200
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert faults == []
