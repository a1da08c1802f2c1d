"""A long policy in parts with addresses of their own: ``?at=`` names a place, and the part that holds it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

Section = dict[str, Any]
WHOLE = "all"
MOST = 52_000
ROW, CELL, LINE, LINK, HEAD = 165, 22, 30, 90, 900


def shown(sections: Sequence[Section], at: str) -> dict[str, Any]:
    """The part of the sections that holds the place ``at`` (else the first), its contents and its neighbours."""
    parts = [sections] if at == WHOLE else parts_of(sections)
    holds = {place: number for number, part in enumerate(parts) for place in _places(part)}
    here = holds.get(at, 0)
    for row in _rows(parts[here]):
        _lead(row, holds, here)
    for section in parts[here]:
        section["half"] = section["half"] and _paired(parts[here], section)
    whole = _url(at=WHOLE)
    return {
        "sections": parts[here], "first": here == 0, "toc": _contents(sections, holds, here),
        "whole_url": whole if len(parts) > 1 else "",
        "before": _neighbour(parts, here - 1), "after": _neighbour(parts, here + 1),
        "part": _("Part %(number)s of %(total)s", number=here + 1, total=len(parts)) if len(parts) > 1 else "",
    }  # fmt: skip


def parts_of(sections: Iterable[Section]) -> list[list[Section]]:
    """Neighbours together as long as a page stays light; a section that is heavier by itself is split."""
    parts: list[list[Section]] = [[]]
    filled = 0
    for piece in (piece for section in sections for piece in _pieces(section)):
        heavy = _weight(piece)
        if parts[-1] and filled + heavy > MOST:
            parts.append([])
            filled = 0
        parts[-1].append(piece)
        filled += heavy
    return parts


# -- weights ---------------------------------------------------------------------------------------------------------


def _pieces(section: Section) -> Iterator[Section]:
    """A section, or its rows in several sections of the same title."""
    if _weight(section) <= MOST:
        yield section
        return
    tables: list[dict[str, Any]] = []
    number, filled = 1, HEAD
    for table in section["tables"]:
        tables.append(table | {"rows": []})
        for row in table["rows"]:
            if filled + _heavy(row) > MOST and filled > HEAD:
                yield _piece(section, tables, number)
                tables, number, filled = [table | {"id": "", "rows": []}], number + 1, HEAD
            tables[-1]["rows"].append(row)
            filled += _heavy(row)
    yield _piece(section, tables, number)


def _piece(section: Section, tables: list[dict[str, Any]], number: int) -> Section:
    kept = {"tables": [table for table in tables if table["rows"]]}
    if number == 1:
        return section | kept
    return section | kept | {"key": f"{section['key']}.{number}", "title": f"{section['title']} ({number})"}


def _weight(section: Section) -> int:
    """About how many bytes a section becomes."""
    return HEAD * len(section["tables"]) + sum(_heavy(row) for row in _rows([section]))


def _heavy(row: dict[str, Any]) -> int:
    named = len(row["id"]) + sum(LINK + len(str(mark).encode()) for mark in (*row["anchors"], *row["refs"]))
    text = sum(LINE + len(str(line).encode()) for cell in row["cells"] for line in cell["lines"])
    leads = sum(LINK for cell in row["cells"] if cell.get("href") or cell.get("state"))
    return ROW + named + len(row["clause"].encode()) + len(row["cells"]) * CELL + text + leads + 3 * LINK * bool(
        row.get("try_url"))  # fmt: skip


# -- places ----------------------------------------------------------------------------------------------------------


def _rows(part: Iterable[Section]) -> Iterator[dict[str, Any]]:
    for section in part:
        for table in section["tables"]:
            yield from table["rows"]


def _places(part: Sequence[Section]) -> Iterator[str]:
    """Every name that a link may end at."""
    for section in part:
        yield section["key"]
        yield from (table["id"] for table in section["tables"] if table["id"])
    for row in _rows(part):
        yield from (name for name in (row["id"], *row["anchors"]) if name)


def _lead(row: dict[str, Any], holds: dict[str, int], here: int) -> None:
    """Links to places of the page lead to the part that holds them."""
    row["refs"] = [{"name": name, "url": _to(name, holds, here)} for name in row["refs"]]
    for cell in row["cells"]:
        if (cell.get("href") or "").startswith("#"):
            cell["href"] = _to(cell["href"][1:], holds, here)


def _to(place: str, holds: dict[str, int], here: int) -> str:
    if holds.get(place, here) == here:
        return f"#{place}"
    return _url(at=place, _anchor=place)


def _url(**asked: Any) -> str:
    """The page that is shown, asked for another of its places."""
    return url_for(str(request.endpoint), **{**(request.view_args or {}), **asked})


def _paired(part: Sequence[Section], section: Section) -> bool:
    return any(
        pair[0]["half"] and pair[1]["half"] for pair in pairwise(part) if section is pair[0] or section is pair[1]
    )


def _contents(sections: Iterable[Section], holds: dict[str, int], here: int) -> list[dict[str, Any]]:
    return [
        {"url": _to(section["key"], holds, here), "label": section["title"], "count": section["count"],
         "hot": section.get("hot", False), "here": holds[section["key"]] == here}
        for section in sections
    ]  # fmt: skip


def _neighbour(parts: Sequence[Sequence[Section]], number: int) -> dict[str, str] | None:
    """The way to the part before or after, called by its sections."""
    if not 0 <= number < len(parts):
        return None
    first, last = parts[number][0], parts[number][-1]
    label = first["title"] if first is last else _("%(first)s to %(last)s", first=first["title"], last=last["title"])
    return {"label": label, "url": _url(at=first["key"])}
