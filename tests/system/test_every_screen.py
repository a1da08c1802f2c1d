"""Every screen and every register in a real browser, as somebody who uses it, in both languages, wide and narrow."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from app.core.db import db, session
from tests.browser import chromium, served
from tests.demo import founded
from tests.portal import name_posts
from tests.system import walk
from tests.system.looking import Looker

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["chromium", "founded"]
LOOKS = [("zh", 1440, "light"), ("en", 1440, "light"), ("zh", 390, "light"), ("en", 390, "light"), ("zh", 1440, "dark"),
         ("en", 390, "dark")]  # fmt: skip


@pytest.fixture(scope="module")
def seen(founded, chromium) -> Iterator[dict]:
    """The program served, what there is to see, and the people at their browsers."""
    app, folder = founded
    with app.app_context():
        db.engine.dispose()
    for left in folder.glob("demo.db-*"):
        left.unlink()
    shutil.copy(folder / "seed.db", folder / "demo.db")
    name_posts()
    found = {"screens": [*walk.screens(app)], "registers": [*walk.registers(app)], "people": {}}
    with served(app) as address:
        yield found | {"address": address, "browser": chromium}
        for looker in found["people"].values():
            looker.page.context.close()
    with app.app_context():
        session.remove()
        db.engine.dispose()


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
    return wrong


def test_every_screen_has_a_page_that_is_walked(seen):
    walked = {stop.of for stop in seen["screens"]}
    assert {one.__name__ for one in walk.hand_made()} - walked == {
        "HealthzView", "PrintsView", "WatchView", "DraftsView",
    }


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: "-".join(map(str, look)))
def test_screens(seen, look):
    some = [stop for stop in seen["registers"] if stop.of in walk.SAMPLE]
    assert look_at(seen, [*seen["screens"], *some], look) == []


@pytest.mark.parametrize("look", [LOOKS[0]], ids=["zh-1440-light"])
def test_registers(seen, look):
    assert look_at(seen, seen["registers"], look) == []
