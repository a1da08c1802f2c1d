"""Lists of visits by what the customer answered, however the policy asks: yes or no, or in four steps."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.sql import ColumnElement

from app.areas.visits.visit import Visit
from app.core.narrowing import narrowing
from app.core.register import Register
from app.core.wording import listed

ANSWER = "answer"
ANSWERS = {"satisfied": _l("Satisfied"), "fair": _l("Neutral"), "dissatisfied": _l("Dissatisfied")}


def answered(key: str) -> ColumnElement[bool]:
    """Visits with this answer; the four steps of a policy come before its yes or no."""
    table: Any = Visit.__table__
    steps = {"satisfied": ("very", "yes"), "fair": ("fair",), "dissatisfied": ("no",)}[key]
    found: ColumnElement[bool] = table.c.rating.in_(steps)
    if key == "fair":
        return found
    plain = table.c.satisfied.is_(sa.true() if key == "satisfied" else sa.false())
    return sa.or_(found, sa.and_(table.c.rating.is_(None), plain))


def _words(value: str) -> str:
    if value not in ANSWERS:
        known = listed(ANSWERS)
        raise ValueError(_("“%(value)s” is not one of: %(known)s.", value=value[:40], known=known))
    return str(ANSWERS[value])


@narrowing(ANSWER, label=_l("Answer"), applies=lambda register: register.slug == "visit", words=_words)
def _by_answer(_register: Register, value: str) -> ColumnElement[bool]:
    return answered(value)
