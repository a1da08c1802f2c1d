"""People at their browsers: all that stories do is a click or a key; where things stand on pages is known only here."""

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


class Person:
    """Somebody signed in on a browser of his own; every page he meets is looked over."""

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

    def take(self, key: str, **fields: Any) -> None:
        """Make a move: its button, its form, and back on the record's page."""
        self.begin(key)
        self.fill(**fields)
        self.send()
        assert "/move/" not in self.page.url, self.problems()

    def fill_again(self, way: str, **fields: Any) -> None:
        """The form behind a button of the page that is no move, such as ``edit``."""
        self._press(f'main a[href$="/{way}"]')
        self.fill(**fields)
        self.send()

    def begin(self, key: str) -> None:
        """Press the button of a move."""
        self._press(f'a[href$="/move/{key}"]')

    def _press(self, selector: str) -> None:
        """A button of the header, or of the menu behind the three dots."""
        shown = self.page.locator(selector).locator("visible=true")
        if not shown.count():
            self.page.locator(".kz-pop summary:has(use[href$='#dots'])").locator("visible=true").first.click()
        self.click(shown.first)

    def offers(self, what: str) -> bool:
        """Whether the page has a way to something that its address ends with."""
        return self.page.locator(f'main a[href$="/{what}"]').count() > 0

    def open_copy(self, number: str, copy: int) -> None:
        """A copy of a closed form, from the case's own tab."""
        self.open_case(number)
        self.click(self.tab("copies").locator("tbody tr").nth(copy - 1).locator("a"))

    def print_it(self, copy: int) -> None:
        """The page for paper, with the copy chosen that goes to the person."""
        self._press('a[href$="/print"]')
        self.click(f'nav.bar a[href="?copy={copy}"]')
        expect(self.page.locator(f'nav.bar a[href="?copy={copy}"]')).to_have_class("active")

    # -- forms -------------------------------------------------------------------------------------------------------

    def add(self, **fields: Any) -> None:
        """The button over a list, and the form behind it."""
        self.click(self.page.locator('main a[href*="/add"]').locator("visible=true").first)
        self.fill(**fields)

    def add_here(self, slug: str) -> None:
        """A row that belongs to the record on the page: its chip, else the one under the tab of such rows."""
        way = self.page.locator(f'main a[href*="/{slug}/add"]')
        if not way.locator("visible=true").count():
            self.tab(slug)
        self.click(way.locator("visible=true").first)

    def reckons(self, text: str) -> None:
        """What the form comes to stands beside it while nothing is saved."""
        self.page.locator("form[data-form] [name]").last.dispatch_event("change")
        expect(self.page.locator("[data-aside]").get_by_text(text).first).to_be_visible()

    def fill(self, **fields: Any) -> None:
        """Type and choose, each field after its kind."""
        for name, value in fields.items():
            self._enter(name, value)

    def _enter(self, name: str, value: Any) -> None:
        form = self.page.locator("form[data-form]")
        folded = form.locator("details.kz-fold:not([open])")
        if folded.locator(f'[name="{name}"], [data-name="{name}"]').count():
            folded.locator("summary").click()
        if (combo := form.locator(f'[data-combo][data-name="{name}"]')).count():
            for text in value if isinstance(value, list) else [value]:
                self._choose(combo.locator("[role=combobox]"), text)
            return
        field = form.locator(f'[name="{name}"]')
        kind = field.first.evaluate("f => f.tagName === 'SELECT' ? 'select' : f.type")
        if kind == "select":
            field.select_option(value)
        elif kind in ("radio", "checkbox"):
            for key in value if isinstance(value, list) else [str(value).lower()]:
                form.locator(f'[name="{name}"][value="{key}"]').check()
        elif kind == "file":
            field.set_input_files(value)
        else:
            field.fill(str(value))

    def _choose(self, box: Locator, text: str) -> None:
        box.fill(text)
        found = self.page.locator(f"#{box.get_attribute('aria-controls')}")
        found.locator("[role=option]", has_text=text).first.click()
        expect(found).to_be_hidden()

    def send(self) -> None:
        """The button at the foot of the form."""
        self.click(self.page.locator(".kz-savebar .btn-primary"))

    def send_in_vain(self, status: int = 422) -> None:
        """The same, when the form comes back."""
        with self.refusing(status):
            self.page.locator(".kz-savebar .btn-primary").click()

    def typed(self, name: str) -> str:
        """What a field of the form holds."""
        return self.page.locator(f'form[data-form] [name="{name}"]').first.input_value()

    def problems(self) -> list[str]:
        """What the summary above the form says."""
        return self.page.locator("#kz-problems li").all_inner_texts()

    # -- deputies ----------------------------------------------------------------------------------------------------

    def name_deputy(self, name: str, first: str, last: str, reason: str) -> None:
        """Name somebody who stands in, on one's own profile."""
        self.page.locator("header .kz-pop summary").last.click()
        self.click('.kz-pop a[href$="/profile/"]')
        self.click(self.page.locator('main a[href*="/deputies/"]').first)
        self.fill(deputy_id=name, valid_from=first, valid_to=last, reason=reason)
        self.send()
        self.sees(name)

    # -- approvals ---------------------------------------------------------------------------------------------------

    def inbox(self) -> None:
        """The approvals, through the menu."""
        if self.phone:
            self.click('.kz-tabbar a[href$="/approvals/"]')
        else:
            self.click('.kz-nav a[href$="/approvals/"]')

    def open_approval(self, number: str) -> None:
        """A line of the inbox."""
        self.inbox()
        self.click(self.page.locator(".kz-inbox .kz-item").filter(has_text=number).first)

    def answer(self, action: str, comment: str = "", **fields: Any) -> None:
        """Fill what the decision asks for and press its button."""
        self.fill(**fields)
        if comment and self.phone:
            self.page.locator(".kz-decide [data-show-all]").click()
        if comment:
            self.page.locator(".kz-decide textarea").fill(comment)
        self.click(self.page.locator(f'.kz-decide > button[name=action][value="{action}"]'))
        self.page.wait_for_url(re.compile("/approvals/$"))

    def answer_in_vain(self, action: str, status: int = 422) -> None:
        """The same, when the case comes back."""
        with self.refusing(status):
            self.page.locator(f'.kz-decide > button[name=action][value="{action}"]').click()

    # -- without a mouse ---------------------------------------------------------------------------------------------

    def focused(self, attribute: str) -> str:
        """An attribute of what has the focus."""
        return self.page.evaluate("name => document.activeElement.getAttribute(name) ?? ''", attribute)

    def press_and_go(self, key: str) -> None:
        """A key that leads to another page."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press(key)
        self.look()

    def tab_to(self, name: str, value: str = "") -> None:
        """Press Tab until a field, or a button with a value, has the focus."""
        for _press in range(80):
            if self.focused("name") == name and value in ("", self.focused("value")):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{name} cannot be reached with the Tab key")


class Office:
    """A company at work: its people come in once each."""

    def __init__(
        self, browser: Browser, address: str, language: str = "zh", width: int = WIDE, policy: str = "B02"
    ) -> None:
        self.browser, self.address, self.language, self.width, self.policy = browser, address, language, width, policy
        self.people: dict[str, Person] = {}

    def person(self, account: str) -> Person:
        """Somebody at his desk."""
        if account not in self.people:
            self.people[account] = Person(
                self.browser, self.address, account, self.language, self.width, self.policy
            )
        return self.people[account]

    def close(self) -> None:
        """Everybody goes home."""
        for person in self.people.values():
            person.page.context.close()
