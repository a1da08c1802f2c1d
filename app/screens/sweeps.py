"""The console of the sweeps: what runs when, what it found, trying it out, running it by hand."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core import access
from app.core.db import session
from app.core.errors import BadRequest, Problem, Refusal
from app.core.kinds import LARGEST
from app.core.screen import Screen
from app.engines.sweeps import operations
from app.engines.sweeps.operations import Outcome
from app.screens.sweep_acts import ISSUED, instant
from app.screens.sweep_pages import Console

READ = ("list", "show")
RUN = ("try_out", "run", "switch", "schedule")


class SweepsView(Screen):
    """Every sweep; who may write may also run, switch and reschedule it."""

    route_base = "/sweeps"
    class_permission_name = "sweep_job"
    method_permission_name = {**dict.fromkeys(READ, "read"), **dict.fromkeys(RUN, "write")}
    menu_area, menu_label, menu_icon, menu_order = "platform", _l("Sweeps"), "radar-2", 10

    @expose("/")
    @has_access
    def list(self) -> str:
        """Every sweep, the one that issues slips opened, else the first."""
        return _page(Console())

    @expose("/<name>")
    @has_access
    def show(self, name: str) -> str:
        """One sweep: its latest run, or the one asked for, and those before."""
        wanted = _number("run")
        run = operations.run_of(name, wanted) if wanted is not None else None
        return _page(Console(name, run=run, before=_number("before"), slip=request.args.get("slip", "")))

    @expose("/<name>/try", methods=["POST"])
    @has_access
    def try_out(self, name: str) -> str | Response:
        """What a run would find and do, without doing it."""
        return self._rehearsed(name, ask=False)

    @expose("/<name>/run", methods=["POST"])
    @has_access
    def run(self, name: str) -> str | Response:
        """Run now: first says what that will do, and does it once that is confirmed."""
        if request.form.get("confirmed") != "yes":
            return self._rehearsed(name, ask=True)
        try:
            outcome = operations.run(name, instant(request.form.get("at", "")))
        except Refusal as error:
            return _again(name, error)
        _tell(outcome)
        return redirect(url_for(".show", name=name, run=outcome.run_id))

    @expose("/<name>/switch", methods=["POST"])
    @has_access
    def switch(self, name: str) -> Response:
        """Switch a sweep on or off."""
        job = operations.set_enabled(name, request.form.get("on", request.args.get("on")) == "yes")
        flash(_("Switched on.") if job.enabled else _("Switched off; it makes up for missed runs later."), "success")
        return redirect(url_for(".show", name=name))

    @expose("/<name>/schedule", methods=["POST"])
    @has_access
    def schedule(self, name: str) -> str | Response:
        """Give a sweep another schedule."""
        typed = request.form.get("schedule", "").strip()
        try:
            Refusal.when(_misfit(typed))
            operations.reschedule(name, typed)
        except Refusal as error:
            return _again(name, error, schedule=typed)
        flash(_("The schedule is changed; the sweep runs by it from now on."), "success")
        return redirect(url_for(".show", name=name))

    def _rehearsed(self, name: str, *, ask: bool) -> str | Response:
        text = request.form.get("at", "")
        try:
            outcome = operations.rehearse(name, instant(text, trial=not ask))
        except Refusal as error:
            return _again(name, error)
        return _page(Console(name, trial=outcome, ask=ask, at=text))


def _page(console: Console) -> str:
    return render_template("sweeps.html", page=console.page(access.current().can("sweep_job", "write")))


def _again(name: str, error: Refusal, **typed: str) -> Response:
    """The console with what was typed and why it was refused; who may not, or an unknown sweep, gets the usual page."""
    if error.status in (403, 404):
        raise error
    session.rollback()
    console = Console(name, at=request.form.get("at", ""), problems=error.problems, typed=typed)
    return Response(_page(console), status=error.status, mimetype="text/html")


def _number(key: str) -> int | None:
    raw = request.args.get(key, "")
    if not raw:
        return None
    if not raw.isdecimal() or not 0 < int(raw) < LARGEST:
        raise BadRequest(Problem(_("“%(key)s” must be a whole number.", key=key), key, "range"))
    return int(raw)


def _misfit(schedule: str) -> list[Problem]:
    size = 60
    if not schedule or len(schedule) > size:
        said = _("A schedule has five parts and at most %(size)s characters.", size=size)
        return [Problem(said, "schedule", "size")]
    return []


def _tell(outcome: Outcome) -> None:
    if outcome.error:
        flash(_("The run broke off: %(why)s", why=outcome.error), "danger")
        return
    slips = outcome.counts.get(ISSUED, 0)
    flash(_("Run finished; slips issued: %(number)s.", number=slips), "success")


