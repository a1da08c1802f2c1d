"""Tables as they come: workbooks of Excel and of our own, text in two encodings, cells in every usual form."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import Babel

from app.core.errors import Refusal
from app.core.fieldspec import FieldSpec
from app.core.identifiers import plain_code
from app.core.kinds import (
    BooleanKind,
    ChoiceKind,
    ChoicesKind,
    DateKind,
    DateTimeKind,
    MoneyKind,
    PercentKind,
    TextKind,
)
from app.engines.exchange import cells, files, sheets, xlsx
from app.engines.exchange.xlsx import Sheet

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINK = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
STYLES = (
    f'<styleSheet {NS}><numFmts count="1"><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d"/>'
    '</numFmts><cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0"/>'
    '<xf numFmtId="176"/><xf numFmtId="10"/><xf numFmtId="22"/></cellXfs></styleSheet>'
)


@pytest.fixture(autouse=True)
def context():
    made = Flask("reading")
    Babel(made, default_locale="en")
    with made.app_context():
        yield


def book(body, strings="", styles=STYLES, hidden=""):
    """A workbook as Excel writes it: shared texts, styles, places of cells, and a hidden sheet before the first."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        one = '<sheet name="一" sheetId="2" r:id="r2"/>'
        made.writestr("xl/workbook.xml", f"<workbook {NS} {LINK}><sheets>{hidden}{one}</sheets></workbook>")
        made.writestr("xl/_rels/workbook.xml.rels",
                      '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                      '<Relationship Id="r1" Target="worksheets/other.xml"/>'
                      '<Relationship Id="r2" Target="/xl/worksheets/one.xml"/></Relationships>')  # fmt: skip
        made.writestr("xl/worksheets/one.xml", body)
        made.writestr("xl/styles.xml", styles)
        if strings:
            made.writestr("xl/sharedStrings.xml", strings)
    out.seek(0)
    return out


def read(body, **parts):
    return list(sheets.rows(book(f"<worksheet {NS}><sheetData>{body}</sheetData></worksheet>", **parts)))


def test_what_excel_writes_is_read_in_its_place():
    runs = '<r><t>苏州</t></r><r><t>启衡</t></r><rPh sb="0"><t>读音</t></rPh>'
    strings = f"<sst {NS}><si><t>客户</t></si><si>{runs}</si></sst>"
    found = read(
        '<row r="2"><c r="B2" t="s"><v>0</v></c><c r="D2" t="s"><v>1</v></c></row>'
        '<row r="5"><c r="A5" s="1"><v>45951</v></c><c r="B5" s="2"><v>0.125</v></c><c r="C5" s="3"><v>45951.75</v></c>'
        '<c r="D5" t="b"><v>1</v></c><c r="E5" t="inlineStr"><is><t>=1+1</t></is></c>'
        '<c r="F5"><f>A1</f><v>12.300000000000001</v></c>'
        '<c r="G5" t="e"><v>#N/A</v></c></row>',
        strings=strings, hidden='<sheet name="零" sheetId="1" state="hidden" r:id="r1"/>',
    )  # fmt: skip
    assert found == [
        (2, ["", "客户", "", "苏州启衡"]),
        (5, ["2025-10-21", "12.5%", "2025-10-21 18:00", "true", "=1+1", "12.3", "#N/A"]),
    ]


@pytest.mark.parametrize(("number", "shown"), [
    ("110101199003071200", "1.101011990030712E+17"), ("1.10101199003071E+17", "1.10101199003071E+17"),
    ("13800138000", "13800138000"), ("13800138000.0", "13800138000"), ("0.1", "0.1"), ("1E3", "1000"), ("-5", "-5"),
])  # fmt: skip
def test_a_number_beyond_fifteen_digits_is_not_taken_for_exact(number, shown):
    assert read(f'<row r="1"><c r="A1"><v>{number}</v></c></row>') == [(1, [shown])]


def test_our_own_workbooks_are_read_back():
    row = ["文", 7, Decimal("12.50"), dt.date(2025, 10, 21), dt.datetime(2025, 10, 21, 17, 30), "=1+1", "007"]
    made = io.BytesIO(b"".join(xlsx.stream([Sheet("一", list("abcdefg"), [row])])))
    assert [cells for _number, cells in sheets.rows(made)] == [
        list("abcdefg"), ["文", "7", "12.5", "2025-10-21", "2025-10-21 17:30", "=1+1", "007"],
    ]  # fmt: skip


