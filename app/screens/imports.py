"""Tables brought in: the upload, the preview, confirming, withdrawing, the sheet of errors, and the runs so far."""

from __future__ import annotations

import json

from flask import Response as Streamed
from flask import jsonify, make_response, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core import reading
from app.core.access import Access
from app.core.db import session
from app.core.errors import Conflict, Problem, Refusal
from app.core.screen import Screen
from app.engines.exchange import plan, runs, staging, template, work, xlsx
from app.engines.exchange.models import ImportRun
from app.screens import import_lists, import_pages
from app.screens.exports import attachment


class ImportsView(Screen):
    """Imports for everybody with the right to one on any register, which each page asks for by itself."""

    route_base = "/imports"
    default_view = "list"
    everyone = True
    menu_area, menu_label, menu_icon, menu_order = "platform", _l("Imports"), "file-import", 20

    @classmethod
    def meant_for(cls, person: Access) -> bool:
        """Whoever may bring rows into some register."""
        return person.everything or any(action == "import" for _slug, action in person.grants)

    @expose("/")
    @has_access
    def list(self) -> str:
        """One's own imports; administrators also see who else imported what, without the rows."""
        everybody = bool(request.args.get("all")) and runs.sees_all()
        before = reading.number(request.args.get("before", ""))
        return render_template("exchange/runs.html", page=import_lists.runs_page(everybody, before))

    @expose("/<slug>", methods=["GET", "POST"])
    @has_access
    def upload(self, slug: str) -> str | Response:
        """Choose a file; a small one is read at once."""
        register = plan.register_for(slug)
        if request.method == "GET":
            return render_template("exchange/upload.html", page=import_pages.upload(register))
        mode, policy = request.form.get("mode", ""), request.form.get("policy", "")
        try:
            run = receive(slug, mode, policy)
        except Refusal as error:
            if error.status == 403:
                raise
            session.rollback()
            page = import_pages.upload(register, error.problems, mode, policy)
            return make_response(render_template("exchange/upload.html", page=page), error.status)
        return redirect(url_for(".run", run_id=run))

    @expose("/<slug>/template")
    @has_access
    def template(self, slug: str) -> Response:
        """The workbook to fill in."""
        return template_of(slug)

    @expose("/run/<int:run_id>")
    @has_access
    def run(self, run_id: int) -> str:
        """What will become of each row, and what has."""
        return render_template("exchange/run.html", page=import_pages.run_page(runs.find(run_id)))

    @expose("/run/<int:run_id>/status")
    @has_access
    def status(self, run_id: int) -> Response:
        """How far the work is; whoever asks takes it up again if its host has died."""
        return jsonify(status_of(runs.find(run_id)))

    @expose("/run/<int:run_id>/commit", methods=["POST"])
    @has_access
    def commit(self, run_id: int) -> Response:
        """Save the rows."""
        run = runs.find(run_id, lock=True)
        try:
            runs.confirm(run, good_only=request.form.get("good_only") == "true")
        except Refusal as error:
            if error.status == 403:
                raise
            session.rollback()
            return _again(run_id, error)
        runs.go_on(run)
        return redirect(url_for(".run", run_id=run_id))

    @expose("/run/<int:run_id>/withdraw", methods=["POST"])
    @has_access
    def withdraw(self, run_id: int) -> Response:
        """Give the rows up."""
        try:
            runs.withdraw(runs.find(run_id, lock=True))
        except Conflict as error:
            session.rollback()
            return _again(run_id, error)
        return redirect(url_for(".run", run_id=run_id))

    @expose("/run/<int:run_id>/errors")
    @has_access
    def errors(self, run_id: int) -> Response:
        """The rows with errors as they came, with what is wrong."""
        return errors_of(runs.find(run_id))


def receive(slug: str, mode: str, policy: str) -> int:
    """Keep the file of a request and read it, now or in a thread; the id of its run."""
    register = plan.register_for(slug)
    codes = import_pages.governing(register)
    chosen = policy or (codes[0] if len(codes) == 1 else None)
    if chosen and chosen not in codes:
        raise Refusal(Problem(_("“%(value)s” is not one of the choices.", value=chosen[:40]), "policy", "choice"))
    run = staging.receive(register, request.files.get("file"), mode, chosen)
    key = run.id
    runs.go_on(run)
    return key


def status_of(run: ImportRun) -> dict[str, object]:
    """How far the work on a run is; it is taken up again if nobody is at it."""
    told = import_pages.share(run)
    work.WORK.take_up(run)
    return told


def template_of(slug: str) -> Response:
    """The template of a register as a file."""
    register = plan.register_for(slug)
    known = plan.modes_of(register)
    mode = request.args.get("mode", known[0])
    if mode not in known:
        raise Refusal(Problem(_("“%(value)s” is not one of the choices.", value=mode[:40]), "mode", "choice"))
    codes = import_pages.governing(register)
    policy = request.args.get("policy") or (codes[0] if codes else None)
    book = b"".join(template.workbook(plan.plan_of(register, policy), mode))
    return file_of(book, _("%(register)s import template.xlsx", register=register.label))


def errors_of(run: ImportRun) -> Response:
    """The rows with errors of a run as a file."""
    wrong = ((row.row_no, json.loads(row.cells), list(import_pages.sentences(row))) for row in runs.bad_rows(run))
    heads, columns = [*run.heads], [*run.columns]
    name = f"{run.file_name.rpartition('.')[0]}-{_('errors')}.xlsx"
    return file_of(b"".join(template.errors(heads, columns, wrong)), name)


def file_of(content: bytes, name: str) -> Response:
    """A workbook as an answer."""
    return Streamed(content, mimetype=xlsx.MIME, headers={"Content-Disposition": attachment(name)})


def _again(run_id: int, error: Refusal) -> Response:
    page = import_pages.run_page(runs.find(run_id))
    page["notes"] = [*(("late", str(problem.message)) for problem in error.problems), *page["notes"]]
    return make_response(render_template("exchange/run.html", page=page), error.status)

