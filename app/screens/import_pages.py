"""What the pages of imports show: the upload, one run with its rows, the list of runs, and the buttons of lists."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.core import actor, masking, pages, starting, values
from app.core.errors import Problem, Refusal
from app.core.register import Register, registers
from app.core.wording import N_, counted, listed
from app.engines.exchange import files, plan, runs, work
from app.engines.exchange.models import (
    ASKED,
    AT_WORK,
    BAD,
    CHANGED,
    DONE,
    MODES,
    NEW,
    READY,
    SAME,
    STATES,
    UPDATE,
    VERDICTS,
    WAITING,
    ImportRow,
    ImportRun,
)
from app.engines.people import operations as people
from app.engines.policy import operations as policies

SHOWN, RECENT = 8, 5
EVENTS: dict[str, Any] = {
    "uploaded": _l("Uploaded"), "read": _l("Read and checked"), "confirmed": _l("Confirmed for saving"),
    "imported": _l("Imported"), "refused": _l("Not imported: something has changed meanwhile"),
    "withdrawn": _l("Withdrawn"), "failed": _l("Could not be read"),
}  # fmt: skip
VIEW = "ImportsView"
ONWARD: dict[str, tuple[Any, str]] = {}
"""Where one goes on after an import into a register: what the way is called, and its endpoint."""


def badge(states: Mapping[str, tuple[str, Any]], key: str) -> dict[str, Any]:
    """A state or verdict as the pages show it."""
    tone, label = states[key]
    return {"tone": tone, "label": label}


# -- upload ----------------------------------------------------------------------------------------------------------


def upload(register: Register, problems: Sequence[Problem] = (), mode: str = "", policy: str = "") -> dict[str, Any]:
    """The page on which a file is chosen."""
    known = plan.modes_of(register)
    chosen = mode if mode in known else known[0]
    codes, latest = governing(register), runs.listed(everybody=False, slug=register.slug)[:RECENT]
    return {
        "title": _("Import %(register)s", register=register.label), "problems": problems,
        "note": _closed(register, codes),
        "breadcrumbs": [{"label": register.label, "url": pages.url(register, "list")}],
        "action": url_for(f"{VIEW}.upload", slug=register.slug), "limit": f"{files.LIMIT:,}",
        "modes": [{"key": key, "label": MODES[key], "on": key == chosen,
                   "template_url": url_for(f"{VIEW}.template", slug=register.slug, mode=key)} for key in known],
        "policies": [{"key": code, "label": code, "on": code == policy} for code in codes] if len(codes) > 1 else [],
        "steps": [_("Fill in the template, or any table whose heads are called like the fields."),
                  _("Upload it: every row is checked as its form would check it."),
                  _("Look at what is new, what changes, and what is wrong and why."),
                  _("Confirm: all rows are saved at once, or none.")],
        "recent": [{"cells": [link(run), state(run)]} for run in latest],
    }  # fmt: skip


def governing(register: Register) -> list[str]:
    """The policies under which rows of a register may begin for the person, if packs decide that."""
    if not register.from_pack:
        return []
    return policies.governing(register.slug, _home(register))


def _home(register: Register) -> int:
    return starting.home_unit(register)


def _closed(register: Register, codes: Sequence[str]) -> str:
    """Why no row can begin now, if none can."""
    try:
        plan.plan_of(register, codes[0] if codes else None)
    except Refusal as error:
        return " ".join(str(problem.message) for problem in error.problems)
    return ""


# -- one run ---------------------------------------------------------------------------------------------------------


def share(run: ImportRun) -> dict[str, Any]:
    """How far the work on a run is."""
    total = runs.to_save(run) if run.state == ASKED else run.total
    done = work.done(run)
    text = f"{done:,} / {total:,}" if total else counted(f"{done:,}", N_("1 row"), N_("%(number)s rows"))
    return {"at_work": run.state in AT_WORK, "state": run.state, "done": done, "total": total, "text": text,
            "share": min(99, 100 * done // total) if total else 0}  # fmt: skip


def run_page(run: ImportRun) -> dict[str, Any]:
    """One run: what was found, what may be done, and its rows."""
    register, told = registers()[run.register], share(run)
    here = url_for(f"{VIEW}.run", run_id=run.id)
    return {
        "title": run.file_name, "state": badge(STATES, run.state), "at_work": told["at_work"],
        "subtitle": f"{register.label} · {MODES[run.mode]}{f' · {run.policy}' if run.policy else ''}",
        "breadcrumbs": [{"label": register.label, "url": pages.url(register, "list")},
                        {"label": _("Imports"), "url": url_for(f"{VIEW}.list")}],
        "poll": url_for(f"{VIEW}.status", run_id=run.id), "share": told["share"], "share_text": told["text"],
        "notes": list(_notes(run, register)), "kpis": _kpis(run), **_acts(run), **_table(run, register, here),
        "log": list(_course(run)), "actions": list(_onward(run)),
    }  # fmt: skip


def _onward(run: ImportRun) -> Iterator[dict[str, Any]]:
    if run.register in ONWARD:
        label, endpoint = ONWARD[run.register]
        yield {"label": label, "url": url_for(endpoint), "icon": "arrow-right", "primary": run.state == DONE}


def _notes(run: ImportRun, register: Register) -> Iterator[tuple[str, str]]:
    for problem in run.problems:
        yield "late", str(problem["message"])
    if run.state == DONE:
        yield "ok", _("Saved: %(new)s new, %(changed)s changed.", new=run.saved.get(NEW, 0),
                      changed=run.saved.get(CHANGED, 0))  # fmt: skip
    if run.state not in (READY, DONE):
        return
    if unknown := [head for head, name in zip_longest(run.heads, run.columns, fillvalue="") if head and not name]:
        heads = _(", ").join(unknown[:20])
        yield "warn", _("These columns are no fields and were passed over: %(heads)s.", heads=heads)
    if run.state == READY and (absent := _absent(run, register)):
        yield "late", _("The table has no column for: %(heads)s. Name it so, or use the template.", heads=absent)
    if run.state == READY and run.counts.get(BAD):
        text = _("%(count)s rows have errors. Mend them in the error sheet and upload it.", count=run.counts[BAD])
        yield "warn", text + (_(" Or import the good rows only.") if runs.to_save(run) else "")
    elif run.state == READY and not runs.to_save(run):
        yield "info", _("Everything is there already: there is nothing to import.")


def _absent(run: ImportRun, register: Register) -> str:
    """Needed fields of new rows that the table has no column for."""
    if run.mode == UPDATE or not run.counts.get(BAD):
        return ""
    try:
        missing = plan.missing(plan.plan_of(register, run.policy), run.columns)
    except Refusal:
        return ""
    return listed(spec.label for spec in missing)


def _kpis(run: ImportRun) -> list[tuple[Any, str, str]]:
    if run.state == WAITING or run.total is None:
        return []
    told = [(_("Rows in the file"), f"{run.total:,}", "")]
    wanted = [key for key in (NEW, CHANGED, SAME, BAD) if run.counts.get(key) or key in (NEW, BAD)]
    return told + [(VERDICTS[k][1], f"{run.counts.get(k, 0):,}", "late" if k == BAD and run.counts.get(k) else "")
                   for k in wanted]  # fmt: skip


def _acts(run: ImportRun) -> dict[str, Any]:
    bad, good, ready = run.counts.get(BAD, 0), runs.to_save(run), run.state == READY
    commit = url_for(f"{VIEW}.commit", run_id=run.id)
    ask = _("%(bad)s rows with errors are left out.", bad=bad)
    label = counted(f"{good:,}", N_("Import 1 row"), N_("Import %(number)s rows"))
    return {
        "confirm": {"url": commit, "label": label} if ready and good and not bad else None,
        "good_only": {"url": commit, "label": _("Import only the %(count)s good rows", count=f"{good:,}"), "ask": ask}
        if ready and good and bad else None,
        "errors_url": url_for(f"{VIEW}.errors", run_id=run.id) if bad and run.state in (READY, DONE) else "",
        "withdraw_url": url_for(f"{VIEW}.withdraw", run_id=run.id) if ready else "",
    }  # fmt: skip


def _table(run: ImportRun, register: Register, here: str) -> dict[str, Any]:
    if run.state not in (READY, DONE):
        return {"tabs": [], "rows": []}
    verdict = request.args.get("verdict", "")
    verdict = verdict if verdict in VERDICTS else ""
    after = request.args.get("after", "")
    start = int(after) if after.isascii() and after.isdecimal() and len(after) < 10 else 0
    found = runs.rows_of(run, verdict, start)
    shown = found[: runs.PAGE]
    places = [at for at, name in enumerate(run.columns) if name][:SHOWN]
    onward = f"{here}?verdict={verdict}&after={shown[-1].row_no}" if len(found) > runs.PAGE else ""
    return {
        "tabs": [
            {"label": _("All"), "url": here, "count": run.total, "active": not verdict},
            *({"label": VERDICTS[key][1], "url": f"{here}?verdict={key}", "count": run.counts[key],
               "active": verdict == key} for key in VERDICTS if run.counts.get(key)),
        ],
        "columns": [run.heads[at] if at < len(run.heads) else run.columns[at] for at in places],
        "rows": [_row(run, register, row, places) for row in shown],
        "more_url": onward, "first_url": f"{here}?verdict={verdict}" if start else "",
    }  # fmt: skip


def _row(run: ImportRun, register: Register, row: ImportRow, places: Sequence[int]) -> dict[str, Any]:
    cells, changes = json.loads(row.cells), json.loads(row.changes) if row.changes else {}
    fields = _fields(register)
    return {
        "no": row.row_no, "verdict": badge(VERDICTS, row.verdict), "said": list(sentences(row)),
        "changes": [(fields[n].label if n in fields else n, old, new) for n, (old, new) in changes.items()],
        "cells": [_cell(fields.get(run.columns[at]), cells[at] if at < len(cells) else "") for at in places],
    }  # fmt: skip


def _fields(register: Register) -> dict[str, Any]:
    details = [one for one in registers().values() if one.detail_of == register.slug]
    return {name: spec for one in (*details, register) for name, spec in one.fields.items()}


def _cell(spec: Any, text: str) -> Any:
    if not text:
        return values.DASH
    return masking.mask(spec.mask, text) if spec is not None and spec.kind.name == "personal" else text[:80]


def sentences(row: Any) -> Iterator[str]:
    """What is wrong with a row, each with its clause."""
    for problem in row.problems or ():
        clause = f" [{problem['clause']}]" if problem.get("clause") else ""
        yield f"{problem['message']}{clause}"


def _course(run: ImportRun) -> Iterator[dict[str, Any]]:
    names = people.names_of_accounts(entry.get("account_id") for entry in run.log)
    for entry in reversed(run.log):
        at = dt.datetime.fromisoformat(entry["at"])
        who = names.get(entry.get("account_id") or 0, "")
        tone = {"imported": "ok", "failed": "late", "refused": "warn"}.get(entry["event"], "info")
        yield {"tone": tone, "when": values.short(at), "what": EVENTS[entry["event"]], "sub": who}


def link(run: ImportRun) -> Any:
    """The file of a run, leading to its page for whoever sent it."""
    if run.account_id != actor.user_id():
        return run.file_name
    return Markup('<a href="{}">{}</a>').format(url_for(f"{VIEW}.run", run_id=run.id), run.file_name)


def state(run: ImportRun) -> Markup:
    """The state of a run."""
    tone, label = STATES[run.state]
    return Markup('<span class="kz-state is-{}">{}</span>').format(tone, label)
