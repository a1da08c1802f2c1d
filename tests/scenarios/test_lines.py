"""Lines typed in the form of their row, fields that a choice shows, and what the policy says of a field."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.scenarios.desk import CONTROL, Desk, at
from tests.scenarios.editors import MANAGER, REP, opened, sent

PERSONS = "customer_person"


@pytest.fixture(autouse=True)
def half_past_nine():
    """All happens at one moment."""
    with at("2025-10-13 09:30"):
        yield


def persons(number, *rows):
    """What a form sends of lines."""
    told = {f"{PERSONS}.__rows": str(number)}
    for at_, row in enumerate(rows):
        told |= {f"{PERSONS}.{at_}.{name}": value for name, value in row.items()}
    return told


def kept(person, own):
    rows = person.call("GET", f"{PERSONS}/?customer_id={own}&order=id")["result"]
    return [(row["name"], row["position"], row["share_percent"]) for row in rows]


LEGAL = {"name": "王立人", "position": "legal_representative"}
HOLDER = {"name": "李股东", "position": "shareholder", "share_percent": "60"}


@pytest.fixture
def own(sign_in):
    """A customer with two persons, saved in one go."""
    rep = sign_in(REP)
    form = opened(rep, "/customer/add") | {"customer_no": "C-5", "name": "五号"} | persons(3, LEGAL, HOLDER, {})
    sent(rep, "/customer/add", form)
    return rep.call("GET", "customer/?customer_no=C-5")["result"][0]["id"]


def test_new_lines_are_saved_with_the_row_and_blank_ones_passed_over(sign_in, own):
    assert kept(sign_in(REP), own) == [("王**", "legal_representative", None), ("李**", "shareholder", "60")]


def test_lines_are_changed_added_and_removed_in_one_save(sign_in, own):
    rep = sign_in(REP)
    form = opened(rep, f"/customer/{own}/edit")
    assert form[f"{PERSONS}.__rows"] == "2"
    form |= {f"{PERSONS}.__rows": "3", f"{PERSONS}.0.__drop": "true", f"{PERSONS}.1.share_percent": "40",
             f"{PERSONS}.2.name": "赵负责", f"{PERSONS}.2.position": "principal", "city": "苏州"}
    sent(rep, f"/customer/{own}/edit", form)
    assert kept(rep, own) == [("李**", "shareholder", "40"), ("赵**", "principal", None)]
    assert rep.call("GET", f"customer/{own}")["city"] == "苏州"


def test_what_is_wrong_with_a_line_stands_at_it_and_nothing_is_saved(sign_in, own):
    rep = sign_in(REP)
    form = opened(rep, f"/customer/{own}/edit") | {
        f"{PERSONS}.__rows": "3", f"{PERSONS}.1.share_percent": "", f"{PERSONS}.2.position": "principal",
        "city": "苏州",
    }
    page = sent(rep, f"/customer/{own}/edit?_l_=zh", form, 422)
    assert f'href="#f-{PERSONS}.1.share_percent"' in page
    assert f'id="f-{PERSONS}.1.share_percent-e"' in page
    assert f'id="f-{PERSONS}.2.name-e"' in page
    assert "第 2 行" in page
    assert "第 3 行" in page
    assert 'value="苏州"' in page
    assert kept(rep, own)[1] == ("李**", "shareholder", "60")
    assert rep.call("GET", f"customer/{own}")["city"] is None


def test_without_scripts_a_button_adds_a_line_and_saves_nothing(sign_in, own):
    rep = sign_in(REP)
    form = opened(rep, f"/customer/{own}/edit") | {"city": "昆山", "more_lines": PERSONS}
    page = sent(rep, f"/customer/{own}/edit", form, 200)
    assert f'name="{PERSONS}.2.name"' in page
    assert 'value="昆山"' in page
    assert rep.call("GET", f"customer/{own}")["city"] is None
    page = sent(rep, "/customer/add", opened(rep, "/customer/add") | {"more_lines": PERSONS, "name": "新"}, 200)
    assert f'name="{PERSONS}.0.name"' in page


def test_a_line_of_another_row_is_not_touched(sign_in, own):
    rep = sign_in(REP)
    other = rep.call("POST", "customer/", 201, customer_no="C-6", name="六号")["id"]
    line = rep.call("GET", f"{PERSONS}/?customer_id={own}")["result"][0]
    form = opened(rep, f"/customer/{other}/edit") | persons(1, {"__id": str(line["id"]), "__drop": "true"})
    sent(rep, f"/customer/{other}/edit", form, 422)
    form = opened(rep, f"/customer/{other}/edit") | persons(1, {"__id": "999999", "__drop": "true"})
    sent(rep, f"/customer/{other}/edit", form, 422)
    assert len(kept(rep, own)) == 2


def test_a_line_changed_meanwhile_is_told_of(sign_in, own):
    rep = sign_in(REP)
    form = opened(rep, f"/customer/{own}/edit")
    line = rep.call("GET", f"{PERSONS}/?customer_id={own}&order=id")["result"][1]["id"]
    sign_in(MANAGER).call("PUT", f"{PERSONS}/{line}", share_percent="55")
    page = sent(rep, f"/customer/{own}/edit?_l_=zh", form | {f"{PERSONS}.1.share_percent": "50"}, 422)
    assert "期间已被他人修改" in page
    assert kept(rep, own)[1][2] == "55"


def test_a_draft_holds_the_lines(sign_in, own):
    rep = sign_in(REP)
    form = opened(rep, f"/customer/{own}/edit") | {f"{PERSONS}.__rows": "3", f"{PERSONS}.2.name": "未存人"}
    assert rep.client.post("/drafts/keep", data=form | {"by": "script"}).status_code == 200
    assert opened(rep, f"/customer/{own}/edit")[f"{PERSONS}.2.name"] == "未存人"


# -- dependent fields, and what the policy says ----------------------------------------------------------------------


def test_a_field_is_shown_and_needed_for_one_choice_only(sign_in, own):
    rep = sign_in(REP)
    page = unescape(rep.client.get(f"/{PERSONS}/add?customer_id={own}").text)
    assert """data-shown='{"position": ["shareholder"]}' data-needed='{"position": ["shareholder"]}'""" in page
    body = {"customer_id": own, "name": "甲", "position": "shareholder"}
    told = rep.call("POST", f"{PERSONS}/", 422, **body)["errors"][0]
    assert (told["field"], told["rule"], told["clause"]) == ("share_percent", "required", "第8条2")
    assert rep.call("POST", f"{PERSONS}/", 201, **body | {"position": "principal"})


def test_the_rules_of_the_pack_say_which_fields_follow_a_choice(sign_in):
    page = unescape(sign_in(REP).client.get("/complaint/add?_l_=zh").text)
    assert """data-empty='{"return_qty_undetermined": ["true"]}'""" in page


def test_each_field_says_what_the_policy_says_with_its_clause(sign_in):
    page = sign_in(REP).client.get("/complaint/add?_l_=zh").text
    amount = page[page.index('id="f-claimed_amount-l"'):page.index('id="f-claimed_amount"')]
    assert "用于“客诉金额核决权限”" in amount
    assert re.search(r'<a class="kz-clause" href="/policy/B02/\d+\?at=（十一）#（十一）">（十一）</a>', amount)
    assert 'aria-label="制度对' in amount
    market = page[page.index('id="f-market-l"'):page.index('id="f-market"')]
    assert "取决于它" in market
    desk = Desk(sign_in)
    case = desk.accepted()
    sign_in(CONTROL).move(case, "send_to_qc")
    step = sign_in("luojianguo").client.get(f"/complaint/{case}/move/judge?_l_=zh").text
    assert "填写。" in step[step.index('id="f-qc_cause-l"'):step.index('id="f-qc_cause"')]
