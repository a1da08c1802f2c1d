"""A workbook filled: styles, widths, merged cells and formulas stay; a row with lines is repeated, what is below moves.

Text is written as text whatever it looks like; a cell that is one placeholder of a number becomes a number.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from app.engines.documents.office import elements, parsed, set_text, text_of
from app.engines.documents.placeholders import PLACE, Given, filled, places_in

SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
STRINGS, BOOK, CHAIN = "xl/sharedStrings.xml", "xl/workbook.xml", "xl/calcChain.xml"
REFERENCE = re.compile(
    r"\"[^\"]*\"|((?:'[^']*'|[\w.]+)!)?(?<![A-Za-z0-9_.$])(\$?[A-Z]{1,3})(\$?)(\d{1,7})"
    r"(?::(\$?[A-Z]{1,3})(\$?)(\d{1,7}))?(?![\w(!.])"
)
RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
PLACED = ("ref", "sqref")


def places(parts: dict[str, bytes]) -> list[str]:
    """What the placeholders of the sheets say, in their order."""
    strings = _strings(parts)
    sheets = (parsed(part) for name, part in sorted(parts.items()) if SHEET.fullmatch(name))
    return [said for sheet in sheets for cell in elements(sheet, "c") for said in places_in(_text(cell, strings))]


def fill(parts: dict[str, bytes], given: Given) -> dict[str, bytes]:
    """The parts with every placeholder of their sheets replaced; formulas are reckoned anew when the file is opened."""
    strings = _strings(parts)
    made = {name: _filled(part, strings, given) if SHEET.fullmatch(name) else part for name, part in parts.items()}
    made[BOOK] = _reckoned_anew(made[BOOK])
    if CHAIN in made:
        del made[CHAIN]
        for name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
            made[name] = re.sub(rb"<(Override|Relationship)[^>]*calcChain[^>]*/>", b"", made[name])
    return made


def _strings(parts: dict[str, bytes]) -> list[str]:
    if STRINGS not in parts:
        return []
    return [_rich(item) for item in elements(parsed(parts[STRINGS]), "si")]


def _rich(item: Any) -> str:
    """A text with the texts of its runs, without how it is read aloud."""
    return "".join(text_of(t) for t in elements(item, "t") if t.parentNode.localName != "rPh")


def _text(cell: Any, strings: list[str]) -> str:
    kind = cell.getAttribute("t")
    if kind == "inlineStr":
        return "".join(_rich(item) for item in elements(cell, "is"))
    value = "".join(text_of(v) for v in elements(cell, "v"))
    if kind == "s" and value.isdecimal() and int(value) < len(strings):
        return strings[int(value)]
    return ""


def _filled(part: bytes, strings: list[str], given: Given) -> bytes:
    sheet = parsed(part)
    for row in elements(sheet, "row"):
        slug = given.line_of(said for cell in elements(row, "c") for said in places_in(_text(cell, strings)))
        if slug:
            _repeat(sheet, row, slug, given, strings)
    for cell in elements(sheet, "c"):
        _fill_cell(cell, strings, given)
    for formula in elements(sheet, "f"):
        for value in elements(formula.parentNode, "v"):
            formula.parentNode.removeChild(value)
    made: bytes = sheet.toxml(encoding="UTF-8", standalone=True)
    return made


def _fill_cell(cell: Any, strings: list[str], given: Given) -> None:
    text = _text(cell, strings)
    if not (alone := PLACE.fullmatch(text.strip())) and not PLACE.search(text):
        return
    number = given.number(alone.group(1).strip()) if alone else None
    for child in list(cell.childNodes):
        cell.removeChild(child)
    if number is not None:
        if cell.hasAttribute("t"):
            cell.removeAttribute("t")
        cell.appendChild(_made(cell, "v", f"{number:f}"))
        return
    cell.setAttribute("t", "inlineStr")
    inside = _made(cell, "is", None)
    inside.appendChild(_made(cell, "t", filled(text, given)))
    cell.appendChild(inside)


def _made(like: Any, name: str, text: str | None) -> Any:
    prefix = f"{like.prefix}:" if like.prefix else ""
    node = like.ownerDocument.createElementNS(like.namespaceURI, f"{prefix}{name}")
    if text is not None:
        set_text(node, text)
    return node


# -- rows of lines ---------------------------------------------------------------------------------------------------


def _repeat(sheet: Any, row: Any, slug: str, given: Given, strings: list[str]) -> None:
    """The row once for each line, or empty once; everything below moves down, and sums over the row grow with it."""
    lines = given.lines[slug] or [Given({})]
    at, more = int(row.getAttribute("r")), len(lines) - 1
    copies = [row.cloneNode(deep=True) for _line in lines]
    if more:
        _move(sheet, at, more)
    for number, (copy, line) in enumerate(zip(copies, lines, strict=True)):
        row.parentNode.insertBefore(copy, row)
        _place(copy, at + number)
        for formula in elements(copy, "f"):
            set_text(formula, _same_row(text_of(formula), at, at + number))
        for cell in elements(copy, "c"):
            _fill_cell(cell, strings, given.of_line(slug, line))
    row.parentNode.removeChild(row)
    _repeat_merged(sheet, at, more)


def _place(row: Any, at: int) -> None:
    row.setAttribute("r", str(at))
    for cell in elements(row, "c"):
        if cell.hasAttribute("r"):
            cell.setAttribute("r", re.sub(r"\d+", str(at), cell.getAttribute("r")))


def _move(sheet: Any, at: int, more: int) -> None:
    """Move everything below a row down; what reaches over the row or ends at it grows."""
    for row in elements(sheet, "row"):
        if (number := int(row.getAttribute("r"))) > at:
            _place(row, number + more)
    for formula in elements(sheet, "f"):
        set_text(formula, _moved(text_of(formula), at, more))
    for node in elements(sheet, "*"):
        for name in PLACED:
            if node.hasAttribute(name):
                node.setAttribute(name, _moved(node.getAttribute(name), at, more, grow=node.localName != "mergeCell"))


def _moved(text: str, at: int, more: int, grow: bool = True) -> str:
    """References of a formula or of a place, after rows were put in below row ``at``; other sheets stay as they are."""

    def move(found: re.Match[str]) -> str:
        if found.group(4) is None or found.group(1):
            return found.group(0)
        first = int(found.group(4))
        moved = f"{found.group(2)}{found.group(3)}{first + (more if first > at else 0)}"
        if found.group(7) is None:
            return moved
        last = int(found.group(7))
        reaches = last > at or (last == at and grow and first <= at)
        return f"{moved}:{found.group(5)}{found.group(6)}{last + (more if reaches else 0)}"

    return REFERENCE.sub(move, text)


def _same_row(text: str, at: int, here: int) -> str:
    """A formula of the repeated row, in one of its copies."""

    def move(found: re.Match[str]) -> str:
        if found.group(4) is None or found.group(1):
            return found.group(0)
        ends = (found.group(2, 3, 4), found.group(5, 6, 7))
        return ":".join(
            f"{column}{fixed}{here if int(row) == at and not fixed else row}" for column, fixed, row in ends if row
        )

    return REFERENCE.sub(move, text)


def _repeat_merged(sheet: Any, at: int, more: int) -> None:
    """Cells merged within the row are merged in each copy."""
    for node in elements(sheet, "mergeCell"):
        found = RANGE.fullmatch(node.getAttribute("ref"))
        if found and int(found.group(2)) == int(found.group(4)) == at:
            for number in range(1, more + 1):
                copy = node.cloneNode(deep=False)
                copy.setAttribute("ref", f"{found.group(1)}{at + number}:{found.group(3)}{at + number}")
                node.parentNode.appendChild(copy)
    for merged in elements(sheet, "mergeCells"):
        merged.setAttribute("count", str(len(elements(merged, "mergeCell"))))


def _reckoned_anew(part: bytes) -> bytes:
    book = parsed(part)
    known = elements(book, "calcPr")
    node = known[0] if known else _made(book.documentElement, "calcPr", None)
    node.setAttribute("fullCalcOnLoad", "1")
    if not known:
        last = [*elements(book, "sheets"), *elements(book, "definedNames")][-1]
        last.parentNode.insertBefore(node, last.nextSibling)
    made: bytes = book.toxml(encoding="UTF-8", standalone=True)
    return made


def number_of(value: Any) -> Decimal | None:
    """A value as a cell may hold it as a number; ``True`` and texts are none."""
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None
