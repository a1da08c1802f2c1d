"""Workbooks: what is written is read back, text stays text, whatever the length nothing piles up."""

from __future__ import annotations

import datetime as dt
import io
import re
import tracemalloc
import zipfile
from decimal import Decimal
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from app.engines.exchange import xlsx
from app.engines.exchange.xlsx import Sheet

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def book(*sheets):
    """A written workbook, opened."""
    return zipfile.ZipFile(io.BytesIO(b"".join(xlsx.stream(sheets))))


def cells(opened, number=1):
    """Type, style and content of every cell of a sheet, by row."""
    root = ElementTree.fromstring(opened.read(f"xl/worksheets/sheet{number}.xml"))
    return [
        [(cell.get("t"), cell.get("s"), "".join(cell.itertext())) for cell in row.iter(f"{MAIN}c")]
        for row in root.iter(f"{MAIN}row")
    ]


def test_numbers_days_and_instants_are_what_they_are():
    row = [1, Decimal("1234.50"), dt.date(2025, 9, 30), dt.datetime(2025, 9, 30, 12, 0), True, None, "", 10**17]
    found = cells(book(Sheet("一", ["a"], [row])))[1]
    assert found == [
        (None, "0", "1"), (None, "2", "1234.50"), (None, "3", "45930"), (None, "4", "45930.5"),
        ("inlineStr", "0", "True"), (None, None, ""), (None, None, ""), ("inlineStr", "0", "100000000000000000"),
    ]  # fmt: skip


@given(st.text(max_size=60))
def test_any_text_stays_the_text_it_was(text):
    for said in (text, f"={text}", f"+{text}", f"@{text}", f"-{text}"):
        [kind, _style, content] = cells(book(Sheet("x", ["h"], [[said]])))[1][0]
        kept = xlsx.NOT_IN_XML.sub("", said)
        assert kind == "inlineStr" or not said
        assert content.replace("\r\n", "\n").replace("\r", "\n") == kept.replace("\r\n", "\n").replace("\r", "\n")


def test_sheets_have_names_that_spreadsheets_accept():
    opened = book(*(Sheet(name, [], []) for name in ("按单位/[一]", "a" * 40, "A" * 40, "", "'")))
    names = re.findall(r'<sheet name="([^"]*)"', opened.read("xl/workbook.xml").decode())
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)
    assert len({name.lower() for name in names}) == 5


def test_a_long_sheet_takes_no_more_memory_than_a_short_one():
    rows = ([number, "文字" * 20] for number in range(60_000))
    tracemalloc.start()
    size = sum(len(piece) for piece in xlsx.stream([Sheet("long", ["a", "b"], rows)]))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 100_000
    assert peak < 2_000_000
