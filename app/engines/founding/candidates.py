"""Who might hold a post, and where: looked up a page at a time, whatever the size of the company."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.db import session
from app.core.errors import NotFound
from app.engines.people import catalogue
from app.engines.people.models import Employee, Holding, OrgUnit

SIZE, LAST_PAGE = 20, 50


def people(post: str, unit_id: int, text: str, page: int) -> tuple[list[Any], bool]:
    """Who works in a unit or below and fits the text, those with the role behind the post first; and whether more do.

    A row: id, name, number, unit, fits. Raises ``NotFound``.
    """
    role, path = catalogue.role_of_post().get(post, ""), _path(unit_id)
    held = sa.exists().where(Holding.owner_id == Employee.id, Holding.role == role, Holding.holds_on(clock.today()))
    fits = sa.case((held, 1), else_=0).label("fits")
    query = sa.select(Employee.id, Employee.name, Employee.number, OrgUnit.name.label("unit"), fits)
    query = query.join(OrgUnit, OrgUnit.id == Employee.unit_id)
    query = query.where(Employee.active, OrgUnit.path.startswith(path, autoescape=True))
    if text:
        query = query.where(sa.or_(Employee.name.contains(text, autoescape=True), Employee.number.startswith(
            text, autoescape=True)))  # fmt: skip
    return _page(query.order_by(fits.desc(), OrgUnit.path, Employee.number), page)


def units(unit_id: int, text: str, page: int) -> tuple[list[Any], bool]:
    """The unit and those below it that fit the text: id, name, code; and whether there are more. As ``people``."""
    query = sa.select(OrgUnit.id, OrgUnit.name, OrgUnit.code)
    query = query.where(OrgUnit.path.startswith(_path(unit_id), autoescape=True))
    if text:
        named, coded = OrgUnit.name.contains(text, autoescape=True), OrgUnit.code.startswith(text, autoescape=True)
        query = query.where(sa.or_(named, coded))
    return _page(query.order_by(OrgUnit.path), page)


def _path(unit_id: int) -> str:
    unit = session.get(OrgUnit, unit_id)
    if unit is None:
        raise NotFound()
    return unit.path


def _page(query: Any, page: int) -> tuple[list[Any], bool]:
    rows = list(session.execute(query.offset((page - 1) * SIZE).limit(SIZE + 1)))
    return rows[:SIZE], len(rows) > SIZE
