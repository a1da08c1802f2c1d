"""Many rows changed at once: chosen in a list, what to do said, looked at row by row, confirmed, followed."""

from __future__ import annotations

from typing import Any

from flask import jsonify, make_response, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core import access, forms, reading
from app.core.access import Access
from app.core.db import session
from app.core.errors import NotFound, Problem, Refusal
from app.core.pages.pager import all_of
from app.core.register import Register, registers
from app.core.screen import Screen
from app.engines.bulk import choosing, runs, work
from app.engines.bulk.models import CHOOSING, EDIT, READY, BulkRun
from app.screens import bulk_pages

FORM, RUN = "register/form.html", "exchange/run.html"


class BulkView(Screen):
    """Changes of many rows of a register by whoever may change single ones; runs are seen by whoever began them."""

    route_base = "/bulk"
    default_view = "list"
    everyone = True
    menu_area, menu_label, menu_icon, menu_order = "platform", _l("Changes of many rows"), "list-check", 22

    @classmethod
    def meant_for(cls, person: Access) -> bool:
        """Whoever may change rows of some register."""
        return person.everything or any(action in ("write", "move") for _slug, action in person.grants)

    @expose("/")
    @has_access
    def list(self) -> str:
        """One's own runs."""
        return render_template("bulk/runs.html", page=bulk_pages.runs_page())

    @expose("/<slug>", methods=["POST"])
    @has_access
    def begin(self, slug: str) -> Response:
        """Choose the ticked rows of a list, or all that it finds."""
        register = _register(slug)
        criteria = all_of(register) if request.form.get("action") == "all" else None
        run = runs.begin(register, criteria, reading.numbers(request.form.getlist("id")))
        return redirect(url_for(".run", run_id=run.id))

    @expose("/run/<int:run_id>")
    @has_access
    def run(self, run_id: int) -> str:
        """What may be done to the rows, what would become of each, or what has."""
        run, wanted = runs.find(run_id), request.args.get("do", "")
        if wanted:
            return render_template(FORM, page=bulk_pages.form(run, _choice(run, wanted), {}))
        if run.state == CHOOSING or (run.state == READY and request.args.get("choose")):
            return render_template("bulk/choose.html", page=bulk_pages.choose(run))
        return render_template(RUN, page=bulk_pages.run_page(run))

    @expose("/run/<int:run_id>/decide", methods=["POST"])
    @has_access
    def decide(self, run_id: int) -> Response:
        """Say what is to be done; the rows are looked at."""
        run = runs.find(run_id, lock=True)
        choice = _choice(run, request.form.get("do", ""))
        typed, reason = forms.typed(request.form, choice.fields), request.form.get("reason", "")
        try:
            runs.decide(run, choice, _given(choice, typed), reason)
        except Refusal as error:
            session.rollback()
            again = bulk_pages.form(runs.find(run_id), choice, typed, error)
            return make_response(render_template(FORM, page=again), error.status)
        work.go_on(run)
        return redirect(url_for(".run", run_id=run_id))

    @expose("/run/<int:run_id>/status")
    @has_access
    def status(self, run_id: int) -> Response:
        """How far the work is; whoever asks takes it up again if its host has died."""
        run = runs.find(run_id)
        told = bulk_pages.share(run)
        work.WORK.take_up(run)
        return jsonify(told)

    @expose("/run/<int:run_id>/commit", methods=["POST"])
    @has_access
    def commit(self, run_id: int) -> Response:
        """Carry out what was looked at."""
        run = runs.find(run_id, lock=True)
        try:
            runs.confirm(run)
        except Refusal as error:
            return _again(run_id, error)
        work.go_on(run)
        return redirect(url_for(".run", run_id=run_id))

    @expose("/run/<int:run_id>/withdraw", methods=["POST"])
    @has_access
    def withdraw(self, run_id: int) -> Response:
        """Give it up."""
        run = runs.find(run_id, lock=True)
        try:
            runs.withdraw(run)
        except Refusal as error:
            return _again(run_id, error)
        return redirect(url_for(".run", run_id=run_id))


def _register(slug: str) -> Register:
    register = registers().get(slug)
    if register is None or register.detail_of or register.closed:
        raise NotFound()
    access.require(slug, "read")
    return register


def _choice(run: BulkRun, name: str) -> choosing.Choice:
    """What was chosen among the things that may be done; raises ``Refusal`` for anything else."""
    if run.state not in (CHOOSING, READY):
        raise Refusal(Problem(_("This change has begun or ended."), None, "state"))
    found = next((choice for choice in choosing.choices(run) if choice.name == name), None)
    if found is None:
        raise Refusal(Problem(_("“%(value)s” is not one of the choices.", value=name[:40]), "do", "choice"))
    return found


def _given(choice: choosing.Choice, typed: dict[str, Any]) -> dict[str, Any]:
    """What is set in each row: what is left empty beside a step stays as each row has it."""
    if choice.kind == EDIT:
        return {name: typed.get(name, "") for name in choice.fields}
    return {name: value for name, value in typed.items() if value not in ("", [], None)}


def _again(run_id: int, error: Refusal) -> Response:
    session.rollback()
    page = bulk_pages.run_page(runs.find(run_id))
    page["notes"] = [*(("late", str(problem.message)) for problem in error.problems), *page["notes"]]
    return make_response(render_template(RUN, page=page), error.status)
