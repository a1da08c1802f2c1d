"""A page as somebody at a browser reads it: where things stand is known only here and in ``desk``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import yaml
from babel.messages import pofile
from playwright.sync_api import Browser, Locator, Page, expect

from config import ROOT

PASSWORD = "Plain-words-7"
WIDE, PHONE = 1440, 390
BOTH_WAYS = [("zh", WIDE), ("en", PHONE)]
FITS = "document.documentElement.scrollWidth <= window.innerWidth"
REFUSED = "Failed to load resource"


@cache
def pack(policy: str) -> dict[str, Any]:
    """The words of a policy."""
    return dict(yaml.safe_load((ROOT / f"app/packs/{policy}.yaml").read_text(encoding="utf-8")))


@cache
def catalogue() -> dict[str, str]:
    """The portal's Chinese words by the English ones."""
    with (ROOT / "app/translations/zh/LC_MESSAGES/messages.po").open("rb") as file:
        return {message.id: message.string for message in pofile.read_po(file) if isinstance(message.id, str)}


class Reader:
    """Somebody signed in on a browser of his own, who finds his way and reads; every page he meets is looked over."""

    def __init__(
        self, browser: Browser, address: str, account: str, language: str, width: int, policy: str = "B02"
    ) -> None:
        self.pack = pack(policy)
        self.address, self.account, self.language, self.phone = address, account, language, width < 992
        locale = "zh-CN" if language == "zh" else "en-GB"
        context = browser.new_context(
            viewport={"width": width, "height": 844}, locale=locale, timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self._sign_in()

    def _sign_in(self) -> None:
        self.page.goto(f"{self.address}/")
        self.page.locator("[name=username]").fill(self.account)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.click(".kz-login form .btn-primary")
        assert self.page.url == f"{self.address}/"

    # -- looking -----------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Nothing on the page sticks out, and the browser complained about nothing."""
        self.page.wait_for_load_state("load")
        assert self.page.evaluate(FITS), f"{self.account}: {self.page.url} is wider than the screen"
        assert self.faults == [], f"{self.account}: {self.page.url} {self.problems()}"

    @contextmanager
    def refusing(self, status: int) -> Iterator[None]:
        """The next page is a refusal, which the browser's console repeats."""
        with self.page.expect_response(lambda answer: answer.request.is_navigation_request()) as caught:
            yield
        assert caught.value.status == status
        self.page.wait_for_load_state("load")
        self.faults[:] = [fault for fault in self.faults if not fault.startswith(f"{REFUSED}: the server responded")]
        self.look()

    def text(self) -> str:
        """What the page says."""
        return self.page.locator("main").inner_text()

    def sees(self, *texts: str) -> None:
        """All of these stand on the page."""
        for text in texts:
            expect(self.page.locator("main").get_by_text(text).locator("visible=true").first).to_be_visible()

    # -- going about -------------------------------------------------------------------------------------------------

    def home(self) -> None:
        """The workbench, by the seal in the corner."""
        self.click(self.page.locator("a.kz-brand").locator("visible=true").first)

    def open_register(self, slug: str) -> None:
        """The list of a register, through the menu."""
        if self.phone:
            self.page.locator("[data-menu-open]").click()
        self.click(f'.kz-nav a[href$="/{slug}/"]')

    def open_case(self, text: str, slug: str = "complaint") -> None:
        """A row of a register's list, by its number or its subject."""
        self.open_register(slug)
        row = self.page.locator("table.list tbody tr").filter(has_text=text)
        self.click(row.locator("a.id"))

    def open_row(self, text: str) -> None:
        """The only row of the list on the page that holds a text."""
        row = self.page.locator("table.list tbody tr").filter(has_text=text)
        expect(row).to_have_count(1)
        self.click(row.locator("a.id"))

    def open_only_row(self) -> None:
        """The one row of the list on the page."""
        self.open_row("")

    def find(self, text: str) -> None:
        """Search the portal for a number and open what is found."""
        if self.phone:
            self.page.locator('.kz-tabbar a[href$="/find"]').click()
            field = self.page.locator("main input[name=q]")
        else:
            self.page.keyboard.press("/")
            field = self.page.locator("header input[name=q]")
        field.fill(text)
        with self.page.expect_navigation(wait_until="load"):
            field.press("Enter")
        self.look()
        self.click(self.page.locator("main a.kz-item").filter(has_text=text).first)

    def click(self, target: Locator | str) -> None:
        """Click, and look over the page that comes."""
        found = self.page.locator(target) if isinstance(target, str) else target
        with self.page.expect_navigation(wait_until="load"):
            found.click()
        self.look()

    @property
    def case_id(self) -> int:
        """The id in the address of the record's page."""
        found = re.search(r"/(\d+)$", self.page.url.partition("#")[0])
        assert found, self.page.url
        return int(found[1])

    def cannot_see(self, path: str) -> None:
        """The address is unknown to this person."""
        with self.refusing(404):
            self.page.goto(f"{self.address}{path}")

    # -- a record's page ---------------------------------------------------------------------------------------------

    def state(self) -> str:
        """The badge beside the number."""
        return self.page.locator(".kz-head .kz-state").first.inner_text()

    def heading(self) -> str:
        """The number over the page."""
        return self.page.locator(".kz-head h1").inner_text()

    def clock(self, key: str) -> str:
        """What a clock of the policy is called."""
        return str(self.pack["clocks"][key]["label"][self.language])

    def is_at(self, key: str, register: str = "complaint") -> None:
        """The record is in this state."""
        assert self.state() == self.pack["cases"][register]["states"][key]["label"][self.language]

    def steps(self) -> list[str]:
        """The moves that are offered, in their order."""
        links = self.page.locator('a[href*="/move/"]').evaluate_all("all => all.map(a => a.getAttribute('href'))")
        return list(dict.fromkeys(link.rpartition("/")[2] for link in links))

    def clocks(self) -> dict[str, str]:
        """The exact due time of every clock card, by its name."""
        found = {}
        for card in self.page.locator(".kz-clockcard").all():
            name = card.locator("progress").get_attribute("aria-label") or ""
            exact = card.locator("[title]").last.get_attribute("title") or ""
            found[name.partition(" · ")[0]] = exact[-len("2025-10-21 23:59:59"):]
        return found

    def says(self, text: str) -> str:
        """A text of the portal in the person's language."""
        return catalogue()[text] if self.language == "zh" else text

    def post(self, key: str) -> str:
        """What a post is called in the person's language."""
        return str(self.pack["posts"][key]["label"][self.language])

    def field(self, label: str) -> Locator:
        """What stands under a label, which is named in English."""
        term = self.page.locator("dt", has_text=re.compile(f"^{re.escape(self.says(label))}$"))
        field = self.page.locator("dl.kz-fields > div").filter(has=term)
        return field.locator("dd").first

    def value(self, label: str) -> str:
        """The text under a label."""
        return self.field(label).inner_text().strip()

    def tab(self, key: str) -> Locator:
        """Open a tab beside the details."""
        self.page.locator(f"#tab-{key}").click()
        panel = self.page.locator(f"#panel-{key}")
        expect(panel).to_be_visible()
        self.look()
        return panel
