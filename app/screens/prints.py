"""Many rows on paper: a few at once, more of them by a run that one follows, and the prints so far."""

from __future__ import annotations

import io
from typing import Any

from flask import jsonify, redirect, render_template, request, send_file, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.core import access, attachments, clock, pages, reading, values
from app.core.access import Access
from app.core.db import session, writes
from app.core.pages.pager import all_of
from app.core.register import registers
from app.core.screen import Screen
from app.engines.documents import annexes, batches, print_runs
from app.engines.documents.printed import STATES, WAITING, PrintRun

LINK = Markup('<a href="{}">{}</a>')
BADGE = Markup('<span class="kz-state is-{}">{}</span>')


class PrintsView(Screen):
    """Whoever may read and print each of the rows may print them at once; runs are seen by whoever began them."""

    route_base = "/prints"
    default_view = "list"
    everyone = True
    menu_area, menu_label, menu_icon, menu_order = "platform", _l("Prints"), "printer", 23

    @classmethod
    def meant_for(cls, person: Access) -> bool:
        """Whoever may print rows of some register."""
        return person.everything or any(action == "print" for _slug, action in person.grants)

    @expose("/")
    @has_access
    def list(self) -> str:
        """One's own prints of many rows."""
        heads = (_("Register"), _("State"), _("Records"), _("Left out of the print"), _("When"))
        columns = [{"label": head, "align": "end" if at in (2, 3) else ""} for at, head in enumerate(heads)]
        rows = [{"cells": _cells(run)} for run in print_runs.listed()]
        return render_template("documents/prints.html", page={"columns": columns, "rows": rows})

    @expose("/<slug>", methods=["POST"])
    @has_access
    def batch(self, slug: str) -> Response:
        """One PDF with every copy of every row; of many rows, or of all that the list finds, a run."""
        register = annexes.printable(slug)
        access.require(register.guarded_by, "read")
        access.require(register.guarded_by, "print")
        ids, criteria = reading.numbers(request.form.getlist("id")), None
        if request.form.get("action") == "print_all":
            criteria = all_of(register)
        elif len(ids) <= batches.AT_ONCE:
            name = f"{register.label}-{clock.to_local(clock.now()):%Y%m%d-%H%M}.pdf"
            content = io.BytesIO(batches.printed(register, ids))
            return send_file(content, mimetype="application/pdf", download_name=name, max_age=0)
        key = print_runs.begin(register, criteria, ids, request.host_url).id
        session.commit()
        print_runs.WORK.kick(key)
        return redirect(url_for(".run", run_id=key))

    @expose("/run/<int:run_id>")
    @has_access
    def run(self, run_id: int) -> str:
        """How far a print is, its files, and what was left out."""
        return render_template("documents/print_run.html", page=_page(print_runs.find(run_id)))

    @expose("/run/<int:run_id>/status")
    @has_access
    def status(self, run_id: int) -> Response:
        """How far the work is; whoever asks takes it up again if its host has died."""
        run = print_runs.find(run_id)
        told = _share(run)
        print_runs.WORK.take_up(run)
        return jsonify(told)

    @expose("/run/<int:run_id>/file/<int:attachment_id>")
    @has_access
    @writes
    def file(self, run_id: int, attachment_id: int) -> Response:
        """One of the files."""
        run = print_runs.find(run_id)
        return attachments.download(print_runs.SLUG, run.id, print_runs.file_of(run, attachment_id).id)

    @expose("/run/<int:run_id>/withdraw", methods=["POST"])
    @has_access
    def withdraw(self, run_id: int) -> Response:
        """Give it up; what is printed so far is removed."""
        print_runs.withdraw(print_runs.find(run_id, lock=True))
        return redirect(url_for(".run", run_id=run_id))


def _cells(run: PrintRun) -> list[Any]:
    label = LINK.format(url_for("PrintsView.run", run_id=run.id), registers()[run.register].label)
    return [label, BADGE.format(*STATES[run.state]), f"{run.total:,}", len(run.left) or values.DASH,
            values.short(run.created_at)]  # fmt: skip


def _share(run: PrintRun) -> dict[str, Any]:
    share = min(99, 100 * run.done // run.total) if run.total else 0
    return {"at_work": run.state == WAITING, "state": run.state, "text": f"{run.done:,} / {run.total:,}",
            "share": share}  # fmt: skip


def _page(run: PrintRun) -> dict[str, Any]:
    register, told, (tone, label) = registers()[run.register], _share(run), STATES[run.state]
    files = print_runs.files_of(run)
    return {
        "title": _("Print %(count)s records of “%(register)s”", count=f"{run.total:,}", register=register.label),
        "subtitle": _("Files stay for a week; each print stands in the history of its record."),
        "breadcrumbs": [{"label": register.label, "url": pages.url(register, "list")},
                        {"label": _("Prints"), "url": url_for("PrintsView.list")}],
        "state": {"tone": tone, "label": label}, "at_work": told["at_work"], "share": told["share"],
        "share_text": told["text"], "poll": url_for("PrintsView.status", run_id=run.id),
        "withdraw_url": url_for("PrintsView.withdraw", run_id=run.id) if told["at_work"] else "",
        "files": [(url_for("PrintsView.file", run_id=run.id, attachment_id=file.id), file.name,
                   attachments.size_text(file.size)) for file in files],
        "left": [{"cells": cells} for cells in _left(run)],
        "columns": [{"label": _("Record")}, {"label": _("Why it was left out")}],
    }  # fmt: skip


def _left(run: PrintRun) -> list[list[Any]]:
    names = values.names_of((run.register, row["id"]) for row in run.left)
    return [[pages.link(run.register, row["id"], names.get((run.register, row["id"])) or f"#{row['id']}"), row["said"]]
            for row in run.left]  # fmt: skip
