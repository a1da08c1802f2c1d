"""The tree of units with how many people and holdings each has, itself and all below; units are closed when empty."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core import clock, referring, saving
from app.core.db import session
from app.core.errors import Conflict, Problem
from app.core.wording import listed, phrases
from app.engines.people.models import Employee, Holding, OrgUnit
from app.engines.sweeps.registry import sweep


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


OpenCases = Callable[[Any], Mapping[str, int]]
_open_cases: OpenCases | None = None


def set_open_cases(function: OpenCases) -> None:
    """Tell this engine who knows the open cases of units: ``(query for unit ids) -> {label: count}``."""
    global _open_cases
    _open_cases = function


@referring.offers("org_unit")
def _offered() -> sa.ColumnElement[bool]:
    closed = sa.func.coalesce(OrgUnit.closes_on, dt.date.max)
    return OrgUnit.active & (closed > clock.today())


def close(unit: OrgUnit, first: dt.date | None = None) -> None:
    """Take a unit out of use from a day on, today unless another is named; its records stay, and name it as before.

    Raises ``Conflict`` while anything would be left in it by then, and cases at once.
    """
    first = first or clock.today()
    if found := left_in(unit, first):
        text = _("“%(unit)s” is still in use: %(what)s.", unit=unit.name, what=phrases(found))
        raise Conflict(Problem(text, "active", "in_use"))
    unit.closes_on, unit.active = first, first > clock.today()
    session.flush()


def left_in(unit: OrgUnit, first: dt.date) -> list[str]:
    """What would be left in a unit, or below it, on a day: units, people, holdings, and the open cases of today."""
    inside = sa.select(OrgUnit.id).where(OrgUnit.path.startswith(unit.path, autoescape=True))
    left = {
        _("units below"): sa.select(OrgUnit.id).where(OrgUnit.id.in_(inside), OrgUnit.id != unit.id, OrgUnit.active,
                                                   sa.func.coalesce(OrgUnit.closes_on, dt.date.max) > first),
        _("people"): sa.select(Employee.id).where(
            Employee.unit_id.in_(inside), Employee.active, sa.func.coalesce(Employee.leaves_on, first) >= first
        ),
        _("holdings"): sa.select(Holding.id).where(
            Holding.unit_id.in_(inside), sa.func.coalesce(Holding.valid_to, first) >= first
        ),
    }
    counts = [session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) for query in left.values()]
    found = [f"{what} {count}" for what, count in zip(left, counts, strict=True) if count]
    cases = _open_cases(inside) if _open_cases else {}
    open_ = listed(f"{label} {count}" for label, count in cases.items())
    return [*found, _("open: %(what)s", what=open_)] if open_ else found


@saving.check("org_unit")
def _stays_in_use(draft: saving.Draft) -> Iterator[Problem]:
    """A unit is not taken out of use past what is left in it, on whichever form."""
    unit = draft.whole.record
    if draft.values.get("active") is False and getattr(unit, "id", None) and (found := left_in(unit, clock.today())):
        text = _("“%(unit)s” is still in use: %(what)s.", unit=unit.name, what=phrases(found))
        yield Problem(text, "active", "in_use")


@sweep("people.close_units", title=_l("Close units whose day has come"), schedule="5 0 * * *")
def close_units(at: dt.datetime) -> dict[str, int]:
    """Take units out of use on their day; one in which something is left after all stays in use and is counted."""
    today = clock.to_local(at).date()
    due = session.scalars(sa.select(OrgUnit).where(OrgUnit.active, OrgUnit.closes_on <= today)).all()
    empty = [unit for unit in sorted(due, key=lambda one: -len(one.path)) if not left_in(unit, today)]
    for unit in empty:
        unit.active = False
    session.flush()
    return {"hit": len(empty), "skipped": len(due) - len(empty)}


def reopen(unit: OrgUnit) -> None:
    """Take a unit into use again; the one above must be in use."""
    above = session.get(OrgUnit, unit.parent_id) if unit.parent_id else None
    if above is not None and not above.active:
        raise Conflict(Problem(_("“%(unit)s” is not in use itself.", unit=above.name), "active", "parent"))
    unit.active, unit.closes_on = True, None
    session.flush()
