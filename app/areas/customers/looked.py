"""Who looked at a customer's personal data, on its page, for whoever may read the log."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from markupsafe import Markup

from app.areas.customers.customer import Customer
from app.areas.customers.customer_profile import CustomerProfile
from app.areas.customers.overview import Overview, on_customer
from app.core import access, pages, values
from app.core.fragments import fragment
from app.core.register import registers
from app.core.together import MY_TURN, Rows, Talk
from app.engines.people import operations as people
from app.engines.privacy.models import ACTS, BASES, AccessLog

LATEST = 6
LOG = AccessLog.__tablename__
LINK = Markup('<a href="{}">{}</a>')


def who_looked(built: Overview) -> Talk:
    """The latest looks at the file and at the volume of personal data: who, when, on what ground, or refused."""
    if not access.current().can(LOG, "read"):
        return
    table = AccessLog.__table__
    volumes = sa.select(CustomerProfile.id).where(CustomerProfile.customer_id == built.customer.id)
    about = sa.or_(
        sa.and_(table.c.of_register == Customer.__tablename__, table.c.record_id == built.customer.id),
        sa.and_(table.c.of_register == CustomerProfile.__tablename__, table.c.record_id.in_(volumes)),
    )
    columns = ("id", "at", "account_id", "act", "field", "granted", "basis", "request_no", "reason", "of_register")
    who = people.name_of_account(table.c.account_id).label("who")
    query = sa.select(*(table.c[name] for name in columns), who).where(about, access.rows(registers()[LOG]))
    [rows] = yield Rows([query.order_by(table.c.at.desc(), table.c.id.desc()).limit(LATEST)])
    yield MY_TURN
    html = fragment("customers/_looked.html", rows=[_line(row) for row in rows]) if rows else ""
    url = pages.url(registers()[LOG], "list", of_register=Customer.__tablename__)
    built.side.append({"title": _("Who looked"), "clause": "", "aside": LINK.format(url, _("Access log")), "html": html,
                       "blank": _("Nobody unmasked anything yet")})  # fmt: skip


def _line(row: Any) -> dict[str, Any]:
    register = registers()[row.of_register]
    spec = register.fields.get(row.field or "")
    what = spec.label if spec else register.label
    ground = row.request_no or (str(BASES[row.basis]) if row.basis else row.reason)
    return {
        "who": row.who or "—", "at": values.short(row.at), "act": str(ACTS[row.act]),
        "what": what, "ground": ground, "refused": row.granted is False,
    }  # fmt: skip


on_customer(who_looked, order=60)
