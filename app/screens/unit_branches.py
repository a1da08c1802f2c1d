"""What a page shows of the tree of units: a small one whole, of a large one upper levels, a branch, what is found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request, url_for

from app.core import pages, reading
from app.core.register import register_of
from app.engines.people.models import KINDS, Employee, OrgUnit
from app.engines.people.tree import Node

SHOWN = 100
DEEPEST = 10_000


def shown(found: Sequence[Node]) -> dict[str, Any]:
    """The rows of the branch ``?under=`` or of what ``?q=`` names, a page of them, with the way to what is folded."""
    text, under = reading.query_text("q"), reading.number(request.args.get("under", ""))
    top = None if text else next((node for node in found if node.unit.id == under), None)
    if text:
        branch = [node for node in found if text.lower() in f"{node.unit.name} {node.unit.code}".lower()]
    else:
        branch = [node for node in found if top is None or node.unit.path.startswith(top.unit.path)]
    cut, below = DEEPEST if text else _cut(branch), _below(found)
    rows = [node for node in branch if node.depth <= cut]
    number = max(reading.number(request.args.get("page", "1")) or 1, 1)
    first = (number - 1) * SHOWN
    least = top.depth if top else 0
    return {
        "rows": [_row(node, 0 if text else node.depth - least, below[node.unit.id] if node.depth == cut else 0)
                 for node in rows[first : first + SHOWN]],
        "q": text, "under": top is not None, "trail": _trail(top, found) if top else [],
        "pager": _pager(number, len(rows)),
    }  # fmt: skip


def _cut(branch: Sequence[Node]) -> int:
    """How deep a page shows a branch: as many whole levels as it holds, and what is right below a single top."""
    if len(branch) <= SHOWN:
        return DEEPEST
    depth = branch[0].depth
    depth += sum(node.depth == depth for node in branch) == 1
    while sum(node.depth <= depth + 1 for node in branch) <= SHOWN:
        depth += 1
    return depth


def _below(found: Sequence[Node]) -> Mapping[int, int]:
    """How many units lie below each; the tree comes with each unit before those below it."""
    counts, above = dict[int, int](), list[Node]()
    for node in found:
        del above[node.depth :]
        for one in above:
            counts[one.unit.id] += 1
        counts[node.unit.id] = 0
        above.append(node)
    return counts


def _row(node: Node, depth: int, folded: int) -> dict[str, Any]:
    unit = node.unit
    return {
        "name": unit.name, "code": unit.code, "kind": KINDS.get(unit.kind, unit.kind), "marks": "　" * depth,
        "people": node.people, "below": node.people_below, "held": node.held_below, "folded": folded,
        "open_url": url_for("UnitsView.list", under=unit.id) if folded else "",
        "active": unit.active, "closes_on": unit.closes_on.isoformat() if unit.closes_on else "",
        "url": pages.url(OrgUnit.register, "show", pk=unit.id),
        "people_url": f"{pages.url(register_of(Employee), 'list')}?unit_id__eq={unit.id}",
        "move_url": url_for("UnitsView.move", pk=unit.id), "close_url": url_for("UnitsView.close", pk=unit.id),
        "reopen_url": url_for("UnitsView.reopen", pk=unit.id),
    }  # fmt: skip


def _trail(top: Node, found: Sequence[Node]) -> list[dict[str, str]]:
    """The way up from a branch, the whole tree first."""
    above = [node for node in found if top.unit.path.startswith(node.unit.path) and node is not top]
    return [{"label": node.unit.name, "url": url_for("UnitsView.list", under=node.unit.id)} for node in above]


def _pager(number: int, total: int) -> dict[str, Any] | None:
    if total <= SHOWN:
        return None
    kept: dict[str, Any] = {key: value for key, value in request.args.items() if key in ("q", "under")}

    def href(page: int) -> str:
        return url_for("UnitsView.list", **kept, page=page)

    first, last = (number - 1) * SHOWN + 1, min(number * SHOWN, total)
    return {
        "from": min(first, last), "to": last, "total": total, "pages": [],
        "prev_url": href(number - 1) if number > 1 else None, "next_url": href(number + 1) if last < total else None,
    }  # fmt: skip
