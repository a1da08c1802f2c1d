"""What the page of a customer shows of complaints: how many are open and late, and the latest with their clocks."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from markupsafe import Markup

from app.areas.complaints.complaint import Complaint
from app.areas.customers.operations import Overview, on_customer
from app.core import access, clock, pages, query, values
from app.core.pages import list_columns
from app.core.pages.lists import lives_of
from app.core.register import registers
from app.core.together import MY_TURN, Rows, Talk
from app.core.wording import aside
from app.engines.deadlines import narrowing as by_clock
from app.engines.deadlines import pages as clocks
from app.engines.policy import stages
from app.engines.policy.operations import packs_of

LATEST, YEAR = 5, dt.timedelta(days=365)
NOWRAP = Markup('<span class="kz-num">{}</span>')
COLUMNS = ("number", "title", "status", "claimed_amount", "accepted_at", "created_at")


def complaints(built: Overview) -> Talk:
    """Figures, and a card where there are some, within the reader's reach."""
    register = registers()["complaint"]
    if not access.current().can("complaint", "read"):
        return
    names = [*COLUMNS, *list_columns(register)]
    latest = query.first_of(register, "customer_id", built.customer.id, LATEST, names)
    governed = any("complaint" in pack.cases for pack in packs_of(built.customer.unit_id))
    rows, *counted = yield Rows([latest, *([_counts(built)] if governed else [])])
    yield MY_TURN
    for [numbers] in counted:
        _figures(built, *numbers)
    if not rows:
        return
    total = next((tab["count"] for tab in built.page.tabs if tab["key"] == "complaint"), 0)
    lives, running = lives_of(register, rows), clocks.urgent_for("complaint", [row.id for row in rows])
    table = {"columns": _heads(), "rows": [{"cells": _cells(row, lives[row.id], running.get(row.id))} for row in rows]}
    aside = _("%(shown)s of %(count)s", shown=len(rows), count=total) if total > len(rows) else ""
    built.main.append({"title": _("Latest complaints"), "clause": "", "aside": aside, "table": table})


def _counts(built: Overview) -> sa.Select[Any]:
    """Open, late and of a year."""
    register, table = registers()["complaint"], Complaint.__table__
    mine = [table.c.customer_id == built.customer.id, access.rows(register)]
    conditions = (stages.in_hand(register), by_clock.late(register), table.c.created_at >= clock.now() - YEAR)
    counts = [sa.select(sa.func.count()).select_from(table).where(*mine, one).scalar_subquery() for one in conditions]
    return sa.select(*(count.label(f"number_{at}") for at, count in enumerate(counts)))


def _figures(built: Overview, open_: int, late: int, year: int) -> None:
    here = pages.url(registers()["complaint"], "list", customer_id=built.customer.id)
    hint = _("%(count)s late", count=late) if late else ""
    built.figure(_("Open complaints"), open_, hint=hint, tone="late" if late else "", url=f"{here}&stage=open")
    built.figure(_("Complaints in 12 months"), year, url=here)


def _heads() -> list[dict[str, Any]]:
    fields = registers()["complaint"].fields
    named = [(fields[name].label, fields[name].kind.align) for name in ("number", "title", "status")]
    amount = (aside(fields["claimed_amount"].label, fields["claimed_amount"].unit), "end")
    heads = [*named, (_("Time left"), ""), amount, (_("Registered"), "")]
    return [{"label": label, "align": align} for label, align in heads]


def _cells(row: Any, life: Any, running: Any) -> list[Any]:
    fields = registers()["complaint"].fields
    number = pages.link("complaint", row.id, row.number or _("No number yet"))
    day = clock.to_local(row.accepted_at or row.created_at).date()
    shown = [values.html(fields[name], getattr(row, name), {}, life) for name in ("title", "status")]
    amount = values.html(fields["claimed_amount"], row.claimed_amount, {})
    return [NOWRAP.format(number), *shown, clocks.cell(running), amount, NOWRAP.format(values.short(day))]


on_customer(complaints, order=20)
