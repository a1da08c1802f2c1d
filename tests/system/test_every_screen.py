"""Every screen and every register in a real browser, as somebody who uses it, in both languages, wide and narrow."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser import chromium, served
from tests.demo import founded
from tests.system import walk
from tests.system.looking import Looker, note

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["chromium", "founded"]
LOOKS = [("zh", 1440, "light"), ("en", 1440, "light"), ("zh", 390, "light"), ("en", 390, "light"), ("zh", 1440, "dark"),
         ("en", 390, "dark")]  # fmt: skip


@pytest.fixture(scope="module")
def seen(founded, chromium) -> Iterator[dict]:
    """The program served, what there is to see, and the people at their browsers."""
    with walk.at_work(founded) as app:
        way, people = walk.Walk(app), {}
        stops = {"screens": [*way.screens()], "registers": [*way.registers()]}
        with served(app) as address:
            yield stops | {"people": people, "address": address, "browser": chromium}
            for looker in people.values():
                looker.page.context.close()


def look_at(seen, stops, look) -> list[str]:
    wrong, turned = [], set()
    for stop in dict.fromkeys(stops):
        if stop.account not in seen["people"]:
            seen["people"][stop.account] = Looker(seen["browser"], seen["address"], stop.account)
        looker = seen["people"][stop.account]
        if stop.account not in turned:
            looker.turn(*look)
            turned.add(stop.account)
        wrong += looker.look(stop)
    note(wrong)
    return wrong


def test_every_screen_has_a_page_that_is_walked(seen):
    walked = {stop.of for stop in seen["screens"]}
    assert {one.__name__ for one in walk.hand_made()} - walked == {
        "HealthzView", "PrintsView", "WatchView", "DraftsView",
    }


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: "-".join(map(str, look)))
def test_screens(seen, look):
    some = [stop for stop in seen["registers"] if stop.of in walk.SAMPLE]
    wrong = look_at(seen, [*seen["screens"], *some], look)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("look", [LOOKS[0]], ids=["zh-1440-light"])
def test_registers(seen, look):
    wrong = look_at(seen, seen["registers"], look)
    assert not wrong, "\n".join(wrong)
