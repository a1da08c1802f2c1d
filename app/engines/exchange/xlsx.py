"""Workbooks (.xlsx, ECMA-376) written row by row: nothing is kept but the row at hand. Text never becomes a formula."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any
from xml.sax.saxutils import escape, quoteattr

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAME, LONGEST_NAME, LONGEST_TEXT, DIGITS, LAST = re.compile(r"[\[\]:*?/\\']"), 31, 32_767, 15, 1_048_576
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff￾￿]")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD_LINE = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
BOLD, AMOUNT, DAY, INSTANT, TEXT, HEAD, NEEDED, WRONG, WRAPPED = range(1, 10)
_RED = '<color rgb="FFB42318"/>'
_FONTS = ("<font/>", "<font><b/></font>", f"<font><b/>{_RED}</font>", f"<font>{_RED}</font>")
_FILLS = (
    '<fill><patternFill patternType="none"/></fill>', '<fill><patternFill patternType="gray125"/></fill>',
    *(f'<fill><patternFill patternType="solid"><fgColor rgb="FF{colour}"/></patternFill></fill>'
      for colour in ("E8ECF4", "FDE8E6")),
)  # fmt: skip
_TOP = '<alignment wrapText="1" vertical="top"/>'
_CELLS = (
    "<xf/>", '<xf fontId="1" applyFont="1"/>', '<xf numFmtId="4" applyNumberFormat="1"/>',
    '<xf numFmtId="164" applyNumberFormat="1"/>', '<xf numFmtId="165" applyNumberFormat="1"/>',
    '<xf numFmtId="49" applyNumberFormat="1"/>',
    '<xf numFmtId="49" fontId="1" fillId="2" applyFont="1" applyFill="1"/>',
    '<xf numFmtId="49" fontId="2" fillId="2" applyFont="1" applyFill="1"/>',
    f'<xf numFmtId="49" fontId="3" fillId="3" applyFont="1" applyFill="1" applyAlignment="1">{_TOP}</xf>',
    f'<xf numFmtId="49" applyAlignment="1">{_TOP}</xf>',
)  # fmt: skip
STYLES = (
    f'{HEAD_LINE}<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/>'
    f'<numFmt numFmtId="165" formatCode="yyyy-mm-dd hh:mm"/></numFmts><fonts count="{len(_FONTS)}">{"".join(_FONTS)}'
    f'</fonts><fills count="{len(_FILLS)}">{"".join(_FILLS)}</fills><borders count="1"><border/></borders>'
    f'<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="{len(_CELLS)}">{"".join(_CELLS)}</cellXfs>'
    "</styleSheet>"
)
HIDDEN = ' state="hidden"'
BEGINNING = dt.date(1899, 12, 30)


@dataclass(frozen=True)
class Rule:
    """What a column takes: a note that Excel shows beside the cell, and perhaps a list to choose from."""

    column: int
    title: str
    note: str
    choices: str = ""


@dataclass(frozen=True)
class Layout:
    """How a sheet looks: hidden keys above the heads, styles and widths of columns, rules for what is typed."""

    keys: Sequence[str] = ()
    heads: Sequence[int] = ()
    columns: Sequence[int] = ()
    widths: Sequence[int] = ()
    rules: Sequence[Rule] = ()
    hidden: bool = False


PLAIN = Layout()


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, the heads of its columns, and its rows of texts, numbers, days and local instants."""

    name: str
    heads: Sequence[Any]
    rows: Iterable[Sequence[Any]]
    layout: Layout = PLAIN


@dataclass(frozen=True)
class Ready:
    """A cell that is written already."""

    xml: str


def stream(sheets: Sequence[Sheet], effort: int | None = None) -> Iterator[bytes]:
    """The bytes of a workbook, a piece at a time; less ``effort`` (1 to 9) packs faster and larger."""
    out = _Pieces()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=effort) as book:  # type: ignore[call-overload]
        for name, text in _frame(_names(sheets), [sheet.layout.hidden for sheet in sheets]):
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


