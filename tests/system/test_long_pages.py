"""Long pages by parts: a role by areas, the tree by branches, posts of many people looked up; on both databases."""

from __future__ import annotations

import re
from html import unescape

import pytest
import sqlalchemy as sa

from app.core.db import session
from app.engines.founding import candidates
from app.engines.people import operations as people
from app.engines.people import shipped
from app.engines.people.models import Employee, OrgUnit
from app.screens import first_steps_posts, unit_branches
from tests.both import company
from tests.portal import enter, find, row_id

__all__ = ["company"]


@pytest.fixture
def root(company):
    return enter(company, "root")


def text(answer):
    return answer.get_data(as_text=True)


def names(page):
    return re.findall(r'class="id" href="[^"]+">([^<]+)</a>', page)


# -- a role ------------------------------------------------------------------------------------------------------------


def sent(page):
    """What the form of a page sends as it stands."""
    grants = re.findall(r'name="grant" value="([^"]+)" checked', page) or re.findall(
        r'type="hidden" name="grant" value="([^"]+)"', page)  # fmt: skip
    hidden = dict(re.findall(r'type="hidden" name="(of|area|default)" value="([^"]+)"', page))
    return hidden | {"grant": grants}


def test_an_area_is_saved_alone_and_what_is_not_shown_stays(company, root):
    with company.app_context():
        before = shipped.pairs_of("salesperson")
    page = text(root.get("/roles/salesperson?area=customers"))
    form = sent(page)
    assert "customer" in form["of"].split(",")
    assert "complaint" not in form["of"].split(",")
    assert form["area"] == "customers"
    assert 0 < len(form["grant"]) < len(before)
    form["grant"] = [*(one for one in form["grant"] if one != "customer:read"), "complaint:export"]
    ahead = sent(text(root.post("/roles/salesperson/preview", data=form)))
    assert ahead["of"] == form["of"]
    assert "customer:read" not in ahead["grant"]
    saved = root.post("/roles/salesperson", data=ahead)
    assert saved.headers["Location"].endswith("/roles/salesperson?area=customers")
    with company.app_context():
        assert shipped.pairs_of("salesperson") == before - {("customer", "read")}
    assert "−" in text(root.get("/roles/salesperson?area=customers"))
    form = sent(text(root.post("/roles/salesperson/preview", data=form | {"default": "1"})))
    assert (form["default"], form["grant"]) == ("1", [])
    assert root.post("/roles/salesperson", data=form).status_code == 302
    with company.app_context():
        assert shipped.pairs_of("salesperson") == before


def test_registers_are_found_in_every_area(company, root):
    page = text(root.get("/roles/salesperson?q=complaint&_l_=en"))
    form = sent(page)
    assert "complaint" in form["of"].split(",")
    assert "area" not in form
    nothing = text(root.get("/roles/salesperson?q=nowhere&_l_=en"))
    assert "No register is called “nowhere” here" in nothing
    assert sent(nothing) == {"grant": []}
    many = text(root.get("/roles/salesperson?q=e&_l_=en"))
    assert re.search(r"and \d+ more", many)
    assert len(many.encode()) <= 90 * 1024
    assert root.get("/roles/salesperson?area=nowhere").status_code == 400


# -- the tree ----------------------------------------------------------------------------------------------------------


def planted(company):
    """A branch with three units below one, and a wide one with twelve."""
    with company.app_context():
        made = {"T": row_id(OrgUnit, code="G")}
        if session.scalar(sa.select(OrgUnit.id).filter_by(code="W")) is not None:  # by the test before
            return made | {code: key for key, code in session.execute(sa.select(OrgUnit.id, OrgUnit.code))}
        for code, above in [("T1", "T"), ("T2", "T1"), ("T3", "T2"), ("T4", "T3"), ("W", "T"),
                            *((f"W{n:02}", "W") for n in range(12))]:  # fmt: skip
            unit = OrgUnit(code=code, name=f"单位{code}", kind="section", parent_id=made[above])
            session.add(unit)
            session.flush()
            made[code] = unit.id
        session.commit()
    return made


