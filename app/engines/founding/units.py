"""Units out of a typed or pasted tree: what each line will become, and saving them as their form would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import saving
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.register import registers
from app.engines.exchange.cells import labels_of
from app.engines.founding import calc
from app.engines.people.models import KINDS, OrgUnit

LONGEST = 40_000


@dataclass(frozen=True)
class Planned:
    """A line of the tree with the code it will have, and the unit that it is already."""

    node: calc.Node
    code: str
    unit_id: int | None


def plan(text: str) -> list[Planned]:
    """What a tree will become; raises ``Refusal`` with every fault by its line."""
    if len(text) > LONGEST:
        raise Refusal(Problem(_("The text is longer than %(size)s characters.", size=LONGEST), "tree", "size"))
    kinds = {word.casefold(): key for key, label in KINDS.items() for word in (key, *labels_of(label))}
    nodes, problems = calc.read_units(text, kinds)
    Refusal.when(problems)
    known = list(session.execute(sa.select(OrgUnit.id, OrgUnit.code, OrgUnit.name, OrgUnit.parent_id)))
    there = _there(nodes, known)
    taken = {at: row.code for at, row in there.items()}
    codes = list(calc.codes_of(nodes, taken, {row.code for row in known}))
    Refusal.when(_too_long(nodes, codes))
    return [Planned(node, codes[at], there[at].id if at in there else None) for at, node in enumerate(nodes)]


def _there(nodes: list[calc.Node], known: list[Any]) -> dict[int, Any]:
    """The unit behind a line, by its place: the one with its code, else the one of its name in the same place."""
    by_code = {row.code: row for row in known}
    by_name = {(row.parent_id, row.name): row for row in known}
    found: dict[int, Any] = {}
    for at, node in enumerate(nodes):
        if node.code:
            row = by_code.get(node.code)
        elif node.above is None or node.above in found:
            row = by_name.get((found[node.above].id if node.above is not None else None, node.name))
        else:
            row = None
        if row is not None:
            found[at] = row
    return found


def _too_long(nodes: list[calc.Node], codes: list[str]) -> list[Problem]:
    text = _("the code has more than 40 characters.")
    return [
        Problem(_("Line %(number)s: %(why)s", number=node.line, why=text), "tree", "size")
        for node, code in zip(nodes, codes, strict=True) if len(code) > 40
    ]


def save(text: str) -> int:
    """Make the units of a tree that are not there yet; how many. All or none."""
    ids: dict[int, int] = {}
    planned = plan(text)
    for at, one in enumerate(planned):
        if one.unit_id is None:
            raw: dict[str, Any] = {"code": one.code, "name": one.node.name, "kind": one.node.kind}
            if one.node.above is not None:
                raw["parent_id"] = ids[one.node.above]
            ids[at] = saving.create(registers()["org_unit"], raw).record.id
        else:
            ids[at] = one.unit_id
    return sum(one.unit_id is None for one in planned)
