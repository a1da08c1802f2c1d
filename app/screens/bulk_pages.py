"""What the pages of changes of many rows show: the choices, the form, one run with its rows, the runs so far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.core import forms, moves, pages, reading, values
from app.core.errors import Refusal
from app.core.pages import FormPage, ListPage
from app.core.query import Page
from app.core.register import registers
from app.core.wording import N_, counted, pair
from app.engines.bulk import choosing, runs
from app.engines.bulk.models import (
    ASKED,
    AT_WORK,
    DONE,
    EDIT,
    GO,
    GONE,
    LEFT,
    NO,
    READY,
    SAME,
    STATES,
    UNSEEN,
    VERDICTS,
    BulkRow,
    BulkRun,
)
from app.engines.people import operations as people

VIEW = "BulkView"
EVENTS: dict[str, Any] = {
    "chosen": _l("Rows chosen"), "decided": _l("Said what to do"), "checked": _l("Every row looked at"),
    "confirmed": _l("Confirmed"), "carried_out": _l("Carried out"), "withdrawn": _l("Withdrawn"),
}  # fmt: skip


def list_bulk(built: ListPage, found: Page) -> None:
    """Ticks and what is done with ticked rows, for whoever may change more than one."""
    register = built.register
    if not choosing.may(register) or not built.rows:
        return
    there = url_for(f"{VIEW}.begin", slug=register.slug)
    query = request.query_string.decode(errors="replace")
    there = f"{there}?{query}" if query else there
    built.bulk.append({"key": "ticked", "label": _("Change these…"), "url": there, "icon": "edit"})
    if found.more or found.earlier:
        total = f"{found.total:,}" if found.exact else _("more than %(count)s", count=f"{found.total:,}")
        built.bulk.append({"key": "all", "label": _("All %(total)s found…", total=total), "url": there})


pages.on_list(list_bulk, order=70)


# -- what to do --------------------------------------------------------------------------------------------------------


def _crumbs(run: BulkRun) -> list[dict[str, Any]]:
    register = registers()[run.register]
    return [{"label": register.label, "url": pages.url(register, "list")},
            {"label": _("Changes of many rows"), "url": url_for(f"{VIEW}.list")}]  # fmt: skip


def _title(run: BulkRun) -> str:
    label = registers()[run.register].label
    if run.total == 1:
        return _("Change 1 row of “%(register)s”", register=label)
    return _("Change %(count)s rows of “%(register)s”", count=f"{run.total:,}", register=label)


def choose(run: BulkRun) -> dict[str, Any]:
    """Everything that may be done to the chosen rows."""
    found, here = choosing.choices(run), url_for(f"{VIEW}.run", run_id=run.id)
    return {
        "title": _title(run), "breadcrumbs": _crumbs(run),
        "subtitle": _("First every row is looked at; nothing changes before you confirm."),
        "steps": [_item(choice, here) for choice in found if choice.kind != EDIT],
        "fields": [_item(choice, here) for choice in found if choice.kind == EDIT],
        "withdraw_url": url_for(f"{VIEW}.withdraw", run_id=run.id),
    }  # fmt: skip


def _item(choice: choosing.Choice, here: str) -> dict[str, str]:
    return {"label": choice.label, "url": f"{here}?do={choice.name}"}


def form(run: BulkRun, choice: choosing.Choice, typed: Mapping[str, Any], error: Refusal | None = None) -> FormPage:
    """What the choice asks for; empty fields beside a step stay as each row has them."""
    blank = dict.fromkeys(choice.fields, "") | dict(typed)
    problems = error.problems if error else []
    required = choice.move.requires if choice.move else ()
    page = moves.page_over(choice.whole.record)
    builder = forms.FormBuilder(choice.whole, choice.fields, blank, problems, (), page)
    sections = builder.sections(forms.layout_of(choice.whole.register, choice.whole.detail_register))
    _soften(sections, choice, required)
    if choice.move is not None and choice.move.reason:
        sections.append(_reason())
    built = FormPage(
        choice.whole, pair(_title(run), choice.label), url_for(f"{VIEW}.decide", run_id=run.id),
        _("Look at what will happen"), url_for(f"{VIEW}.run", run_id=run.id), sections,
        breadcrumbs=_crumbs(run), hidden={"do": choice.name}, problems=problems, move=choice.move,
    )  # fmt: skip
    if choice.move is not None:
        built.subtitle = _("A field that is left empty stays as each record has it.")
    return built


def _soften(sections: Sequence[dict[str, Any]], choice: choosing.Choice, required: Sequence[str]) -> None:
    """Nothing has to be typed beside a step: each row may have it already."""
    for section in sections:
        for field in section["fields"]:
            if choice.kind != EDIT:
                field["required"], field["later"] = False, _("The step needs it") if field["name"] in required else ""


def _reason() -> dict[str, Any]:
    field = {"name": "reason", "label": _("Reason"), "kind": "longtext", "required": True, "width": 3,
             "value": request.form.get("reason", ""), "error": None}  # fmt: skip
    return {"title": _("Reason"), "hint": "", "clause": None, "fields": [field]}


# -- one run -----------------------------------------------------------------------------------------------------------


def badge(states: Mapping[str, tuple[str, Any]], key: str) -> dict[str, Any]:
    """A state or verdict as the pages show it."""
    tone, label = states[key]
    return {"tone": tone, "label": label}


def share(run: BulkRun) -> dict[str, Any]:
    """How far the work on a run is."""
    total = run.counts.get(GO, 0) if run.state == ASKED else run.total
    return {"at_work": run.state in AT_WORK, "state": run.state, "done": run.done, "total": total,
            "text": f"{run.done:,} / {total:,}", "share": min(99, 100 * run.done // total) if total else 0}  # fmt: skip


def _what(run: BulkRun) -> str:
    """What is done, in words: the step with its reason, or the field with its new value."""
    label = next((entry["what"] for entry in reversed(run.log) if entry["event"] == "decided"), "")
    typed, reason = run.typed
    if run.kind != EDIT or run.given is None:
        return " · ".join(filter(None, (label, reason)))
    register, name = registers()[run.register], run.key or ""
    homes = (register, *(one for one in registers().values() if one.detail_of == register.slug))
    spec = next((one.fields[name] for one in homes if name in one.fields), None)
    return f"{label} → {_value(spec, typed.get(name))}" if spec else label


def _value(spec: Any, raw: Any) -> str:
    try:
        value = spec.kind.read(raw, spec)
    except ValueError:
        return str(raw)
    names = values.names_of(values.wanted_names([spec], lambda _name: value))
    return values.text(spec, value, names) or "—"


def run_page(run: BulkRun) -> dict[str, Any]:
    """One run: what would become, or has become, of each row."""
    told, here = share(run), url_for(f"{VIEW}.run", run_id=run.id)
    return {
        "title": _title(run), "subtitle": _what(run), "breadcrumbs": _crumbs(run), "state": badge(STATES, run.state),
        "at_work": told["at_work"], "share": told["share"], "share_text": told["text"],
        "poll": url_for(f"{VIEW}.status", run_id=run.id), "notes": list(_notes(run)), "kpis": _kpis(run),
        "leads_back": _("You may leave this page; the work goes on, and the list of changes leads back here."),
        "actions": [{"label": _("Choose something else"), "url": f"{here}?choose=1"}] if run.state == READY else [],
        **_acts(run), **_table(run, here), "log": list(_course(run)),
    }  # fmt: skip


def _notes(run: BulkRun) -> Iterator[tuple[str, str]]:
    go, no, left = (run.counts.get(key, 0) for key in (GO, NO, LEFT))
    if run.state == READY and not go:
        yield "info", _("None of the rows can be changed so.")
    elif run.state == READY and no:
        yield "warn", _("%(no)s rows will be left as they are; the reasons stand beside them.", no=no)
    if run.state == DONE:
        yield "ok", counted(run.counts.get(GONE, 0), N_("Done: 1 row."), N_("Done: %(number)s rows."))
        if left:
            yield "warn", _("%(count)s rows were left as they were; the reasons stand beside them.", count=left)


def _kpis(run: BulkRun) -> list[tuple[Any, str, str]]:
    if run.state not in (READY, DONE):
        return []
    wanted = [key for key in (GO, GONE, SAME, NO, LEFT) if run.counts.get(key)]
    tones = {NO: "late", LEFT: "warn"}
    return [(_("Rows chosen"), f"{run.total:,}", ""),
            *((VERDICTS[key][1], f"{run.counts[key]:,}", tones.get(key, "")) for key in wanted)]  # fmt: skip


def _acts(run: BulkRun) -> dict[str, Any]:
    ready, go = run.state == READY, run.counts.get(GO, 0)
    label = counted(f"{go:,}", N_("Change 1 row"), N_("Change %(number)s rows"))
    commit = {"url": url_for(f"{VIEW}.commit", run_id=run.id), "label": label}
    return {"confirm": commit if ready and go else None,
            "withdraw_url": url_for(f"{VIEW}.withdraw", run_id=run.id) if ready else ""}  # fmt: skip


def _table(run: BulkRun, here: str) -> dict[str, Any]:
    if run.state not in (READY, DONE):
        return {"tabs": [], "rows": []}
    verdict = request.args.get("verdict", "")
    verdict, after = verdict if verdict in VERDICTS else "", reading.number(request.args.get("after", "")) or 0
    found = runs.rows_of(run, verdict, after)
    shown = found[: runs.PAGE]
    names = values.names_of((run.register, row.record_id) for row in shown if row.version)
    tabs = [{"label": VERDICTS[key][1], "url": f"{here}?verdict={key}", "count": run.counts[key],
             "active": verdict == key} for key in VERDICTS if run.counts.get(key) and key != UNSEEN]  # fmt: skip
    more = f"{here}?verdict={verdict}&after={shown[-1].row_no}" if len(found) > runs.PAGE else ""
    return {
        "tabs": [{"label": _("All"), "url": here, "count": run.total, "active": not verdict}, *tabs],
        "columns": [_("Record")], "rows": [_row(run, row, names) for row in shown], "more_url": more,
        "first_url": f"{here}?verdict={verdict}" if after else "",
    }  # fmt: skip


def _row(run: BulkRun, row: BulkRow, names: values.Names) -> dict[str, Any]:
    name = names.get((run.register, row.record_id))
    cell = pages.link(run.register, row.record_id, name or f"#{row.record_id}") if row.version else values.DASH
    return {"no": row.row_no, "verdict": badge(VERDICTS, row.verdict), "said": list(_sentences(row)), "changes": [],
            "cells": [cell]}  # fmt: skip


def _sentences(row: BulkRow) -> Iterator[str]:
    """Why a row is left, each reason with its clause."""
    for problem in row.problems or ():
        clause = f" [{problem['clause']}]" if problem.get("clause") else ""
        yield f"{problem['message']}{clause}"


def _course(run: BulkRun) -> Iterator[dict[str, Any]]:
    names = people.names_of_accounts(entry.get("account_id") for entry in run.log)
    for entry in reversed(run.log):
        at, who = dt.datetime.fromisoformat(entry["at"]), names.get(entry.get("account_id") or 0, "")
        yield {"tone": "ok" if entry["event"] == "carried_out" else "info", "when": values.short(at),
               "what": EVENTS[entry["event"]], "sub": who}  # fmt: skip


# -- the runs so far ---------------------------------------------------------------------------------------------------


def runs_page() -> dict[str, Any]:
    """The person's own runs."""
    heads = (_("Register"), _("What"), _("State"), _("Rows chosen"), _("Done"), _("When"))
    return {
        "columns": [{"label": head, "align": "end" if at in (3, 4) else ""} for at, head in enumerate(heads)],
        "rows": [{"cells": _run_cells(run)} for run in runs.listed()],
    }  # fmt: skip


def _run_cells(run: BulkRun) -> list[Any]:
    tone, label = STATES[run.state]
    state = Markup('<span class="kz-state is-{}">{}</span>').format(tone, label)
    there = url_for(f"{VIEW}.run", run_id=run.id)
    link = Markup('<a href="{}">{}</a>').format(there, registers()[run.register].label)
    done = f"{run.counts.get(GONE, 0):,}" if run.state == DONE else values.DASH
    return [link, _what(run), state, f"{run.total:,}", done,
            values.short(run.created_at)]  # fmt: skip

