"""Clocks on a record's page: cards, when each station was reached and how late, how long each step took."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from app.core import access, clock, forms, pages, values
from app.core.kinds import DateTimeKind
from app.core.pages import ShowPage
from app.core.remembering import within_transaction
from app.core.together import Names, Talk
from app.core.whole import Whole
from app.core.wording import counted
from app.engines.deadlines import calc, operations, plan
from app.engines.deadlines.allowance import Allowance, Unit
from app.engines.deadlines.models import CANCELLED, DeadlineClock
from app.engines.deadlines.pages import by_the_clock, cell, explanation, late_by, page_of, words_of
from app.engines.policy import operations as policy
from app.engines.policy.reading.words import ONE, SPANS

CARDS = 3
TOGETHER = dt.timedelta(seconds=5)
Rows = Sequence[DeadlineClock]


@within_transaction(DeadlineClock)
def _clocks(slug: str, record_id: int) -> Rows:
    return operations.clocks_of(slug, record_id)


def show_clocks(page: ShowPage) -> Talk:
    """Up to three cards with drawers that explain them, the stepper's times, and a tab with every clock."""
    rows = _clocks(page.whole.register.slug, page.record.id)
    if not rows:
        return
    names = yield Names([("org_unit", row.unit_id) for row in rows])
    for row in _ranked(rows)[:CARDS]:
        page.clocks.append(_card(row))
        title = _("Why %(clock)s", clock=row.label)
        html = explanation(row, _trial_url(row, rows, page.whole))
        page.drawers.append({"id": f"why-{row.id}", "title": title, "html": html})
    for step in page.header["steps"]:
        _station(step, [row for row in rows if row.state in step["states"]])
    page.tabs.append(_tab(rows, names))


def _ranked(rows: Rows) -> list[DeadlineClock]:
    """The clock of the whole case first, then what runs by its end, then what ended last."""
    caps = {row.cap_key for row in rows if row.cap_key}
    running = sorted((row for row in rows if row.stopped_at is None), key=lambda row: row.due_at)
    ended = sorted((row for row in rows if row.stopped_at), key=lambda row: row.stopped_at or row.due_at, reverse=True)
    return sorted((*running, *ended), key=lambda row: row.key not in caps)


# -- cards -------------------------------------------------------------------------------------------------------------


def _card(row: DeadlineClock) -> dict[str, Any]:
    tone, text, percent = words_of(row, operations.working_calendar(row))
    limit = limit_words(row)
    return {
        "title": f"{row.label} · {limit}" if limit else row.label,
        "clause": forms.clause_link(page_of(row), row.clause or ""),
        "big": text, "big_unit": "", "tone": tone, "percent": percent, "used": used_words(row) or _since(row),
        "due_text": _end_words(row),
        "due_exact": _("due %(when)s", when=_exact(row.due_at)), "why_id": f"why-{row.id}",
    }


def _trial_url(row: DeadlineClock, rows: Rows, whole: Whole) -> str:
    """The calculator with a clock as it began; empty for clocks that are none of the policy's time limits."""
    clocks = policy.pack_for(row.pack_version_id).clocks
    spec = clocks.get(row.key.partition(".")[2])
    if spec is None or not access.current().can("pack_version", "read"):
        return ""
    known = _trial_facts(spec, whole) | {"start": DateTimeKind().write(row.started_at)}
    above = next((other for other in reversed(rows) if other.key == row.cap_key), None)
    if above is not None and spec.cap is not None:
        known |= _trial_facts(clocks[spec.cap], whole) | {"whole_start": DateTimeKind().write(above.started_at)}
    said: dict[str, Any] = {f"f_{name}": text for name, text in sorted(known.items()) if text}
    said |= {"policy": page_of(row), "unit": row.adopter_id, "what": "due", "item": spec.key}
    return url_for("CalculatorView.show", **said)


def _trial_facts(spec: Any, whole: Whole) -> dict[str, str]:
    """What a case says of the fields that a clock counts from, until, or looks at."""
    looked = {name for one in spec.allowances for name in (one.until_field, *one.when)}
    names = {spec.from_field, *looked}
    return {name: whole.fields[name].kind.write(whole.get(name)) for name in names if name in whole.fields}


def _since(row: DeadlineClock) -> str:
    return _("since %(when)s", when=values.short(row.started_at))


def _end_words(row: DeadlineClock) -> str:
    if row.stopped_at is None:
        return _("due %(when)s", when=values.short(row.due_at))
    return _("done %(when)s", when=values.short(row.stopped_at))


