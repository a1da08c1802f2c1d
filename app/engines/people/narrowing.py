"""Lists by the unit that holds the rows: exactly one, or one with everything below it."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.sql import ColumnElement

from app.core import reading
from app.core.db import session
from app.core.kinds import LARGEST
from app.core.narrowing import narrowing
from app.core.register import Register
from app.engines.people.models import OrgUnit

WITHIN, AT_UNIT = "within", "at_unit"


def _held_in_units(register: Register) -> bool:
    return "unit_id" in register.model.__table__.c


def _words(value: str) -> str:
    number = reading.number(value)
    known = number is not None and 0 < number < LARGEST
    name = session.scalar(sa.select(OrgUnit.name).where(OrgUnit.id == number)) if known else None
    if name is None:
        raise ValueError(_("There is no unit “%(value)s”.", value=value[:40]))
    return str(name)


def below(column: ColumnElement[int], unit_id: int) -> ColumnElement[bool]:
    """Rows whose column names a unit or one below it."""
    top = sa.select(OrgUnit.path).where(OrgUnit.id == unit_id).scalar_subquery()
    return column.in_(sa.select(OrgUnit.id).where(OrgUnit.path.startswith(top)))


@narrowing(WITHIN, label=_l("Unit and below"), applies=_held_in_units, words=_words)
def _by_branch(register: Register, value: str) -> ColumnElement[bool]:
    return below(register.model.__table__.c.unit_id, int(value))


@narrowing(AT_UNIT, label=_l("Unit"), applies=_held_in_units, words=_words)
def _by_unit(register: Register, value: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = register.model.__table__.c.unit_id == int(value)
    return found
