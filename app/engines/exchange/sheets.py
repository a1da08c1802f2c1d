"""The first filled sheet of a workbook (.xlsx, ECMA-376), row by row: texts as people see them, never kept whole.

A number of more than 15 digits is given as Excel keeps it, ``1.10101199003071E+17``, so that nobody takes it for exact.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

from flask_babel import gettext as _

from app.core.errors import Refusal
from app.engines.exchange.sheet_numbers import BEGINNING, BEGINNING_1904, built_in, column, meaning, number

CHUNK = 1 << 16
BIGGEST, SHARED, COLUMNS = 600 << 20, 100 << 20, 300
ENCRYPTED = 1  # bit of a part of a ZIP file


def rows(file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    """Number and texts of each row of the first sheet that is shown; raises ``Refusal`` for what is no workbook."""
    with _book(file) as book:
        name, epoch = _first_sheet(book)
        yield from _Sheet(_Told(_styles(book), _strings(book), epoch)).read(_chunks(book, name))


def bytes_of(file: IO[bytes]) -> Iterator[bytes]:
    """The first sheet as it is written; raises ``Refusal`` for what is no workbook."""
    with _book(file) as book:
        yield from _chunks(book, _first_sheet(book)[0])


@contextmanager
def _book(file: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as book:
            if any(part.flag_bits & ENCRYPTED for part in book.infolist()):
                raise Refusal(_("The workbook has a password; take it off and try again."), rule="file")
            if sum(part.file_size for part in book.infolist()) > BIGGEST:
                raise Refusal(_("The workbook is too large inside; split it."), rule="size")
            yield book
    except (zipfile.BadZipFile, KeyError, expat.ExpatError, NotImplementedError, EOFError) as fault:
        text = _("This is not a workbook that can be read; save it in Excel as .xlsx and try again.")
        raise Refusal(text, rule="file") from fault


def _chunks(book: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with book.open(name) as part:
        while found := part.read(CHUNK):
            yield found


def _parser() -> Any:
    """An XML parser without entities of the file's own."""
    made = expat.ParserCreate()
    made.buffer_text = True

    def refuse(*_given: Any) -> None:
        raise Refusal(_("The workbook holds what no workbook needs; save it anew in Excel."), rule="file")

    made.StartDoctypeDeclHandler = refuse
    made.EntityDeclHandler = refuse
    return made


def _elements(book: zipfile.ZipFile, name: str) -> list[tuple[str, Mapping[str, str]]]:
    """The elements of a small part, in order, with their attributes."""
    found: list[tuple[str, Mapping[str, str]]] = []
    made = _parser()
    made.StartElementHandler = lambda tag, given: found.append((_bare(tag), {_bare(k): v for k, v in given.items()}))
    for chunk in _chunks(book, name):
        made.Parse(chunk, False)
    made.Parse(b"", True)
    return found


def _bare(name: str) -> str:
    return name.rpartition(":")[2]


def _first_sheet(book: zipfile.ZipFile) -> tuple[str, dt.datetime]:
    """The part of the first sheet that is shown, and the day from which the workbook counts."""
    links = {given["Id"]: given["Target"] for tag, given in _elements(book, "xl/_rels/workbook.xml.rels")
             if tag == "Relationship" and "Id" in given}  # fmt: skip
    told = _elements(book, "xl/workbook.xml")
    old = any(tag == "workbookPr" and given.get("date1904") in ("1", "true") for tag, given in told)
    sheets = [given for tag, given in told if tag == "sheet" and given.get("state", "visible") == "visible"]
    if not sheets or sheets[0].get("id") not in links:
        raise Refusal(_("The workbook has no sheet."), rule="file")
    target = links[sheets[0]["id"]]
    path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
    return path, BEGINNING_1904 if old else BEGINNING


