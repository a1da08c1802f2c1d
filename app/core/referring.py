"""Which rows of a register may be newly referred to; whoever refers to others already keeps them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import access
from app.core.errors import BadRequest, Problem
from app.core.register import OWNED, Register, registers

Offer = Callable[[], sa.ColumnElement[bool]]
PLACES = ("unit_id", "unit_ids")
_offers: dict[str, Offer] = {}


def offers(slug: str) -> Callable[[Offer], Offer]:
    """Say which rows of a register are still offered, as SQL."""

    def keep(function: Offer) -> Offer:
        _offers[slug] = function
        return function

    return keep


def offered(register: Register, past: bool = False) -> Any:
    """Rows that are still offered; of most registers all, and of each with ``past``."""
    return _offers[register.slug]() if register.slug in _offers and not past else sa.true()


def place_of(register: Register, name: str) -> str:
    """For a field that says where a row belongs: the register whose writers reach only some units."""
    return register.slug if name in PLACES and register.scope == OWNED else ""


def within_reach(slug: str) -> Any:
    """Units in which the person may write rows of a register, as SQL over the table of units."""
    if slug not in registers():
        raise BadRequest(Problem(_("“%(value)s” is not one of the choices.", value=slug[:40]), "for", "choice"))
    table = registers()["org_unit"].model.__table__
    reaches = access.current().reaches(slug, "write")
    if any(reach.scope == access.ALL for reach in reaches):
        return sa.true()
    own = [table.c.id == reach.unit_id for reach in reaches if reach.scope == access.OWN]
    below = [table.c.id.in_(access.units(reach)) for reach in reaches if reach.scope != access.OWN]
    return sa.or_(sa.false(), *own, *below)
