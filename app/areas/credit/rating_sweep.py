"""Every customer is judged each night, many at a time; nothing is written of those whose class stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.areas.credit import ratings
from app.areas.customers.operations import Customer
from app.core import clock
from app.core.db import session
from app.engines.deadlines.recurring import adoptions
from app.engines.people import operations as people
from app.engines.people.models import OrgUnit
from app.engines.sweeps.registry import Batch, sweep

BATCH = 1000
TRADING = ("buyer", "partner")
GONE = ("closed", "lost")


@sweep("credit.ratings", title=_l("Credit ratings: judge every customer by the facts of the day"), schedule="0 1 * * *")
def rate_everybody(at: dt.datetime) -> Iterator[Batch]:
    """Judge every trading customer of the units whose policy rates; only changed classes are written."""
    day = clock.to_local(at).date()
    for adopter_id, code in adoptions():
        table = ratings.table_of(adopter_id, code, day)
        if table is None:
            continue
        after = 0
        while ids := _next(adopter_id, after):
            changed = ratings.rate(table, ids, day)
            after = ids[-1]
            yield Batch({"checked": len(ids), "hit": len(changed)}, [_finding(key, adopter_id) for key in changed[:5]])


def _next(adopter_id: int, after: int) -> Sequence[int]:
    """The next customers of a unit and those below it, in the order of their ids."""
    row = Customer
    below = sa.select(OrgUnit.id).where(OrgUnit.path.startswith(people.path_of(adopter_id), autoescape=True))
    found = sa.select(row.id).where(row.id > after, row.unit_id.in_(below), row.side.in_(TRADING),
                                    sa.or_(row.standing.is_(None), row.standing.not_in(GONE)))  # fmt: skip
    return session.scalars(found.order_by(row.id).limit(BATCH)).all()


def _finding(customer_id: int, adopter_id: int) -> dict[str, object]:
    return {"case": f"customer {customer_id}", "url": f"/customer/{customer_id}", "unit": adopter_id}