def _exact(at: dt.datetime) -> str:
    return clock.to_local(at).strftime("%Y-%m-%d %H:%M:%S")


def _allowance(row: DeadlineClock) -> Allowance | None:
    return plan.from_json(row.allowance) if row.allowance else None


def limit_words(row: DeadlineClock) -> str:
    """The limit of a clock, such as 13 working days; empty when a date alone sets it."""
    given = _allowance(row)
    return allowance_words(given) if given else ""


def allowance_words(given: Allowance) -> str:
    """How much time is given, such as 13 working days."""
    return _amount(f"{given.number.normalize():f}", given.unit)


def used_words(row: DeadlineClock) -> str:
    """How much of its limit a clock has used until now, or had when it stopped."""
    given = _allowance(row)
    if given is None or row.status == CANCELLED:
        return ""
    until, calendar = row.stopped_at or clock.now(), operations.working_calendar(row)
    found = calc.progress(row.started_at, row.due_at, until, given, calendar)
    said = {"used": found.used, "total": _amount(f"{found.total.normalize():f}", found.unit)}
    if row.stopped_at and not found.used:
        return _("done before the count began, of %(total)s", total=said["total"])
    return _("took %(used)s of %(total)s", **said) if row.stopped_at else _("used %(used)s of %(total)s", **said)


def _amount(number: Any, unit: Unit) -> str:
    return counted(number, ONE.get(unit, SPANS[unit]), SPANS[unit])


# -- stepper and history -----------------------------------------------------------------------------------------------


def _station(step: dict[str, Any], rows: Rows) -> None:
    """When the present station is due; how late those before were left."""
    if step["status"] == "now" and (running := [row for row in rows if row.stopped_at is None]):
        row = min(running, key=lambda row: row.due_at)
        tone, text, _percent = words_of(row, operations.working_calendar(row))
        today = clock.to_local(row.due_at).date() == clock.today()
        step["tone"], step["when"] = "" if tone in ("info", "late") else tone, text if today else _end_words(row)
        step["late"] = text if tone == "late" else ""
    elif step["status"] == "done":
        late = max((row for row in rows if row.late and row.stopped_at), key=_lateness, default=None)
        if late is not None and late.stopped_at is not None:
            step["late"] = late_by(
                late.due_at, late.stopped_at, operations.working_calendar(late), by_the_clock(late)
            )


def _lateness(row: DeadlineClock) -> dt.timedelta:
    assert row.stopped_at is not None
    return row.stopped_at - row.due_at


def show_durations(page: ShowPage) -> None:
    """Beside each act of the history that ended a step: how long the step took of its limit."""
    rows = _clocks(page.whole.register.slug, page.record.id) if page.timeline else []
    ended = [row for row in rows if row.stopped_at is not None and row.state]
    for entry in page.timeline:
        if "at" in entry and (took := list(_ended_by(entry["at"], ended))):
            entry["sub"] = " · ".join(filter(None, (*took, entry["sub"])))


def _ended_by(at: dt.datetime, rows: Rows) -> Iterable[str]:
    for row in rows:
        if row.stopped_at is not None and abs(row.stopped_at - at) <= TOGETHER and (text := used_words(row)):
            yield f"{row.label} {text}"


# -- all of them -------------------------------------------------------------------------------------------------------


def _tab(rows: Rows, names: values.Names) -> dict[str, Any]:
    heads = (_("Deadline"), _("Limit"), _("Unit"), _("Received"), _("Due"), _("Sent on"), _("Used"), _("State"))
    cells = [
        [
            _titled(row), limit_words(row) or values.DASH, names.get(("org_unit", row.unit_id or 0), ""),
            _time(row.started_at), _time(row.due_at), _time(row.stopped_at), used_words(row) or values.DASH, cell(row),
        ]
        for row in rows
    ]
    table = {"columns": [{"label": head} for head in heads], "rows": [{"cells": line} for line in cells]}
    return {"key": "clocks", "label": _("Clocks"), "count": len(rows), "table": table}


def _titled(row: DeadlineClock) -> Markup:
    link = forms.clause_link(page_of(row), row.clause or "") or ""
    return Markup("{} {}").format(row.label, link)


def _time(at: dt.datetime | None) -> Any:
    return Markup('<span class="kz-num">{}</span>').format(values.short(at)) if at else values.DASH


pages.on_show(show_clocks, order=10)
pages.on_show(show_durations, order=95)
