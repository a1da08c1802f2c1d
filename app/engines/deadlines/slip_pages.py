"""Slips on screens and on paper: their text with its clause, on their own page and on that of the case."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from app.core import access, clock, forms, pages, printing, values
from app.core.db import session
from app.core.pages import ShowPage, link
from app.core.printing import PrintPage
from app.core.together import Names, Talk
from app.core.wording import N_, counted
from app.engines.deadlines import operations, slips
from app.engines.deadlines.models import DeadlineClock
from app.engines.deadlines.slip import KINDS, LIFE, PROPOSED, WAITING, UrgeSlip

SLUG = UrgeSlip.__tablename__
TENTH = Decimal("0.1")


def text_of(slip: UrgeSlip) -> str:
    """What the slip says, by the pack's wording, in the reader's language."""
    row = session.get_one(DeadlineClock, slip.clock_id)
    said = {
        "case": slip.case_title,
        "step": str(row.label),
        "due": clock.to_local(slip.due_at).strftime("%Y-%m-%d %H:%M"),
        "late": late_words(row, slip),
    }
    return str(slips.spec_of(slip).body) % said


def late_words(row: DeadlineClock, slip: UrgeSlip) -> str:
    """How late the step was when the slip was made, in working days and hours by the policy's calendar."""
    until = slip.due_at + dt.timedelta(minutes=slip.overdue_minutes)
    days = operations.working_calendar(row).working_days_between(slip.due_at, until).quantize(TENTH)
    if days:
        return counted(f"{days.normalize():f}", N_("1 working day"), N_("%(number)s working days"))
    return counted(slip.overdue_minutes, N_("1 minute"), N_("%(number)s minutes"))


def show_slip(page: ShowPage) -> None:
    """The slip's own page: what it says, and the way to its case."""
    slip: Any = page.record
    if page.whole.register.slug != SLUG:
        return
    spec = slips.spec_of(slip)
    page.header["title"] = link(slip.of_register, slip.record_id, slip.case_title)
    html = Markup('<div class="kz-why kz-pre">{}</div>').format(text_of(slip))
    page.insert(0, str(spec.label), html, forms.clause_link(_policy(slip), spec.clause))


def _policy(slip: UrgeSlip) -> str:
    return slip.slip_key.partition(".")[0]


def show_slips(page: ShowPage) -> Talk:
    """The page of a case: a tab with its slips, and a note while one waits for the person's answer."""
    if not page.whole.register.from_pack:
        return
    about = slips.slips_of(page.whole.register.slug, page.record.id)
    found = [slip for slip in about if slip.status != PROPOSED or access.may(slip, "read")]
    if not found:
        return
    names = yield Names([pair for slip in found
                         for pair in (("org_unit", slip.unit_id), ("deadline_clock", slip.clock_id))])  # fmt: skip
    person = access.current()
    for slip in found:
        if slip.status in WAITING and slips.answers(slip, person):
            asked = Markup("{} {}").format(_("A slip awaits your answer:"), link(SLUG, slip.id, slip.slip_no))
            page.notes.append({"tone": "late", "text": asked})
    page.tabs.append({"key": "slips", "label": _("Slips"), "count": len(found), "table": _table(found, names)})


def _table(found: list[UrgeSlip], names: values.Names) -> dict[str, Any]:
    heads = (_("Slip"), _("Kind"), _("Step"), _("Unit"), _("Issued"), _("State"), _("Reason and answer"))
    sees = access.current().can(SLUG, "read")
    rows = [
        {
            "cells": [
                link(SLUG, slip.id, slip.slip_no) if sees else slip.slip_no,
                str(KINDS[slip.kind]),
                names.get(("deadline_clock", slip.clock_id), ""),
                names.get(("org_unit", slip.unit_id), ""),
                values.short(slip.issued_at) if slip.issued_at else values.DASH,
                values.badge(LIFE, slip.status),
                slip.reply or values.DASH,
            ]
        }
        for slip in found
    ]
    return {"columns": [{"label": head} for head in heads], "rows": rows}


def print_slip(page: PrintPage) -> None:
    """The slip on paper: called by its kind, with its text and clause."""
    slip: Any = page.whole.record
    if page.whole.register.slug != SLUG:
        return
    spec = slips.spec_of(slip)
    page.title = str(spec.label)
    page.sections.insert(0, {"title": "", "html": Markup("<p>{}</p>").format(text_of(slip))})
    page.remarks.append(f"{_policy(slip)} {spec.clause}")


pages.on_show(show_slip, order=12)
pages.on_show(show_slips, order=13)
printing.on_print(print_slip, order=20)
