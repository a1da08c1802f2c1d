"""The portal without a mouse: order and sight of the focus, menus, dialogs, rows, files, columns; without motion."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import served
from tests.demo import at_work
from tests.demo import founded as demo_founded
from tests.portal import enter
from tests.system import walk
from tests.system.journeys.desk import WIDE, Office, Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["demo_founded"]
STOPS, PEOPLE = 45, ("hepeishan", "songzhiwei", "xuwenjing")
STILL = """() => [...document.querySelectorAll('*')].filter((node) =>
  ['transitionDuration', 'animationDuration'].some((name) =>
    getComputedStyle(node)[name].split(',').some((time) => parseFloat(time) > 0)
  )).map((node) => node.outerHTML.slice(0, 99))"""
# a field of files is shown by the button that stands for it
SIGHT = """() => {
  const on = document.activeElement, shown = on.type === 'file' ? on.nextElementSibling ?? on.closest('label') : on;
  const style = getComputedStyle(shown), box = shown.getBoundingClientRect();
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none';
  return ring && box.width > 0 && box.bottom > 0 && box.top < innerHeight;
}"""


@pytest.fixture(scope="module")
def desk(demo_founded, chromium):
    """Sends for somebody of the demo."""
    with at_work(demo_founded) as app:
        for account in (*PEOPLE, walk.ADMIN):  # what is read once is read before a click waits for it
            enter(app, account).get("/").close()
        with served(app) as address:
            office = Office(chromium, address, "zh", WIDE)
            yield office.person
            office.close()


def test_a_register_is_opened_and_a_reason_read_without_a_mouse(desk):
    person = desk("hepeishan")
    keys = person.page.keyboard
    _skip_to_the_content(person)
    person.home()
    keys.press("/")
    assert person.focused("name") == "q"
    for _press in range(60):
        keys.press("Shift+Tab")
        assert _shows_focus(person), person.page.evaluate("document.activeElement.outerHTML")
        if person.focused("href") == "/complaint/":
            break
    person.press_and_go("Enter")
    assert person.page.url.endswith("/complaint/")
    _drawer_opens_and_closes(person)


def _skip_to_the_content(person: Person) -> None:
    """The first Tab shows a link past the menu."""
    person.page.reload()
    person.page.keyboard.press("Tab")
    assert person.focused("class") == "kz-skip"
    assert person.page.locator(".kz-skip").bounding_box()["y"] >= 0
    person.page.keyboard.press("Enter")
    person.page.keyboard.press("Tab")
    assert person.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def _drawer_opens_and_closes(person: Person) -> None:
    """Why a clock ends then: opened with Enter, closed with Escape, and the focus is back where it was."""
    person.page.goto(f"{person.address}/complaint/1")
    person.page.locator("[data-drawer]").first.focus()
    person.page.keyboard.press("Enter")
    drawer = person.page.locator("dialog[open]")
    assert drawer.count() == 1
    assert person.page.evaluate("document.activeElement.closest('dialog[open]') !== null")
    person.page.keyboard.press("Escape")
    assert drawer.count() == 0
    assert person.page.evaluate("document.activeElement.matches('[data-drawer]')")


def _shows_focus(person: Person) -> bool:
    """What has the focus is in sight, with an outline or a ring."""
    return person.page.evaluate(SIGHT)


@pytest.mark.parametrize("path", ["/", "/complaint/", "/complaint/add", "/approvals/", "/calculator/", "/customer/1"])
def test_the_focus_goes_on_and_is_always_seen(desk, path):
    person = desk("songzhiwei" if path in ("/approvals/", "/customer/1") else "xuwenjing")
    person.page.goto(f"{person.address}{path}")
    person.page.evaluate("document.querySelector('main').focus()")
    met = []
    for _press in range(STOPS):
        person.page.keyboard.press("Tab")
        here = person.page.evaluate("document.activeElement === document.body ? '' : document.activeElement.outerHTML")
        if not here:
            break
        assert _shows_focus(person), here
        place = person.page.evaluate("[...document.querySelectorAll('*')].indexOf(document.activeElement)")
        if place not in met[-1:]:  # a date has stops of its own for day, month and year
            met.append(place)
    assert len(met) > 2
    assert met == sorted(met), "the focus jumps about"


def test_a_menu_is_walked_with_the_arrows(desk):
    person = desk("hepeishan")
    keys, menu = person.page.keyboard, person.page.locator("header details.kz-pop")
    menu.locator("summary").focus()
    keys.press("ArrowDown")
    assert person.focused("href") == "/profile/"
    keys.press("ArrowDown")
    assert person.focused("href") == "/password/"
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    assert person.page.evaluate("document.activeElement.form.dataset.signOut") == ""
    keys.press("Escape")
    expect(menu.locator(".dropdown-menu")).to_be_hidden()
    assert person.page.evaluate("document.activeElement.matches('header details.kz-pop > summary')")
    keys.press("Enter")
    expect(menu.locator(".dropdown-menu")).to_be_visible()
    for _item in range(4):
        keys.press("Tab")
    expect(menu.locator(".dropdown-menu")).to_be_hidden()


def test_a_question_keeps_the_focus_and_gives_it_back(desk):
    person = desk(walk.ADMIN)
    person.page.goto(f"{person.address}/people/1")
    asker = person.page.locator("main button[data-confirm]").first
    asker.focus()
    person.page.keyboard.press("Enter")
    expect(person.page.locator("#kz-confirm")).to_be_visible()
    for _press in range(6):
        assert person.page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('#kz-confirm')"
        )
        person.page.keyboard.press("Tab")
    person.page.keyboard.press("Escape")
    expect(person.page.locator("#kz-confirm")).to_be_hidden()
    expect(asker).to_be_focused()


def test_rows_are_picked_by_keys(desk):
    person = desk("hepeishan")
    person.page.goto(f"{person.address}/complaint/")
    keys, picked = person.page.keyboard, person.page.locator("tr.picked")
    keys.press("j")
    keys.press("x")
    expect(picked).to_have_count(1)
    expect(person.page.locator("[data-bulk]")).to_be_visible()
    keys.press("Shift+Tab")
    keys.press("Space")
    expect(picked).to_have_count(0)
    expect(person.page.locator("[data-bulk]")).to_be_hidden()
    keys.press("Tab")
    keys.press("j")
    person.press_and_go("Enter")
    assert person.page.url.rpartition("/")[2].isdigit()


def test_what_is_dragged_is_also_done_by_keys(desk):
    person = desk("xuwenjing")
    person.page.goto(f"{person.address}/complaint/add")
    person.page.locator("[data-files] input[type=file]").first.focus()
    assert _shows_focus(person)
    with person.page.expect_file_chooser():
        person.page.keyboard.press("Space")
    person.page.goto(f"{person.address}/complaint/")
    person.page.locator("[data-columns] summary").focus()
    person.page.keyboard.press("Enter")
    keys = "[...document.querySelectorAll('[data-list-of] input')].map(box => box.value)"
    before = person.page.evaluate(keys)
    person.page.get_by_role("button", name=person.says("Further right")).first.focus()
    person.page.keyboard.press("Enter")
    assert person.page.evaluate(keys) == [before[0], before[2], before[1], *before[3:]]
    assert person.focused("aria-label") == person.says("Further right")
    person.page.keyboard.press("Escape")
    expect(person.page.locator("[data-columns] form")).to_be_hidden()


def test_nothing_moves_for_whoever_wants_no_motion(desk):
    person = desk("hepeishan")
    for path in ("/", "/complaint/", "/complaint/1", "/dashboard/"):
        person.page.goto(f"{person.address}{path}")
        assert person.page.evaluate(STILL) == []
