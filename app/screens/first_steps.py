"""First steps: from an empty installation to a company at work, a page per step, left and taken up at will."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core import clock, reading
from app.core.db import session
from app.core.errors import Problem, Refusal
from app.core.screen import Screen
from app.core.wording import listed
from app.engines.founding import newcomers, posts, units
from app.engines.founding import operations as founding
from app.engines.founding.models import CALENDAR, CHECK, PEOPLE, POLICIES, POSTS, STEPS, SWEEPS, UNITS
from app.engines.people.models import OrgUnit
from app.engines.policy import operations as policies
from app.engines.sweeps import operations as sweeps
from app.screens import first_steps_pages as shown
from app.screens import first_steps_policies as policy_pages
from app.screens import first_steps_posts as post_pages
from app.screens import import_pages

WRITE = ("units", "people", "accounts", "renew", "policies", "posts", "candidates", "calendar", "sweeps", "check",
         "later", "again")  # fmt: skip
SAVE = "save"
import_pages.ONWARD["newcomer"] = (_l("Back to the first steps"), "FirstStepsView.people")


class FirstStepsView(Screen):
    """The wizard; what it does are the operations of the usual screens, which lead to the same."""

    route_base = "/first-steps"
    class_permission_name = "first_step"
    method_permission_name = {"list": "read", **dict.fromkeys(WRITE, "write")}
    default_view = "list"
    menu_area, menu_label, menu_icon, menu_order = "platform", _l("First steps"), "flag", 1

    @expose("/")
    @has_access
    def list(self) -> Response:
        """The first step that is not done yet."""
        done = founding.progress()
        return redirect(shown.url_of(next((step for step in STEPS if not done[step]), CHECK)))

    @expose("/units", methods=["GET", "POST"])
    @has_access
    def units(self) -> Any:
        """The tree of units: typed or pasted, looked at, then saved."""
        text = request.form.get("tree", "")

        def act() -> Response | None:
            planned = units.plan(text)
            if request.form.get("step") != SAVE:
                return _page(UNITS, shown.units_page(text, planned))
            flash(_("%(count)s units are made.", count=units.save(text)), "success")
            return redirect(url_for(".units"))

        return _act(UNITS, act, lambda: shown.units_page(text))

    @expose("/people")
    @has_access
    def people(self) -> Any:
        """The table of people, and their accounts."""
        return _page(PEOPLE, shown.people_page())

    @expose("/people/accounts", methods=["POST"])
    @has_access
    def accounts(self) -> Any:
        """Open the accounts that wait; their links stand on the page that this answers, and nowhere else."""
        return _act(PEOPLE, lambda: shown.links_page(newcomers.open_accounts()), shown.people_page)

    @expose("/people/renew", methods=["POST"])
    @has_access
    def renew(self) -> Any:
        """New links for those who have not signed in yet."""
        return _act(PEOPLE, lambda: shown.links_page(newcomers.renew_links()), shown.people_page)

    @expose("/policies", methods=["GET", "POST"])
    @has_access
    def policies(self) -> Any:
        """Adopt several policies for a unit at once."""
        codes, typed = request.form.getlist("policy"), request.form

        def act() -> Response:
            unit, first = _unit(typed.get("unit_id", "")), _day(typed.get("valid_from", ""))
            Refusal.when([] if codes else [Problem(_("Choose a policy."), "policy", "required")])
            for code in dict.fromkeys(codes):
                policies.adopt(unit, code, first)
            flash(_("“%(unit)s” works by %(code)s.", unit=unit.name, code=listed(dict.fromkeys(codes))), "success")
            return redirect(url_for(".policies"))

        return _act(POLICIES, act, lambda: policy_pages.policies_page(codes, typed))

    @expose("/posts", methods=["GET", "POST"])
    @has_access
    def posts(self) -> Any:
        """Give the posts of the adopted policies."""

        def act() -> Response:
            given = _chosen(request.form)
            Refusal.when([] if given else [Problem(_("Choose who holds at least one post."), None, "required")])
            Refusal.when([problem for one in given for problem in _filled(*one)])
            flash(_("%(count)s posts are given.", count=len(given)), "success")
            return redirect(url_for(".posts"))

        return _act(POSTS, act, lambda: post_pages.posts_page(request.form))

    @expose("/posts/candidates")
    @has_access
    def candidates(self) -> Response:
        """Who may be chosen for a post, or where: looked up while one types."""
        return jsonify(post_pages.looked_up())

    @expose("/calendar", methods=["GET", "POST"])
    @has_access
    def calendar(self) -> Any:
        """The years that are known; somebody says that he has looked."""
        return _act(CALENDAR, lambda: _seen(CALENDAR), shown.calendar_page)

    @expose("/sweeps", methods=["GET", "POST"])
    @has_access
    def sweeps(self) -> Any:
        """What runs by itself; switched on all at once."""

        def act() -> Response:
            off = [job.name for job, _last in sweeps.jobs_with_last_run() if not job.enabled]
            for name in off:
                sweeps.set_enabled(name, True)
            flash(_("%(count)s sweeps are switched on.", count=len(off)), "success")
            return redirect(url_for(".sweeps"))

        return _act(SWEEPS, act, shown.sweeps_page)

    @expose("/check", methods=["GET", "POST"])
    @has_access
    def check(self) -> Any:
        """What would stop a first case; finishing is refused while something would."""
        return _act(CHECK, lambda: _seen(CHECK), shown.check_page)

    @expose("/later", methods=["POST"])
    @has_access
    def later(self) -> Response:
        """Speak of the first steps no more on the workbench."""
        founding.put_away()
        flash(_("The first steps stay in the menu, under Operation."), "success")
        return redirect(f"{request.script_root}/")

    @expose("/again", methods=["POST"])
    @has_access
    def again(self) -> Response:
        """Speak of the first steps again."""
        founding.take_up()
        return redirect(url_for(".list"))


def _page(step: str, page: Mapping[str, Any], problems: Sequence[Problem] = ()) -> Response:
    frame = shown.frame(step)
    text = render_template(f"start/{step}.html", page={**frame, **page, "problems": problems})
    return make_response(text, 422 if problems else 200)


def _act(step: str, act: Callable[[], Any], again: Callable[[], Mapping[str, Any]]) -> Any:
    """Show a step, or do what was asked for; a refusal shows it again with everything that was typed."""
    if request.method == "GET":
        return _page(step, again())
    try:
        return act()
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        session.rollback()
        return _page(step, again(), refusal.problems)


def _seen(step: str) -> Response:
    founding.looked_at(step)
    if step == CHECK:
        flash(_("The company is ready for its first case."), "success")
        return redirect(f"{request.script_root}/")
    return redirect(shown.next_url(step))


def _unit(text: str) -> OrgUnit:
    key = reading.number(text)
    unit = session.get(OrgUnit, key) if key is not None else None
    if unit is None:
        raise Refusal(Problem(_("Choose a unit."), "unit_id", "reference"))
    return unit


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text) if text else clock.today()
    except ValueError:
        raise Refusal(Problem(_("A day such as 2025-01-31 is expected."), "valid_from", "date")) from None


Given = tuple[str, int, int | None]


def _chosen(typed: Mapping[str, str]) -> list[Given]:
    """Who was chosen for which post, and in which unit if not his own."""
    found = []
    for name, text in typed.items():
        code = name.removeprefix("who:")
        if code != name and (person := reading.number(text)) is not None:
            found.append((code, person, reading.number(typed.get(f"where:{code}", ""))))
    return found


def _filled(code: str, person: int, unit: int | None) -> list[Problem]:
    """Give a post; what is against it, with the name of the post."""
    try:
        posts.fill(code, person, unit)
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        return [post_pages.about_post(code, problem) for problem in refusal.problems]
    return []
