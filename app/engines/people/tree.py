"""The tree of units with how many people and holdings each has, itself and all below; units are closed when empty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import clock
from app.core.db import session
from app.core.errors import Conflict, Problem
from app.engines.people.models import Employee, Holding, OrgUnit


@dataclass
class Node:
    """One unit: how deep it lies, and its people and holdings, alone and with all below."""

    unit: OrgUnit
    depth: int
    people: int
    held: int
    people_below: int = 0
    held_below: int = 0


def nodes() -> list[Node]:
    """Every unit below its parent, by code; three statements however many there are."""
    units = session.scalars(sa.select(OrgUnit).order_by(OrgUnit.code)).all()
    people, held = _count(Employee, Employee.active.is_(True)), _count(Holding, Holding.holds_on(clock.today()))
    below: dict[int | None, list[OrgUnit]] = {}
    for unit in units:
        below.setdefault(unit.parent_id, []).append(unit)

    def walk(parent: int | None, depth: int) -> Iterator[Node]:
        for unit in below.get(parent, ()):
            node = Node(unit, depth, people.get(unit.id, 0), held.get(unit.id, 0))
            under = list(walk(unit.id, depth + 1))
            direct = [one for one in under if one.depth == depth + 1]
            node.people_below = node.people + sum(one.people_below for one in direct)
            node.held_below = node.held + sum(one.held_below for one in direct)
            yield node
            yield from under

    return list(walk(None, 0))


def _count(model: type[Employee] | type[Holding], which: sa.ColumnElement[bool]) -> dict[int, int]:
    query = sa.select(model.unit_id, sa.func.count(sa.distinct(model.id))).where(which).group_by(model.unit_id)
    return {row[0]: row[1] for row in session.execute(query)}


def close(unit: OrgUnit) -> None:
    """Take a unit out of use, from today on; its records stay. Raises ``Conflict`` while anything is left in it."""
    inside = sa.select(OrgUnit.id).where(OrgUnit.path.startswith(unit.path, autoescape=True))
    left = {
        _("units below"): sa.select(OrgUnit.id).where(OrgUnit.id.in_(inside), OrgUnit.id != unit.id, OrgUnit.active),
        _("people"): sa.select(Employee.id).where(Employee.unit_id.in_(inside), Employee.active),
        _("holdings"): sa.select(Holding.id).where(
            Holding.unit_id.in_(inside), sa.func.coalesce(Holding.valid_to, clock.today()) >= clock.today()
        ),
    }
    counts = [session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) for query in left.values()]
    found = [f"{what} {count}" for what, count in zip(left, counts, strict=True) if count]
    if found:
        text = _("“%(unit)s” is still in use: %(what)s.", unit=unit.name, what="、".join(found))
        raise Conflict(Problem(text, "active", "in_use"))
    unit.active = False
    session.flush()


def reopen(unit: OrgUnit) -> None:
    """Take a unit into use again; the one above must be in use."""
    above = session.get(OrgUnit, unit.parent_id) if unit.parent_id else None
    if above is not None and not above.active:
        raise Conflict(Problem(_("“%(unit)s” is not in use itself.", unit=above.name), "active", "parent"))
    unit.active = True
    session.flush()