def test_a_large_tree_is_folded_and_opened_by_branches(company, root, monkeypatch):
    made = planted(company)
    whole = names(text(root.get("/units/")))
    assert {"单位T4", "单位W11"} <= set(whole)
    monkeypatch.setattr(unit_branches, "SHOWN", 10)
    page = text(root.get("/units/?_l_=en"))
    assert {"单位T1", "单位W"} <= set(names(page))
    assert "单位T2" not in names(page)
    assert re.search(rf'href="/units/\?under={made["T1"]}">.*?3 below</a>', page)
    assert re.search(rf'href="/units/\?under={made["W"]}">.*?12 below</a>', page)
    assert names(text(root.get(f"/units/?under={made['T1']}"))) == ["单位T1", "单位T2", "单位T3", "单位T4"]
    first = text(root.get(f"/units/?under={made['W']}"))
    assert len(names(first)) == 10
    way = unescape(re.search(r'href="([^"]+page=2)"', first)[1])
    assert names(text(root.get(way))) == ["单位W09", "单位W10", "单位W11"]
    assert f'href="/units/?under={made["T"]}"' in first
    found = text(root.get("/units/?q=单位W0"))
    assert names(found) == [f"单位W{n:02}" for n in range(10)]
    assert "No unit is called “nowhere” here" in text(root.get("/units/?q=nowhere&_l_=en"))
    assert root.get("/units/?under=abc&page=x").status_code == 200


# -- posts -------------------------------------------------------------------------------------------------------------


def test_people_for_a_post_are_looked_up_those_with_the_role_first(company, root, monkeypatch):
    made = planted(company)
    with company.app_context():
        someone = [Employee(number=f"P{n}", name=f"人{n}", unit_id=made["W"]) for n in range(4)]
        session.add_all([*someone, Employee(number="P9", name="人9", unit_id=made["T4"])])
        session.flush()
        people.give(someone[2], "quality_officer", find(OrgUnit, code="W"))
        session.commit()

    def look(**asked):
        answer = root.get("/first-steps/posts/candidates", query_string=asked)
        assert answer.status_code == 200
        return answer.json

    found = look(unit=made["W"], post="B02.qc", _l_="en")
    assert [one["text"] for one in found["results"]] == [f"人{n} · 单位W" for n in (2, 0, 1, 3)]
    assert [one["sub"] for one in found["results"]] == ["P2 · has the role", "P0", "P1", "P3"]
    assert found["more"] is False
    assert [one["sub"] for one in look(unit=made["W"], post="B02.qc", q="P3")["results"]] == ["P3"]
    assert [one["text"] for one in look(unit=made["W"], q="单位W1")["results"]] == ["单位W10", "单位W11"]
    monkeypatch.setattr(candidates, "SIZE", 3)
    assert look(unit=made["W"], post="B02.qc")["more"] is True
    assert len(look(unit=made["W"], post="B02.qc", page=2)["results"]) == 1
    for wrong in ({}, {"unit": "x"}, {"unit": made["W"], "page": 51}, {"unit": made["W"], "page": 0}):
        assert root.get("/first-steps/posts/candidates", query_string=wrong).status_code == 400, wrong
    assert root.get("/first-steps/posts/candidates?unit=99999").status_code == 404
    assert enter(company, "amy").get(f"/first-steps/posts/candidates?unit={made['W']}").status_code == 403


def test_posts_of_many_people_and_units_are_looked_up(company, root, monkeypatch):
    with company.app_context():
        top = row_id(OrgUnit, code="G")
        eve = session.scalars(sa.select(Employee).filter_by(number="EVE")).one()
        who, said = str(eve.id), eve.name
    root.post("/first-steps/policies", data={"unit_id": top, "policy": ["B02", "A10"]})
    monkeypatch.setattr(first_steps_posts, "MOST", 1_000_000)
    listed = text(root.get("/first-steps/posts?policy=B02"))
    assert '<select class="form-select form-select-sm" name="who:B02.qc"' in listed
    assert f'<option value="{who}">{said}' in listed
    monkeypatch.setattr(first_steps_posts, "MOST", 0)
    page = text(root.get("/first-steps/posts?policy=B02"))
    assert f'data-combo="/first-steps/posts/candidates?unit={top}&amp;post=B02.qc"' in page
    assert f'<option value="{who}"' not in page
    assert 'name="who:A10.' not in page
    assert 'href="/first-steps/posts?policy=A10#p-A10"' in page
    refused = root.post("/first-steps/posts", data={"who:B02.captain": who, "who:B02.qc": who})
    assert refused.status_code == 422
    assert re.search(rf'name="who:B02.qc" value="{who}">\s*<input[^>]*value="{said} · ', text(refused))


def test_sections_open_in_turn_until_the_page_is_full():
    three = [("a", 40), ("b", 70), ("c", 50)]
    assert first_steps_posts.opened(three, {""}, 100) == {"a", "c"}
    assert first_steps_posts.opened(three, {"b"}, 100) == {"b"}
    assert first_steps_posts.opened([("a", 400)], set(), 100) == {"a"}
