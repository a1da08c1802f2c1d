"""Office files (.docx, .xlsx; ECMA-376) as packages of parts: opened with care, written again. No session, no clock."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.dom import minidom
from xml.parsers.expat import ExpatError

from flask_babel import gettext as _

from app.core.errors import Problem, Refusal

LARGEST, UNPACKED, MOST_PARTS, RATIO = 10 << 20, 60 << 20, 2000, 200
ACTIVE = re.compile(
    r"vbaproject|vbadata|activex|embeddings/|macrosheets|externallinks|^(?!.*printersettings).*\.bin$", re.IGNORECASE
)
EXTERNAL = re.compile(rb"<[^<>]*\bTargetMode\s*=\s*[\"']External[\"'][^<>]*>")
HYPERLINK = re.compile(rb"/hyperlink[\"']")
DOCUMENT_TYPE = re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)
KINDS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _refuse(text: str) -> Refusal:
    return Refusal(Problem(text, "file", "file"))


def kind_of(name: str) -> str:
    """``docx`` or ``xlsx`` by a file's name; raises ``Refusal`` for anything else, workbooks with macros too."""
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if extension not in KINDS:
        raise _refuse(_("A template is a Word document (.docx) or an Excel workbook (.xlsx) without macros."))
    return extension


def parts_of(kind: str, content: bytes) -> dict[str, bytes]:
    """The parts of a package by name.

    Raises ``Refusal`` for what is no such file, holds macros, objects or links outwards, or unpacks beyond all measure.
    """
    if len(content) > LARGEST:
        raise _refuse(_("A template has at most %(size)s MB.", size=LARGEST >> 20))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            found = _read(book)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError):
        raise _refuse(_("The file cannot be read; perhaps it has a password or is damaged.")) from None
    if KINDS[kind] not in found or "[Content_Types].xml" not in found:
        raise _refuse(_("The file is not a %(type)s file inside.", type=kind))
    for name, part in found.items():
        _check(name, part)
    return found


def _read(book: zipfile.ZipFile) -> dict[str, bytes]:
    entries = book.infolist()
    size = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if len(entries) > MOST_PARTS or size > UNPACKED or (size > 1 << 20 and size / packed > RATIO):
        raise _refuse(_("The file unpacks to more than is accepted."))
    found, left = {}, UNPACKED
    for entry in entries:
        with book.open(entry) as part:  # what the directory of the file says of its size may be a lie
            data = part.read(left + 1)
        left -= len(data)
        if left < 0:
            raise _refuse(_("The file unpacks to more than is accepted."))
        found[entry.filename] = data
    return found


def _check(name: str, part: bytes) -> None:
    if ACTIVE.search(name) or b"macroEnabled" in part[:200_000]:
        raise _refuse(_("The file holds macros or embedded objects (%(name)s); remove them.", name=name[:80]))
    if name.endswith((".xml", ".rels")) and DOCUMENT_TYPE.search(part):
        raise _refuse(_("The file cannot be read; perhaps it has a password or is damaged."))
    if name.endswith(".rels") and any(not HYPERLINK.search(link) for link in EXTERNAL.findall(part)):
        raise _refuse(_("The file refers to something outside of it (%(name)s); remove the link.", name=name[:80]))


def packed(parts: dict[str, bytes]) -> bytes:
    """The package out of its parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        for name, part in parts.items():
            book.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def parsed(part: bytes) -> Any:
    """A part as a document; raises ``Refusal`` for what is no XML."""
    try:
        return minidom.parseString(part)  # noqa: S318 - parts with a document type were refused
    except ExpatError:
        raise _refuse(_("The file cannot be read; perhaps it has a password or is damaged.")) from None


def elements(within: Any, name: str) -> list[Any]:
    """The elements of a local name, whatever their prefix, in their order."""
    return list(within.getElementsByTagNameNS("*", name))


def ancestors(node: Any) -> Iterator[Any]:
    """The elements around a node, the nearest first."""
    while (node := node.parentNode) is not None:
        yield node


def text_of(node: Any) -> str:
    """The text directly inside an element."""
    kinds = (node.TEXT_NODE, node.CDATA_SECTION_NODE)
    return "".join(child.data for child in node.childNodes if child.nodeType in kinds)


def set_text(node: Any, text: str) -> None:
    """Replace the text of an element, spaces kept."""
    for child in list(node.childNodes):
        node.removeChild(child)
    node.appendChild(node.ownerDocument.createTextNode(text))
    node.setAttribute("xml:space", "preserve")
