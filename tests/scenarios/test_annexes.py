"""The company's own Word and Excel forms, filled over HTTP and read back, on each database."""

from __future__ import annotations

import io
import re
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.core.db import session
from app.engines.people import operations as people
from app.engines.people.models import Employee, OrgUnit
from tests.office import cells, docx, paragraph, part, table, words, xlsx
from tests.scenarios.desk import BOOKS, MANAGER, REP, at
from tests.scenarios.editors import opened, sent
from tests.scenarios.test_lines import HOLDER, LEGAL, persons

ADMIN = BOOKS
LETTER = docx(
    paragraph("致 {{ cus", "tomer_no }}", " {{姓名或名称}}（{{ contact_phone }}）"),
    paragraph("经办 {{ owner.name }}，{{ note }}；{{ registered_capital.capitals }}"),
    table(("身份", "比例"), ("{{ customer_person.position }}", "{{customer_person.share_percent}} {{ number }}")),
    more={"word/header1.xml": f'<w:hdr xmlns:w="urn:x">{paragraph("编号 {{ number }}")}</w:hdr>'},
)
SHEET = xlsx(
    {1: {"A": "{{ name }} 名册", "B": "{{ note }}"}, 3: {"A": "{{ customer_person.position }}",
     "B": "{{ customer_person.share_percent }}", "C": "=B3*2"}, 4: {"A": "合计", "B": "=SUM(B3:B3)", "C": "=B4+A1"}},
    merged=("A1:C1", "A4:A4"),
)


@pytest.fixture(autouse=True)
def half_past_nine():
    """All happens at one moment."""
    with at("2025-10-13 09:30"):
        yield


@pytest.fixture
def admin(portal, sign_in):
    """Somebody who looks after the portal."""
    with portal.app_context():
        account = session.scalar(sa.select(User.id).where(User.username == ADMIN))
        person = session.scalars(sa.select(Employee).where(Employee.account_id == account)).one()
        top = session.scalars(sa.select(OrgUnit).where(OrgUnit.parent_id.is_(None)).order_by(OrgUnit.id)).first()
        people.give(person, "system_admin", top)
        session.commit()
    return sign_in(ADMIN)


@pytest.fixture
def own(sign_in):
    """A customer with two persons, whose note looks like a formula and has two lines."""
    rep = sign_in(REP)
    form = opened(rep, "/customer/add") | {
        "customer_no": "C-5", "name": "五号<公司>&", "contact_phone": "13812345678", "note": "=1+1\n第二行",
    }
    sent(rep, "/customer/add", form | persons(2, LEGAL, HOLDER))
    return rep.call("GET", "customer/?customer_no=C-5")["result"][0]["id"]


def upload(person, content, name="函.docx", status=302, title="客户函", **more):
    data = {"name": title, "file": (io.BytesIO(content), name), **more}
    answer = person.client.post("/annexes/customer?_l_=zh", data=data, content_type="multipart/form-data")
    notes = re.findall(r'kz-note is-late.*?<span>(.*?)</span>', answer.text)
    assert answer.status_code == status, notes
    return answer.text


def ids(person):
    page = person.client.get("/annexes/customer").text
    return [int(key) for key in re.findall(r"/annexes/customer/sample/(\d+)", page)]


def test_a_letter_is_filled_from_the_page_of_a_row(admin, sign_in, own):
    upload(admin, LETTER)
    (key,) = ids(admin)
    page = sign_in(REP).client.get(f"/customer/{own}").text
    assert f'href="/fill/customer/{own}/{key}"' in page
    answer = sign_in(REP).client.get(f"/fill/customer/{own}/{key}")
    assert answer.status_code == 200
    assert quote("客户函-五号") in answer.headers["Content-Disposition"]
    first, second, *rows = words(answer.data)
    assert first == "致 C-5 五号&lt;公司&gt;&amp;（138****5678）"
    assert second == "经办 许文静，=1+1\n第二行；"
    assert rows[2:] == ["法定代表人", " 五号&lt;公司&gt;&amp;", "股东", "60 % 五号&lt;公司&gt;&amp;"]
    assert 'mc:Ignorable="w14"' in part(answer.data, "word/document.xml")
    assert "编号 五号" in part(answer.data, "word/header1.xml")
    # the history of the row keeps who took it
    said = [version["said"] for version in sign_in(REP).call("GET", f"customer/{own}/history")["result"]]
    assert said
    course = sign_in(REP).client.get(f"/customer/{own}?_l_=zh").text
    assert "客户函 v1" in course
    # out of reach is not there
    assert sign_in("pengsiyuan").client.get(f"/fill/customer/{own}/{key}").status_code == 404
    assert sign_in(REP).client.get(f"/fill/customer/{own}/{key + 99}").status_code == 404
    assert sign_in(REP).client.get(f"/fill/complaint/1/{key}").status_code == 404