def _styles(book: zipfile.ZipFile) -> list[str]:
    """What each cell style says of a number: a day, an instant, a percentage, or nothing."""
    if "xl/styles.xml" not in book.namelist():
        return []
    own: dict[int, str] = {}
    found: list[str] = []
    inside = False
    for tag, given in _elements(book, "xl/styles.xml"):
        if tag == "numFmt":
            own[int(given["numFmtId"])] = meaning(given.get("formatCode", ""))
        elif tag in ("cellXfs", "cellStyles", "cellStyleXfs", "dxfs"):
            inside = tag == "cellXfs"
        elif tag == "xf" and inside:
            form = int(given.get("numFmtId", 0))
            found.append(own.get(form) or built_in(form))
    return found


def _strings(book: zipfile.ZipFile) -> list[str]:
    """The texts that cells share, without the readings that may stand above them."""
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    if book.getinfo("xl/sharedStrings.xml").file_size > SHARED:
        raise Refusal(_("The workbook is too large inside; split it."), rule="size")
    shared = _Shared()
    made = _parser()
    made.StartElementHandler, made.EndElementHandler, made.CharacterDataHandler = shared.start, shared.end, shared.text
    for chunk in _chunks(book, "xl/sharedStrings.xml"):
        made.Parse(chunk, False)
    made.Parse(b"", True)
    return shared.found


@dataclass
class _Shared:
    """Gathers the texts that cells share."""

    found: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    inside: bool = False
    reading: bool = False

    def start(self, tag: str, _given: Any) -> None:
        name = _bare(tag)
        if name == "si":
            self.parts.clear()
        elif name == "rPh":
            self.reading = True
        elif name == "t":
            self.inside = not self.reading

    def text(self, text: str) -> None:
        if self.inside:
            self.parts.append(text)

    def end(self, tag: str) -> None:
        name = _bare(tag)
        if name == "si":
            self.found.append("".join(self.parts))
        elif name == "rPh":
            self.reading = False
        elif name == "t":
            self.inside = False


@dataclass(frozen=True)
class _Told:
    """What a cell needs to be read: styles, shared texts, and the day from which the workbook counts."""

    styles: list[str]
    strings: list[str]
    epoch: dt.datetime


@dataclass
class _Sheet:
    """Reads the cells of a sheet as they come by."""

    told: _Told
    found: list[tuple[int, list[str]]] = field(default_factory=list)
    row: list[str] = field(default_factory=list)
    number: int = 0
    place: int = 0
    kind: str = ""
    style: int = 0
    parts: list[str] = field(default_factory=list)
    inside: bool = False

    def read(self, chunks: Iterator[bytes]) -> Iterator[tuple[int, list[str]]]:
        """The rows in order; of cells beyond the last column that can be kept nothing is read."""
        made = _parser()
        made.StartElementHandler, made.EndElementHandler = self._start, self._end
        made.CharacterDataHandler = self._text
        for chunk in chunks:
            made.Parse(chunk, False)
            yield from self.found
            self.found.clear()
        made.Parse(b"", True)
        yield from self.found

    def _start(self, tag: str, given: Mapping[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            self.place = column(given["r"]) if "r" in given else self.place + 1
            self.kind, self.style = given.get("t", "n"), int(given.get("s", 0))
            self.parts.clear()
        elif name == "v" or name == "t":
            self.inside = True
        elif name == "row":
            self.number = int(given["r"]) if "r" in given else self.number + 1
            self.row, self.place = [], -1
        elif name == "rPh":
            self.kind = "reading"

    def _text(self, text: str) -> None:
        if self.inside and self.kind != "reading":
            self.parts.append(text)

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "v" or name == "t":
            self.inside = False
        elif name == "rPh":
            self.kind = "inlineStr"
        elif name == "c":
            if self.parts and self.place < COLUMNS:
                self.row.extend([""] * (self.place - len(self.row)))
                self.row.append(self._value("".join(self.parts)))
        elif name == "row":
            self.found.append((self.number, self.row))

    def _value(self, text: str) -> str:
        if self.kind == "s":
            place = int(text)
            return self.told.strings[place] if 0 <= place < len(self.told.strings) else ""
        if self.kind in ("str", "inlineStr", "e", "d"):
            return text
        if self.kind == "b":
            return "true" if text.strip() == "1" else "false"
        meant = self.told.styles[self.style] if 0 <= self.style < len(self.told.styles) else ""
        return number(text, meant, self.told.epoch)
