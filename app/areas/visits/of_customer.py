"""What the page of a customer shows of visits: the latest one and what came of it."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.customers.operations import Overview, on_customer
from app.areas.visits.visit import RATINGS, Visit
from app.core import access, pages, values
from app.core.register import registers
from app.core.together import MY_TURN, Rows, Talk


def latest(built: Overview) -> Talk:
    """When the customer was visited last, within the reader's reach, and how satisfied it was; nothing without one."""
    register = registers()["visit"]
    if not access.current().can("visit", "read"):
        return
    mine = sa.select(Visit.id, Visit.visited_at, Visit.rating).where(
        Visit.customer_id == built.customer.id, Visit.visited_at.is_not(None), access.rows(register)
    )
    [rows] = yield Rows([mine.order_by(Visit.visited_at.desc()).limit(1)])
    yield MY_TURN
    for row in rows:
        hint = str(RATINGS.get(row.rating, "")) if row.rating else ""
        shown = values.short(row.visited_at)
        built.figure(_("Latest visit"), shown, hint=hint, url=pages.url(register, "show", pk=row.id))


on_customer(latest, order=30)
