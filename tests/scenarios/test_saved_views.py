"""Lists as people arrange them, kept on the server: columns, filters, the first view, sharing, links, exports."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.core.db import session
from app.core.register import registers
from app.engines.people.models import OrgUnit
from app.engines.views.models import SavedView
from tests.scenarios.desk import CONTROL, MANAGER, REP
from tests.scenarios.pages import a_day, people, text
from tests.small import counted

__all__ = ["a_day", "people"]
HEADS = re.compile(r'<th scope="col" data-col="([^"]*)"')
COLUMNS = "number,claimed_amount,title,customer_id"


def heads(page):
    return [name for name in HEADS.findall(page) if name != "clock"]


def keep(client, name, status=302, slug="complaint", **args):
    """Save a list under a name, as the form above it does; the address it leads to."""
    answer = client.post(f"/views/{slug}", data={"name": name} | {f"a.{key}": value for key, value in args.items()})
    text(answer, status)
    return answer.headers.get("Location", "")


def view(portal, name):
    with portal.app_context():
        return session.scalars(sa.select(SavedView).filter_by(name=name)).one()


def test_a_list_is_kept_with_its_columns_order_and_filters(portal, desk, people):
    desk.open(title="孔铜不足")
    desk.open(title="阻焊脱落", claimed_amount="20.00")
    rep = people(REP)
    asked = {"columns": COLUMNS, "order": "-claimed_amount", "title__contains": "孔铜", "size": "10"}
    shown = text(rep.get("/complaint/", query_string=asked))
    assert heads(shown) == COLUMNS.split(",")
    assert "孔铜不足" in shown
    assert "阻焊脱落" not in shown
    there = keep(rep, "大额", **asked)
    again = text(rep.get(there))
    assert (heads(again), "孔铜不足" in again, "阻焊脱落" in again) == (COLUMNS.split(","), True, False)
    assert re.search(r'class="active" aria-current="page">大额</a>', again)
    changed = text(rep.get(there.replace("-claimed_amount", "claimed_amount")))
    assert "大额 *" in changed
    keep(rep, "大额", columns="number,title")
    assert (view(portal, "大额").columns, view(portal, "大额").asked) == (["number", "title"], {})


@pytest.mark.parametrize(("part", "held"), [("hdi", True), ("HDI板", True), ("hdI", True), ("板", True), ("钢", False)])
def test_a_part_of_a_text_is_found_in_small_and_capital_letters(desk, people, part, held):
    desk.open(title="HDI板分层")
    page = text(people(REP).get("/complaint/", query_string={"title__contains": part}))
    assert ("HDI板分层" in page) == held


def test_a_column_that_is_none_is_refused_and_never_taken_out(portal, desk, people):
    desk.open()
    control = people(CONTROL)
    assert "no column" in text(control.get("/complaint/?columns=number,password"), 400)
    keep(control, "x", 400, columns="created_by.password")
    page = text(control.get("/exports/complaint?columns=title,number"))
    ticked = re.findall(r'name="column" value="(\w+)" checked', page)
    assert ticked == ["title", "number"]
    form = {"column": ["title", "password", "number"], "format": "csv", "reason": "月底与财务核对应收金额"}
    taken = control.post("/exports/complaint", data=form)
    first = taken.get_data(as_text=True).removeprefix("\ufeff").splitlines()[0]
    assert first.split(",")[0] == "Subject"
    assert len(first.split(",")) == 2


def test_the_export_has_what_the_list_shows(desk, people):
    desk.open(title="甲板"), desk.open(title="乙板")
    control = people(CONTROL)
    shown = text(control.get(f"/complaint/?columns={COLUMNS}&order=title&title__contains=板"))
    there = re.search(r'href="(/exports/complaint[^"]*)"', shown)[1].replace("&amp;", "&")
    ticked = re.findall(r'name="column" value="(\w+)" checked', text(control.get(there)))
    assert ticked == COLUMNS.split(",")
    form = {"column": ticked, "format": "csv", "reason": "月底与财务核对应收金额"}
    taken = control.post(there, data=form).get_data(as_text=True)
    rows = [line.split(",") for line in taken.splitlines()[1:]]
    assert [row[2] for row in rows] == sorted(["甲板", "乙板"])


def test_own_columns_stay_and_the_list_begins_with_the_first_view(portal, desk, people):
    desk.open()
    rep = people(REP)
    rep.post("/views/complaint/columns", data={"column": ["title", "claimed_amount"]})
    assert heads(text(rep.get("/complaint/"))) == ["number", "title", "claimed_amount"]
    assert heads(text(rep.get("/complaint/?stage=open"))) == ["number", "title", "claimed_amount"]
    there = keep(rep, "我的", order="title")
    assert heads(text(rep.get(there))) == ["number", "title", "claimed_amount"] or "columns" in there
    rep.post("/views/complaint/first", data={"view": view(portal, "我的").id})
    begun = rep.get("/complaint/")
    assert (begun.status_code, "order=title" in begun.headers["Location"]) == (302, True)
    assert 'href="/complaint/?view=all"' in text(rep.get("/complaint/?view=all"))
    rep.post(f"/views/one/{view(portal, '我的').id}/drop")
    rep.post("/views/complaint/columns", data={})
    with portal.app_context():
        assert heads(text(rep.get("/complaint/"))) == list(registers()["complaint"].list)


def test_views_are_shared_by_whoever_reads_the_rows_of_a_unit_or_all(portal, desk, people):
    desk.open()
    rep, manager, control = people(REP), people(MANAGER), people(CONTROL)
    with portal.app_context():
        home, other = (session.scalar(sa.select(OrgUnit.id).filter_by(code=code)) for code in ("HX-SA", "HX-QC"))
    keep(manager, "部门", order="title")
    one = view(portal, "部门").id
    assert "部门" not in text(rep.get("/complaint/?view=all"))
    assert text(rep.post(f"/views/one/{one}", data={"name": "x"}), 404)
    refused = manager.post(f"/views/one/{one}", data={"name": "部门", "share": f"unit:{other}"})
    assert "whose rows one reads as a whole" in text(refused, 422)
    assert text(manager.post(f"/views/one/{one}", data={"name": "部门", "share": "role:salesperson"}), 422)
    text(manager.post(f"/views/one/{one}", data={"name": "部门", "share": f"unit:{home}"}), 302)
    assert "部门" in text(rep.get("/complaint/?view=all"))
    assert "部门" not in text(control.get("/complaint/?view=all"))
    assert text(rep.post(f"/views/one/{one}", data={"name": "x"}), 403)
    assert text(rep.post(f"/views/one/{one}/drop"), 403)
    rep.post("/views/complaint/first", data={"view": one})
    assert rep.get("/complaint/").status_code == 302
    text(manager.post(f"/views/one/{one}", data={"name": "部门", "share": "own"}), 302)
    assert rep.get("/complaint/").status_code == 200  # what is no longer shared begins no list


def test_a_link_leads_everybody_to_his_own_rows(portal, desk, people):
    case = desk.open(title="孔铜不足")
    rep, other = people(REP), people("linjiahao")
    keep(rep, "给你", title__contains="孔铜")
    word = view(portal, "给你").word
    assert word in text(rep.get("/views/complaint"))
    there = other.get(f"/views/link/{word}")
    assert there.status_code == 302
    assert "title__contains" in there.headers["Location"]
    assert f"/complaint/{case}" not in text(other.get(there.headers["Location"]))
    assert f"/complaint/{case}" in text(rep.get(rep.get(f"/views/link/{word}").headers["Location"]))
    assert rep.get("/views/link/nothing").status_code == 404


def test_names_are_needed_and_personal_data_is_not_kept(portal, desk, people):
    manager = people(MANAGER)
    nameless = manager.post("/views/complaint", data={"name": " ", "a.order": "title"})
    assert "Please give the view a name" in text(nameless, 422)
    refused = manager.post("/views/customer", data={"name": "电话", "a.contact_phone": "13812345678"})
    assert "personal data" in text(refused, 422)
    assert keep(manager, "甲")
    assert keep(manager, "乙")
    taken = manager.post(f"/views/one/{view(portal, '乙').id}", data={"name": "甲"})
    assert "already" in text(taken, 422)
    assert manager.get("/views/account").status_code == 404


def test_the_views_cost_one_statement(portal, desk, people):
    desk.open()
    rep = people(REP)
    rep.get("/complaint/")
    for number in range(5):
        keep(rep, f"第{number}", order="title")
    rep.get("/complaint/")
    with portal.app_context(), counted() as sent:
        rep.get("/complaint/")
    assert len([one for one in sent if "saved_view" in one]) == 1
