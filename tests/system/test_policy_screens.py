"""Policies on the screen: the list, one version with its clauses, drafts and their approval, adoption, settings."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

import pytest

from app.engines.policy.coverage import coverages
from tests.portal import enter, portal
from tests.system.policies import accepted, adopt, chief, rows, text

__all__ = ["chief", "portal"]


# -- who sees what ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "read", "write"), [("root", 200, 200), ("sys", 200, 200), ("gus", 200, 403), ("amy", 200, 403)]
)
def test_readers_read_and_only_administrators_change(portal, chief, name, read, write):
    client = enter(portal, name)
    for path in ("/policy/", "/policy/B02", "/policy/B02/2", "/policy/A02", "/policy/adoption/"):
        assert client.get(path).status_code == read, path
    for path in ("/policy/B02/2/values", "/policy/B02/2/text", "/policy/B02/2/cases", "/policy/adoption/adopt"):
        assert client.get(path).status_code == write, path
    assert ("/policy/B02/2/values" in text(client.get("/policy/B02"))) == (write == 200)
    refused = {403, 422} if write == 200 else {403}
    for path in ("values", "text", "discard", "cases"):
        assert client.post(f"/policy/B02/2/{path}").status_code in refused, path


def test_without_the_permission_there_is_neither_page_nor_menu_entry(portal):
    enter(portal, "root").post("/roles/employee", data={"grant": ["org_unit:read"]})
    client = enter(portal, "amy")
    for path in ("/policy/", "/policy/B02", "/policy/adoption/", "/calendars/"):
        assert client.get(path).status_code == 403, path
    page = text(client.get("/profile/"))
    assert 'href="/policy/"' not in page
    assert 'href="/policy/"' in text(enter(portal, "root").get("/profile/"))


@pytest.mark.parametrize(
    "path",
    ["/policy/Z99", "/policy/B02/9", "/policy/A02/1", "/policy/B02/9/values", "/policy/A02/compare",
     "/policy/B02/compare?new=7", "/policy/settings/B02/1", "/policy/adoption/77/end"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(portal, path):
    assert enter(portal, "root").get(path).status_code == 404


def test_changes_need_the_token(portal):
    client = enter(portal, "root")
    portal.config["WTF_CSRF_ENABLED"] = True
    for path in ("/policy/B02/2/values", "/policy/B02/2/approve", "/policy/adoption/adopt", "/policy/B02/2/cases"):
        assert client.post(path).status_code == 400, path


# -- list and page ---------------------------------------------------------------------------------------------------


def test_every_policy_is_listed_with_what_the_program_does(portal):
    adopt(portal)
    client = enter(portal, "root")
    page = text(client.get("/policy/"))
    for code in coverages():
        assert f'href="/policy/{code}"' in page
    first = next(row for row in rows(page) if row[:1] == ["B02"])
    assert {"可运行", "v2", "现行", "G"} <= set(first)
    assert "尚未" in next(row for row in rows(page) if row[:1] == ["A02"])
    english = text(client.get("/policy/?_l_=en&state=runs"))
    assert "B02" in re.findall(r'class="id" href="/policy/(\w+)"', english)
    assert "In force" in english
    assert re.findall(r'class="id" href="/policy/(\w+)"', text(client.get("/policy/?q=期货"))) == ["A07"]
    nothing = text(client.get("/policy/?q=nothing"))
    assert "没有名为“nothing”的制度" in nothing
    assert client.get("/policy/?state=odd").status_code == 200


@pytest.mark.parametrize(
    ("language", "words"), [("zh", ("假设清单", "13 个工作日")), ("en", ("Assumptions", "13 working days"))]
)
def parts(client, path):
    """Every part of a policy's page, from the first by the ways on."""
    found = []
    while path:
        found.append(text(client.get(path)))
        path = unescape(way[1]) if (way := re.search(r'href="([^"]+)" rel="next"', found[-1])) else ""
    return found


@pytest.mark.parametrize(
    ("language", "words"), [("zh", ("假设清单", "13 个工作日")), ("en", ("Assumptions", "13 working days"))]
)
def test_a_version_is_tables_with_clauses_and_marks(portal, language, words):
    client = enter(portal, "root")
    page = text(client.get(f"/policy/B02?_l_={language}"))
    assert all(word in page for word in words)
    assert 'id="（十）1"' in page
    assert re.search(r'id="clocks\.case".*?<span class="kz-assumed">', page, re.DOTALL)
    assert 'id="A-01"' in text(client.get(f"/policy/B02?at=A-01&_l_={language}"))


@pytest.mark.parametrize("code", ["B02", "A02", "D05"])
def test_every_link_inside_a_page_leads_somewhere_once(portal, code):
    client = enter(portal, "root")
    pages = parts(client, f"/policy/{code}")
    assert (len(pages) > 4) is (code == "B02")
    places = [re.findall(r'\sid="([^"]+)"', page) for page in pages]
    own = [name for names in places for name in names if "." in name or name.startswith(("A-", "（"))]
    assert sorted(name for name in set(own) if own.count(name) > 1) == []
    homes = {name: number for number, names in enumerate(places) for name in names}
    for page, names in zip(pages, places, strict=True):
        assert {href for href in re.findall(r'href="#([^"]+)"', page) if href} <= set(names)
        for at, mark in re.findall(r'href="/policy/\w+\?at=([^"#]+)#([^"]+)"', page):
            assert unquote(at) == unquote(mark)
            assert homes[unquote(at)] != pages.index(page)


def test_a_part_is_asked_for_by_any_of_its_places_and_one_page_holds_all(portal):
    client = enter(portal, "root")
    pages = parts(client, "/policy/B02/2")
    for place in ("cases.complaint", "（九）1", "A-20", "coverage", "parameters", "（十五）"):
        home = next(page for page in pages if f'id="{place}"' in page)
        asked = text(client.get("/policy/B02/2", query_string={"at": place}))
        assert re.findall(r'\sid="([^"]+)"', asked) == re.findall(r'\sid="([^"]+)"', home), place
    assert client.get("/policy/B02/2?at=nowhere").get_data(as_text=True).count('id="clocks"') == 1
    whole = text(client.get("/policy/B02/2?at=all"))
    assert all(f'id="{place}"' in whole for place in ("clocks", "cases.complaint", "A-20", "coverage"))
    assert 'rel="next"' not in whole
    assert {href for href in re.findall(r'href="#([^"]+)"', whole) if href} <= set(re.findall(r'\sid="([^"]+)"', whole))


def test_coverage_shows_every_item_with_its_home_or_what_is_missing(portal):
    client = enter(portal, "root")
    pages = "".join(parts(client, "/policy/B02"))
    for item in coverages()["B02"].items:
        assert item.key.replace("_", " ") in pages
    assert 'href="/policy/B02?at=clocks.case#clocks.case"' in pages
    assert 'href="/complaint/"' in pages
    other = text(client.get("/policy/A02"))
    assert "程序还没有这份制度的制度包" in other
    assert "agent profile" in other


def test_links_to_clauses_lead_to_the_row_of_the_version_of_the_case(portal):
    adopt(portal)
    key = accepted(portal)
    client = enter(portal, "root")
    links = set(re.findall(r'class="kz-clause" href="(/policy/[^"]+)"', text(client.get(f"/complaint/{key}"))))
    assert {link.split("?")[0] for link in links} == {"/policy/B02/2"}
    assert any("（十）" in link for link in links)
    for link in links:
        assert f'id="{link.partition("#")[2]}"' in text(client.get(link.partition("#")[0])), link
