"""Workbooks (.xlsx, ECMA-376) written row by row: nothing is kept but the row at hand. Text never becomes a formula."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAME, LONGEST_NAME, LONGEST_TEXT, DIGITS = re.compile(r"[\[\]:*?/\\']"), 31, 32_767, 15
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff￾￿]")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
BOLD, AMOUNT, DAY, INSTANT = 1, 2, 3, 4
STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy-mm-dd hh:mm"/></numFmts><fonts count="2"><font/><font><b/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf/>'
    '<xf fontId="1" applyFont="1"/><xf numFmtId="4" applyNumberFormat="1"/><xf numFmtId="164" applyNumberFormat="1"/>'
    '<xf numFmtId="165" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
BEGINNING = dt.date(1899, 12, 30)


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, the heads of its columns, and its rows of texts, numbers, days and local instants."""

    name: str
    heads: Sequence[Any]
    rows: Iterable[Sequence[Any]]


def stream(sheets: Sequence[Sheet]) -> Iterator[bytes]:
    """The bytes of a workbook, a piece at a time."""
    out = _Pieces()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:  # type: ignore[call-overload]
        for name, text in _frame(_names(sheets)):
            book.writestr(name, text)
        for number, sheet in enumerate(sheets, start=1):
            with book.open(f"xl/worksheets/sheet{number}.xml", "w") as part:
                for piece in _sheet(sheet):
                    part.write(piece.encode())
                    yield out.take()
    yield out.take()


class _Pieces:
    """What the archive wrote since it was last asked; it cannot be gone back in."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""

    def take(self) -> bytes:
        """The new bytes."""
        found, self._pieces = b"".join(self._pieces), []
        return found


def _names(sheets: Sequence[Sheet]) -> list[str]:
    """A name for each sheet that spreadsheets accept: short, without their signs, each once."""
    found: list[str] = []
    for sheet in sheets:
        plain = NOT_IN_XML.sub("", NAME.sub(" ", sheet.name)).strip()[:LONGEST_NAME] or "-"
        again = (f"{plain[: LONGEST_NAME - 3]} {number}" for number in range(2, 100))
        taken = {name.lower() for name in found}
        found.append(plain if plain.lower() not in taken else next(n for n in again if n.lower() not in taken))
    return found


def _frame(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The parts around the sheets."""
    numbers = range(1, len(names) + 1)
    parts = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{KIND}.worksheet+xml"/>'
                    for n in numbers)  # fmt: skip
    yield "[Content_Types].xml", (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/>{parts}</Types>'
    )
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    listed = "".join(f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
                     for n, name in zip(numbers, names, strict=True))  # fmt: skip
    yield "xl/workbook.xml", (
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>'
    )
    targets = [("worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    yield "xl/_rels/workbook.xml.rels", _relations([*targets, ("styles", "styles.xml")])
    yield "xl/styles.xml", STYLES


def _relations(targets: Iterable[tuple[str, str]]) -> str:
    listed = "".join(f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{target}"/>'
                     for n, (kind, target) in enumerate(targets, start=1))  # fmt: skip
    return f'{HEAD}<Relationships xmlns="{RELATIONS}">{listed}</Relationships>'


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield (
        f'{HEAD}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2"'
        ' activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'
    )
    yield f"<row>{''.join(_text(str(head), BOLD) for head in sheet.heads)}</row>"
    for row in sheet.rows:
        yield f"<row>{''.join(map(_cell, row))}</row>"
    yield "</sheetData></worksheet>"


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, bool) or not isinstance(value, int | Decimal | dt.date):
        return _text(str(value))
    if isinstance(value, dt.datetime):
        part = dt.timedelta(hours=value.hour, minutes=value.minute, seconds=value.second) / dt.timedelta(days=1)
        return _number((value.date() - BEGINNING).days + round(part, 6), INSTANT)
    if isinstance(value, dt.date):
        return _number((value - BEGINNING).days, DAY)
    if len(str(value).replace(".", "").lstrip("-")) > DIGITS:
        return _text(str(value))
    return _number(value, AMOUNT if isinstance(value, Decimal) else 0)


def _number(value: Any, style: int) -> str:
    return f'<c s="{style}"><v>{value}</v></c>'


def _text(value: str, style: int = 0) -> str:
    """A text as it is: an inline string is never read as a formula, whatever it begins with."""
    kept = escape(NOT_IN_XML.sub("", value)[:LONGEST_TEXT])
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{kept}</t></is></c>'
