"""What the pages of imports show: the upload, one run with its rows, the list of runs, and the buttons of lists."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.core import access, masking, pages, values
from app.core.errors import Problem, Refusal
from app.core.pages import ListPage
from app.core.query import Page
from app.core.register import Register, registers
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
    VERDICTS,
    WAITING,
    ImportRow,
    ImportRun,
)
from app.engines.policy import operations as policies

SHOWN, RECENT = 8, 5
EVENTS: dict[str, Any] = {
    "uploaded": _l("Uploaded"), "read": _l("Read and checked"), "confirmed": _l("Confirmed"),
    "imported": _l("Imported"), "refused": _l("Not imported: something has changed meanwhile"),
    "withdrawn": _l("Withdrawn"), "failed": _l("Could not be read"),
}  # fmt: skip
VIEW = "ImportsView"


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
        "recent": [{"cells": [_link(run), _state(run)]} for run in latest],
    }  # fmt: skip


def governing(register: Register) -> list[str]:
    """The policies under which rows of a register may begin for the person, if packs decide that."""
    if not register.from_pack:
        return []
    return policies.governing(register.slug, _home(register))


def _home(register: Register) -> int:
    from app.core import starting

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
    text = f"{done:,} / {total:,}" if total else _("%(count)s rows", count=f"{done:,}")
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
        "log": list(_course(run)),
    }  # fmt: skip


def _notes(run: ImportRun, register: Register) -> Iterator[tuple[str, str]]:
    for problem in run.problems:
        yield "late", str(problem["message"])
    if run.state == DONE:
        yield "ok", _("Saved: %(new)s new, %(changed)s changed.", new=run.saved.get(NEW, 0),
                      changed=run.saved.get(CHANGED, 0))  # fmt: skip
    if run.state not in (READY, DONE):
        return
    if unknown := [head for head, name in zip_longest(run.heads, run.columns, fillvalue="") if head and not name]:
        yield "warn", _("These columns are no fields and were passed over: %(heads)s.", heads="、".join(unknown[:20]))
    if run.state == READY and run.counts.get(BAD):
        yield "warn", _("%(count)s rows have errors. Mend them in the error sheet and upload it, or choose the good "
                        "rows only.", count=run.counts[BAD])  # fmt: skip
    elif run.state == READY and not runs.to_save(run):
        yield "info", _("Everything is there already: there is nothing to import.")


def _kpis(run: ImportRun) -> list[tuple[Any, str, str]]:
    if run.state == WAITING or run.total is None:
        return []
    told = [(_("Rows"), f"{run.total:,}", "")]
    wanted = [key for key in (NEW, CHANGED, SAME, BAD) if run.counts.get(key) or key in (NEW, BAD)]
    return told + [(VERDICTS[k][1], f"{run.counts.get(k, 0):,}", "late" if k == BAD and run.counts.get(k) else "")
                   for k in wanted]  # fmt: skip


def _acts(run: ImportRun) -> dict[str, Any]:
    bad, good, ready = run.counts.get(BAD, 0), runs.to_save(run), run.state == READY
    commit = url_for(f"{VIEW}.commit", run_id=run.id)
    ask = _("%(bad)s rows with errors are left out.", bad=bad)
    return {
        "confirm": {"url": commit, "label": _("Import %(count)s rows", count=f"{good:,}")} if ready and good and not bad
        else None,
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
    import datetime as dt

    names = values.names_of(("account", entry.get("account_id")) for entry in run.log)
    for entry in reversed(run.log):
        at = dt.datetime.fromisoformat(entry["at"])
        who = names.get(("account", entry.get("account_id") or 0), "")
        tone = {"imported": "ok", "failed": "late", "refused": "warn"}.get(entry["event"], "info")
        yield {"tone": tone, "when": values.short(at), "what": EVENTS[entry["event"]], "sub": who}


# -- runs ------------------------------------------------------------------------------------------------------------


def runs_page(everybody: bool, before: int | None) -> dict[str, Any]:
    """The runs of the person, or of all."""
    found = runs.listed(everybody=everybody, before=before)
    shown = found[: runs.PAGE]
    names = values.names_of(("account", run.account_id) for run in shown)
    heads = [_("File"), _("Register"), _("State"), _("Rows"), _("With errors"), _("When"), *([_("Who")] * everybody)]
    here = url_for(f"{VIEW}.list")
    return {
        "columns": [{"label": head, "align": "end" if at in (3, 4) else ""} for at, head in enumerate(heads)],
        "rows": [{"cells": _run_cells(run, names, everybody)} for run in shown],
        "tabs": [{"label": _("Mine"), "url": here, "active": not everybody},
                 {"label": _("All"), "url": f"{here}?all=1", "active": everybody}] if runs.sees_all() else [],
        "targets": [{"url": url_for(f"{VIEW}.upload", slug=r.slug), "label": r.label} for r in targets()],
        "older": f"{here}?before={shown[-1].id}{'&all=1' * everybody}" if len(found) > runs.PAGE else "",
        "empty": {"title": _("No imports yet"), "text": _("Tables come in from the list of a register, by “Import”.")},
    }  # fmt: skip


def targets() -> list[Register]:
    """The registers into which the person may bring rows."""
    return [one for one in registers().values() if one.menu and not one.parent and plan.may_import(one)]


def _run_cells(run: ImportRun, names: values.Names, everybody: bool) -> list[Any]:
    who = [names.get(("account", run.account_id or 0), "")] if everybody else []
    total = f"{run.total:,}" if run.total is not None else "—"
    bad = f"{run.counts.get(BAD, 0):,}" if run.total is not None else "—"
    return [_link(run), registers()[run.register].label, _state(run), total, bad, values.short(run.created_at), *who]


def _link(run: ImportRun) -> Any:
    from app.core import actor

    if run.account_id != actor.user_id():
        return run.file_name
    return Markup('<a href="{}">{}</a>').format(url_for(f"{VIEW}.run", run_id=run.id), run.file_name)


def _state(run: ImportRun) -> Markup:
    tone, label = STATES[run.state]
    return Markup('<span class="kz-state is-{}">{}</span>').format(tone, label)


# -- lists -----------------------------------------------------------------------------------------------------------


def list_buttons(built: ListPage, _found: Page) -> None:
    """Import and export beside the list, for those who may."""
    register = built.register
    if plan.may_import(register):
        there = url_for(f"{VIEW}.upload", slug=register.slug)
        built.actions.insert(0, {"label": _("Import"), "url": there, "icon": "file-import"})
    if access.current().can(register.guarded_by, "export") and not register.sealed and built.rows:
        asked = [(k, v) for k, v in request.args.items(multi=True) if k not in ("page", "after", "size", "_l_")]
        there = f"{url_for('ExportsView.ask', slug=register.slug)}?{urlencode(asked)}".rstrip("?")
        built.actions.insert(0, {"label": _("Export"), "url": there, "icon": "download"})


pages.on_list(list_buttons, order=60)