def test_a_workbook_keeps_its_styles_and_its_sums_grow(admin, sign_in, own):
    upload(admin, SHEET, "册.xlsx")
    answer = sign_in(REP).client.get(f"/fill/customer/{own}/{ids(admin)[0]}")
    assert cells(answer.data) == {
        "A1": "'五号&lt;公司&gt;&amp; 名册", "B1": "'=1+1\n第二行", "A3": "'法定代表人", "B3": "'", "C3": "=B3*2",
        "A4": "'股东", "B4": "60.0000", "C4": "=B4*2", "B5": "=SUM(B3:B4)", "C5": "=B5+A1",
    }
    sheet = part(answer.data, "xl/worksheets/sheet1.xml")
    assert re.findall(r'<row r="(\d+)" ht="30"', sheet) == ["1", "3", "4", "5"]
    assert '<mergeCell ref="A5:A5"/>' in sheet
    assert sheet.count('s="3"') == 11
    assert 'fullCalcOnLoad="1"' in part(answer.data, "xl/workbook.xml")
    assert "<v>7</v>" not in sheet


def test_a_row_without_lines_leaves_one_empty(admin, sign_in):
    upload(admin, SHEET, "册.xlsx")
    other = sign_in(REP).call("POST", "customer/", 201, customer_no="C-6", name="六号")["id"]
    answer = sign_in(REP).client.get(f"/fill/customer/{other}/{ids(admin)[0]}")
    assert cells(answer.data)["B4"] == "=SUM(B3:B3)"


def test_placeholders_are_checked_and_a_new_version_replaces_the_old(admin, sign_in, own):
    page = upload(admin, docx(paragraph("{{ nothing }} {{ customer_person.nix }} {{ name }}")), status=422)
    assert "没有占位符“nothing”" in page
    assert "没有占位符“customer_person.nix”" in page
    assert ids(admin) == []
    upload(admin, docx(paragraph("没有")), status=422)
    upload(admin, LETTER)
    (first,) = ids(admin)
    upload(admin, docx(paragraph("新版 {{ number }}")), title="", previous=str(first))
    second, old = ids(admin)
    assert old == first
    page = sign_in(REP).client.get(f"/customer/{own}").text
    assert f"/fill/customer/{own}/{second}" in page
    assert f"/fill/customer/{own}/{first}" not in page
    shown = admin.client.get("/annexes/customer?_l_=zh").text
    assert "{{ contact_phone }}" in shown
    assert "明细：客户股东负责人" in shown


def test_an_administrator_tries_it_without_seeing_rows(admin):
    upload(admin, LETTER)
    answer = admin.client.get(f"/annexes/customer/sample/{ids(admin)[0]}?_l_=zh")
    assert answer.status_code == 200
    assert words(answer.data)[0]


PLAIN = paragraph("{{ number }}")
LINK = '<Relationship Type="x/attachedTemplate" TargetMode="External" Target="http://evil"/>'
BAD = {
    "no package": (b"MZ", "函.docx", "无法读取"),
    "macros": (docx(PLAIN, more={"word/vbaProject.bin": b"x"}), "函.docx", "宏"),
    "name of macros": (docx(PLAIN), "函.docm", "不含宏"),
    "another kind": (docx(PLAIN), "函.xlsx", "不是 xlsx"),
    "bomb": (docx(PLAIN, more={"big.xml": "0" * (61 << 20)}), "函.docx", "过大"),
    "entities": (docx('<!DOCTYPE x [<!ENTITY a "b">]>', PLAIN), "函.docx", "无法读取"),
    "outwards": (docx(PLAIN, more={"word/_rels/document.xml.rels": LINK}), "函.docx", "外部"),
}


@pytest.mark.parametrize(("content", "name", "said"), BAD.values(), ids=BAD)
def test_what_is_no_plain_form_is_refused(admin, content, name, said):
    assert said in upload(admin, content, name, 422)


def test_only_who_may_write_templates_uploads_them(sign_in):
    answer = sign_in(MANAGER).client.post("/annexes/customer", data={})
    assert answer.status_code == 403
    assert sign_in(MANAGER).client.get("/annexes/").status_code == 403
