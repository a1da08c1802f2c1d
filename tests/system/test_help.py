"""Every screen has its help in both languages, every tour its stops, and what somebody answered is remembered."""

from __future__ import annotations

import html
import re

import pytest

from app.core.screen import Screen
from app.screens import help_texts
from tests.portal import enter, portal

__all__ = ["portal"]


def text(answer):
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return html.unescape(answer.get_data(as_text=True))


def screens():
    return {one.__name__ for one in Screen.__subclasses__() if one.__module__.startswith("app.")}


def test_every_screen_has_its_help_and_no_help_is_left_over(portal):
    assert screens()
    assert sorted(screens() - set(help_texts.screens())) == []
    assert sorted(set(help_texts.screens()) - screens()) == []


def test_texts_are_in_both_languages():
    found = [text for one in help_texts.screens().values() for text in (one.about, *one.can)]
    found += [text for stops in help_texts.tours().values() for stop in stops for text in (stop.title, stop.text)]
    for one in found:
        assert re.search("[一-鿿]", one.zh), one
        assert not re.search("[一-鿿]", one.en), one


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_page_leads_to_its_own_help(portal, language):
    client = enter(portal, "root")
    client.get(f"/lang/{language}")
    for path in ("/", "/approvals/", "/people/", "/calendars/CN/2026", "/first-steps/units", "/customer/"):
        page = text(client.get(path))
        link = re.search(r'data-help href="([^"]+)"', page)[1]
        part = text(client.get(f"{link}&part=1"))
        assert "<html" not in part
        assert part.count("<li>") >= 1
        whole = text(client.get(link))
        assert "<html" in whole


def test_a_register_says_who_asks_for_it_and_what_the_person_may_do(portal):
    root, amy = enter(portal, "root"), enter(portal, "amy")
    for client in (root, amy):
        client.get("/lang/en")
    shown = text(root.get("/help/?at=ComplaintView.list&part=1"))
    assert "Customer complaint" in shown
    assert "/policy/B02" in shown
    assert "kz-clause" in shown
    assert "Unmask personal data" in text(root.get("/help/?at=CustomerView.list"))
    closed = text(amy.get("/help/?at=HoldingView.list&part=1"))  # a register that amy cannot read tells her nothing
    assert "Holding" not in closed


@pytest.mark.parametrize("at", ["", "Nothing.here", "%3Cscript%3E", "x" * 500])
def test_an_unknown_page_gets_the_help_of_the_workbench(portal, at):
    client = enter(portal, "amy")
    client.get("/lang/en")
    assert "Where a day begins" in text(client.get(f"/help/?at={at}&part=1"))


def test_pages_of_the_documentation_open_and_nothing_else(portal):
    client = enter(portal, "amy")
    assert "From an empty installation" in text(client.get("/help/page?name=first-steps"))
    for name in ("", "../README", "nothing", "pictures"):
        assert client.get("/help/page", query_string={"name": name}).status_code == 404


def test_each_gets_the_tour_that_fits(portal):
    for who, first in (("root", "First steps"), ("eve", "Today"), ("amy", "Registers")):
        client = enter(portal, who)
        client.get("/lang/en")
        told = client.get("/help/tour").json
        assert told["stops"][0]["title"] == first
        assert 5 <= len(told["stops"]) <= 7


def test_the_offer_is_remembered_on_the_server(portal):
    first = enter(portal, "amy")
    assert "data-tour-offer" in text(first.get("/"))
    assert first.post("/help/toured").status_code == 302
    assert "data-tour-offer" not in text(first.get("/"))
    assert "data-tour-offer" not in text(enter(portal, "amy").get("/"))
    assert "data-tour-offer" in text(enter(portal, "bob").get("/"))