def _frame(names: Sequence[str], hidden: Sequence[bool]) -> Iterator[tuple[str, str]]:
    """The parts around the sheets."""
    numbers = range(1, len(names) + 1)
    parts = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{KIND}.worksheet+xml"/>'
                    for n in numbers)  # fmt: skip
    yield "[Content_Types].xml", (
        f'{HEAD_LINE}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/>{parts}</Types>'
    )
    yield "_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")])
    listed = "".join(f'<sheet name={quoteattr(name)} sheetId="{n}"{HIDDEN * gone} r:id="rId{n}"/>'
                     for n, name, gone in zip(numbers, names, hidden, strict=True))  # fmt: skip
    yield "xl/workbook.xml", (
        f'{HEAD_LINE}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>'
    )
    targets = [("worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    yield "xl/_rels/workbook.xml.rels", _relations([*targets, ("styles", "styles.xml")])
    yield "xl/styles.xml", STYLES


def _relations(targets: Iterable[tuple[str, str]]) -> str:
    listed = "".join(f'<Relationship Id="rId{n}" Type="{OFFICE}/{kind}" Target="{target}"/>'
                     for n, (kind, target) in enumerate(targets, start=1))  # fmt: skip
    return f'{HEAD_LINE}<Relationships xmlns="{RELATIONS}">{listed}</Relationships>'


def _sheet(sheet: Sheet) -> Iterator[str]:
    layout, top = sheet.layout, 2 if sheet.layout.keys else 1
    yield (
        f'{HEAD_LINE}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="{top}"'
        f' topLeftCell="A{top + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>{_widths(layout)}'
        "<sheetData>"
    )
    if layout.keys:
        yield f'<row hidden="1">{"".join(_text(key) for key in layout.keys)}</row>'
    styles = layout.heads or [BOLD] * len(sheet.heads)
    yield f"<row>{''.join(_text(str(head), style) for head, style in zip(sheet.heads, styles, strict=True))}</row>"
    for some in batched(sheet.rows):
        yield "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in some)
    yield f"</sheetData>{_rules(layout, top)}</worksheet>"


def batched(rows: Iterable[Any], size: int = 200) -> Iterator[list[Any]]:
    """Some rows at a time."""
    waiting = iter(rows)
    while some := list(islice(waiting, size)):
        yield some


def _widths(layout: Layout) -> str:
    styles = [*layout.columns, *[0] * (len(layout.widths) - len(layout.columns))]
    each = (f'<col min="{n}" max="{n}" width="{width}" style="{style}" customWidth="1"/>'
            for n, (width, style) in enumerate(zip(layout.widths, styles, strict=True), start=1))  # fmt: skip
    return f"<cols>{''.join(each)}</cols>" if layout.widths else ""


def _rules(layout: Layout, top: int) -> str:
    """Data validations (§18.3.1.33): the note appears when a cell is chosen, a list refuses what is not in it."""
    if not layout.rules:
        return ""
    each = "".join(_rule(rule, top) for rule in layout.rules)
    return f'<dataValidations count="{len(layout.rules)}">{each}</dataValidations>'


def _rule(rule: Rule, top: int) -> str:
    place = f"{letters(rule.column)}{top + 1}:{letters(rule.column)}{LAST}"
    told = f"promptTitle={_short(rule.title, 32)} prompt={_short(rule.note, 255)}"
    if not rule.choices:
        return f'<dataValidation allowBlank="1" showInputMessage="1" {told} sqref="{place}"/>'
    return (
        f'<dataValidation type="list" allowBlank="1" showInputMessage="1" showErrorMessage="1" {told} sqref="{place}">'
        f"<formula1>{escape(rule.choices)}</formula1></dataValidation>"
    )


def _short(text: str, size: int) -> str:
    plain = NOT_IN_XML.sub("", text)
    return quoteattr(plain if len(plain) <= size else f"{plain[: size - 1]}…")


def letters(column: int) -> str:
    """What a column is called, from nought."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _cell(value: Any) -> str:
    if isinstance(value, Ready):
        return value.xml
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


def styled(value: str, style: int) -> Ready:
    """A text in one of the styles."""
    return Ready(_text(value, style))


def _text(value: str, style: int = 0) -> str:
    """A text as it is: an inline string is never read as a formula, whatever it begins with."""
    kept = escape(NOT_IN_XML.sub("", value)[:LONGEST_TEXT])
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{kept}</t></is></c>'
