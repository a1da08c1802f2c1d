"""What the page of a customer shows of contacts: the latest one that reached it."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _

from app.areas.customers.contact_log import MEANS, ContactLog
from app.areas.customers.overview import Overview, on_customer
from app.core import access, pages, values
from app.core.register import registers
from app.core.together import MY_TURN, Rows, Talk

REACHED = "reached"


def latest(built: Overview) -> Talk:
    """When somebody last spoke with the customer, within the reader's reach, and by what; nothing without one."""
    register = registers()["contact_log"]
    if not access.current().can("contact_log", "read"):
        return
    mine = sa.select(ContactLog.id, ContactLog.contacted_at, ContactLog.means).where(
        ContactLog.customer_id == built.customer.id, ContactLog.outcome == REACHED, access.rows(register)
    )
    [rows] = yield Rows([mine.order_by(ContactLog.contacted_at.desc()).limit(1)])
    yield MY_TURN
    for row in rows:
        shown, url = values.short(row.contacted_at), pages.url(register, "show", pk=row.id)
        built.figure(_("Latest contact"), shown, hint=str(MEANS[row.means]), url=url)


on_customer(latest, order=35)
