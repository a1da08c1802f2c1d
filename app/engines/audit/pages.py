"""The course of a case beside its page: who did what and when, the newest first."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask_babel import gettext as _

from app.core import clock, pages, values
from app.core.fieldspec import FieldSpec
from app.core.pages import ShowPage
from app.engines.audit import operations
from app.engines.audit.operations import Entry

SHOWN = 40
TONES = {"create": "mute", "move": "ok", "act": "hold", "update": "info", "delete": "late"}


def show_course(page: ShowPage) -> None:
    """The timeline of a record, one entry per act."""
    if not page.whole.register.log:
        return
    entries = operations.history(page.whole.register.guarded_by, page.record.id)
    acts = [list(same) for _act, same in groupby(entries, key=lambda entry: entry.act)]
    page.timeline.extend(_line(page, act) for act in reversed(acts[-SHOWN:]))


def _line(page: ShowPage, act: list[Entry]) -> dict[str, Any]:
    told = next((entry for entry in act if entry.sentence), act[0])
    who = told.who or _("the system")
    besides = dict.fromkeys(entry.sentence for entry in act if entry.sentence and entry is not told)
    what = told.sentence or (_("Recorded") if told.kind == "create" else _("Changed"))
    return {
        "tone": TONES.get(told.kind, "info"), "when": values.short(told.at),
        "when_exact": clock.to_local(told.at).strftime("%Y-%m-%d %H:%M:%S"), "what": f"{who} · {what}",
        "sub": " · ".join(filter(None, (*besides, _fields(page, act)))), "quote": told.reason,
    }


def _fields(page: ShowPage, act: list[Entry]) -> str:
    """The labels of what was written, without the stamps that every change brings."""
    names = dict.fromkeys(name for entry in act for name in entry.changes)
    specs: dict[str, FieldSpec] = page.whole.fields
    return "、".join(str(specs[name].label) for name in names if name in specs and not specs[name].computed)


pages.on_show(show_course, order=90)
