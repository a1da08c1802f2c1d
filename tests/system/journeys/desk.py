"""People at their browsers: all that stories do is a click or a key; where things stand on pages is known only here."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Browser, Locator, expect

from tests.system.journeys.reader import BOTH_WAYS, FITS, PASSWORD, PHONE, REFUSED, WIDE, Reader, catalogue, pack

SEND = ".kz-savebar button:not([formaction])"  # the red one of a grave step, too
__all__ = ["BOTH_WAYS", "FITS", "PASSWORD", "PHONE", "REFUSED", "WIDE", "Office", "Person", "catalogue", "pack"]


class Person(Reader):
    """Somebody who acts on what he reads."""

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
        self.click(SEND)

    def send_in_vain(self, status: int = 422) -> None:
        """The same, when the form comes back."""
        with self.refusing(status):
            self.page.locator(SEND).click()

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