@pytest.mark.parametrize("content", [
    b"PK\x03\x04 nothing of a zip", b"PK\x03\x04", b"",
])
def test_what_is_no_workbook_is_refused(content):
    with pytest.raises(Refusal):
        list(sheets.rows(io.BytesIO(content)))


def test_a_workbook_with_a_password_is_told_so():
    content = bytearray(b"".join(xlsx.stream([Sheet("x", ["a"], [["1"]])])))
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= sheets.ENCRYPTED
    with pytest.raises(Refusal, match="password"):
        list(sheets.rows(io.BytesIO(bytes(content))))


def test_entities_of_a_file_are_refused():
    bomb = f'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet {NS}><sheetData/></worksheet>'
    with pytest.raises(Refusal):
        list(sheets.rows(book(bomb)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_text_tables_in_both_encodings(encoding, sign):
    text = f"编号{sign}名称\r\n\r\nK1{sign}\"苏州{sign}启衡 𬭩\"\r\n".encode(encoding)
    assert list(files.rows(io.BytesIO(text))) == [(1, ["编号", "名称"]), (3, ["K1", f"苏州{sign}启衡 𬭩"])]


def test_an_old_or_foreign_file_is_named(context):
    for name, head in (("a.xls", files.OLD), ("a.pdf", b"%PDF"), ("a.xlsx", b"abcd"), ("a.csv", b"PK\x03\x04")):
        with pytest.raises(Refusal, match=name):
            files.check_name(name, head)


def spec(kind, **more):
    return FieldSpec(kind, "F", name="f", **more)


CHOICES = {"a": "Alpha", "b": "Beta"}


@pytest.mark.parametrize(("kind", "text", "value"), [
    (DateKind(), "2025/1/7", "2025-01-07"), (DateKind(), "2025年10月21日", "2025-10-21"),
    (DateKind(), "20251021", "2025-10-21"),
    (DateKind(), "2025-10-21 00:00", "2025-10-21"), (DateKind(), "2025-02-30", "2025-02-30"),
    (DateTimeKind(), "2025.10.21 9:30", "2025-10-21T09:30"), (DateTimeKind(), "2025/10/21", "2025-10-21"),
    (MoneyKind(), "￥1，280.50 元", "1,280.50"), (PercentKind(), "12.5%", "12.5"),
    (BooleanKind(), "是", True), (BooleanKind(), "Ｎ", False), (BooleanKind(), "maybe", "maybe"),
    (TextKind(), " 文 ", "文"),
])  # fmt: skip
def test_cells_are_read_as_people_write_them(kind, text, value):
    assert cells.raw(spec(kind), text) == value


def test_choices_by_word_or_key():
    assert cells.raw(spec(ChoiceKind(), choices=CHOICES), " beta") == "b"
    assert cells.raw(spec(ChoiceKind(), choices=CHOICES), "a") == "a"
    assert cells.raw(spec(ChoicesKind(), choices=CHOICES), "Alpha、b") == ["a", "b"]
    with pytest.raises(ValueError, match="Alpha, Beta"):
        cells.raw(spec(ChoiceKind(), choices=CHOICES), "Gamma")


@pytest.mark.parametrize(("text", "rounded"), [
    ("1.10101E+17", True), ("1.10101199003071e+17", True), ("110101199003071000", True), ("110101199003070038", False),
    ("13812345678", False), ("1.5E+3", False), ("91110000802100433B", False), ("11010519491231002X", False),
])  # fmt: skip
def test_a_rounded_identifier_is_known(text, rounded):
    assert cells.is_rounded(text, spec(TextKind(), clean=plain_code)) is rounded
    if rounded:
        with pytest.raises(ValueError, match="15 digits"):
            cells.raw(spec(TextKind(), clean=plain_code), text)


def test_an_error_of_excel_is_named():
    with pytest.raises(ValueError, match="#REF!"):
        cells.raw(spec(TextKind()), "#REF!")
