"""Beside a form: what follows for what is typed; lists that add up; the form on paper."""

from __future__ import annotations

import datetime as dt
import logging
import re

import pytest

from app.core import clock
from app.core.db import session
from app.engines.documents import pdf
from app.engines.people import operations as people
from app.engines.people.models import OrgUnit
from tests.portal import enter, find, person, portal
from tests.unit.screens import cases
from tests.unit.screens.cases import MONDAY

assert portal
NOW = dt.datetime(2025, 9, 26, 14, 30)


@pytest.fixture
def office(portal):
    """A company that works by B02, with a complaint that quality has judged."""
    with portal.app_context():
        quality = find(OrgUnit, code="Q")
        people.give(person("qc", quality)[0], "quality_officer", quality, post="B02.qc")
        people.give(person("press", quality)[0], "responsible_department", quality, post="B02.manufacturing")
        cases.staff()
        portal.case = cases.submitted(MONDAY, claimed_amount="98000")
        cases.submitted(MONDAY, claimed_amount="2000.50")
        cases.step(portal.case, "accept", "control", MONDAY + dt.timedelta(hours=1))
        cases.step(portal.case, "send_to_qc", "control", MONDAY + dt.timedelta(hours=2))
        cases.step(portal.case, "judge", "qc", MONDAY + dt.timedelta(hours=3), category="quality",
                   qc_cause="回温不足", responsible_unit_id=quality.id, production_unit_id=quality.id)
        session.remove()
    return portal


def text_of(answer, status=200):
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def rail(office, **typed):
    with clock.freeze(NOW):
        return text_of(enter(office, "rep").post("/complaint/preview?_l_=zh", data=typed))


def test_the_rail_reckons_with_what_is_typed(office):
    card = rail(office, market="domestic", claimed_amount="120000")
    assert "“送总经理室”之后" in card
    assert "总经理室生产管理组 control" in card
    # over the National Day holiday, as the policy's own case has it
    assert re.search(r"结案期限</span><span[^>]*>10-21 23:59</span>", card)
    assert re.search(r"核决人</span><span[^>]*>副总经理</span>", card)
    assert re.search(r"结案期限</span><span[^>]*>10-27 23:59</span>", rail(office, market="overseas"))


def test_the_rail_says_nothing_that_it_cannot_know(office):
    card = rail(office, claimed_amount="12.345", market="")
    assert "核决人" not in card
    assert "结案期限" not in card
    assert "总经理室受理登记" in card


def test_fields_needed_later_are_marked_and_the_form_is_kept(office):
    with clock.freeze(NOW):
        page = text_of(enter(office, "rep").get("/complaint/add?_l_=zh"))
    assert page.count('title="“送总经理室”前必填"') >= 10
    assert "data-draft=" in page
    assert "kezhi/draft.js" in page


def test_a_step_says_where_the_case_goes(office):
    with clock.freeze(MONDAY + dt.timedelta(hours=4)):
        with office.app_context():
            quality = find(OrgUnit, code="Q")
            maker = person("maker", quality)[0]
            people.give(maker, "responsible_department", quality, post="B02.manufacturing", valid_from=cases.BEGUN)
            session.commit()
        page = text_of(enter(office, "maker").get(f"/complaint/{office.case}/move/analyse?_l_=zh"))
    assert "“提出对策，送经理室”之后" in page
    assert "经理室" in page[page.index("下一步"):]


def test_a_list_adds_up_its_money(office):
    page = text_of(enter(office, "control").get("/complaint/?_l_=zh"))
    assert re.search(r"本页客诉金额 <b[^>]*>100,000\.50</b> 元", page)
    # a case without a number is still something to press
    assert re.search(r'<a class="id" href="/complaint/\d+">#\d+</a>', page)


def test_the_paper_form_has_the_company_and_the_signed_opinions(office):
    client = enter(office, "control")
    page = text_of(client.get(f"/complaint/{office.case}/print?copy=2&_l_=zh"))
    assert '<div class="company">G</div>' in page
    assert "第二联 制造部门存" in page
    assert re.search(r"质量管理部\n质管原因分析</th><td><p>回温不足</p>.*?签名 <b>qc</b>.*?2025-10-13 12:00", page)
    # an opinion stands with its signature only
    assert page.count("回温不足") == 1
    assert enter(office, "rep").get(f"/complaint/{office.case}/print").status_code == 403


@pytest.mark.skipif(not pdf.available(), reason="Pango is not installed here")
def test_the_paper_form_as_pdf(office, caplog):
    with caplog.at_level(logging.WARNING, "weasyprint"):
        answer = enter(office, "control").get(f"/complaint/{office.case}/print?format=pdf")
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF")
    # its stylesheet was found and understood
    assert [said.message for said in caplog.records if said.levelno >= logging.ERROR] == []


def test_copies_to_come_are_listed_with_their_posts(office):
    page = text_of(enter(office, "control").get(f"/complaint/{office.case}?_l_=zh"))
    copies = page[page.index('id="panel-copies"'):]
    assert copies.count("待送") == 5
    assert "会计科" in copies


def test_the_sign_in_page_names_the_company(office):
    assert '<div class="kz-xs">G</div>' in text_of(office.test_client().get("/login/"))
