"""Where a new row begins: its unit and, for a case, the start of its policy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import access, moves
from app.core.db import session
from app.core.errors import Refusal
from app.core.lifecycle import Lifecycle
from app.core.origin import where_begins
from app.core.register import OWNED, Register, registers
from app.core.whole import Whole


def home_unit(register: Register) -> int:
    """The unit a new row belongs to: that of the holding which lets the person write; a case needs one that has a
    policy for it.
    """
    reaches = access.current().reaches(register.guarded_by, "write")
    units = sorted(reach.unit_id for reach in reaches if reach.unit_id)
    if not units:
        unit = registers()["org_unit"].model.__table__
        units = list(session.scalars(sa.select(unit.c.id).where(unit.c.parent_id.is_(None)).order_by(unit.c.id)))
    if not units:
        raise Refusal(_("There is no unit yet; an administrator sets up the units first."))
    if len(units) > 1 and register.from_pack:
        return next(iter(where_begins(register, units)), units[0])
    return units[0]


def start(register: Register, policy: str | None = None, unit_id: int | None = None) -> tuple[Whole, Lifecycle | None]:
    """An empty row, placed in its unit and, for a case, at the start of its policy."""
    access.require(register.guarded_by, "write")
    record: Any = register.model(**_defaults(register))
    if register.scope == OWNED:
        record.unit_id, record.owner_id = unit_id or home_unit(register), access.current().employee_id
    if not register.from_pack:
        if register.lifecycle:
            record.status = register.lifecycle.start
        return Whole(record), register.lifecycle
    begin = moves.begin(register, record.unit_id, policy)
    record.policy, record.pack_version_id, record.adopter_id = begin.policy, begin.pack_version_id, begin.adopter_id
    record.status = begin.start
    life = moves.lifecycle_of(record)
    whole = moves.whole_under(record, life)
    for name, offered in whole.offers.items():
        if whole.get(name) not in (None, *offered):
            whole.update({name: next(iter(offered))})
    return whole, life


def beginnings(register: Register, policy: str | None = None) -> Callable[[], tuple[Whole, Lifecycle | None]]:
    """What ``start`` gives, again and again; where no pack decides, the unit is looked up once."""
    if register.from_pack:
        return lambda: start(register, policy)
    first, life = start(register, policy)
    begun = {name: value for name, value in vars(first.record).items() if not name.startswith("_")}
    return lambda: (Whole(register.model(**begun)), life)


def _defaults(register: Register) -> dict[str, Any]:
    """What the form of a new row proposes: the plain defaults of its columns."""
    columns = register.model.__table__.c
    given = {name: columns[name].default for name in register.writable if name in columns}
    return {name: found.arg for name, found in given.items() if found is not None and found.is_scalar}
