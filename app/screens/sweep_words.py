"""A run of a sweep in words: its state, its facts, its counts and the examples that it kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from markupsafe import Markup

from app.core import clock, forms, values
from app.core.lifecycle import Words
from app.engines.sweeps.models import FAILED, LOST, OK, RUNNING, STATUSES, SweepRun
from app.screens.sweep_acts import ISSUED

TONES = {OK: "ok", RUNNING: "info", FAILED: "late", LOST: "warn"}
COUNTS = ("checked", "hit", "warned", "climbed", ISSUED, "sent", "skipped")
MINUTE = 60


class Findings:
    """The examples that a run kept, as a table of just the columns that they have."""

    def __init__(self, findings: Sequence[Mapping[str, Any]], address: Callable[..., str]) -> None:
        self.findings, self.address = findings, address
        self.units = values.names_of(("org_unit", found.get("unit")) for found in findings)

    def table(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Columns and rows as the macro wants them."""
        kinds: dict[str, tuple[str, Any]] = {
            "case": (_("Case"), self._case), "step": (_("Step"), lambda found: found["step"]),
            "clock": (_("Deadline"), lambda found: Words(**found["clock"])), "unit": (_("Unit"), self._unit),
            "due": (_("Due"), lambda found: when(dt.datetime.fromisoformat(found["due"]))),
            "told": (_("Outcome"), self._outcome), "reason": (_("Reason"), lambda found: found["reason"]),
            "clause": (_("Clause"), self._clause),
        }
        shown = [key for key in kinds if any(found.get(key) not in (None, "") for found in self.findings)]
        rows = [{"cells": [kinds[k][1](f) if f.get(k) not in (None, "") else values.DASH for k in shown]}
                for f in self.findings]
        return [{"label": kinds[key][0]} for key in shown], rows

    def _case(self, found: Mapping[str, Any]) -> Any:
        if not found.get("url"):
            return found["case"]
        return Markup('<a class="id" href="{}{}">{}</a>').format(request.script_root, found["url"], found["case"])

    def _unit(self, found: Mapping[str, Any]) -> str:
        return self.units.get(("org_unit", found["unit"]), "")

    def _outcome(self, found: Mapping[str, Any]) -> Markup:
        """The slip that was issued, or why nobody was told."""
        if found.get("slip"):
            href = self.address(slip=found["slip"])
            return Markup('<a class="kz-state is-ok" href="{}">{}</a>').format(href, found["slip"])
        if found["told"]:
            return Markup('<span class="kz-state is-info">{}</span>').format(_("Told"))
        skipped = Markup('<span class="kz-state is-mute">{}</span> <span class="kz-xs">{}</span>')
        return skipped.format(_("Skipped"), _("nobody holds the post"))

    def _clause(self, found: Mapping[str, Any]) -> Any:
        return forms.clause_link("", found["clause"])


def in_order(counts: Mapping[str, int]) -> list[str]:
    """The names of the counts in the order of the work: checked, hit, sent, skipped, then the sweep's own."""
    return [*(key for key in COUNTS if key in counts), *sorted(set(counts) - set(COUNTS))]


def count_word(key: str) -> str:
    """What a count is called."""
    known = {
        "checked": _("Checked"), "hit": _("Hit"), "warned": _("Warned"), "climbed": _("Escalated"),
        ISSUED: _("Slips issued"), "sent": _("Notices"), "skipped": _("Skipped"),
    }
    return known.get(key, key)


def when(at: dt.datetime) -> str:
    """An instant of today by its time, others by the date as well."""
    local = clock.to_local(at)
    return _("today %(time)s", time=f"{local:%H:%M}") if local.date() == clock.today() else values.short(at)


def badge(run: SweepRun) -> dict[str, Any]:
    """The state of a run."""
    return {"label": STATUSES[run.status], "tone": TONES[run.status]}


def facts_of(run: SweepRun) -> str:
    """Number, time, duration, who started it, and where."""
    by = _("by hand") if run.by_hand else _("by schedule")
    parts = [_("Run %(id)s", id=run.id), when(run.started_at), by, run.host]
    if run.ended_at is not None:
        seconds = (run.ended_at - run.started_at).total_seconds()
        parts.insert(2, _("took %(seconds)s seconds", seconds=f"{seconds:.1f}"))
    if abs((run.for_at - run.started_at).total_seconds()) > MINUTE:
        parts.insert(2, _("for %(when)s", when=when(run.for_at)))
    return " · ".join(parts)
