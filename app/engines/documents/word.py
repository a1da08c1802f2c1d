"""A Word document filled: placeholders split over runs, in tables, heads and feet; a table row repeated per line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from app.engines.documents.office import ancestors, elements, parsed, set_text, text_of
from app.engines.documents.placeholders import PLACE, Given, places_in

FILLED = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")


def places(parts: dict[str, bytes]) -> list[str]:
    """What the placeholders of a document say, in their order."""
    found = (parsed(part) for name, part in parts.items() if FILLED.fullmatch(name))
    return [said for document in found for p in elements(document, "p") for said in places_in(_text(p))]


def fill(parts: dict[str, bytes], given: Given) -> dict[str, bytes]:
    """The parts with every placeholder replaced; lines of the row repeat their row of a table."""
    return {name: _filled(part, given) if FILLED.fullmatch(name) else part for name, part in parts.items()}


def _filled(part: bytes, given: Given) -> bytes:
    document = parsed(part)
    for row in elements(document, "tr"):
        slug = given.line_of(said for p in _own(row, "p") for said in places_in(_text(p)))
        if slug and not elements(row, "tr"):
            _repeat(row, slug, given)
    for paragraph in elements(document, "p"):
        _fill_paragraph(paragraph, given)
    made: bytes = document.toxml(encoding="UTF-8", standalone=True)
    return made


def _own(within: Any, name: str) -> list[Any]:
    return elements(within, name)


def _repeat(row: Any, slug: str, given: Given) -> None:
    """A row of the table for each line; without lines one that stays empty."""
    for line in given.lines[slug] or [Given({})]:
        copy = row.cloneNode(deep=True)
        row.parentNode.insertBefore(copy, row)
        for paragraph in elements(copy, "p"):
            _fill_paragraph(paragraph, given.of_line(slug, line))
    row.parentNode.removeChild(row)


def _texts(paragraph: Any) -> Iterator[Any]:
    """The text nodes of a paragraph, not those of a text box inside it."""
    for node in elements(paragraph, "t"):
        if next(one for one in ancestors(node) if one.localName == "p") is paragraph:
            yield node


def _text(paragraph: Any) -> str:
    return "".join(text_of(node) for node in _texts(paragraph))


def _fill_paragraph(paragraph: Any, given: Given) -> None:
    """Replace from the last placeholder to the first: the first run of each keeps its looks and takes the value."""
    nodes = list(_texts(paragraph))
    texts = [text_of(node) for node in nodes]
    found = list(PLACE.finditer("".join(texts)))
    if not found:
        return
    for place in reversed(found):
        _replace(texts, place.start(), place.end(), given.text(place.group(1).strip()))
    for node, text in zip(nodes, texts, strict=True):
        _write(node, text)


def _replace(texts: list[str], start: int, end: int, value: str) -> None:
    """Put a value in the place of some characters of texts that follow each other."""
    at = 0
    for number, text in enumerate(texts):
        first, last = max(start - at, 0), min(end - at, len(text))
        if first < last:
            texts[number] = text[:first] + value + text[last:]
            value = ""
        at += len(text)


def _write(node: Any, text: str) -> None:
    """The text of a run; a new line becomes a break."""
    first, *more = text.split("\n")
    set_text(node, first)
    after = node.nextSibling
    prefix = f"{node.prefix}:" if node.prefix else ""
    for line in more:
        node.parentNode.insertBefore(node.ownerDocument.createElementNS(node.namespaceURI, f"{prefix}br"), after)
        made = node.cloneNode(deep=False)
        set_text(made, line)
        node.parentNode.insertBefore(made, after)
