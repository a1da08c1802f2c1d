"""What waits, what is late, what is due and what is mine: one page to start the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import redirect, render_template, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from app.core import access, clock, moves, pages, values
from app.core.access import Access
from app.core.db import session
from app.core.register import Register, registers
from app.core.screen import Screen
from app.engines.deadlines import pages as clocks
from app.engines.deadlines.models import OPEN, DeadlineClock
from app.engines.notifications import operations as notifications

ROWS = 8
WEEK = dt.timedelta(days=7)
_clock = DeadlineClock.__table__


class WorkbenchView(Screen):
    """The first page after signing in."""

    route_base = ""
    default_view = "index"
    endpoint = "IndexView"
    everyone = True
    menu_label, menu_icon, menu_order = _l("Workbench"), "layout-dashboard", 0

    @expose("/")
    def index(self) -> str | Response:
        """The workbench; visitors sign in first."""
        if not current_user.is_authenticated:
            return redirect(url_for("LoginView.login"))
        return render_template("workbench.html", page=_page(access.current()))


def _page(person: Access) -> dict[str, Any]:
    register = registers()["complaint"]
    late, today = _due(register, None, clock.now()), _due(register, clock.now(), _end_of_day())
    week = _due(register, clock.now(), clock.now() + WEEK)
    mine = _mine(register, person)
    here = pages.url(register, "list") if person.can("complaint", "read") else ""
    return {
        "subtitle": "",
        "actions": _actions(register, person),
        "tiles": [
            _tile(_("Late"), len(late), "late" if late else "", here),
            _tile(_("Due today"), len(today), "warn" if today else "", here),
            _tile(_("Due within seven days"), len(week), "", here),
            _tile(_("My cases"), len(mine), "", here),
        ],
        "approvals": None,
        "late": {"url": here, "rows": [_late_row(register, row) for row in _cases(register, [*late, *today][:ROWS])]},
        "mine": {
            "total_text": "",
            "url": here,
            "rows": [_my_row(register, row) for row in _cases(register, mine[:ROWS])],
        },
        "due": [],
        "holders": None,
        "notices": _notices(person),
    }


def _tile(label: str, count: int, tone: str, url: str) -> dict[str, Any]:
    shown = f"{count}+" if count >= LIMIT else count
    return {"label": label, "value": shown, "unit": "", "tone": tone, "sub": "", "url": url}


LIMIT = 200


def _end_of_day() -> dt.datetime:
    return clock.from_local(dt.datetime.combine(clock.today(), dt.time.max))


def _due(register: Register, first: dt.datetime | None, last: dt.datetime) -> list[int]:
    """Ids of cases in reach with an open clock due between two instants, the earliest first."""
    seen = sa.select(register.model.__table__.c.id).where(access.rows(register))
    query = sa.select(_clock.c.record_id, sa.func.min(_clock.c.due_at)).where(
        _clock.c.of_register == register.slug,
        _clock.c.status.in_(OPEN),
        _clock.c.due_at <= last,
        _clock.c.record_id.in_(seen),
    )
    if first is not None:
        query = query.where(_clock.c.due_at > first)
    grouped = query.group_by(_clock.c.record_id).order_by(sa.func.min(_clock.c.due_at)).limit(LIMIT)
    return [int(row[0]) for row in session.execute(grouped)]


def _mine(register: Register, person: Access) -> list[int]:
    table = register.model.__table__
    held = [post.code for post in person.posts]
    units = [post.unit_id for post in person.posts]
    own = sa.or_(
        table.c.owner_id == (person.employee_id or 0),
        sa.and_(table.c.holder_post.in_(held), table.c.holder_unit_id.in_(units)),
    )
    query = sa.select(table.c.id).where(own, table.c.closed_at.is_(None), access.rows(register))
    return list(session.scalars(query.order_by(table.c.id.desc()).limit(LIMIT)))


def _cases(register: Register, ids: Sequence[int]) -> list[Any]:
    found = {row.id: row for row in session.scalars(sa.select(register.model).where(register.model.id.in_(ids)))}
    return [found[key] for key in ids if key in found]


def _row(register: Register, record: Any) -> dict[str, Any]:
    names = values.names_of([("customer", record.customer_id), ("org_unit", record.holder_unit_id)])
    life = moves.lifecycle_of(record)
    state = life.states[record.status].label if life else record.status
    return {
        "id": record.form_no or f"#{record.id}",
        "url": pages.url(register, "show", pk=record.id),
        "who": names.get(("customer", record.customer_id), ""),
        "what": record.title,
        "step": state,
        "now": state,
        "holder": names.get(("org_unit", record.holder_unit_id), ""),
        "clock": clocks.cell(clocks.most_urgent(register.slug, record.id)),
        "steps": [],
        "urged": "",
    }


def _late_row(register: Register, record: Any) -> dict[str, Any]:
    return _row(register, record)


def _my_row(register: Register, record: Any) -> dict[str, Any]:
    return _row(register, record)


def _actions(register: Register, person: Access) -> list[dict[str, Any]]:
    if not person.can(register.slug, "write"):
        return []
    label = _("Add %(register)s", register=register.label)
    return [{"label": label, "url": pages.url(register, "add"), "icon": "plus", "primary": True}]


def _notices(person: Access) -> list[dict[str, Any]]:
    if person.employee_id is None:
        return []
    return [
        {
            "tone": "mute" if notice.read else "info",
            "when": values.short(notice.at),
            "what": notice.sentence,
            "url": notice.url,
            "sub": notice.clause,
        }
        for notice in notifications.notices(person.employee_id, limit=ROWS)
    ]
