"""Small Word and Excel files for tests, and what is in a filled one."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A package of parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        for name, part in parts.items():
            book.writestr(name, part)
    return made.getvalue()


def paragraph(*runs: str) -> str:
    """A paragraph of runs; Word splits placeholders over several as it likes."""
    return "<w:p>" + "".join(f"<w:r><w:rPr><w:b/></w:rPr><w:t>{escape(run)}</w:t></w:r>" for run in runs) + "</w:p>"


def table(*rows: Sequence[str]) -> str:
    """A table of texts."""
    cells = ("".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def docx(*body: str, more: Mapping[str, str | bytes] = MappingProxyType({})) -> bytes:
    """A Word document; ``more`` are further parts."""
    document = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="{W}" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="w14" '
        'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml">'
        f"<w:body>{''.join(body)}</w:body></w:document>"
    )
    parts = {"[Content_Types].xml": TYPES, "word/document.xml": document}
    return zipped({**parts, **more})


def xlsx(rows: Mapping[int, Mapping[str, str]], merged: Sequence[str] = ()) -> bytes:
    """A workbook of one sheet: texts stand among the shared strings, what begins with ``=`` is a formula."""
    strings: list[str] = []
    made = []
    for number, cells in rows.items():
        made.append(f'<row r="{number}" ht="30" customHeight="1">')
        for column, text in cells.items():
            place = f'<c r="{column}{number}" s="3"'
            if text.startswith("="):
                made.append(f"{place}><f>{escape(text[1:])}</f><v>7</v></c>")
            else:
                strings.append(text)
                made.append(f'{place} t="s"><v>{len(strings) - 1}</v></c>')
        made.append("</row>")
    places = "".join(f'<mergeCell ref="{ref}"/>' for ref in merged)
    sheet = (
        f'<worksheet xmlns="{S}"><dimension ref="A1:D9"/><sheetData>{"".join(made)}</sheetData>'
        f'<mergeCells count="{len(merged)}">{places}</mergeCells></worksheet>'
    )
    items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
    parts = {
        "[Content_Types].xml": TYPES, "xl/workbook.xml": f'<workbook xmlns="{S}"><sheets/></workbook>',
        "xl/sharedStrings.xml": f'<sst xmlns="{S}">{items}</sst>', "xl/worksheets/sheet1.xml": sheet,
    }  # fmt: skip
    return zipped(parts)


def part(content: bytes, name: str) -> str:
    """One part of a package."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return book.read(name).decode()


def words(content: bytes, name: str = "word/document.xml") -> list[str]:
    """The paragraphs of a Word document."""
    paragraphs = re.findall(r"<w:p>.*?</w:p>", part(content, name), re.DOTALL)
    breaks = (re.sub(r"<w:br/>", "<w:t>\n</w:t>", one) for one in paragraphs)
    return ["".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", one)) for one in breaks]


def cells(content: bytes) -> dict[str, str]:
    """The cells of a sheet: texts with an apostrophe before them, formulas with ``=``, numbers as they are."""
    found = {}
    for place, attributes, inside in re.findall(
        r'<c r="([A-Z]+\d+)"([^>]*)>(.*?)</c>', part(content, "xl/worksheets/sheet1.xml"), re.DOTALL
    ):
        formula, text, number = (re.search(rf"<{tag}[^>]*>([^<]*)</{tag}>", inside) for tag in ("f", "t", "v"))
        if formula:
            found[place] = f"={formula.group(1)}"
        elif 'inlineStr' in attributes and text:
            found[place] = f"'{text.group(1)}"
        elif number and 't="s"' not in attributes:
            found[place] = number.group(1)
    return found
