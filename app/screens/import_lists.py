"""The list of imports, and the buttons by which lists of registers lead to imports and exports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext as _

from app.core import access, pages, values
from app.core.pages import ListPage
from app.core.query import Page
from app.core.register import Register, registers
from app.engines.exchange import plan, runs
from app.engines.exchange.models import BAD, ImportRun
from app.engines.people import operations as people
from app.screens.import_pages import VIEW, link, state


def runs_page(everybody: bool, before: int | None) -> dict[str, Any]:
    """The runs of the person, or of all."""
    found = runs.listed(everybody=everybody, before=before)
    shown = found[: runs.PAGE]
    names = people.names_of_accounts(run.account_id for run in shown)
    heads = [_("File"), _("Register"), _("State"), _("Rows in the file"), _("With errors"), _("When")]
    heads += [_("Who")] * everybody
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


def _run_cells(run: ImportRun, names: Mapping[int, str], everybody: bool) -> list[Any]:
    who = [names.get(run.account_id or 0, "")] if everybody else []
    total = f"{run.total:,}" if run.total is not None else "—"
    bad = f"{run.counts.get(BAD, 0):,}" if run.total is not None else "—"
    return [link(run), registers()[run.register].label, state(run), total, bad, values.short(run.created_at), *who]


# -- buttons -----------------------------------------------------------------------------------------------------------


def list_buttons(built: ListPage, _found: Page) -> None:
    """Import and export beside the list, for those who may."""
    register = built.register
    if plan.may_import(register):
        there = url_for(f"{VIEW}.upload", slug=register.slug)
        built.actions.insert(0, {"label": _("Import"), "url": there, "icon": "file-import"})
    if access.current().can(register.guarded_by, "export") and not register.sealed and built.rows:
        own = ("page", "after", "before", "end", "size", "view", "columns", "_l_")
        asked = [(k, v) for k, v in request.args.items(multi=True) if k not in own]
        shown = [column["key"] for column in built.choice.get("columns", ()) if column["on"]]
        asked += [("columns", ",".join(shown))] if tuple(shown) != register.list else []
        there = f"{url_for('ExportsView.ask', slug=register.slug)}?{urlencode(asked)}".rstrip("?")
        built.actions.insert(0, {"label": _("Export"), "url": there, "icon": "download"})


pages.on_list(list_buttons, order=60)
