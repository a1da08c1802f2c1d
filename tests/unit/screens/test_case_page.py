"""The page of a case: what stands in its head, who passed each station and how late, who decides and why."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest

from app.core import clock
from app.core.db import session
from app.core.register import registers
from app.engines.audit import operations as audit
from app.engines.deadlines.models import MET, DeadlineClock
from app.engines.people import operations as people
from app.engines.people.models import OrgUnit
from tests.portal import counted, enter, find, person, portal
from tests.unit.screens import cases
from tests.unit.screens.cases import MONDAY

assert portal
NOW = dt.datetime(2025, 10, 16, 10, 0)
FINDINGS = {"category": "quality", "qc_cause": "回温不足"}


@pytest.fixture
def office(portal):
    """A complaint whose intake was late and that is with production."""
    with portal.app_context():
        for name, role, post in (("qc", "quality_officer", "qc"), ("maker", "responsible_department", "manufacturing"),
                                 ("plant", "plant_manager", "manager_office")):
            person_, _user = person(name, find(OrgUnit, code="Q"))
            people.give(person_, role, find(OrgUnit, code="Q"), post=f"B02.{post}")
        cases.staff()
        portal.case = case = cases.submitted(MONDAY, claimed_amount="98000")
        quality = find(OrgUnit, code="Q").id
        cases.step(case, "accept", "control", MONDAY + dt.timedelta(days=1))
        cases.step(case, "send_to_qc", "control", MONDAY + dt.timedelta(days=1, hours=1))
        cases.step(case, "judge", "qc", MONDAY + dt.timedelta(days=1, hours=2), **FINDINGS,
                   responsible_unit_id=quality, production_unit_id=quality)
        session.commit()
        session.remove()
    return portal


def page(app, who, query=""):
    with clock.freeze(NOW):
        answer = enter(app, who).get(f"/complaint/{app.case}?_l_=zh{query}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def test_the_head_says_what_for_whom_and_how_much(office):
    text = page(office, "control")
    head = text[: text.index('id="panel-main"')]
    for part in ("孔铜厚度不足", "C-S 公司", "内销", "98,000.00"):
        assert part in head
    assert re.search(r"→ <span[^>]*>核决权限 <b[^>]*>业务部经理</b></span> <a class=\"kz-clause\"[^>]*>（十一）", head)


def test_stations_say_who_passed_them_and_how_late(office):
    steps = re.findall(r'<li class="(\w+)"[^>]*>(.*?)</li>', page(office, "control"), re.DOTALL)
    form, intake, quality, production = (body for _status, body in steps[:4])
    assert [status for status, _body in steps[:5]] == ["done", "done", "done", "now", "todo"]
    assert re.search("<span>rep</span><span>10-13 09:00</span>$", form)
    assert re.search('<span>control</span><span>10-14 10:00</span><span class="fg-late">逾期 0.6 工作日<', intake)
    assert re.search("<span>qc</span><span>10-14 11:00</span>$", quality)
    assert "<span>Q</span>" in production


def test_the_bands_show_what_applies_and_what_is_not_needed(office):
    text = page(office, "control")
    bands = re.findall(r'<span[^>]*>([^<]*)</span><span class="end kz-num">([^<]*)</span><span[^>]*>([^<]*)<', text)
    assert bands == [
        ("业务部经理", "≤ 100,000", "适用"), ("副总经理", "≤ 150,000", "不需"), ("总经理", "&gt; 150,000", "不需"),
    ]
    assert "按现有金额由业务部经理核决" in text


def test_cards_count_in_the_limit_of_the_clock(office):
    text = page(office, "control")
    cards = re.findall(r'kz-clockcard is-(\w+)">(.*?)</div></div>', text, re.DOTALL)
    assert re.search(r"结案期限 · 13 个?工作日", cards[0][1])
    assert re.search(r"已用 \d+\.\d / 13 个?工作日", cards[0][1])


def test_history_tells_how_long_each_step_took(office):
    text = page(office, "control")
    course = text[text.index('class="kz-time"'):]
    assert "总经理室受理登记 用时" in course
    assert "（九）4" in course


def test_changes_show_both_values_of_each_field(office):
    text = page(office, "control")
    tab = text[text.index('id="panel-changes"'):text.index('class="kz-time"')]
    assert re.search(r"<td>质管原因分析</td><td><span[^>]*>—</span></td><td>回温不足</td>", tab)
    assert "98,000.00" in tab


def test_one_primary_button_at_most(office):
    for who, wanted in (("control", 0), ("qc", 0), ("maker", 1)):
        text = page(office, who)
        assert text[: text.index('id="panel-main"')].count("btn-primary") == wanted


def test_sections_without_a_value_are_only_named(office):
    text = page(office, "control")
    assert "尚未填写：" in text
    assert "交涉结果" not in text[text.index('id="panel-main"'):text.index('id="panel-clocks"')]


def test_files_have_a_tab_of_their_own(office):
    with clock.freeze(NOW):
        client = enter(office, "rep")
        made = client.post("/complaint/add", data=cases.DRAFT | {
            "customer_id": "1", "shipped_on": "2025-09-01", "evidence": (io.BytesIO(b"plain words"), "备注.txt"),
        }, content_type="multipart/form-data")
        assert made.status_code == 302, made.get_data(as_text=True)
        text = client.get(made.headers["Location"] + "?_l_=zh").get_data(as_text=True)
    assert re.search(r'id="tab-files".*?附件 <span class="kz-xs ms-1">1<', text)
    assert "备注.txt" in text[text.index('id="panel-files"'):]


def test_lines_without_rows_are_offered_beside_the_page(office):
    text = page(office, "control")
    assert 'id="tab-sample"' not in text
    assert f"/sample/add?complaint_id={office.case}" in page(office, "rep")


def test_as_many_statements_however_long_the_history(office):
    few = statements(office)
    with office.app_context():
        row = session.query(DeadlineClock).filter_by(record_id=office.case).first()
        kept = {c.key: getattr(row, c.key) for c in DeadlineClock.__table__.c if c.key not in ("id",)}
        for _number in range(45):
            session.add(DeadlineClock(**kept | {"status": MET, "stopped_at": row.started_at, "next_at": None}))
        case = {"of_register": "complaint", "record_id": office.case}
        audit.note_many(
            audit.Note(case["of_register"], case["record_id"], "act", "Changed", {}) for _number in range(45)
        )
        session.commit()
        session.remove()
    assert statements(office) == few


def statements(app):
    with clock.freeze(NOW):
        client = enter(app, "control")
        client.get(f"/complaint/{app.case}")
        with app.app_context(), counted() as sent:
            assert client.get(f"/complaint/{app.case}").status_code == 200
    return len(sent)


def test_a_record_beyond_reach_is_named_without_a_way_to_it(office):
    with office.app_context():
        other = cases.submitted(MONDAY, claimed_amount="5000")
        session.get(registers()["complaint"].model, office.case).previous_id = other
        session.commit()
        session.remove()
    address = f'href="/complaint/{other}"'
    assert address in page(office, "control")
    assert address not in page(office, "maker")
